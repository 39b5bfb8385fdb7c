#include "config.h"

#include "profile/domain.h"

#include "base/error.h"
#include "base/text.h"

#include <glib/gi18n-lib.h>
#include <idn2.h>
#include <libpsl.h>
#include <string.h>

#define MAX_NAME 253 /* RFC 1035 section 2.3.4: 255 octets with length bytes and root */
#define MAX_LABEL 63
#define MAX_TYPED (8 * MAX_NAME) /* a character takes at most 4 bytes, decomposed some more */
#define MAX_SHOWN 80
#define GOV_TW_IN_CHINESE "xn--mxtq1m.tw" /* 政府.tw, which the Public Suffix List leaves out */

static char *
refuse(GError **error, const char *typed, const char *why)
{
    g_autofree char *shown = gca_text_escape(typed);

    if (g_utf8_strlen(shown, -1) > MAX_SHOWN)
        strcpy(g_utf8_offset_to_pointer(shown, MAX_SHOWN - 1), "…");
    gca_error_set(error, GCA_ERROR_USAGE, _("“%s” cannot be used as a domain name: %s."), shown,
                  why);
    return NULL;
}

static gboolean
has_blank(const char *text)
{
    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        if (g_unichar_isspace(g_utf8_get_char(text)))
            return TRUE;
    }
    return FALSE;
}

static gboolean
is_address(const char *text)
{
    g_auto(GStrv) parts = g_strsplit_set(text, "[]", 3);
    return *text == '[' || g_hostname_is_ip_address(parts[0]);
}

/* What people write instead of a host name, in half-width characters; NULL if nothing. */
static const char *
find_mistake(const char *text)
{
    if (has_blank(text))
        return _("it holds a blank");
    if (strstr(text, "://") != NULL)
        return _("it is a web address; only the host name in it is needed");
    if (strchr(text, '@') != NULL)
        return _("it is an e-mail address");
    if (is_address(text))
        return _("it is an IP address, not a name");
    if (strpbrk(text, "/\\?") != NULL)
        return _("it holds a path; only the host name in front of it is needed");
    if (strchr(text, ':') != NULL)
        return _("it holds a port; only the host name in front of it is needed");
    if (strchr(text, '_') != NULL)
        return _("“_” is not allowed in a host name");
    if (g_str_has_suffix(text, ".") || g_str_has_suffix(text, "。"))
        return _("it ends with a dot");
    return NULL;
}

/* NULL, or what is wrong with the text before anything is known of it as a name. */
static const char *
check_typed(const char *typed)
{
    if (*typed == '\0')
        return _("it is empty");
    if (!g_utf8_validate(typed, -1, NULL))
        return _("it is not UTF-8 text");
    if (strlen(typed) > MAX_TYPED)
        return _("it is longer than the 253 characters a name can have");
    if (!gca_text_is_plain(typed))
        return _("it holds invisible or control characters, shown here as \\u{…}");
    /* an input method leaves full-width ：／＠ behind */
    g_autofree char *half_width = g_utf8_normalize(typed, -1, G_NORMALIZE_ALL_COMPOSE);
    return find_mistake(half_width);
}

static const char *
explain_idn(int code, const char *typed)
{
    g_autofree char *lower = g_ascii_strdown(typed, -1);

    switch (code) {
    case IDN2_TOO_BIG_LABEL:
    case IDN2_PUNYCODE_BIG_OUTPUT:
        return _("a part of it is longer than 63 characters");
    case IDN2_TOO_BIG_DOMAIN:
        return _("it is longer than the 253 characters a name can have");
    case IDN2_HYPHEN_STARTEND:
        return _("a part of it begins or ends with a hyphen");
    case IDN2_2HYPHEN: /* RFC 5891 section 4.2.3.1 */
        return _("a part of it has hyphens in third and fourth place");
    case IDN2_BIDI:
        return _("it mixes writing directions");
    default:
        return strstr(lower, "xn--") ? _("what follows “xn--” does not stand for a valid name")
                                     : _("it holds a character that a host name cannot have");
    }
}

static const char *
check_label(const char *label)
{
    if (*label == '\0')
        return _("there is nothing between two of its dots");
    if (strlen(label) > MAX_LABEL)
        return _("a part of it is longer than 63 characters");
    for (; *label != '\0'; label++) {
        if (!g_ascii_isalnum(*label) && *label != '-')
            return _("it holds a character that a host name cannot have");
    }
    return NULL;
}

