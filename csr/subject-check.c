#include "config.h"

#include "base/error.h"
#include "base/text.h"
#include "csr/encoding-private.h"
#include "csr/subject.h"
#include "profile/domain.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_SHOWN 80
#define REPLACEMENT_CHARACTER "\xEF\xBF\xBD"
#define LOST_IN_CONVERSION "??" /* what Windows writes for characters that its code page lacks */

static char *
show(const char *value)
{
    char *shown = gca_text_escape(value);

    if (g_utf8_strlen(shown, -1) > MAX_SHOWN)
        strcpy(g_utf8_offset_to_pointer(shown, MAX_SHOWN - 1), "…");
    return shown;
}

/* Always FALSE. */
static gboolean G_GNUC_PRINTF(3, 4)
    refuse(GError **error, const char *hint, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    g_autofree char *sentence = g_strdup_vprintf(format, args);
    va_end(args);
    gca_error_set(error, GCA_ERROR_BAD_DATA, "%s", sentence);
    gca_error_set_hint(error, hint);
    return FALSE;
}

static gboolean
has_blank_edge(const char *value)
{
    const char *last = g_utf8_prev_char(value + strlen(value));

    return g_unichar_isspace(g_utf8_get_char(value)) || g_unichar_isspace(g_utf8_get_char(last));
}

static gboolean
has_private_character(const char *value)
{
    for (; *value != '\0'; value = g_utf8_next_char(value)) {
        if (g_unichar_type(g_utf8_get_char(value)) == G_UNICODE_PRIVATE_USE)
            return TRUE;
    }
    return FALSE;
}

static gboolean
is_name_type(const char *type)
{
    return g_str_equal(type, "O") || g_str_equal(type, "L");
}

/* What shows that the text was read in another encoding than it was written in. */
static gboolean
check_encoding(const char *type, const char *value, GError **error)
{
    g_autofree char *shown = show(value);

    if (!g_utf8_validate(value, -1, NULL))
        return refuse(error, _("It may be Big5: save the file, or set the terminal, as UTF-8."),
                      _("%s is “%s”, which is not UTF-8 text."), type, shown);
    if (strstr(value, REPLACEMENT_CHARACTER) != NULL)
        return refuse(error, _("Type the name anew: what stood there cannot be found out."),
                      _("%s is “%s”, where “%s” stands for characters that were lost."), type,
                      shown, REPLACEMENT_CHARACTER);
    if (strstr(value, LOST_IN_CONVERSION) != NULL && is_name_type(type))
        return refuse(error, _("Type the name anew: what stood there cannot be found out."),
                      _("%s is “%s”, where “?” stands for characters that were lost in "
                        "conversion."),
                      type, shown);
    g_autofree char *meant = gca_encoding_recover(value);
    if (meant == NULL)
        return TRUE;
    g_autofree char *recovered = show(meant);
    return refuse(error, _("Give the name as UTF-8; “openssl req” needs -utf8 for that."),
                  _("%s is “%s”, which is “%s” read in the wrong encoding."), type, shown,
                  recovered);
}

static gboolean
check_characters(const char *type, const char *value, GError **error)
{
    g_autofree char *shown = show(value);

    if (*value == '\0')
        return refuse(error, _("Fill it in, or leave it out."), _("%s is empty in the subject."),
                      type);
    if (has_private_character(value))
        return refuse(error,
                      _("Use the character that Unicode has for it, or the one that the agency "
                        "uses in its place."),
                      _("%s is “%s”, with a character of this computer's own (造字), shown here "
                        "as \\u{…}, that others do not see."),
                      type, shown);
    if (!gca_text_is_plain(value))
        return refuse(error, _("Type the name anew instead of pasting it."),
                      _("%s is “%s”, with invisible or control characters, shown here as \\u{…}."),
                      type, shown);
    if (has_blank_edge(value))
        return refuse(error, _("Take the blank away."),
                      _("%s is “%s”, with a blank at its beginning or end."), type, shown);
    return TRUE;
}

static const char *
hint_on_sample(const char *type)
{
    return g_str_equal(type, "O") ? _("Put the agency's own name in its place.")
                                  : _("Leave it out.");
}

/* What openssl.cnf, as OpenSSL and as Red Hat ship it, or keytool proposes and Enter accepts. What
 * is wrong with C and CN is told better by their own checks. */
