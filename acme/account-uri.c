#include "config.h"

#include "acme/account.h"
#include "base/error.h"
#include "base/text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define URI_LIMIT 2000

/* Why `uri` is not an absolute https URI of a host, or NULL. GUri lets some characters through that
 * RFC 3986 section 2 does not know. */
static const char *
find_uri_fault(const char *uri)
{
    if (*uri == '\0')
        return _("it is empty");
    if (strlen(uri) > URI_LIMIT)
        return _("it is too long");
    for (const char *at = uri; *at != '\0'; at++) {
        if (!g_ascii_isgraph(*at) || strchr("\"<>\\^`{|}", *at) != NULL)
            return _("it holds a character that no URI may hold");
    }
    g_autoptr(GUri) parsed = g_uri_parse(uri, G_URI_FLAGS_ENCODED, NULL);
    if (parsed == NULL)
        return _("it is not a well-formed URI");
    if (!g_str_equal(g_uri_get_scheme(parsed), "https"))
        return _("it does not begin with “https://”");
    const char *host = g_uri_get_host(parsed);
    if (host == NULL || *host == '\0' || g_uri_get_port(parsed) == 0)
        return _("it names no server");
    if (*host == '.' || strstr(host, "..") != NULL)
        return _("the server's name has an empty part");
    if (strpbrk(host, "[]") != NULL) /* GUri takes them away around an IP address */
        return _("the server's name holds a bracket");
    if (g_uri_get_userinfo(parsed) != NULL)
        return _("it holds a user name");
    if (g_uri_get_fragment(parsed) != NULL)
        return _("it holds a fragment (“#”)");
    return NULL;
}

gboolean
gca_account_check_uri(const char *uri, GError **error)
{
    const char *fault = find_uri_fault(uri);
    if (fault == NULL)
        return TRUE;

    g_autofree char *shown = gca_text_escape(uri);
    gca_error_set(error, GCA_ERROR_BAD_DATA, _("“%s” cannot be the URI of an ACME account: %s."),
                  shown, fault);
    gca_error_set_hint(error,
                       _("Copy the whole address of the account as the CA has sent it or the "
                         "ACME client shows it; it begins with “https://”."));
    return FALSE;
}

/* Path and query as they were written: an account's URI is an opaque name. */
static const char *
behind_server(const char *uri)
{
    const char *server = strstr(uri, "://") + strlen("://");
    return server + strcspn(server, "/?");
}

gboolean
gca_account_uri_equal(const char *a, const char *b)
{
    return gca_account_uri_is_of_server(a, b) && g_str_equal(behind_server(a), behind_server(b));
}

gboolean
gca_account_uri_is_of_server(const char *uri, const char *url)
{
    const GUriFlags flags = G_URI_FLAGS_ENCODED | G_URI_FLAGS_SCHEME_NORMALIZE;
    if (find_uri_fault(uri) != NULL || find_uri_fault(url) != NULL)
        return FALSE;
    g_autoptr(GUri) left = g_uri_parse(uri, flags, NULL);
    g_autoptr(GUri) right = g_uri_parse(url, flags, NULL);

    return g_ascii_strcasecmp(g_uri_get_host(left), g_uri_get_host(right)) == 0 &&
           g_uri_get_port(left) == g_uri_get_port(right);
}
