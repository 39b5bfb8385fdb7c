/* HTTPS with nothing left to chance: TLS 1.2 or later, verified always, sizes and times limited. */
#pragma once

#include "base/cancel.h"

#include <glib.h>

G_BEGIN_DECLS

typedef struct _GcaHttpClient GcaHttpClient;
typedef struct _GcaHttpResponse GcaHttpResponse;

/* What is trusted: this system's CA file, or $SSL_CERT_FILE in its place (libcurl does not read
 * it), and the files `extra_cas` (paths, NULL at the end; may be NULL) beside it; PEM, or one
 * certificate in DER. FILE, BAD_DATA: such a file is of no use; UNTRUSTED: there is no CA at all;
 * INTERNAL: there is no libcurl. For one thread at a time. */
GcaHttpClient *gca_http_client_new(const char *const *extra_cas, GError **error);
void gca_http_client_free(GcaHttpClient *client);

/* Whether `url` can be sent to: an absolute https address without user name and password. USAGE;
 * INTERNAL: there is no libcurl. */
gboolean gca_http_check_url(const char *url, GError **error);

/* Whether a client can be made that trusts what is in the file `ca`: FILE, BAD_DATA. */
gboolean gca_http_check_ca(const char *ca, GError **error);

typedef struct {
    const char *method;         /* "GET", "HEAD", "POST" */
    const char *url;            /* https; http is refused (USAGE) */
    const char *content_type;   /* of the body, or NULL */
    const char *const *headers; /* further ones, "Name: value", or NULL */
    GBytes *body;               /* of a POST, or NULL */
    gsize limit;                /* of the answer's body, bytes */
} GcaHttpRequest;

/* One exchange; blocks, at most 60 s in all, 15 s for the connection and 20 s without a byte, and
 * ends soon after `cancel`. Redirects are followed for GET and HEAD, five at most and to the same
 * host and port only (SERVER otherwise); a POST is sent once, its redirect is a response. Proxies
 * of the environment are honoured (https_proxy, no_proxy). Any status is a response. NETWORK: no
 * name, no connection, too slow, cut off (an answer without a length could be, and counts as such);
 * UNTRUSTED: the certificate, with why and what would help; SERVER: an answer that is no HTTP or
 * too large, no TLS 1.2; USAGE: the URL is not https; CANCELLED. */
GcaHttpResponse *gca_http_client_send(GcaHttpClient *client, const GcaHttpRequest *request,
                                      GcaCancel *cancel, GError **error);
void gca_http_response_free(GcaHttpResponse *response);

guint gca_http_response_get_status(const GcaHttpResponse *response);
GBytes *gca_http_response_get_body(const GcaHttpResponse *response);

/* The first header of that name (any case), or NULL. */
const char *gca_http_response_get_header(const GcaHttpResponse *response, const char *name);

/* The media type without parameters, lower case, or NULL. */
const char *gca_http_response_get_content_type(const GcaHttpResponse *response);

/* Where an answer of 301, 302, 303, 307 or 308 sends on to, as an absolute address from outside, or
 * NULL. */
const char *gca_http_response_get_location(const GcaHttpResponse *response);

/* Seconds of Retry-After, as a number or a date (RFC 9110 section 10.2.3); 0: none. */
guint gca_http_response_get_retry_after(const GcaHttpResponse *response);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaHttpClient, gca_http_client_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaHttpResponse, gca_http_response_free)

G_END_DECLS
