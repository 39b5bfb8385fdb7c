#include "config.h"

#include "cli/gca-prereg/commands.h"

#include <glib/gi18n.h>

static const GcaCommand commands[] = {
    {NULL, NULL, N_("Binds an ACME account to domain names, signed with a GCA card."),
     N_("Example:\n"
        "  gca-prereg --account /etc/letsencrypt -d www.example.gov.tw\n"
        "  sudo cat …/regr.json | gca-prereg --account - -d www.example.gov.tw\n\n"
        "What will be signed is shown first; the PIN is asked for and sent to the card once."),
     gca_prereg_command_sign},
    {"verify", N_("FILE"), N_("Check a signed request, without network"),
     N_("Trusted are the CA certificates given with --ca, or else those in the card-ca folders\n"
        "(see “gca-card trust”). Ends with 0 only if every check holds."),
     gca_prereg_command_verify},
    {0}};

int
main(int argc, char **argv)
{
    return gca_tool_main(argc, argv, commands);
}
