#include "config.h"

#include "cli/gca-prereg/commands.h"

#include <glib/gi18n.h>

static const GcaCommand commands[] = {
    {"accounts", N_("[PATH…]"), N_("List the ACME accounts of this computer, without network"),
     N_("Finds those of certbot, lego, acme.sh and dehydrated, where they usually lie or below "
        "the\n"
        "folders given; says which key is whose, and what may not be read."),
     gca_prereg_command_accounts},
    {"status", NULL, N_("Ask the ACME server what an account's status is"),
     N_("Example:\n"
        "  sudo gca-prereg status --account /etc/letsencrypt\n\n"
        "The question is signed with the account's own key. Ends with 0 only if the account is\n"
        "valid."),
     gca_prereg_command_status},
    {"caa", NULL, N_("Print the CAA records that bind domains to an account, or check them"),
     N_("Example:\n"
        "  gca-prereg caa --account /etc/letsencrypt -d www.example.gov.tw --issuer ca.example\n\n"
        "With --check DNS is asked what it has; ends with 0 only if every record is there. CAs\n"
        "must honour accounturi from 2027-03-15."),
     gca_prereg_command_caa},
    {"prepare", NULL, N_("Make a request without a card, to be signed elsewhere"),
     N_("Example:\n"
        "  gca-prereg prepare --account /etc/letsencrypt -d www.example.gov.tw --oid OID\n\n"
        "Carry the file to the desk where the card is, and sign it there with\n"
        "“gca-prereg sign FILE”."),
     gca_prereg_command_prepare},
    {"verify", N_("FILE…"), N_("Check signed requests, without network"),
     N_("Trusted are the CA certificates given with --ca, or else those in the card-ca folders\n"
        "(see “gca-card trust”). Ends with 0 only if every check of every file holds."),
     gca_prereg_command_verify},
    {"submit", N_("[FILE…]"), N_("Hand signed requests in, or what waits in the outbox"),
     N_("Example:\n"
        "  gca-prereg submit request.p7m\n\n"
        "Each is kept in the outbox until its receipt is there; sending twice is harmless.\n"
        "Ends with 0 only if all have been handed in."),
     gca_prereg_command_submit},
    {"outbox", NULL, N_("List what waits to be handed in, and why"), NULL,
     gca_prereg_command_outbox},
};

int
main(int argc, char **argv)
{
    g_autoptr(GArray) all = g_array_new(TRUE, TRUE, sizeof(GcaCommand));

    g_array_append_vals(all, gca_prereg_desk_commands, gca_prereg_n_desk_commands);
    g_array_append_vals(all, commands, G_N_ELEMENTS(commands));
    return gca_tool_main(argc, argv, (const GcaCommand *) (const void *) all->data);
}
