/* What one request leads to: questions to the person, turns, and work with cards in children. */
#pragma once

#include "localsign/order.h"
#include "localsign/queue.h"
#include "localsign/refusal.h"

G_BEGIN_DECLS

/* What all jobs share. */
typedef struct {
    GcaQueue *person; /* who may ask the person; of sites not trusted yet one, a guest */
    GcaRefusals *refusals;
    GcaQueue *cards; /* who may list the cards */
    char *module;    /* path of a PKCS#11 module, or NULL */
    gboolean use_terminal;
    void (*on_file_trouble)(const GError *error); /* of the file of sites, mostly */
} GcaDesk;

typedef enum {
    GCA_JOB_LIST,  /* readers and cards */
    GCA_JOB_SIGN,  /* `order` */
    GCA_JOB_TRUST, /* the question whether a site may use the card, alone */
} GcaJobKind;

typedef struct {
    GcaJobKind kind;
    char *site;                 /* the origin that asks; NULL: our own page */
    gboolean may_ask;           /* a site not yet trusted is asked about, else refused */
    gboolean with_certificates; /* of LIST */
    GcaOrder *order;            /* of SIGN */
} GcaJobWish;

typedef struct _GcaJob GcaJob;

/* `text` is the JSON to answer with, NULL for TRUST and with an error: UNTRUSTED, CANCELLED, BUSY,
 * what gca_hipki_result_of() makes a ret_code of. Called once, never before gca_job_start has
 * returned. */
typedef void (*GcaJobDone)(const char *text, const GError *error, gpointer data);

/* Takes what is in `wish`. */
GcaJob *gca_job_start(const GcaDesk *desk, const GcaJobWish *wish, GcaJobDone done, gpointer data);

/* The dialog goes away and the child ends; `done` is not called any more. */
void gca_job_cancel(GcaJob *job);

G_END_DECLS
