#include "config.h"

#include "flow/connection.h"

#include "base/error.h"
#include "base/text.h"

#include <glib/gi18n-lib.h>

/* Said in other words than of a file that the user has just named. */
static gboolean
check_own_ca(const GcaProfile *profile, GError **error)
{
    const char *own = gca_profile_get_tls_ca(profile);
    g_autoptr(GError) trouble = NULL;

    if (own == NULL || gca_http_check_ca(own, &trouble))
        return TRUE;
    g_autofree char *name = gca_text_escape(gca_profile_get_name(profile));
    g_autofree char *why = g_strdup(trouble->message);
    gca_error_replace(&trouble, gca_error_get_code(trouble),
                      _("The CA file that the profile “%s” names cannot be used: %s"), name, why);
    gca_error_set_hint(&trouble, _("Put the CA’s certificate there, or put “CaFile” in group [tls] "
                                   "of the profile right."));
    g_propagate_error(error, g_steal_pointer(&trouble));
    return FALSE;
}

GcaHttpClient *
gca_connection_new(const GcaProfile *profile, const char *tls_ca, GError **error)
{
    const char *cas[3] = {NULL};
    guint n = 0;

    if (profile != NULL && !check_own_ca(profile, error))
        return NULL;
    if (profile != NULL && gca_profile_get_tls_ca(profile) != NULL)
        cas[n++] = gca_profile_get_tls_ca(profile);
    if (tls_ca != NULL)
        cas[n++] = tls_ca;
    return gca_http_client_new(cas, error);
}
