/* What request and route share of one request. For this folder only. */
#pragma once

#include "localsign/gate.h"
#include "localsign/guard.h"
#include "localsign/hipki-code.h"
#include "localsign/reply.h"
#include "localsign/request.h"

G_BEGIN_DECLS

typedef struct _GcaRequest GcaRequest;

/* What is at a path. GET and POST: what answers them, or NULL. */
typedef struct {
    const char *path;
    void (*get)(GcaRequest *request);
    void (*post)(GcaRequest *request);
    gboolean takes_body; /* of POST; else it is passed over */
    const char *func;    /* of its JSON; NULL: not for web sites */
} GcaRoute;

struct _GcaRequest {
    GcaCounter *counter;
    struct MHD_Connection *connection;
    GcaCaller *caller;
    const GcaRoute *route;
    void (*act)(GcaRequest *request);
    GcaGuardOrigin origin;
    char *origin_site; /* of Origin */
    char *site;        /* for whom a job is done; NULL: our own page */
    GError *refusal;   /* of who may not ask what it asks */
    gboolean may_ask;
    gboolean is_own_page;
    char *body; /* NULL: passed over. Holds a PIN: wiped */
    gsize size, expected;
    guint watch; /* of the caller's going away */
    GcaJob *job;
    GcaReply *reply;
};

/* The path's route, or NULL. */
const GcaRoute *gca_route_find(const char *path);

/* Of HTTP; NULL: not there. */
const char *gca_request_get_header(const GcaRequest *request, const char *name);
const char *gca_request_get_languages(const GcaRequest *request);

void gca_request_forget_body(GcaRequest *request);

/* Set the reply; `text` is taken. */
void gca_request_reply_text(GcaRequest *request, guint status, const char *type, char *text);
void gca_request_refuse(GcaRequest *request, guint status);

/* The same with JSON that the site may read. */
void gca_request_reply_json(GcaRequest *request, char *text);
void gca_request_reply_error(GcaRequest *request, const GError *error);
void gca_request_reply_code(GcaRequest *request, GcaHipkiCode code);

/* Suspends the request until `done` has set the reply and called gca_request_resume. */
void gca_request_start_job(GcaRequest *request, const GcaJobWish *wish, GcaJobDone done);
void gca_request_resume(GcaRequest *request);

G_END_DECLS
