#include "config.h"

#include "cli/gca-card/commands.h"

#include <glib/gi18n.h>

static const GcaCommand commands[] = {
    {NULL, N_("COMMAND"),
     N_("Looks at GCA cards and readers, and at what stands in the way of "
        "signing."),
     NULL, gca_invocation_parse_overview},
    {"list", NULL, N_("List readers and cards"),
     N_("Examples:\n"
        "  gca-card list           what is there now\n"
        "  gca-card list --wait    until a card is in a reader"),
     gca_card_list},
    {"show", NULL, N_("Show the holder of a card; needs no PIN"), NULL, gca_card_show},
    {"verify-pin", NULL, N_("Check the PIN: its state first, then one try"),
     N_("The PIN is sent to the card once. After three wrong tries in a row the card is blocked;\n"
        "on the last try nothing is sent unless --allow-last-try is given."),
     gca_card_verify_pin},
    {"doctor", NULL, N_("Find out what is missing, and how to mend it"),
     N_("Needs no card, network or root, and never asks for the PIN."), gca_card_doctor},
    {"trust", N_("import FILE"),
     N_("Take in a CA certificate that signed requests are checked with"),
     N_("The certificate's fingerprint is compared with the profile's and shown. One that the\n"
        "profile does not know is taken only with --sha256 and the fingerprint, which must come\n"
        "to you on another way than the file."),
     gca_card_trust},
    {0}};

int
main(int argc, char **argv)
{
    return gca_tool_main(argc, argv, commands);
}
