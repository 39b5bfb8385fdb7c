#include "config.h"

#include "base/text.h"
#include "profile/internal.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define SHA256_DIGITS 64
#define MIN_BITS 2048  /* Baseline Requirements section 6.1.5, which wants whole bytes, too */
#define MAX_BITS 16384 /* what OpenSSL takes */

static gboolean
is_link(const char *value)
{
    g_autoptr(GUri) uri = g_uri_parse(value, G_URI_FLAGS_ENCODED, NULL);
    return uri != NULL && g_str_equal(g_uri_get_scheme(uri), "https") &&
           g_uri_get_host(uri) != NULL && *g_uri_get_host(uri) != '\0';
}

static gboolean
is_date(const char *value)
{
    g_autofree char *time = g_strconcat(value, "T00:00:00Z", NULL);
    g_autoptr(GDateTime) day = gca_text_parse_time(time);
    return day != NULL;
}

static char **
split_list(const char *value)
{
    gboolean ended = g_str_has_suffix(value, ";");
    g_autofree char *items = g_strndup(value, strlen(value) - (ended ? 1 : 0));
    return g_strsplit(items, ";", -1);
}

/* At least one, and only such as are in `known`; all but the empty one where that is NULL. */
static gboolean
holds_only(char **list, const char *const *known)
{
    for (guint i = 0; list[i] != NULL; i++) {
        if (known != NULL ? !g_strv_contains(known, list[i]) : *list[i] == '\0')
            return FALSE;
    }
    return list[0] != NULL;
}

static const char *
keep_link(const char *value, char **field)
{
    *field = g_strdup(value);
    return is_link(value) ? NULL : _("it is not an https address");
}

static const char *
keep_host(const char *value, char **field)
{
    *field = g_strdup(value);
    return *value != '\0' && strspn(value, G_CSET_a_2_z G_CSET_DIGITS ".-") == strlen(value)
               ? NULL
               : _("it is not a host name in lower case");
}

static const char *
keep_file(const char *value, char **field)
{
    *field = g_strdup(value);
    return *value != '\0' && !g_str_has_suffix(value, "/") ? NULL : _("it is not a file's name");
}

static const char *
keep_fingerprint(const char *value, char **field)
{
    *field = g_strdup(value);
    return strlen(value) == SHA256_DIGITS && strspn(value, "0123456789abcdef") == SHA256_DIGITS
               ? NULL
               : _("it is not 64 hexadecimal digits in lower case");
}

static const char *
keep_date(const char *value, char **field)
{
    *field = g_strdup(value);
    return is_date(value) ? NULL : _("it is not a date like 2026-11-21");
}

static const char *
keep_list(GcaProfileKind kind, const char *value, char ***field)
{
    static const char *const parts[] = {"L", "O", "OU", NULL};
    /* RFC 8555 section 8, RFC 8737 */
    static const char *const challenges[] = {"http-01", "dns-01", "tls-alpn-01", NULL};

    *field = split_list(value);
    if (kind == GCA_PROFILE_PARTS && !holds_only(*field, parts))
        return _("only L, O and OU can be parts of the name");
    if (kind == GCA_PROFILE_CHALLENGES && !holds_only(*field, challenges))
        return _("only http-01, dns-01 and tls-alpn-01 are known");
    if (kind == GCA_PROFILE_TITLES && !holds_only(*field, NULL))
        return _("one of its names is empty");
    return NULL;
}

static const char *
keep_number(const char *value, guint least, guint most, guint *field)
{
    guint64 number;

    if (!g_ascii_string_to_unsigned(value, 10, 0, G_MAXINT, &number, NULL))
        return _("it is not a number");
    if (number < least || number > most)
        return _("it is too small or too large");
    *field = (guint) number;
    return NULL;
}

static const char *
keep_bits(const char *value, guint **field)
{
    g_auto(GStrv) items = split_list(value);
    guint n = g_strv_length(items);

    *field = g_new0(guint, n + 1);
    for (guint i = 0; i < n; i++) {
        const char *why = keep_number(items[i], MIN_BITS, MAX_BITS, &(*field)[i]);
        if (why != NULL)
            return why;
        if ((*field)[i] % 8 != 0)
            return _("a length is no multiple of 8");
        if (i > 0 && (*field)[i] <= (*field)[i - 1])
            return _("the smallest length must be first, and each be there once");
    }
    return n > 0 ? NULL : _("it is not a number");
}

static const char *
keep_switch(const char *value, gboolean *field)
{
    *field = g_str_equal(value, "true");
    return *field || g_str_equal(value, "false") ? NULL : _("it is not true or false");
}

/* Elliptic curves wait for a CA and a tool that take them: a key of RSA is all that is made here.
 */
static const char *
check_key_types(const char *value)
{
    static const char *const types[] = {"RSA", NULL};
    g_auto(GStrv) items = split_list(value);
    return holds_only(items, types) ? NULL : _("only RSA is known");
}

const char *
gca_profile_keep(GcaProfileKind kind, const char *value, gpointer field)
{
    switch (kind) {
    case GCA_PROFILE_LINK:
        return keep_link(value, field);
    case GCA_PROFILE_HOST:
        return keep_host(value, field);
    case GCA_PROFILE_FILE:
        return keep_file(value, field);
    case GCA_PROFILE_FINGERPRINT:
        return keep_fingerprint(value, field);
    case GCA_PROFILE_DATE:
        return keep_date(value, field);
    case GCA_PROFILE_LIST:
    case GCA_PROFILE_PARTS:
    case GCA_PROFILE_CHALLENGES:
    case GCA_PROFILE_TITLES:
        return keep_list(kind, value, field);
    case GCA_PROFILE_NUMBER:
        return keep_number(value, 0, G_MAXINT, field);
    case GCA_PROFILE_PERCENT:
        return keep_number(value, 1, 99, field);
    case GCA_PROFILE_BITS:
        return keep_bits(value, field);
    case GCA_PROFILE_SWITCH:
        return keep_switch(value, field);
    case GCA_PROFILE_KEY_TYPES:
        return check_key_types(value);
    case GCA_PROFILE_TEXT:
    case GCA_PROFILE_TRANSLATED:
        *(char **) field = g_strdup(value);
        return NULL;
    case GCA_PROFILE_OTHER:
        return NULL;
    }
    g_return_val_if_reached(NULL);
}
