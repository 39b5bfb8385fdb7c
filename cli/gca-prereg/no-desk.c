#include "config.h"

#include "cli/gca-prereg/commands.h"

#include <glib/gi18n.h>

/* Built without card: -Dcard=disabled. */
const GcaCommand gca_prereg_desk_commands[] = {
    {NULL, NULL, N_("Binds an ACME account to domain names; this build signs nothing."),
     N_("What is prepared here is signed where the card is, with “gca-prereg sign FILE”."),
     gca_invocation_parse_overview},
};
const guint gca_prereg_n_desk_commands = G_N_ELEMENTS(gca_prereg_desk_commands);
