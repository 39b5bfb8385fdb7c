#include "config.h"

#include "base/error.h"
#include "base/text.h"
#include "http/url-private.h"

#include <glib/gi18n-lib.h>

/* A part of `url`, or NULL; libcurl allocates with its own allocator. */
static char *
dup_part(CURLU *url, CURLUPart part, unsigned flags)
{
    char *theirs = NULL;

    gca_curl()->url_get(url, part, &theirs, flags);
    char *ours = g_strdup(theirs);
    gca_curl()->free(theirs);
    return ours;
}

/* What is shown of an address that cannot be used: no password. */
static void
refuse(const char *text, GError **error)
{
    g_autofree char *shown = gca_text_escape(text);

    if (strchr(text, '@') != NULL)
        gca_error_set(error, GCA_ERROR_USAGE,
                      _("An address cannot hold a user name or password, or the sign “@” in front "
                        "of its path."));
    else
        gca_error_set(error, GCA_ERROR_USAGE,
                      _("“%s” is not an address that begins with https://."), shown);
}

CURLU *
gca_http_url_parse(const char *text, GError **error)
{
    const GcaCurl *curl = gca_curl_load(error);
    if (curl == NULL)
        return NULL;
    g_autoptr(CURLU) url = curl->url();
    CURLUcode code = curl->url_set(url, CURLUPART_URL, text, 0);
    g_autofree char *scheme = dup_part(url, CURLUPART_SCHEME, 0);
    g_autofree char *user = dup_part(url, CURLUPART_USER, 0);
    g_autofree char *password = dup_part(url, CURLUPART_PASSWORD, 0);

    if (code == CURLUE_OK && g_strcmp0(scheme, "https") == 0 && user == NULL && password == NULL)
        return g_steal_pointer(&url);
    refuse(text, error);
    return NULL;
}

gboolean
gca_http_url_is_same_server(CURLU *a, CURLU *b)
{
    g_autofree char *host_a = dup_part(a, CURLUPART_HOST, 0);
    g_autofree char *host_b = dup_part(b, CURLUPART_HOST, 0);
    g_autofree char *port_a = dup_part(a, CURLUPART_PORT, CURLU_DEFAULT_PORT);
    g_autofree char *port_b = dup_part(b, CURLUPART_PORT, CURLU_DEFAULT_PORT);

    return host_a != NULL && host_b != NULL && g_ascii_strcasecmp(host_a, host_b) == 0 &&
           g_strcmp0(port_a, port_b) == 0;
}

char *
gca_http_url_dup_host(CURLU *url)
{
    g_autofree char *host = dup_part(url, CURLUPART_HOST, 0);
    g_autofree char *port = dup_part(url, CURLUPART_PORT, CURLU_NO_DEFAULT_PORT);
    g_autofree char *whole = g_strjoin(port ? ":" : NULL, host ? host : "", port, NULL);

    return gca_text_escape(whole);
}
