/* An HTTP answer with the headers that each of ours has. */
#pragma once

#include <glib.h>
#include <microhttpd.h>

G_BEGIN_DECLS

/* What --doctor knows us by. */
#define GCA_REPLY_SERVER "gca-localsign"

#define GCA_REPLY_HTML "text/html; charset=utf-8"
#define GCA_REPLY_JSON "application/json"

typedef struct {
    guint status;
    const char *type; /* of `body`: "application/json" */
    GBytes *body;
    char *reader; /* the origin that may read it, or NULL */
    char *token;  /* a new one for a page of ours, or NULL */
    gboolean is_preflight;
} GcaReply;

GcaReply *gca_reply_new(guint status, const char *type, GBytes *body);

/* The same with text, which is taken. */
GcaReply *gca_reply_new_text(guint status, const char *type, char *text);
void gca_reply_free(GcaReply *reply);

enum MHD_Result gca_reply_send(const GcaReply *reply, struct MHD_Connection *connection);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaReply, gca_reply_free)

G_END_DECLS
