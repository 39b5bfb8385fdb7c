#include "config.h"

#include "cli/gca-prereg/wish.h"

#include "base/error.h"

#include <glib/gi18n.h>
#include <unistd.h>

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
