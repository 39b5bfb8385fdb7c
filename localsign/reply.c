#include "config.h"

#include "localsign/reply.h"

#include <string.h>

GcaReply *
gca_reply_new(guint status, const char *type, GBytes *body)
{
    GcaReply *reply = g_new0(GcaReply, 1);

    reply->status = status;
    reply->type = type;
    reply->body = g_bytes_ref(body);
    return reply;
}

GcaReply *
gca_reply_new_text(guint status, const char *type, char *text)
{
    g_autoptr(GBytes) body = g_bytes_new_take(text, strlen(text));

    return gca_reply_new(status, type, body);
}

void
gca_reply_free(GcaReply *reply)
{
    g_bytes_unref(reply->body);
    g_free(reply->reader);
    g_free(reply->token);
    g_free(reply);
}

static void
add_common(struct MHD_Response *response)
{
    static const char *const headers[][2] = {
        {"Cache-Control", "no-store"},
        {"Connection", "close"},
        {"Content-Security-Policy",
         "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
         "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
        {"Referrer-Policy", "no-referrer"},
        {"Server", GCA_REPLY_SERVER},
        {"Vary", "Origin"},
        {"X-Content-Type-Options", "nosniff"},
        {"X-Frame-Options", "DENY"},
        /* No Cross-Origin-Opener-Policy: it would take the popup's opener away. */
    };

    for (guint i = 0; i < G_N_ELEMENTS(headers); i++)
        MHD_add_response_header(response, headers[i][0], headers[i][1]);
}

static void
add_cors(struct MHD_Response *response, const GcaReply *reply)
{
    if (reply->reader == NULL)
        return;
    MHD_add_response_header(response, "Access-Control-Allow-Origin", reply->reader);
    if (!reply->is_preflight)
        return;
    MHD_add_response_header(response, "Access-Control-Allow-Methods", "GET, POST");
    MHD_add_response_header(response, "Access-Control-Allow-Headers", "Content-Type");
    MHD_add_response_header(response, "Access-Control-Allow-Private-Network", "true");
}

enum MHD_Result
gca_reply_send(const GcaReply *reply, struct MHD_Connection *connection)
{
    gsize size;
    gconstpointer data = g_bytes_get_data(reply->body, &size);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(size, (void *) data, MHD_RESPMEM_MUST_COPY);

    if (response == NULL)
        return MHD_NO;
    if (reply->type != NULL)
        MHD_add_response_header(response, "Content-Type", reply->type);
    if (reply->token != NULL)
        MHD_add_response_header(response, "X-Gca-Token", reply->token);
    add_common(response);
    add_cors(response, reply);
    enum MHD_Result result = MHD_queue_response(connection, reply->status, response);
    MHD_destroy_response(response);
    return result;
}
