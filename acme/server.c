/* What is asked of every ACME server: its directory, nonces, signed requests (RFC 8555 section 6).
 */
#include "config.h"

#include "acme/account.h"
#include "acme/jws.h"
#include "acme/problem.h"
#include "acme/server-private.h"
#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define ANSWER_LIMIT (256 * 1024)
#define NONCE_MAX 1000
#define TRIES 6

static gboolean
is_success(GcaHttpResponse *response)
{
    return gca_http_response_get_status(response) / 100 == 2;
}

static void
set_problem(GcaHttpResponse *response, const char *url, GError **error)
{
    gca_problem_set_error(gca_http_response_get_status(response),
                          gca_http_response_get_content_type(response),
                          gca_http_response_get_body(response), error);
    gca_error_add_detail(error, "%s", url);
}

json_t *
gca_server_parse_object(GcaHttpResponse *response, const char *url, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    g_autoptr(json_t) value = gca_json_parse(gca_http_response_get_body(response), url, &trouble);

    if (json_is_object(value))
        return g_steal_pointer(&value);
    g_autofree char *shown = gca_text_escape(url);
    gca_error_set(error, GCA_ERROR_SERVER, _("“%s” has not answered as an ACME server does."),
                  shown);
    gca_error_set_hint(error, _("Check the address of the ACME directory, and the proxy."));
    gca_error_add_detail(error, "%s", trouble ? trouble->message : "no JSON object");
    return NULL;
}

json_t *
gca_server_fetch_directory(GcaHttpClient *client, const char *directory, GcaCancel *cancel,
                           GError **error)
{
    const GcaHttpRequest request = {.method = "GET", .url = directory, .limit = ANSWER_LIMIT};
    g_autoptr(GcaHttpResponse) response = gca_http_client_send(client, &request, cancel, error);
    if (response == NULL)
        return NULL;
    if (is_success(response))
        return gca_server_parse_object(response, directory, error);
    set_problem(response, directory, error);
    return NULL;
}

/* RFC 8555 section 6.5.1: base64url, and what is not must be passed over. */
static char *
dup_nonce(GcaHttpResponse *response)
{
    const char *nonce = gca_http_response_get_header(response, "Replay-Nonce");
    if (nonce == NULL || *nonce == '\0' || strlen(nonce) > NONCE_MAX)
        return NULL;
    gsize length = strlen(nonce);
    return length == strspn(nonce, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_") ? g_strdup(nonce)
                                                                                 : NULL;
}

static char *
fetch_nonce(GcaHttpClient *client, const char *url, GcaCancel *cancel, GError **error)
{
    const GcaHttpRequest request = {.method = "HEAD", .url = url, .limit = ANSWER_LIMIT};
    g_autoptr(GcaHttpResponse) response = gca_http_client_send(client, &request, cancel, error);
    if (response == NULL)
        return NULL;
    if (!is_success(response)) {
        set_problem(response, url, error);
        return NULL;
    }
    char *nonce = dup_nonce(response);
    if (nonce == NULL) {
        gca_error_set(error, GCA_ERROR_SERVER, _("The ACME server gives no nonce."));
        gca_error_add_detail(error, "%s", url);
    }
    return nonce;
}

static GBytes *
sign_request(const GcaSignedRequest *request, const char *nonce, GError **error)
{
    g_autoptr(json_t) header =
        json_pack("{s:s, s:s, s:s}", "kid", request->url, "nonce", nonce, "url", request->url);
    g_autoptr(GBytes) payload = g_bytes_new_static("", 0); /* section 6.3 */
    g_autoptr(json_t) jws = gca_jws_sign(request->key, header, payload, error);

    return jws != NULL ? gca_json_encode_canonical(jws, error) : NULL;
}

static GcaHttpResponse *
send_signed(GcaHttpClient *client, const GcaSignedRequest *request, const char *nonce,
            GcaCancel *cancel, GError **error)
{
    g_autoptr(GBytes) body = sign_request(request, nonce, error);
    const GcaHttpRequest post = {.method = "POST",
                                 .url = request->url,
                                 .content_type = "application/jose+json",
                                 .body = body,
                                 .limit = ANSWER_LIMIT};

    return body != NULL ? gca_http_client_send(client, &post, cancel, error) : NULL;
}

GcaHttpResponse *
gca_server_post_as_get(GcaHttpClient *client, const GcaSignedRequest *request, GcaCancel *cancel,
                       GError **error)
{
    g_autofree char *nonce = NULL;

    for (guint left = TRIES;; left--) {
        if (nonce == NULL && (nonce = fetch_nonce(client, request->nonces, cancel, error)) == NULL)
            return NULL;
        g_autoptr(GcaHttpResponse) response = send_signed(client, request, nonce, cancel, error);
        if (response == NULL)
            return NULL;
        gboolean is_bad_nonce = !is_success(response) &&
                                gca_problem_is(gca_http_response_get_body(response), "badNonce");
        if (!is_bad_nonce || left == 1)
            return g_steal_pointer(&response);
        gca_log("acme", "the nonce was refused; %u tries left", left - 1);
        g_free(nonce);
        nonce = dup_nonce(response);
    }
}
