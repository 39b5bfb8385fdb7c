#include "config.h"

#include "base/error.h"
#include "http/exchange-private.h"
#include "http/fault-private.h"
#include "http/response-private.h"
#include "http/trust-private.h"
#include "http/url-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define POLL_MS 1000

typedef struct {
    GcaHttpClient *client;
    const GcaHttpRequest *request;
    const char *host; /* to be shown */
    CURL *easy;
    GByteArray *body;
    gsize head_size;
    gboolean is_head_whole, is_too_large;
    char text[CURL_ERROR_SIZE];
} Exchange;

/* Called with one whole line, that of trailers too. */
static size_t
on_header(char *line, size_t unit, size_t size, void *data)
{
    Exchange *exchange = data;

    exchange->head_size += size;
    exchange->is_too_large = exchange->head_size > GCA_HTTP_HEADERS_LIMIT;
    if (size >= 5 && memcmp(line, "HTTP/", 5) == 0)
        exchange->is_head_whole = FALSE;
    else if (size <= 2 && size > 0 && line[size - 1] == '\n')
        exchange->is_head_whole = TRUE;
    return exchange->is_too_large ? CURL_WRITEFUNC_ERROR : size;
}

static size_t
on_body(char *bytes, size_t unit, size_t size, void *data)
{
    Exchange *exchange = data;

    exchange->is_too_large = size > exchange->request->limit - exchange->body->len;
    if (exchange->is_too_large)
        return CURL_WRITEFUNC_ERROR;
    g_byte_array_append(exchange->body, (const guint8 *) bytes, (guint) size);
    return size;
}

static int
set_trust(CURL *easy, GcaHttpClient *client)
{
    const GcaCurl *curl = gca_curl();
    gsize size;
    void *data = (void *) g_bytes_get_data(client->trusted, &size);
    struct curl_blob trusted = {data, size, CURL_BLOB_NOCOPY};
    int failed = 0;

    failed |= curl->easy_setopt(easy, CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2);
    failed |= curl->easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    failed |= curl->easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    failed |= curl->easy_setopt(easy, CURLOPT_CAINFO_BLOB, &trusted);
    failed |= curl->easy_setopt(easy, CURLOPT_PROXY_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2);
    failed |= curl->easy_setopt(easy, CURLOPT_PROXY_CAINFO_BLOB, &trusted);
    if (!client->is_system_trusted) {
        failed |= curl->easy_setopt(easy, CURLOPT_CAPATH, NULL);
        failed |= curl->easy_setopt(easy, CURLOPT_PROXY_CAPATH, NULL);
    }
    return failed | gca_http_trust_watch(easy, client);
}

static int
set_limits(CURL *easy, const GcaHttpLimits *limits, gint64 deadline)
{
    const GcaCurl *curl = gca_curl();
    gint64 left = (deadline - g_get_monotonic_time()) / 1000;
    int failed = 0;

    failed |= curl->easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    /* Does not wait for a thread that still asks the DNS. */
    failed |= curl->easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    failed |= curl->easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long) limits->connect_ms);
    failed |= curl->easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    failed |= curl->easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long) limits->silence_s);
    failed |= curl->easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long) MAX(left, 1)); /* 0: for ever */
    return failed;
}

static int
set_callbacks(Exchange *exchange)
{
    const GcaCurl *curl = gca_curl();
    CURL *easy = exchange->easy;
    int failed = 0;

    failed |= curl->easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    failed |= curl->easy_setopt(easy, CURLOPT_HEADERDATA, exchange);
    failed |= curl->easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    failed |= curl->easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    failed |= curl->easy_setopt(easy, CURLOPT_WRITEDATA, exchange);
    failed |= curl->easy_setopt(easy, CURLOPT_ERRORBUFFER, exchange->text);
    return failed;
}

static int
set_post(CURL *easy, GBytes *body)
{
    const GcaCurl *curl = gca_curl();
    gsize size = body != NULL ? g_bytes_get_size(body) : 0;
    int failed = 0;

    failed |= curl->easy_setopt(easy, CURLOPT_POST, 1L);
    failed |= curl->easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) size);
    failed |=
        curl->easy_setopt(easy, CURLOPT_POSTFIELDS, size > 0 ? g_bytes_get_data(body, NULL) : "");
    /* On a connection that was kept and has died, libcurl would send it a second time. */
    failed |= curl->easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    return failed;
}

static int
set_request(CURL *easy, const GcaHttpRequest *request, CURLU *url)
{
    const GcaCurl *curl = gca_curl();
    int failed = 0;

    failed |= curl->easy_setopt(easy, CURLOPT_CURLU, url);
    failed |= curl->easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https");
    failed |= curl->easy_setopt(easy, CURLOPT_HTTP_VERSION, (long) CURL_HTTP_VERSION_1_1);
    failed |= curl->easy_setopt(easy, CURLOPT_USERAGENT, "gca-toolkit/" GCA_VERSION);
    if (g_str_equal(request->method, "POST"))
        failed |= set_post(easy, request->body);
    else if (g_str_equal(request->method, "HEAD"))
        failed |= curl->easy_setopt(easy, CURLOPT_NOBODY, 1L);
    return failed;
}

/* An empty one takes away what libcurl would add by itself. */
static GcaCurlList *
make_headers(const GcaHttpRequest *request)
{
    const GcaCurl *curl = gca_curl();
    g_autofree char *type = g_strconcat("Content-Type:", request->content_type ? " " : NULL,
                                        request->content_type, NULL);
    GcaCurlList *list = curl->slist_append(NULL, "Expect:");

    list = curl->slist_append(list, type);
    for (const char *const *header = request->headers; header && *header; header++)
        list = curl->slist_append(list, *header);
    return list;
}

