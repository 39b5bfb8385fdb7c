/* A CA's side of docs/endpoint.md: takes signed requests over HTTPS, checks them as an auditor
 * would, keeps each once and answers with a receipt.
 *   receiver CERTIFICATE-AND-KEY CA-FILE FOLDER [PORT]
 * prints its port on 127.0.0.1, and serves until it is told to end (SIGTERM). */
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "prereg/report.h"
#include "store.h"
#include "x509/certificate.h"

#include <arpa/inet.h>
#include <jansson.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MESSAGE_LIMIT (2 * 1024 * 1024)
#define FILE_LIMIT (64 * 1024)
#define TIMEOUT_S 30
#define PATH "/prereg"
#define TYPE "application/pkcs7-mime"

typedef struct {
    GcaX509Stack *anchors;
    const char *folder;
} Receiver;

static enum MHD_Result
answer(struct MHD_Connection *connection, guint status, const char *type, GBytes *body)
{
    gsize size;
    void *data = (void *) g_bytes_get_data(body, &size);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(size, data, MHD_RESPMEM_MUST_COPY);

    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

/* RFC 7807 */
static enum MHD_Result
refuse(struct MHD_Connection *connection, guint status, const char *title, const char *detail)
{
    json_t *problem = json_pack("{s:s, s:s, s:s, s:i}", "type", "about:blank", "title", title,
                                "detail", detail, "status", (int) status);
    char *text = json_dumps(problem, JSON_COMPACT);
    g_autoptr(GBytes) body = g_bytes_new_take(text, strlen(text));

    json_decref(problem);
    return answer(connection, status, "application/problem+json", body);
}

static gboolean
is_type(const char *value)
{
    g_auto(GStrv) parts = g_strsplit(value ? value : "", ";", 2);

    return parts[0] != NULL && g_ascii_strcasecmp(g_strstrip(parts[0]), TYPE) == 0;
}

static gboolean
is_key(const char *value, const char *sha256)
{
    g_autofree char *wanted = g_strdup_printf("\"%s\"", sha256);

    return g_strcmp0(value, wanted) == 0;
}

static const char *
header(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static enum MHD_Result
take(const Receiver *receiver, struct MHD_Connection *connection, const char *sha256,
     GBytes *message)
{
    g_autoptr(GError) error = NULL;
    gboolean is_new;
    g_autoptr(GBytes) receipt = store_take(receiver->folder, sha256, message, &is_new, &error);

    if (receipt == NULL)
        return refuse(connection, 500, "The request could not be kept.", error->message);
    return answer(connection, is_new ? 201 : 200, "application/json", receipt);
}

static enum MHD_Result
judge(const Receiver *receiver, struct MHD_Connection *connection, GBytes *message)
{
    g_autoptr(GError) error = NULL;
    const GcaReportWish wish = {.anchors = receiver->anchors};
    g_autofree char *sha256 = gca_text_sha256(message);

    if (!is_type(header(connection, "Content-Type")))
        return refuse(connection, 415, "Not a signed request.", "Send " TYPE ".");
    if (!is_key(header(connection, "Idempotency-Key"), sha256))
        return refuse(connection, 400, "Wrong key.",
                      "Idempotency-Key must be the SHA-256 of the body.");
    g_autoptr(GcaReport) report = gca_report_new(message, &wish, &error);
    if (report == NULL)
        return refuse(connection, 422, "Not a signed request.", error->message);
    const GError *verdict = gca_report_get_verdict(report);
    if (verdict != NULL)
        return refuse(connection, 422, "A check has failed.", verdict->message);
    /* of the DER: PEM has another digest, and would be kept twice */
    if (!g_str_equal(gca_report_get_sha256(report), sha256))
        return refuse(connection, 415, "Not DER.", "Send the message as DER.");
    return take(receiver, connection, sha256, message);
}

/* Called once with the head, with each part of the body, and at its end. */
static enum MHD_Result
on_request(void *data, struct MHD_Connection *connection, const char *url, const char *method,
           const char *version, const char *part, size_t *size, void **state)
{
    GByteArray *body = *state;

    if (body == NULL) {
        *state = g_byte_array_new();
        return MHD_YES;
    }
    if (*size > 0) {
        if (body->len <= MESSAGE_LIMIT) /* the rest is read and dropped */
            g_byte_array_append(body, (const guint8 *) part, (guint) *size);
        *size = 0;
        return MHD_YES;
    }
    if (!g_str_equal(url, PATH))
        return refuse(connection, 404, "No such address.", "Requests go to " PATH ".");
    if (!g_str_equal(method, "POST"))
        return refuse(connection, 405, "Not a POST.", "Send the request with POST.");
    if (body->len > MESSAGE_LIMIT)
        return refuse(connection, 413, "Too large.", "A request has at most 2 MiB.");
    g_autoptr(GBytes) message = g_bytes_new(body->data, body->len);
    return judge(data, connection, message);
}

static void
on_end(void *data, struct MHD_Connection *connection, void **state,
       enum MHD_RequestTerminationCode code)
{
    g_clear_pointer((GByteArray **) state, g_byte_array_unref);
}

static struct MHD_Daemon *
start(Receiver *receiver, guint16 port, const char *certificate)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    return MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_TLS, port, NULL, NULL,
                            on_request, receiver, MHD_OPTION_HTTPS_MEM_CERT, certificate,
                            MHD_OPTION_HTTPS_MEM_KEY, certificate, MHD_OPTION_SOCK_ADDR, &address,
                            MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_NOTIFY_COMPLETED,
                            on_end, NULL, MHD_OPTION_CONNECTION_TIMEOUT, TIMEOUT_S, MHD_OPTION_END);
}

static int
serve(Receiver *receiver, guint16 port, const char *certificate)
{
    sigset_t set;
    int number;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    struct MHD_Daemon *daemon = start(receiver, port, certificate);
    if (daemon == NULL) {
        fprintf(stderr, "receiver: cannot be started\n");
        return 1;
    }
    printf("%u\n", MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    sigwait(&set, &number);
    MHD_stop_daemon(daemon);
    return 0;
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;

    if (argc < 4 || argc > 5) {
        fprintf(stderr, "usage: receiver CERTIFICATE-AND-KEY CA-FILE FOLDER [PORT]\n");
        return 2;
    }
    g_autoptr(GcaX509Stack) anchors = gca_certificate_load(argv[2], &error);
    g_autoptr(GBytes) file = anchors ? gca_file_read(argv[1], FILE_LIMIT, &error) : NULL;
    if (file == NULL || !gca_file_make_folder(argv[3], &error)) {
        fprintf(stderr, "receiver: %s\n", error->message);
        return 1;
    }
    g_autofree char *certificate = g_strndup(g_bytes_get_data(file, NULL), g_bytes_get_size(file));
    Receiver receiver = {.anchors = anchors, .folder = argv[3]};
    return serve(&receiver, argc > 4 ? (guint16) atoi(argv[4]) : 0, certificate);
}
