#include "config.h"

#include "localsign/site.h"

#include "base/error.h"
#include "base/file.h"
#include "base/place.h"
#include "base/text.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_NAME "trusted-sites"
#define FILE_LIMIT (64 * 1024)
#define HOST_LIMIT 253 /* RFC 1035 section 2.3.4, without the root */
#define SHA1_WORD "sha1"
#define BYTE_ORDER_MARK "\xEF\xBB\xBF" /* some editors begin a file with it */

/* ---- origins ---- */

static gboolean
is_loopback(const char *host)
{
    return g_str_equal(host, "localhost") || g_str_equal(host, "127.0.0.1") ||
           g_str_equal(host, "::1");
}

/* RFC 6454 section 4: scheme, host and port alone. */
static char *
origin_of(GUri *uri)
{
    const char *scheme = g_uri_get_scheme(uri);
    g_autofree char *host = g_ascii_strdown(g_uri_get_host(uri), -1);
    const char *open = strchr(host, ':') ? "[" : "", *close = *open ? "]" : "";
    int port = g_uri_get_port(uri);
    /* RFC 1034 section 3.1: the root, which a browser leaves out unless it is typed. */
    if (g_str_has_suffix(host, "."))
        host[strlen(host) - 1] = '\0';
    gboolean is_default = port == -1 || port == (g_str_equal(scheme, "https") ? 443 : 80);

    if (is_default)
        return g_strdup_printf("%s://%s%s%s", scheme, open, host, close);
    return g_strdup_printf("%s://%s%s%s:%d", scheme, open, host, close, port);
}

/* As a browser writes it: nothing that would end a word or begin a comment in the file. */
static gboolean
is_host(const char *host)
{
    static const char name[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
    gsize length = strlen(host);
    gboolean is_ipv6 = strchr(host, ':') != NULL;

    return length > 0 && length <= HOST_LIMIT && *host != '.' && strstr(host, "..") == NULL &&
           strspn(host, is_ipv6 ? "0123456789abcdefABCDEF:." : name) == length;
}

static gboolean
is_origin(GUri *uri, gboolean allow_loopback)
{
    const char *scheme = g_uri_get_scheme(uri), *host = g_uri_get_host(uri);
    gboolean is_bare = g_uri_get_userinfo(uri) == NULL && g_uri_get_query(uri) == NULL &&
                       g_uri_get_fragment(uri) == NULL &&
                       (*g_uri_get_path(uri) == '\0' || g_str_equal(g_uri_get_path(uri), "/"));

    if (host == NULL || !is_bare || !is_host(host) || g_uri_get_port(uri) == 0)
        return FALSE;
    return g_str_equal(scheme, "https") ||
           (allow_loopback && g_str_equal(scheme, "http") && is_loopback(host));
}

char *
gca_site_parse(const char *text, gboolean allow_loopback, GError **error)
{
    g_autofree char *whole =
        strstr(text, "://") ? g_strdup(text) : g_strconcat("https://", text, NULL);
    g_autoptr(GUri) uri = g_uri_parse(whole, G_URI_FLAGS_SCHEME_NORMALIZE, NULL);

    if (uri != NULL && is_origin(uri, allow_loopback))
        return origin_of(uri);
    g_autofree char *shown = gca_text_escape(text);
    gca_error_set(error, GCA_ERROR_USAGE,
                  _("“%s” is not the address of a site that can be trusted: it must be "
                    "https:// and a host name."),
                  shown);
    return NULL;
}

/* ---- the file ---- */

char *
gca_site_dup_path(void)
{
    return gca_place_user(FILE_NAME);
}

/* A link that leads nowhere: its folder may come back, say with a disk, so nothing takes its place.
 */
static gboolean
check_link(const char *path, GError **error)
{
    if (g_file_test(path, G_FILE_TEST_EXISTS) || !g_file_test(path, G_FILE_TEST_IS_SYMLINK))
        return TRUE;
    g_autofree char *shown = gca_text_escape(path);
    gca_error_set(error, GCA_ERROR_FILE, _("“%s” is a link to a file that is not there."), shown);
    gca_error_set_hint(error, _("Make that file, which may be empty, or remove the link."));
    return FALSE;
}

/* What stands in the file; empty where there is none. */
static char *
read_file(const char *path, GError **error)
{
    if (!check_link(path, error))
        return NULL;
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return g_strdup("");
    g_autoptr(GBytes) bytes = gca_file_read(path, FILE_LIMIT, error);
    if (bytes == NULL)
        return NULL;
    gsize size;
    const char *data = g_bytes_get_data(bytes, &size);
    return g_strndup(size > 0 ? data : "", size); /* an empty file has no data at all */
}

/* The line of the file that names `origin`, in words; NULL if none does. */
static GStrv
find_line(const char *text, const char *origin)
{
    const char *start = g_str_has_prefix(text, BYTE_ORDER_MARK) ? text + 3 : text;
    g_auto(GStrv) lines = g_strsplit(start, "\n", -1);

    for (guint i = 0; lines[i] != NULL; i++) {
        lines[i][strcspn(lines[i], "#")] = '\0';
        g_auto(GStrv) words = g_strsplit_set(g_strstrip(lines[i]), " \t\r", -1);
        g_autofree char *site = words[0] ? gca_site_parse(words[0], TRUE, NULL) : NULL;
        if (g_strcmp0(site, origin) == 0)
            return g_steal_pointer(&words);
    }
    return NULL;
}

gboolean
gca_site_check_file(GError **error)
{
    g_autofree char *path = gca_site_dup_path();
    g_autofree char *text = read_file(path, error);

    return text != NULL;
}

gboolean
gca_site_is_trusted(const char *origin, gboolean *allows_sha1)
{
    g_autofree char *path = gca_site_dup_path();
    g_autofree char *text = read_file(path, NULL);
    g_auto(GStrv) words = text ? find_line(text, origin) : NULL;

    *allows_sha1 = words != NULL && g_strv_contains((const char *const *) words, SHA1_WORD);
    return words != NULL;
}

/* Where it is a link, what it leads to is written; its mode is the person's, too. */
static gboolean
write_file(const char *path, GBytes *bytes, GError **error)
{
    char *real = realpath(path, NULL);
    GStatBuf status;
    int mode = g_stat(path, &status) == 0 ? (int) (status.st_mode & 0777) : 0600;
    gboolean is_written = gca_file_replace(real ? real : path, bytes, mode, error);

    free(real);
    return is_written;
}

gboolean
gca_site_trust(const char *origin, GError **error)
{
    g_autofree char *path = gca_site_dup_path();
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *before = read_file(path, error);

    if (before == NULL)
        return FALSE;
    g_auto(GStrv) words = find_line(before, origin);
    if (words != NULL)
        return TRUE;
    const char *start = *before ? before : _("# Web sites that may use the card, one a line.\n");
    const char *gap = g_str_has_suffix(start, "\n") ? "" : "\n";
    char *after = g_strconcat(start, gap, origin, "\n", NULL);
    g_autoptr(GBytes) bytes = g_bytes_new_take(after, strlen(after));

    return gca_file_make_folder(folder, error) && write_file(path, bytes, error);
}
