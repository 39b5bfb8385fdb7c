#include "config.h"

#include "base/error.h"
#include "cli/gca-prereg/commands.h"

#include <glib/gi18n.h>

/* --help and --version as ever; all else is what this build cannot do. */
static gboolean
refuse(GcaInvocation *invocation, GError **error)
{
    g_autoptr(GError) trouble = NULL;

    if (!gca_invocation_parse_overview(invocation, &trouble) && trouble == NULL)
        return FALSE;
    gca_error_set(error, GCA_ERROR_USAGE, "%s",
                  _("This program was built without card support (-Dcard=disabled) and signs "
                    "nothing."));
    gca_error_set_hint(error,
                       _("Make the request here with “gca-prereg prepare”, and sign it where "
                         "the card is, with “gca-prereg sign FILE”. What else can be done "
                         "here “gca-prereg --help” tells."));
    return FALSE;
}

/* Built without card: -Dcard=disabled. */
const GcaCommand gca_prereg_desk_commands[] = {
    {NULL, NULL, N_("Binds an ACME account to domain names; this build signs nothing."),
     N_("What is prepared here is signed where the card is, with “gca-prereg sign FILE”."), refuse},
    {"sign", NULL, N_("Not in this build, which has no card support"), NULL, refuse},
};
const guint gca_prereg_n_desk_commands = G_N_ELEMENTS(gca_prereg_desk_commands);
