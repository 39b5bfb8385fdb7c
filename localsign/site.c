#include "config.h"

#include "localsign/site.h"

#include "base/error.h"
#include "base/file.h"
#include "base/place.h"
#include "base/text.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_NAME "trusted-sites"
#define FILE_LIMIT (64 * 1024)
#define HOST_LIMIT 253 /* RFC 1035 section 2.3.4, without the root */
#define LABEL_LIMIT 63
#define LONGEST_LINE (HOST_LIMIT + strlen("\nhttps://:65535\n"))
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

/* RFC 1123 section 2.1: letters, digits, hyphens, and these within only. So nothing ends a word or
 * begins a comment in the file. */
static gboolean
is_label(const char *label)
{
    gsize length = strlen(label);

    for (gsize i = 0; i < length; i++) {
        if (!g_ascii_isalnum(label[i]) && label[i] != '-')
            return FALSE;
    }
    return length > 0 && length <= LABEL_LIMIT && *label != '-' && label[length - 1] != '-';
}

/* URL standard, “ends in a number checker”: a browser makes an IPv4 address of such a host. */
static gboolean
is_number(const char *label)
{
    gboolean is_hex = g_ascii_strncasecmp(label, "0x", 2) == 0;

    return is_hex ? strspn(label + 2, "0123456789abcdefABCDEF") == strlen(label + 2)
                  : strspn(label, "0123456789") == strlen(label);
}

static gboolean
is_name(const char *host)
{
    g_auto(GStrv) labels = g_strsplit(host, ".", -1);
    guint n = g_strv_length(labels);

    if (n > 1 && *labels[n - 1] == '\0')
        n--; /* the root */
    for (guint i = 0; i < n; i++) {
        if (!is_label(labels[i]))
            return FALSE;
    }
    return strlen(host) <= HOST_LIMIT + 1 && n > 0 && !is_number(labels[n - 1]);
}

static gboolean
is_host(const char *host)
{
    struct in6_addr address;

    return inet_pton(strchr(host, ':') ? AF_INET6 : AF_INET, host, &address) == 1 || is_name(host);
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

static void
set_mending(GError **error)
{
    gca_error_set_hint(error, _("Mend that file, or move it away: no site may use the card "
                                "meanwhile."));
}

/* A link that leads nowhere: its folder may come back, say with a disk, so nothing takes its place.
 */
static gboolean
check_link(const char *path, GError **error)
{
    if (!g_file_test(path, G_FILE_TEST_IS_SYMLINK))
        return TRUE;
    g_autofree char *shown = gca_text_escape(path);
    gca_error_set(error, GCA_ERROR_FILE, _("“%s” is a link to a file that is not there."), shown);
    gca_error_set_hint(error, _("Make that file, which may be empty, or remove the link."));
    return FALSE;
}

/* An editor may have saved it as UTF-16: a NUL would end it here, and what stands behind would be
 * lost at the next yes. */
static gboolean
check_text(const char *path, const char *data, gsize size, GError **error)
{
    const char *end = size > 0 ? memchr(data, '\0', size) : NULL;
    guint line = 1;

    if (end == NULL)
        return TRUE;
    for (const char *at = data; at < end; at++)
        line += *at == '\n' ? 1 : 0;
    g_autofree char *shown = gca_text_escape(path);
    gca_error_set(error, GCA_ERROR_FILE,
                  _("“%s” is no plain text: line %u holds a zero byte, as in a file that was saved "
                    "as UTF-16 (“Unicode”)."),
                  shown, line);
    gca_error_set_hint(error, _("Save it anew as plain text in UTF-8: no site may use the card "
                                "meanwhile."));
    return FALSE;
}

/* What stands in the file; empty where there is none. */
static char *
read_file(const char *path, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GBytes) bytes = gca_file_read(path, FILE_LIMIT, &trouble);
    gsize size;

    if (bytes == NULL && gca_error_get_native(trouble) == ENOENT)
        return check_link(path, error) ? g_strdup("") : NULL;
    if (bytes == NULL) {
        gca_error_replace(&trouble, GCA_ERROR_FILE, "%s", trouble->message);
        set_mending(&trouble);
        g_propagate_error(error, g_steal_pointer(&trouble));
        return NULL;
    }
    const char *data = g_bytes_get_data(bytes, &size);
    if (!check_text(path, data, size, error))
        return NULL;
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
gca_site_look_up(const char *origin, GcaSiteTrust *trust, GError **error)
{
    g_autofree char *path = gca_site_dup_path();
    g_autofree char *text = read_file(path, error);

    *trust = (GcaSiteTrust){0};
    if (text == NULL)
        return FALSE;
    g_auto(GStrv) words = find_line(text, origin);
    trust->is_trusted = words != NULL;
    trust->allows_sha1 = words != NULL && g_strv_contains((const char *const *) words, SHA1_WORD);
    return TRUE;
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

/* What would not be read again is not written. */
static gboolean
check_size(const char *path, gsize size, GError **error)
{
    if (size <= FILE_LIMIT)
        return TRUE;
    g_autofree char *shown = gca_text_escape(path);
    gca_error_set(error, GCA_ERROR_FILE,
                  _("“%s” has no room for one more site: it may have %d bytes."), shown,
                  FILE_LIMIT);
    gca_error_set_hint(error, _("Take out lines that are not needed any more."));
    return FALSE;
}

gboolean
gca_site_check_file(GError **error)
{
    g_autofree char *path = gca_site_dup_path();
    g_autofree char *text = read_file(path, error);

    return text != NULL && check_size(path, strlen(text) + LONGEST_LINE, error);
}

/* The file with one more line. */
static GBytes *
add_line(const char *path, const char *origin, GError **error)
{
    g_autofree char *before = read_file(path, error);

    if (before == NULL)
        return NULL;
    const char *start = *before ? before : _("# Web sites that may use the card, one a line.\n");
    const char *gap = g_str_has_suffix(start, "\n") ? "" : "\n";
    char *after = g_strconcat(start, gap, origin, "\n", NULL);
    g_autoptr(GBytes) bytes = g_bytes_new_take(after, strlen(after));
    return check_size(path, g_bytes_get_size(bytes), error) ? g_steal_pointer(&bytes) : NULL;
}

gboolean
gca_site_check_room(const char *origin, GError **error)
{
    g_autofree char *path = gca_site_dup_path();
    g_autoptr(GBytes) bytes = add_line(path, origin, error);

    return bytes != NULL;
}

gboolean
gca_site_trust(const char *origin, GError **error)
{
    g_autofree char *path = gca_site_dup_path();
    g_autofree char *folder = g_path_get_dirname(path);
    GcaSiteTrust trust;

    if (!gca_site_look_up(origin, &trust, error))
        return FALSE;
    if (trust.is_trusted)
        return TRUE;
    g_autoptr(GBytes) bytes = add_line(path, origin, error);
    return bytes != NULL && gca_file_make_folder(folder, error) && write_file(path, bytes, error);
}
