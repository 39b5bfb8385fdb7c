#include "config.h"

#include "base/error.h"
#include "base/text.h"
#include "http/fault-private.h"

#include <glib/gi18n-lib.h>
#include <openssl/x509_vfy.h>
#include <string.h>

void
gca_http_fault_set_cut_off(const char *host, GError **error)
{
    gca_error_set(error, GCA_ERROR_NETWORK,
                  _("The connection to “%s” ended before the whole answer was there."), host);
    gca_error_set_hint(error, _("Try again later; a proxy or firewall on the way may be the "
                                "cause."));
}

static void
hint_at_ca(GError **error)
{
    gca_error_set_hint(error,
                       _("If this CA is right, name its certificate with --tls-ca FILE or in the "
                         "environment variable SSL_CERT_FILE. A firewall that looks into encrypted "
                         "connections has a CA of its own: ask whoever runs the network."));
}

static void
hint_at_clock(GError **error)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *shown = gca_text_moment(now);
    g_autofree char *hint =
        g_strdup_printf(_("This computer’s clock says %s. If it is right, the server’s operator "
                          "has to replace the certificate."),
                        shown);

    gca_error_set_hint(error, hint);
}

static void
refuse_name(const char *host, GError **error)
{
    gca_error_set(error, GCA_ERROR_UNTRUSTED,
                  _("The server’s certificate is not for “%s”, but for another host."), host);
    gca_error_set_hint(error, _("Check the address; another server or a proxy may have answered "
                                "in its place."));
}

static void
refuse_issuer(const GcaHttpFault *fault, GError **error)
{
    if (fault->issuer != NULL)
        gca_error_set(error, GCA_ERROR_UNTRUSTED,
                      _("The certificate of “%s” comes from “%s”, which is not among the trusted "
                        "CAs."),
                      fault->host, fault->issuer);
    else
        gca_error_set(error, GCA_ERROR_UNTRUSTED,
                      _("The certificate of “%s” does not come from a trusted CA."), fault->host);
    hint_at_ca(error);
}

/* The chain was in order: libcurl keeps what it began with where only the host's name is wrong. */
static gboolean
is_chain_good(long reason)
{
    return reason == X509_V_OK || reason == X509_V_ERR_UNSPECIFIED;
}

static void
refuse_certificate(const GcaHttpFault *fault, GError **error)
{
    long reason = X509_V_OK, of_proxy = X509_V_OK;

    gca_curl()->easy_getinfo(fault->easy, CURLINFO_SSL_VERIFYRESULT, &reason);
    gca_curl()->easy_getinfo(fault->easy, CURLINFO_PROXY_SSL_VERIFYRESULT, &of_proxy);
    if (of_proxy != X509_V_OK) {
        gca_error_set(error, GCA_ERROR_UNTRUSTED, _("The proxy’s certificate is not trusted."));
        hint_at_ca(error);
    } else if (is_chain_good(reason)) {
        refuse_name(fault->host, error);
    } else if (reason == X509_V_ERR_CERT_HAS_EXPIRED) {
        gca_error_set(error, GCA_ERROR_UNTRUSTED, _("The certificate of “%s” has expired."),
                      fault->host);
        hint_at_clock(error);
    } else if (reason == X509_V_ERR_CERT_NOT_YET_VALID) {
        gca_error_set(error, GCA_ERROR_UNTRUSTED, _("The certificate of “%s” is not valid yet."),
                      fault->host);
        hint_at_clock(error);
    } else {
        refuse_issuer(fault, error);
    }
}

/* TRUE if the two sides talked and could not agree; otherwise the connection was cut off. */
static gboolean
is_disagreement(const GcaHttpFault *fault)
{
    return strstr(fault->text, "SSL routines") != NULL &&
           strstr(fault->text, "unexpected eof") == NULL;
}

static void
refuse_handshake(const GcaHttpFault *fault, GError **error)
{
    if (!is_disagreement(fault)) {
        gca_http_fault_set_cut_off(fault->host, error);
        return;
    }
    gca_error_set(error, GCA_ERROR_SERVER,
                  _("“%s” does not offer the encryption that is asked of it (TLS 1.2 or later)."),
                  fault->host);
    gca_error_set_hint(error, _("Check host and port of the address; if they are right, the "
                                "server is too old or set up wrongly."));
}

static gboolean
has_proxy(void)
{
    static const char *const names[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        const char *value = g_getenv(names[i]);
        if (value != NULL && *value != '\0')
            return TRUE;
    }
    return FALSE;
}

