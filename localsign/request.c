#include "config.h"

#include "localsign/request.h"

#include "base/log.h"
#include "localsign/answer.h"
#include "localsign/page.h"
#include "localsign/request-private.h"
#include "localsign/site.h"

#include <errno.h>
#include <glib-unix.h>
#include <openssl/crypto.h>
#include <string.h>
#include <sys/socket.h>

#define BODY_S 10  /* for a body to come in */
#define REPLY_S 10 /* for an answer to go out */

const char *
gca_request_get_header(const GcaRequest *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

typedef struct {
    const char *name;
    guint count;
} Tally;

static enum MHD_Result
count_header(void *data, enum MHD_ValueKind kind, const char *name, const char *value)
{
    Tally *tally = data;

    tally->count += g_ascii_strcasecmp(name, tally->name) == 0 ? 1 : 0;
    return MHD_YES;
}

/* Whoever stands between may have looked at the other one. */
static gboolean
is_repeated(const GcaRequest *request, const char *name)
{
    Tally tally = {name, 0};

    MHD_get_connection_values(request->connection, MHD_HEADER_KIND, count_header, &tally);
    return tally.count > 1;
}

const char *
gca_request_get_languages(const GcaRequest *request)
{
    return gca_request_get_header(request, MHD_HTTP_HEADER_ACCEPT_LANGUAGE);
}

void
gca_request_forget_body(GcaRequest *request)
{
    if (request->body != NULL)
        OPENSSL_cleanse(request->body, request->expected);
    g_clear_pointer(&request->body, g_free);
}

/* ---- answers ---- */

void
gca_request_reply_text(GcaRequest *request, guint status, const char *type, char *text)
{
    request->reply = gca_reply_new_text(status, type, text);
}

void
gca_request_refuse(GcaRequest *request, guint status)
{
    gca_request_reply_text(request, status, GCA_REPLY_HTML,
                           gca_page_refusal(status, gca_request_get_languages(request)));
}

/* JSON that the site may read. */
void
gca_request_reply_json(GcaRequest *request, char *text)
{
    GcaSiteTrust trust;
    gboolean is_trusted = request->origin == GCA_GUARD_SITE &&
                          gca_site_look_up(request->origin_site, &trust, NULL) && trust.is_trusted;

    gca_request_reply_text(request, MHD_HTTP_OK, GCA_REPLY_JSON, text);
    request->reply->reader =
        g_strdup(gca_guard_get_reader(request->origin, request->origin_site, is_trusted));
}

void
gca_request_reply_error(GcaRequest *request, const GError *error)
{
    gca_request_reply_json(request, gca_answer_of_error(request->route->func, error));
}

void
gca_request_reply_code(GcaRequest *request, GcaHipkiCode code)
{
    g_autoptr(GError) error = NULL;

    gca_hipki_set_error(&error, code, "refused");
    gca_request_reply_error(request, error);
}

/* ---- jobs ---- */

void
gca_request_resume(GcaRequest *request)
{
    request->job = NULL;
    g_clear_handle_id(&request->watch, g_source_remove);
    g_queue_remove(&request->counter->suspended, request);
    MHD_resume_connection(request->connection);
    gca_gate_wake(gca_caller_get_gate(request->caller));
}

/* The page or its window has gone: what it wanted is not wanted any more. */
static gboolean
on_caller(int fd, GIOCondition condition, gpointer data)
{
    GcaRequest *request = data;
    char byte;

    request->watch = 0;
    ssize_t n = recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR)))
        return G_SOURCE_REMOVE; /* bytes behind the request: nothing to us */
    gca_job_cancel(request->job);
    gca_request_refuse(request, MHD_HTTP_SERVICE_UNAVAILABLE);
    gca_request_resume(request);
    return G_SOURCE_REMOVE;
}

void
gca_request_end_all(GcaCounter *counter)
{
    GcaRequest *request;

    /* Those that wait first: else each would begin as the one before it ends. */
    while ((request = g_queue_peek_tail(&counter->suspended)) != NULL) {
        gca_job_cancel(request->job);
        gca_request_refuse(request, MHD_HTTP_SERVICE_UNAVAILABLE);
        gca_request_resume(request);
    }
}

