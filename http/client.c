#include "config.h"

#include "base/error.h"
#include "base/text.h"
#include "http/client-private.h"
#include "http/exchange-private.h"
#include "http/response-private.h"
#include "http/trust-private.h"
#include "http/url-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define REDIRECTS 5

GcaHttpClient *
gca_http_client_new(const char *const *extra_cas, GError **error)
{
    const GcaCurl *curl = gca_curl_load(error);
    if (curl == NULL)
        return NULL;
    CURLM *multi = curl->multi_init();
    if (multi == NULL) {
        gca_error_set(error, GCA_ERROR_INTERNAL, _("The library for HTTPS cannot be started."));
        return NULL;
    }
    g_autoptr(GcaHttpClient) client = g_new0(GcaHttpClient, 1);
    client->multi = multi;
    client->limits = (GcaHttpLimits){.connect_ms = 15000, .silence_s = 20, .total_ms = 60000};
    client->trusted = gca_http_trust_load(extra_cas, &client->is_system_trusted, error);
    return client->trusted != NULL ? g_steal_pointer(&client) : NULL;
}

void
gca_http_client_free(GcaHttpClient *client)
{
    if (client == NULL)
        return;
    gca_curl()->multi_cleanup(client->multi);
    g_clear_pointer(&client->trusted, g_bytes_unref);
    g_free(client->issuer);
    g_free(client);
}

void
gca_http_client_set_limits(GcaHttpClient *client, const GcaHttpLimits *limits)
{
    client->limits = *limits;
}

/* A line break would begin a header, or a request, of somebody else's choice. */
static gboolean
check_headers(const GcaHttpRequest *request, GError **error)
{
    for (const char *const *header = request->headers; header && *header; header++) {
        if (strpbrk(*header, "\r\n") != NULL || strchr(*header, ':') == NULL) {
            gca_error_set(error, GCA_ERROR_INTERNAL, _("A header of the request is not one line."));
            return FALSE;
        }
    }
    return TRUE;
}

gboolean
gca_http_check_url(const char *url, GError **error)
{
    g_autoptr(CURLU) parsed = gca_http_url_parse(url, error);

    return parsed != NULL;
}

static gboolean
is_sent_on(const GcaHttpRequest *request, const GcaHttpResponse *response)
{
    return !g_str_equal(request->method, "POST") &&
           gca_http_response_get_location(response) != NULL;
}

static CURLU *
follow(CURLU *from, const char *to, GError **error)
{
    g_autoptr(CURLU) url = gca_http_url_parse(to, NULL);
    if (url != NULL && gca_http_url_is_same_server(from, url))
        return g_steal_pointer(&url);
    g_autofree char *host = gca_http_url_dup_host(from);
    g_autofree char *shown = gca_text_escape(to);
    gca_error_set(error, GCA_ERROR_SERVER,
                  _("“%s” sends us on to “%s”, which is another server or not https."), host,
                  shown);
    gca_error_set_hint(error, _("That is not followed. Ask the server’s operator which address is "
                                "right."));
    return NULL;
}

GcaHttpResponse *
gca_http_client_send(GcaHttpClient *client, const GcaHttpRequest *request, GcaCancel *cancel,
                     GError **error)
{
    gint64 deadline = g_get_monotonic_time() + (gint64) client->limits.total_ms * 1000;
    g_autoptr(CURLU) url = gca_http_url_parse(request->url, error);
    if (url == NULL || !check_headers(request, error))
        return NULL;

    for (int i = 0; i <= REDIRECTS; i++) {
        g_autoptr(GcaHttpResponse) response =
            gca_http_exchange(client, request, url, deadline, cancel, error);
        if (response == NULL || !is_sent_on(request, response))
            return g_steal_pointer(&response);
        CURLU *next = follow(url, gca_http_response_get_location(response), error);
        if (next == NULL)
            return NULL;
        gca_curl_url_free(url);
        url = next;
    }
    g_autofree char *host = gca_http_url_dup_host(url);
    gca_error_set(error, GCA_ERROR_SERVER,
                  _("“%s” sends us on and on, from one address to the next."), host);
    return NULL;
}
