#include "config.h"

#include "csr/oid.h"

#include "base/error.h"
#include "base/text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define ARCS_BELOW_0_AND_1 40 /* X.660 clause 7.6 */

static gboolean
refuse(const char *oid, const char *why, GError **error)
{
    g_autofree char *shown = gca_text_escape(oid);
    gca_error_set(error, GCA_ERROR_USAGE, _("“%s” is not an OID: %s."), shown, why);
    gca_error_set_hint(error, _("An OID is numbers with dots between them, such as "
                                "2.16.886.101.20003."));
    return FALSE;
}

/* U+FF10 to U+FF19 and U+FF0E, which input methods leave behind */
static gboolean
is_full_width(gunichar c)
{
    return (c >= 0xFF10 && c <= 0xFF19) || c == 0xFF0E;
}

static gboolean
check_characters(const char *oid, GError **error)
{
    const char *at = oid + strspn(oid, G_CSET_DIGITS ".");

    if (*at == '\0')
        return TRUE;
    gunichar c = g_utf8_get_char_validated(at, -1);
    if (is_full_width(c))
        return refuse(oid, _("it has full-width digits or dots; type it with half-width ones"),
                      error);
    g_autofree char *character =
        c == (gunichar) -1 || c == (gunichar) -2
            ? gca_text_escape_bytes(at, 1)
            : gca_text_escape_bytes(at, (gsize) (g_utf8_next_char(at) - at));
    g_autofree char *why = g_strdup_printf(_("“%s” is no digit and no dot"), character);
    return refuse(oid, why, error);
}

static gboolean
check_arcs(const char *oid, GError **error)
{
    g_auto(GStrv) arcs = g_strsplit(oid, ".", -1);
    guint n_arcs = g_strv_length(arcs);

    if (g_str_has_suffix(oid, "."))
        return refuse(oid, _("it ends in a dot"), error);
    if (n_arcs < 2)
        return refuse(oid, _("it has one number only"), error);
    for (guint i = 0; i < n_arcs; i++) {
        if (*arcs[i] == '\0')
            return refuse(oid, _("a number is missing at a dot"), error);
        if (arcs[i][0] == '0' && arcs[i][1] != '\0')
            return refuse(oid, _("a number in it begins with a zero"), error);
    }
    if (strlen(arcs[0]) > 1 || arcs[0][0] > '2')
        return refuse(oid, _("its first number is not 0, 1 or 2"), error);
    if (arcs[0][0] < '2' && (strlen(arcs[1]) > 2 || atoi(arcs[1]) >= ARCS_BELOW_0_AND_1))
        return refuse(oid, _("its second number is over 39"), error);
    return TRUE;
}

char *
gca_oid_parse(const char *typed, GError **error)
{
    g_autofree char *oid = g_strstrip(g_strdup(typed));

    if (*oid == '\0') {
        gca_error_set(error, GCA_ERROR_USAGE, "%s", _("The OID is blank."));
        return NULL;
    }
    if (strlen(oid) > GCA_OID_LENGTH) {
        gca_error_set(error, GCA_ERROR_USAGE, _("The OID has more than %d characters."),
                      GCA_OID_LENGTH);
        return NULL;
    }
    if (!check_characters(oid, error) || !check_arcs(oid, error))
        return NULL;
    return g_steal_pointer(&oid);
}
