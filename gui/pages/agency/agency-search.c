#include "config.h"

#include "gui/pages/agency/agency-search.h"

#include <glib/gi18n.h>

#define SHOWN_MAX 50

void
gca_agency_search_free(GcaAgencySearch *found)
{
    g_ptr_array_unref(found->agencies);
    g_free(found->strange);
    g_free(found);
}

/* So it is with simplified characters. */
static char *
find_strange(const GcaRegister *agencies, const char *words)
{
    for (const char *at = words; *at != '\0'; at = g_utf8_next_char(at)) {
        g_autofree char *one = g_utf8_substring(at, 0, 1);
        guint total;
        if (!g_unichar_isalpha(g_utf8_get_char(at)))
            continue;
        g_ptr_array_unref(gca_register_search(agencies, one, 1, &total));
        if (total == 0)
            return g_steal_pointer(&one);
    }
    return NULL;
}

GcaAgencySearch *
gca_agency_search_new(const char *words, GError **error)
{
    g_autoptr(GcaRegister) agencies = gca_register_open(error);

    if (agencies == NULL)
        return NULL;
    GcaAgencySearch *found = g_new0(GcaAgencySearch, 1);
    found->agencies = gca_register_search(agencies, words, SHOWN_MAX, &found->total);
    found->is_missing = gca_register_is_empty(agencies);
    if (found->total == 0 && !found->is_missing)
        found->strange = find_strange(agencies, words);
    found->is_starter = gca_register_is_starter(agencies);
    return found;
}

char *
gca_agency_search_dup_count(const GcaAgencySearch *found)
{
    if (found->is_missing)
        return g_strdup(_("There is no register of agencies on this computer."));
    if (found->strange != NULL)
        return g_strdup_printf(_("No agency in the register has all of these words. “%s” stands in "
                                 "none of its names, which are in traditional characters."),
                               found->strange);
    if (found->total == 0)
        return g_strdup(_("No agency in the register has all of these words."));
    g_autofree char *all = g_strdup_printf(
        ngettext("%u agency found.", "%u agencies found.", found->total), found->total);
    if (found->total <= found->agencies->len)
        return g_steal_pointer(&all);
    return g_strdup_printf(_("%s The first %u are shown: type more of the name."), all,
                           found->agencies->len);
}

const char *
gca_agency_search_get_advice(const GcaAgencySearch *found)
{
    if (found->is_missing)
        return _("Take in GDS.csv, the official file of the OID register.");
    if (found->is_starter)
        return _("Only the starter register is here, with few agencies. Take in GDS.csv, the "
                 "official file of the OID register.");
    return _("Try fewer or shorter words. If the agency is new, take in today’s GDS.csv, the "
             "official file of the OID register. An agency that is not in it either has no OID "
             "yet; the application form cannot do without one.");
}