static gboolean
check_sample(const char *type, const char *value, GError **error)
{
    static const char *const samples[] = {"Some-State", "Internet Widgits Pty Ltd", "Default City",
                                          "Default Company Ltd"};

    if (g_str_equal(type, "C") || g_str_equal(type, "CN"))
        return TRUE;
    for (guint i = 0; i < G_N_ELEMENTS(samples); i++) {
        if (g_ascii_strcasecmp(value, samples[i]) == 0)
            return refuse(error, hint_on_sample(type),
                          _("%s is “%s”, which is what OpenSSL's sample configuration proposes."),
                          type, samples[i]);
    }
    if (g_ascii_strcasecmp(value, "Unknown") == 0)
        return refuse(error, hint_on_sample(type),
                      _("%s is “%s”, which is what Java's keytool proposes."), type, "Unknown");
    return TRUE;
}

/* What the profile's rule makes of the names of organisation and units alone, or NULL. */
static GcaName *
fold(const GcaName *subject, const GcaProfile *profile)
{
    g_autoptr(GcaName) dn = gca_name_new();
    gboolean unconfirmed;

    for (guint i = 0; i < gca_name_get_length(subject); i++) {
        const char *type = gca_name_get_type(subject, i);
        if (g_str_equal(type, "O") || g_str_equal(type, "OU"))
            gca_name_add(dn, type, gca_name_get_value(subject, i));
    }
    return gca_profile_fold(profile, dn, &unconfirmed, NULL);
}

static gboolean
refuse_unit(const char *unit, const GcaName *subject, const GcaProfile *profile, GError **error)
{
    g_autoptr(GcaName) folded = fold(subject, profile);
    g_autofree char *shown = show(unit), *hint = NULL;

    if (folded != NULL) {
        g_autofree char *organization = show(gca_name_find(folded, "O"));
        hint = g_strdup_printf(_("Write it into the organisation: O=%s."), organization);
    }
    return refuse(error, hint ? hint : _("Write it into the organisation (O)."),
                  _("The subject has a unit (OU), “%s”, which certificates no longer hold."),
                  shown);
}

