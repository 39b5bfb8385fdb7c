/* http-send [OPTION…] URL: one exchange of the client; prints what came of it as JSON. With
 * --repeat as many, on one client. */
#include "base/error.h"
#include "base/json.h"
#include "http/client-private.h"

#include <stdio.h>

static const char *method = "GET";
static char *ca, *type, *body;
static char **headers, **urls;
static int limit = 1024 * 1024, cancel_ms, silence_s = 20, total_ms = 60000, repeat = 1;

static const GOptionEntry entries[] = {
    {"method", 0, 0, G_OPTION_ARG_STRING, &method, NULL, NULL},
    {"ca", 0, 0, G_OPTION_ARG_FILENAME, &ca, NULL, NULL},
    {"type", 0, 0, G_OPTION_ARG_STRING, &type, NULL, NULL},
    {"body", 0, 0, G_OPTION_ARG_FILENAME, &body, NULL, NULL},
    {"header", 0, 0, G_OPTION_ARG_STRING_ARRAY, &headers, NULL, NULL},
    {"limit", 0, 0, G_OPTION_ARG_INT, &limit, NULL, NULL},
    {"cancel-after", 0, 0, G_OPTION_ARG_INT, &cancel_ms, NULL, NULL},
    {"silence", 0, 0, G_OPTION_ARG_INT, &silence_s, NULL, NULL},
    {"total", 0, 0, G_OPTION_ARG_INT, &total_ms, NULL, NULL},
    {"repeat", 0, 0, G_OPTION_ARG_INT, &repeat, NULL, NULL},
    {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &urls, NULL, NULL},
    {NULL},
};

static gint64 cancelled; /* when, monotonic */

static gpointer
cancel_later(gpointer cancel)
{
    g_usleep((gulong) cancel_ms * 1000);
    cancelled = g_get_monotonic_time();
    gca_cancel_request(cancel);
    return NULL;
}

static void
print(json_t *answer)
{
    json_dumpf(answer, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(answer);
}

static void
print_error(const GError *error)
{
    gint64 late = cancelled > 0 ? (g_get_monotonic_time() - cancelled) / 1000 : 0;

    print(json_pack("{s:s, s:s, s:s?, s:s?, s:I, s:I}", "error",
                    gca_error_info(gca_error_get_code(error))->name, "message", error->message,
                    "hint", gca_error_get_hint(error), "detail", gca_error_get_detail(error),
                    "native", (json_int_t) gca_error_get_native(error), "ms_after_cancel",
                    (json_int_t) late));
}

static void
print_response(const GcaHttpResponse *response)
{
    GBytes *content = gca_http_response_get_body(response);
    g_autofree char *sum = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, content);

    print(json_pack("{s:i, s:s?, s:i, s:i, s:s, s:s?, s:s?}", "status",
                    (int) gca_http_response_get_status(response), "type",
                    gca_http_response_get_content_type(response), "retry_after",
                    (int) gca_http_response_get_retry_after(response), "size",
                    (int) g_bytes_get_size(content), "sha256", sum, "nonce",
                    gca_http_response_get_header(response, "replay-nonce"), "trailer",
                    gca_http_response_get_header(response, "x-trailer")));
}

static void
send_once(GcaHttpClient *client, GBytes *content, GcaCancel *cancel)
{
    const GcaHttpRequest request = {method,  urls[0],      type, (const char *const *) headers,
                                    content, (gsize) limit};
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaHttpResponse) response = gca_http_client_send(client, &request, cancel, &error);

    if (response != NULL)
        print_response(response);
    else
        print_error(error);
}

int
main(int argc, char **argv)
{
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GcaCancel) cancel = gca_cancel_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *data = NULL;
    gsize size = 0;

    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error) || urls == NULL ||
        (body != NULL && !g_file_get_contents(body, &data, &size, &error)))
        return 2;
    g_autoptr(GBytes) content = body != NULL ? g_bytes_new(data, size) : NULL;
    g_autoptr(GcaHttpClient) client = gca_http_client_new((const char *const[]){ca, NULL}, &error);
    if (client == NULL) {
        print_error(error);
        return 0;
    }
    gca_http_client_set_limits(client,
                               &(GcaHttpLimits){15000, (guint) silence_s, (guint) total_ms});
    GThread *thread = cancel_ms > 0 ? g_thread_new("cancel", cancel_later, cancel) : NULL;
    for (int i = 0; i < repeat; i++)
        send_once(client, content, cancel);
    if (thread != NULL)
        g_thread_join(thread);
    return 0;
}