void
gca_request_start_job(GcaRequest *request, const GcaJobWish *wish, GcaJobDone done)
{
    MHD_suspend_connection(request->connection);
    g_queue_push_tail(&request->counter->suspended, request);
    gca_caller_set_time(request->caller, 0);
    request->job = gca_job_start(&request->counter->desk, wish, done, request);
    request->watch = g_unix_fd_add(gca_caller_get_fd(request->caller),
                                   G_IO_IN | G_IO_HUP | G_IO_ERR, on_caller, request);
}

/* ---- who asks ---- */

/* A page of ours, with a token made for it: a popup names the site that it was opened by. */
static gboolean
is_own_page(GcaRequest *request)
{
    const char *token = gca_request_get_header(request, "X-Gca-Token"),
               *site = gca_request_get_header(request, "X-Gca-Site");
    const char *page = site != NULL ? GCA_PAGE_POPUP : GCA_PAGE_SELF_TEST;

    if (!gca_tokens_use(request->counter->tokens, token, page, g_get_monotonic_time()))
        return FALSE;
    request->is_own_page = TRUE;
    if (site == NULL)
        return !request->route->takes_body;
    request->may_ask = TRUE;
    return gca_guard_classify(site, gca_request_get_header(request, MHD_HTTP_HEADER_HOST),
                              &request->site) == GCA_GUARD_SITE;
}

static gboolean
is_trusted_site(GcaRequest *request, GError **error)
{
    GcaSiteTrust trust;

    if (request->origin != GCA_GUARD_SITE ||
        !gca_site_look_up(request->origin_site, &trust, error) || !trust.is_trusted)
        return FALSE;
    request->site = g_strdup(request->origin_site);
    return TRUE;
}

/* What is asked for may be begun, for whom is in `site`; or `refusal` says why not. */
static void
admit(GcaRequest *request)
{
    gboolean is_admitted = request->origin == GCA_GUARD_OURSELVES
                               ? is_own_page(request)
                               : is_trusted_site(request, &request->refusal);

    if (request->refusal != NULL)
        request->counter->desk.on_file_trouble(request->refusal);
    else if (!is_admitted)
        gca_hipki_set_error(&request->refusal, GCA_HIPKI_UNTRUSTED_SITE, "refused");
}

/* ---- judging the headers ---- */

/* Fetch standard, “CORS-preflight fetch”: for those that may read the answer, too. */
static void
reply_preflight(GcaRequest *request)
{
    gca_request_reply_json(request, g_strdup(""));
    request->reply->status = MHD_HTTP_NO_CONTENT;
    request->reply->type = NULL;
    request->reply->is_preflight = TRUE;
}

static void
choose_action(GcaRequest *request, const char *method)
{
    const GcaRoute *route = request->route;

    if (g_str_equal(method, MHD_HTTP_METHOD_GET))
        request->act = route->get;
    else if (g_str_equal(method, MHD_HTTP_METHOD_POST))
        request->act = route->post;
    else if (g_str_equal(method, MHD_HTTP_METHOD_OPTIONS) && route->func != NULL)
        request->act = reply_preflight;
    if (request->act == NULL)
        gca_request_refuse(request, MHD_HTTP_METHOD_NOT_ALLOWED);
}

/* Which of two is meant nobody knows: RFC 9112 section 3.2 (Host) and 6.3 (Content-Length). */
static gboolean
is_ambiguous(const GcaRequest *request)
{
    return is_repeated(request, MHD_HTTP_HEADER_HOST) ||
           is_repeated(request, MHD_HTTP_HEADER_CONTENT_LENGTH);
}

/* The body's length is known beforehand, so that it gets one piece of memory and leaves no copy. */
static guint
expect_body(GcaRequest *request)
{
    const char *length = gca_request_get_header(request, MHD_HTTP_HEADER_CONTENT_LENGTH);
    guint64 size = 0;

    if (gca_request_get_header(request, MHD_HTTP_HEADER_TRANSFER_ENCODING) != NULL)
        return MHD_HTTP_LENGTH_REQUIRED;
    if (length != NULL && !g_ascii_string_to_unsigned(length, 10, 0, G_MAXUINT64, &size, NULL))
        return MHD_HTTP_BAD_REQUEST;
    if (size > GCA_ORDER_BODY_LIMIT)
        return MHD_HTTP_CONTENT_TOO_LARGE;
    request->expected = (gsize) size;
    return 0;
}