static gboolean
is_email(const char *type)
{
    static const char *const names[] = {"E", "emailAddress", "email", "1.2.840.113549.1.9.1"};

    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        if (g_ascii_strcasecmp(type, names[i]) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean
check_type(const char *type, const char *value, const GcaName *subject, const GcaProfile *profile,
           GError **error)
{
    static const char *const wanted[] = {"C", "L", "O", "CN", NULL};
    if (g_strv_contains(wanted, type))
        return TRUE;
    g_autofree char *shown_type = show(type), *shown = show(value);

    if (g_str_equal(type, "OU"))
        return refuse_unit(value, subject, profile, error);
    if (g_str_equal(type, "ST"))
        return refuse(error, _("Leave it out."),
                      _("The subject has a state or province (ST), “%s”, which is not asked for."),
                      shown);
    if (is_email(type))
        return refuse(error, _("Leave it out: it goes into the application form."),
                      _("The subject has an e-mail address, “%s”, which anybody could read in the "
                        "certificate."),
                      shown);
    return refuse(error, _("Leave it out."),
                  _("The subject has “%s=%s”, but only C, L, O and CN are asked for."), shown_type,
                  shown);
}

/* The upper bounds of RFC 5280 appendix A.1, in characters. */
static gboolean
check_length(const char *type, const char *value, GError **error)
{
    static const struct {
        const char *type;
        glong most;
        const char *hint;
    } bounds[] = {
        {"L", 128, N_("Give a shorter one (on the command line: --locality).")},
        {"O", 64, N_("Give a shorter form of the name (on the command line: --organization).")},
        {"CN", 64,
         N_("Take a shorter name of the server as CN; the long one can be a further name where "
            "the certification authority takes several (on the command line: -d).")},
    };
    glong length = g_utf8_strlen(value, -1);

    for (guint i = 0; i < G_N_ELEMENTS(bounds); i++) {
        if (!g_str_equal(type, bounds[i].type) || length <= bounds[i].most)
            continue;
        g_autofree char *shown = show(value);
        return refuse(error, _(bounds[i].hint),
                      _("%s is “%s”, which has %ld characters; a certificate can hold %ld."), type,
                      shown, length, bounds[i].most);
    }
    return TRUE;
}

static gboolean
check_attribute(const GcaName *subject, guint index, const GcaProfile *profile, GError **error)
{
    const char *type = gca_name_get_type(subject, index);
    const char *value = gca_name_get_value(subject, index);
    g_autofree char *shown_type = show(type);

    return check_encoding(shown_type, value, error) && check_characters(shown_type, value, error) &&
           check_sample(shown_type, value, error) &&
           check_type(type, value, subject, profile, error) && check_length(type, value, error);
}

static guint
count(const GcaName *subject, const char *type)
{
    guint found = 0;

    for (guint i = 0; i < gca_name_get_length(subject); i++)
        found += g_str_equal(gca_name_get_type(subject, i), type);
    return found;
}

/* C, O and CN once each; C at the root, CN at the leaf. */
static gboolean
check_shape(const GcaName *subject, GError **error)
{
    static const struct {
        const char *type;
        const char *missing, *hint, *hint_on_many;
    } parts[] = {
        {"C", N_("The subject names no country (C)."), N_("Put C=TW in front of it."),
         N_("Leave C=TW in front of it.")},
        {"O", N_("The subject names no organisation (O)."),
         N_("Put the agency's full name into O."),
         N_("Join the organisation and its units with “-” in one O.")},
        {"CN", N_("The subject names no server (CN)."),
         N_("Put the host name, like www.example.gov.tw, into CN."),
         N_("Leave one as CN; the others belong into subjectAltName (-d).")},
    };

    for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
        guint found = count(subject, parts[i].type);
        if (found == 0)
            return refuse(error, _(parts[i].hint), "%s", _(parts[i].missing));
        if (found > 1)
            return refuse(error, _(parts[i].hint_on_many),
                          _("The subject has %s %u times; it must stand there once."),
                          parts[i].type, found);
    }
    if (!g_str_equal(gca_name_get_type(subject, 0), "C") ||
        !g_str_equal(gca_name_get_type(subject, gca_name_get_length(subject) - 1), "CN"))
        return refuse(error, _("Write it as C=…,L=…,O=…,CN=…"),
                      _("The subject does not begin with C and end with CN."));
    return TRUE;
}

static gboolean
check_country(const GcaName *subject, const GcaProfile *profile, GError **error)
{
    const char *country = gca_name_find(subject, "C");
    g_autofree char *shown = show(country);
    /* the profile's country comes with any name */
    g_autoptr(GcaName) any = gca_name_parse("OU=-,O=-,C=TW", NULL);
    g_autoptr(GcaName) folded = fold(any, profile);

    if (strlen(country) != 2 || !g_ascii_isupper(country[0]) || !g_ascii_isupper(country[1]))
        return refuse(error, _("Write C=TW."),
                      _("The country (C) is “%s”, which is not a code of two capital letters."),
                      shown);
    if (folded == NULL || g_str_equal(country, gca_name_find(folded, "C")))
        return TRUE;
    g_autofree char *hint = g_strdup_printf(_("Write C=%s."), gca_name_find(folded, "C"));
    return refuse(error, hint, _("The country (C) is “%s”, which is not that of “%s”."), shown,
                  gca_profile_get_title(profile));
}

static gboolean
check_cn(const char *cn, const GcaProfile *profile, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    g_auto(GStrv) names = gca_domains_parse_certificate(cn, NULL, profile, &trouble);

    if (names == NULL && !g_str_is_ascii(cn) && strchr(cn, '.') == NULL)
        return refuse(error, _("The agency's name belongs into O."), "%s", trouble->message);
    if (names == NULL)
        return refuse(error, _("CN is the full host name alone, like www.example.gov.tw."), "%s",
                      trouble->message);
    if (g_ascii_strcasecmp(names[0], cn) == 0)
        return TRUE;
    g_autofree char *shown = show(cn), *hint = g_strdup_printf(_("Write CN=%s."), names[0]);
    return refuse(error, hint, _("CN is “%s”, which is not the form that stands in a request."),
                  shown);
}

gboolean
gca_subject_check(const GcaName *subject, const GcaProfile *profile, GError **error)
{
    for (guint i = 0; i < gca_name_get_length(subject); i++) {
        if (!check_attribute(subject, i, profile, error))
            return FALSE;
    }
    return check_shape(subject, error) && check_country(subject, profile, error) &&
           check_cn(gca_name_find(subject, "CN"), profile, error);
}