static void
hint_at_proxy(GError **error)
{
    gca_error_set_hint(
        error, has_proxy()
                   ? _("The environment names a proxy: check https_proxy and no_proxy, or have the "
                       "computer's administrator check them, and that the proxy runs.")
                   : _("Check address and connection. If this network is left through a proxy "
                       "only, have the computer's administrator name it in the environment "
                       "variable https_proxy (at a terminal: export "
                       "https_proxy=http://HOST:PORT)."));
}

/* `status` is the proxy's answer to CONNECT. */
static void
refuse_by_proxy(long status, const char *host, GError **error)
{
    if (status == 407)
        gca_error_set(error, GCA_ERROR_NETWORK,
                      _("The proxy asks for a user name and a password, or refuses those given "
                        "(407)."));
    else
        gca_error_set(error, GCA_ERROR_NETWORK, _("The proxy refuses to connect to “%s” (%ld)."),
                      host, status);
    gca_error_set_hint(error, status == 407
                                  ? _("They stand in the environment variable https_proxy, which "
                                      "the computer's administrator can set: "
                                      "http://NAME:PASSWORD@HOST:PORT.")
                                  : _("Ask whoever runs the proxy to let this host through, or "
                                      "name the host in no_proxy."));
}

static void
refuse_time(const GcaHttpFault *fault, GError **error)
{
    curl_off_t connected = 0;

    gca_curl()->easy_getinfo(fault->easy, CURLINFO_APPCONNECT_TIME_T, &connected);
    if (connected > 0) {
        gca_error_set(error, GCA_ERROR_NETWORK, _("“%s” has not answered in time."), fault->host);
        gca_error_set_hint(error, _("Try again later."));
        return;
    }
    gca_error_set(error, GCA_ERROR_NETWORK, _("No connection to “%s” was made in time."),
                  fault->host);
    hint_at_proxy(error);
}

static void
refuse_connection(const GcaHttpFault *fault, GError **error)
{
    if (fault->code == CURLE_COULDNT_RESOLVE_HOST)
        gca_error_set(error, GCA_ERROR_NETWORK, _("No host of the name “%s” can be found (DNS)."),
                      fault->host);
    else if (fault->code == CURLE_COULDNT_CONNECT)
        gca_error_set(error, GCA_ERROR_NETWORK, _("No connection to “%s” can be made."),
                      fault->host);
    else
        gca_error_set(error, GCA_ERROR_NETWORK,
                      _("The proxy that the environment names cannot be used."));
    hint_at_proxy(error);
}

static void
set_sentence(const GcaHttpFault *fault, GError **error)
{
    switch (fault->code) {
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
        refuse_connection(fault, error);
        break;
    case CURLE_OPERATION_TIMEDOUT:
        refuse_time(fault, error);
        break;
    case CURLE_PEER_FAILED_VERIFICATION:
        refuse_certificate(fault, error);
        break;
    case CURLE_SSL_CONNECT_ERROR:
        refuse_handshake(fault, error);
        break;
    case CURLE_UNSUPPORTED_PROTOCOL: /* HTTP/0.9: no status line at all */
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
        gca_error_set(error, GCA_ERROR_SERVER, _("What “%s” has answered is not HTTP."),
                      fault->host);
        break;
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
        gca_http_fault_set_cut_off(fault->host, error);
        break;
    default:
        gca_error_set(error, GCA_ERROR_NETWORK, _("The exchange with “%s” has failed."),
                      fault->host);
    }
}

/* libcurl quotes a proxy's address that it cannot read, with its password. */
static gboolean
may_hold_password(const char *text)
{
    return strchr(text, '@') != NULL || strstr(text, "nsupported proxy") != NULL;
}

void
gca_http_fault_set(const GcaHttpFault *fault, GError **error)
{
    long proxy_status = 0;
    g_autoptr(GError) fresh = NULL;

    gca_curl()->easy_getinfo(fault->easy, CURLINFO_HTTP_CONNECTCODE, &proxy_status);
    if (proxy_status >= 300)
        refuse_by_proxy(proxy_status, fault->host, &fresh);
    else
        set_sentence(fault, &fresh);
    gca_error_set_native(&fresh, "libcurl", gca_curl()->easy_strerror(fault->code), fault->code);
    if (*fault->text != '\0' && !may_hold_password(fault->text)) {
        g_autofree char *shown = gca_text_escape(fault->text);
        gca_error_add_detail(&fresh, "%s", shown);
    }
    g_propagate_error(error, g_steal_pointer(&fresh));
}