/* Two origins are none that can be trusted. */
static void
find_origin(GcaRequest *request, const char *host)
{
    const char *origin = is_repeated(request, MHD_HTTP_HEADER_ORIGIN)
                             ? ""
                             : gca_request_get_header(request, MHD_HTTP_HEADER_ORIGIN);

    request->origin = gca_guard_classify(origin, host, &request->origin_site);
}

static void
judge_place(GcaRequest *request, const char *path, const char *method)
{
    const char *host = gca_request_get_header(request, MHD_HTTP_HEADER_HOST);
    guint16 port = gca_gate_get_port(gca_caller_get_gate(request->caller));

    if (!gca_guard_is_host(host, port)) {
        gca_request_refuse(request, MHD_HTTP_FORBIDDEN);
        return;
    }
    find_origin(request, host);
    request->route = gca_route_find(path);
    if (request->route == NULL)
        gca_request_refuse(request, MHD_HTTP_NOT_FOUND);
    else
        choose_action(request, method);
}

/* Who is not let in is told so at once. */
static void
judge_caller(GcaRequest *request)
{
    if (request->route->func == NULL)
        return;
    admit(request);
    if (request->refusal != NULL)
        request->act(request);
}

/* Sets a reply where the headers are enough to refuse it. */
static void
judge(GcaRequest *request, const char *path, const char *method)
{
    guint trouble = is_ambiguous(request) ? MHD_HTTP_BAD_REQUEST : expect_body(request);

    if (trouble != 0)
        gca_request_refuse(request, trouble);
    else
        judge_place(request, path, method);
    gca_log("request", "%s %s", method, request->route ? request->route->path : "elsewhere");
    if (request->reply == NULL)
        judge_caller(request);
}

static enum MHD_Result
send_reply(GcaRequest *request)
{
    gca_caller_set_time(request->caller, REPLY_S);
    gca_request_forget_body(request);
    return gca_reply_send(request->reply, request->connection);
}

/* ---- the library's calls ---- */

static enum MHD_Result
begin(GcaRequest *request, const char *path, const char *method)
{
    gca_caller_set_time(request->caller, BODY_S);
    judge(request, path, method);
    if (request->reply != NULL) {
        gca_caller_mark_heard(request->caller);
        gca_caller_expect_more(request->caller);
        return send_reply(request);
    }
    if (request->act == request->route->post && request->route->takes_body)
        request->body = g_malloc(request->expected + 1);
    return MHD_YES;
}

static enum MHD_Result
take_body(GcaRequest *request, const char *data, size_t *size)
{
    if (request->size + *size > request->expected)
        return MHD_NO;
    if (request->body != NULL)
        memcpy(request->body + request->size, data, *size);
    request->size += *size;
    /* The library's own memory, of which it has no more use. */
    OPENSSL_cleanse((char *) data, *size);
    *size = 0;
    return MHD_YES;
}

enum MHD_Result
gca_request_handle(void *counter, struct MHD_Connection *connection, const char *path,
                   const char *method, const char *version, const char *body, size_t *size,
                   void **state)
{
    GcaRequest *request = *state;

    if (request == NULL) {
        request = *state = g_new0(GcaRequest, 1);
        request->counter = counter;
        request->counter->open++;
        request->connection = connection;
        request->caller = gca_caller_of(connection);
        return begin(request, path, method);
    }
    if (*size > 0)
        return take_body(request, body, size);
    gca_caller_mark_heard(request->caller);
    if (request->reply == NULL)
        request->act(request);
    return request->reply != NULL ? send_reply(request) : MHD_YES;
}

void
gca_request_complete(void *counter, struct MHD_Connection *connection, void **state,
                     enum MHD_RequestTerminationCode code)
{
    GcaRequest *request = g_steal_pointer(state);

    if (request == NULL)
        return;
    request->counter->open--;
    if (request->job != NULL)
        gca_job_cancel(request->job);
    g_clear_handle_id(&request->watch, g_source_remove);
    gca_request_forget_body(request);
    g_clear_pointer(&request->reply, gca_reply_free);
    g_clear_error(&request->refusal);
    g_free(request->origin_site);
    g_free(request->site);
    g_free(request);
}