/* FALSE with CANCELLED; otherwise `code` is how the exchange has ended. */
static gboolean
run(CURLM *multi, GcaCancel *cancel, CURLcode *code, GError **error)
{
    const GcaCurl *curl = gca_curl();
    int fd = gca_cancel_get_fd(cancel);
    struct curl_waitfd wait = {.fd = fd, .events = CURL_WAIT_POLLIN};
    int running = 1, queued;

    *code = CURLE_FAILED_INIT;
    while (gca_cancel_check(cancel, error)) {
        if (curl->multi_perform(multi, &running) != CURLM_OK)
            return TRUE;
        if (running == 0) {
            CURLMsg *message = curl->multi_info_read(multi, &queued);
            if (message != NULL)
                *code = message->data.result;
            return TRUE;
        }
        if (curl->multi_poll(multi, &wait, fd >= 0, POLL_MS, NULL) != CURLM_OK)
            return TRUE;
    }
    return FALSE;
}

/* Without a length only the end of the connection tells where a body ends, and that anybody on the
 * way can bring about: libcurl does not look for TLS's close_notify (RFC 9112 section 9.8). */
static gboolean
is_end_known(CURL *easy, const char *method, long status)
{
    const GcaCurl *curl = gca_curl();
    struct curl_header *coding;
    curl_off_t length = -1;

    if (g_str_equal(method, "HEAD") || status == 204 || status == 304)
        return TRUE;
    if (curl->easy_header(easy, "Transfer-Encoding", 0, CURLH_HEADER, -1, &coding) == CURLHE_OK)
        return g_ascii_strcasecmp(coding->value, "chunked") == 0;
    curl->easy_getinfo(easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    return length >= 0;
}

static GcaHttpResponse *
make_response(const Exchange *exchange, long status)
{
    const GcaCurl *curl = gca_curl();
    g_autoptr(GcaHttpResponse) response = gca_http_response_new((guint) status);
    g_autoptr(GBytes) body = g_bytes_new(exchange->body->data, exchange->body->len);
    gint64 now = g_get_real_time() / G_USEC_PER_SEC;
    struct curl_header *header = NULL;
    char *location = NULL;

    while ((header = curl->easy_nextheader(exchange->easy, CURLH_HEADER, -1, header)) != NULL)
        gca_http_response_add_header(response, header->name, header->value, now);
    gca_http_response_set_body(response, body);
    curl->easy_getinfo(exchange->easy, CURLINFO_REDIRECT_URL, &location);
    gca_http_response_set_location(response, location);
    return g_steal_pointer(&response);
}

static void
refuse_size(const Exchange *exchange, GError **error)
{
    gboolean is_head = exchange->head_size > GCA_HTTP_HEADERS_LIMIT;

    gca_error_set(error, GCA_ERROR_SERVER,
                  _("The answer of “%s” is larger than the %zu bytes allowed."), exchange->host,
                  is_head ? GCA_HTTP_HEADERS_LIMIT : exchange->request->limit);
}

static GcaHttpResponse *
finish(const Exchange *exchange, CURLcode code, GError **error)
{
    const GcaHttpFault fault = {exchange->easy, code, exchange->text, exchange->host,
                                exchange->client->issuer};
    long status = 0;

    if (exchange->is_too_large) {
        refuse_size(exchange, error);
        return NULL;
    }
    if (code != CURLE_OK) {
        gca_http_fault_set(&fault, error);
        return NULL;
    }
    gca_curl()->easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &status);
    /* libcurl takes a head that was cut between two lines for a whole one. */
    if (!exchange->is_head_whole || status < 200 ||
        !is_end_known(exchange->easy, exchange->request->method, status)) {
        gca_http_fault_set_cut_off(exchange->host, error);
        return NULL;
    }
    return make_response(exchange, status);
}

static gboolean
prepare(Exchange *exchange, CURLU *url, GcaCurlList *headers, gint64 deadline, GError **error)
{
    const GcaCurl *curl = gca_curl();
    int failed = set_trust(exchange->easy, exchange->client) |
                 set_limits(exchange->easy, &exchange->client->limits, deadline) |
                 set_callbacks(exchange) | set_request(exchange->easy, exchange->request, url) |
                 (int) curl->easy_setopt(exchange->easy, CURLOPT_HTTPHEADER, headers);

    g_clear_pointer(&exchange->client->issuer, g_free);
    if (failed == 0 && curl->multi_add_handle(exchange->client->multi, exchange->easy) == CURLM_OK)
        return TRUE;
    gca_error_set(error, GCA_ERROR_INTERNAL, _("The library for HTTPS cannot be started."));
    return FALSE;
}

GcaHttpResponse *
gca_http_exchange(GcaHttpClient *client, const GcaHttpRequest *request, CURLU *url, gint64 deadline,
                  GcaCancel *cancel, GError **error)
{
    g_autofree char *host = gca_http_url_dup_host(url);
    g_autoptr(GcaCurlList) headers = make_headers(request);
    g_autoptr(CURL) easy = gca_curl()->easy_init();
    g_autoptr(GByteArray) body = g_byte_array_new();
    Exchange exchange = {client, request, host, easy, body};
    CURLcode code;

    if (!prepare(&exchange, url, headers, deadline, error))
        return NULL;
    gboolean is_ended = run(client->multi, cancel, &code, error);
    GcaHttpResponse *response = is_ended ? finish(&exchange, code, error) : NULL;
    gca_curl()->multi_remove_handle(client->multi, easy);
    return response;
}
