#include "config.h"

#include "cli/gca-prereg/commands.h"

#include <glib/gi18n.h>

const GcaCommand gca_prereg_desk_commands[] = {
    {NULL, NULL, N_("Binds an ACME account to domain names, signed with a GCA card."),
     N_("Example:\n"
        "  gca-prereg --account /etc/letsencrypt -d www.example.gov.tw\n"
        "  sudo cat …/regr.json | gca-prereg --account - -d www.example.gov.tw\n"
        "  gca-prereg --batch hosts.csv --dir requests\n\n"
        "What will be signed is shown first; the PIN is asked for and sent to the card once."),
     gca_prereg_command_bind},
    {"sign", N_("FILE…"), N_("Sign requests that were prepared elsewhere"),
     N_("Example:\n"
        "  gca-prereg sign gca-prereg-www.example.gov.tw-20261121T023000Z.json\n\n"
        "The card must be that of the organisation named in them."),
     gca_prereg_command_sign},
};
const guint gca_prereg_n_desk_commands = G_N_ELEMENTS(gca_prereg_desk_commands);
