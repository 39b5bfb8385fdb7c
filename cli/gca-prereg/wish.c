#include "config.h"

#include "cli/gca-prereg/wish.h"

#include "base/error.h"

#include <glib/gi18n.h>
#include <unistd.h>

void
gca_wish_options_add(GcaWishOptions *options, GcaInvocation *invocation)
{
    const GOptionEntry entries[] = {
        {"account", 'a', 0, G_OPTION_ARG_FILENAME, &options->account,
         N_("regr.json, a folder such as /etc/letsencrypt, - for standard input, or the "
            "account's URI"),
         N_("WHERE")},
        {"domain", 'd', 0, G_OPTION_ARG_FILENAME_ARRAY, &options->domains,
         N_("A host name; may be repeated or hold several, separated by commas"), N_("NAME")},
        {"domains-file", 0, 0, G_OPTION_ARG_FILENAME, &options->domains_file,
         N_("Host names from a file, one a line"), N_("FILE")},
        {"subject", 0, 0, G_OPTION_ARG_FILENAME, &options->subject,
         N_("The certificates' subject, in place of the one made from the organisation's"),
         N_("DN")},
        {"no-proof", 0, 0, G_OPTION_ARG_NONE, &options->no_proof,
         N_("Leave the account's key alone: without the proof that it took part"), NULL},
        G_OPTION_ENTRY_NULL};

    gca_invocation_add_options(invocation, entries);
}

void
gca_wish_options_clear(GcaWishOptions *options)
{
    g_free(options->account);
    g_strfreev(options->domains);
    g_free(options->domains_file);
    g_free(options->subject);
}

/* Standard input can be read for one thing only; a PIN there must not be taken for another. */
static gboolean
check_standard_input(GcaInvocation *invocation, const GcaWishOptions *options, GError **error)
{
    int readers = (g_strcmp0(options->account, "-") == 0) +
                  (g_strcmp0(options->domains_file, "-") == 0) +
                  (gca_invocation_get_login(invocation)->pin_fd == STDIN_FILENO);

    if (readers <= 1)
        return TRUE;
    gca_error_set(error, GCA_ERROR_USAGE, "%s",
                  _("Standard input can give only one of account, domain names and PIN."));
    return FALSE;
}

GcaPrereg *
gca_wish_resolve(GcaInvocation *invocation, const GcaWishOptions *options,
                 const GcaContact *contact, GError **error)
{
    GcaPreregWish wish = {
        .account = options->account,
        .profile = gca_invocation_get_profile(invocation),
        .domains = (const char *const *) options->domains,
        .domains_file = options->domains_file,
        .subject = options->subject,
        .contact = contact,
        .without_proof = options->no_proof,
    };

    if (options->account == NULL) {
        gca_error_set(error, GCA_ERROR_USAGE, "%s",
                      _("Which account? Name certbot's regr.json with --account."));
        gca_error_set_hint(error, _("It is usually found with: --account /etc/letsencrypt"));
        return NULL;
    }
    return check_standard_input(invocation, options, error) ? gca_prereg_new(&wish, error) : NULL;
}