static gboolean
is_listed(const char *name, int type)
{
    static gsize loaded;

    if (g_once_init_enter(&loaded)) {
        psl_ctx_t *list = psl_latest(NULL);
        g_once_init_leave(&loaded, (gsize) (list ? list : psl_builtin()));
    }
    return psl_is_public_suffix2((psl_ctx_t *) loaded, name, type);
}

static gboolean
is_public_suffix(const char *name)
{
    return g_str_equal(name, GOV_TW_IN_CHINESE) || is_listed(name, PSL_TYPE_ICANN);
}

/* RFC 6761 section 6.5, RFC 7686, RFC 8375, for which there is a top-level domain; the rest (.test,
 * .local, .internal) has none. */
static gboolean
is_for_special_use(const char *name)
{
    static const char *const names[] = {"example.com", "example.net", "example.org", "home.arpa",
                                        "onion"};

    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        gsize size = strlen(name), end = strlen(names[i]);
        if (g_str_has_suffix(name, names[i]) && (size == end || name[size - end - 1] == '.'))
            return TRUE;
    }
    return FALSE;
}

/* libidn2 without STD3 rules leaves what is not letter, digit or hyphen as it is, and with them
 * deletes it: so everything is looked at again. NULL, or what is wrong. */
static const char *
check_ascii(const char *name)
{
    g_auto(GStrv) labels = g_strsplit(name, ".", -1);
    guint n = g_strv_length(labels);

    for (guint i = 0; i < n; i++) {
        const char *why = check_label(labels[i]);
        if (why != NULL)
            return why;
    }
    if (strlen(name) > MAX_NAME)
        return _("it is longer than the 253 characters a name can have");
    if (n == 1)
        return _("it has no dot; a full name like www.example.gov.tw is needed");
    /* RFC 1123 section 2.1: so that no name can pass for an address */
    if (strspn(labels[n - 1], "0123456789") == strlen(labels[n - 1]))
        return _("its last part is a number");
    if (!is_listed(labels[n - 1], PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE))
        return _("its last part is no top-level domain of the Internet, so no public certification "
                 "authority can certify it");
    if (is_for_special_use(name))
        return _("it is reserved for examples or networks of one's own, so no public certification "
                 "authority can certify it");
    if (is_public_suffix(name))
        return _("it is a suffix under which others register, not the name of one host");
    return NULL;
}

/* The name behind “*.”, if there is one; NULL with `why` where it must not be there. */
static const char *
skip_wildcard(const char *typed, const GcaProfile *profile, const char **why)
{
    gboolean wildcard = g_str_has_prefix(typed, "*.");
    const char *rest = typed + (wildcard ? strlen("*.") : 0);

    if (strchr(rest, '*') != NULL)
        *why = _("“*” can only be the whole first part");
    else if (wildcard && !gca_profile_allows_wildcard(profile))
        *why = _("this certification authority gives no wildcard certificates");
    else
        return rest;
    return NULL;
}

char *
gca_domain_parse(const char *typed, const GcaProfile *profile, GError **error)
{
    const char *why = check_typed(typed);
    if (why != NULL)
        return refuse(error, typed, why);
    const char *rest = skip_wildcard(typed, profile, &why);
    if (rest == NULL)
        return refuse(error, typed, why);

    char *ascii = NULL;
    int code = idn2_to_ascii_8z(rest, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    if (code != IDN2_OK)
        return refuse(error, typed, explain_idn(code, typed));
    g_autofree char *name = g_ascii_strdown(ascii, -1);
    idn2_free(ascii);
    why = check_ascii(name);
    if (why != NULL)
        return refuse(error, typed, why);
    return rest == typed ? g_steal_pointer(&name) : g_strconcat("*.", name, NULL);
}

char *
gca_domain_to_unicode(const char *domain)
{
    char *unicode = NULL;

    if (idn2_to_unicode_8z8z(domain, &unicode, 0) != IDN2_OK)
        return g_strdup(domain);
    char *shown = g_strdup(gca_text_is_plain(unicode) ? unicode : domain);
    idn2_free(unicode);
    return shown;
}
