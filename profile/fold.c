#include "config.h"

#include "base/error.h"
#include "base/text.h"
#include "profile/internal.h"

#include <glib/gi18n-lib.h>

#define MAX_ORGANIZATION 64 /* ub-organization-name, RFC 5280 appendix A.1 */

static char *
join_organization(const GcaProfile *profile, const GcaName *dn, gboolean local, GError **error)
{
    char **parts = local ? profile->local_parts : profile->parts;
    g_autofree char *joined = gca_name_join(dn, (const char *const *) parts, profile->separator);

    if (*joined == '\0') {
        g_autofree char *shown = gca_name_to_string(dn);
        gca_error_set(error, GCA_ERROR_BAD_DATA, _("The name “%s” names no organisation."), shown);
        return NULL;
    }
    g_autofree char *organization =
        g_strconcat(profile->prefix ? profile->prefix : "", joined, NULL);
    glong length = g_utf8_strlen(organization, -1);
    if (length > MAX_ORGANIZATION) {
        g_autofree char *shown = gca_text_escape(organization);
        gca_error_set(error, GCA_ERROR_BAD_DATA,
                      _("The organisation “%s” has %ld characters; a certificate can hold %d."),
                      shown, length, MAX_ORGANIZATION);
        return NULL;
    }
    return g_steal_pointer(&organization);
}

GcaName *
gca_profile_fold(const GcaProfile *profile, const GcaName *dn, gboolean *unconfirmed,
                 GError **error)
{
    /* In the OID register local governments, and only they, have an L. */
    gboolean local = gca_name_find(dn, "L") != NULL;
    g_autofree char *organization = join_organization(profile, dn, local, error);

    if (organization == NULL)
        return NULL;
    GcaName *subject = gca_name_new();
    gca_name_add(subject, "C", profile->country);
    if (profile->locality != NULL)
        gca_name_add(subject, "L", profile->locality);
    gca_name_add(subject, "O", organization);
    *unconfirmed = local && !profile->local_confirmed;
    return subject;
}

const char *
gca_profile_get_unconfirmed_note(void)
{
    return _("How the CA writes a local government's name is not published: check the subject; if "
             "the CA says otherwise, give the whole subject by hand (on the command line: "
             "--subject).");
}
