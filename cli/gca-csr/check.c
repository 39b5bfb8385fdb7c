#include "config.h"

#include "base/error.h"
#include "cli/common/show-findings.h"
#include "cli/gca-csr/commands.h"
#include "flow/certificate-check.h"
#include "profile/domain.h"

#include <glib/gi18n.h>

typedef struct {
    char *certificate, *key, *csr;
    GStrv chain, ca, names;
} Options;

static void
options_clear(Options *options)
{
    g_free(options->certificate);
    g_free(options->key);
    g_free(options->csr);
    g_strfreev(options->chain);
    g_strfreev(options->ca);
    g_strfreev(options->names);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static gboolean
check(GcaInvocation *invocation, const Options *options, GError **error)
{
    g_autoptr(GcaProfile) profile = gca_invocation_find_profile(invocation, NULL, error);
    g_auto(GStrv) names = NULL;
    if (profile == NULL ||
        (options->names != NULL &&
         (names = gca_domains_parse((const char *const *) options->names, profile, error)) == NULL))
        return FALSE;

    GcaCheckWish wish = {
        .certificate = options->certificate,
        .key = options->key,
        .csr = options->csr,
        .chain = (const char *const *) options->chain,
        .names = (const char *const *) names,
        .anchors = (const char *const *) options->ca,
        .passphrase = gca_invocation_get_passphrase(invocation),
    };
    g_autoptr(GPtrArray) findings =
        gca_certificate_check(&wish, profile, gca_invocation_get_interaction(invocation),
                              gca_invocation_get_cancel(invocation), error);
    if (findings == NULL)
        return FALSE;
    gca_show_findings(invocation, findings);
    if (gca_invocation_is_json(invocation))
        gca_invocation_answer(invocation,
                              json_pack("{so}", "findings", gca_findings_to_json(findings)));
    return gca_findings_conclude(findings, error);
}

gboolean
gca_csr_command_check(GcaInvocation *invocation, GError **error)
{
    g_auto(Options) options = {0};
    const GOptionEntry entries[] = {
        {"cert", 0, 0, G_OPTION_ARG_FILENAME, &options.certificate,
         N_("The certificate; the file may hold its chain, too"), N_("FILE")},
        {"key", 0, 0, G_OPTION_ARG_FILENAME, &options.key, N_("The private key"), N_("FILE")},
        {"csr", 0, 0, G_OPTION_ARG_FILENAME, &options.csr, N_("The certification request"),
         N_("FILE")},
        {"chain", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.chain,
         N_("The chain as the server sends it; may be repeated"), N_("FILE")},
        {"domain", 'd', 0, G_OPTION_ARG_FILENAME_ARRAY, &options.names,
         N_("A host name that the certificate must hold; may be repeated"), N_("NAME")},
        {"ca", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.ca,
         N_("A root to trust beside this computer's; may be repeated"), N_("FILE")},
        G_OPTION_ENTRY_NULL};

    if (!gca_invocation_parse(invocation, entries, GCA_OPTIONS_PROFILE | GCA_OPTIONS_PASSPHRASE, 0,
                              error))
        return FALSE;
    if (options.chain != NULL && options.certificate == NULL) {
        gca_error_set(error, GCA_ERROR_USAGE, "%s",
                      _("--chain is checked with the certificate that it belongs to: say --cert."));
        return FALSE;
    }
    if (options.certificate || options.csr || options.key)
        return check(invocation, &options, error);
    gca_error_set(error, GCA_ERROR_USAGE, "%s",
                  _("There is nothing to check: say --cert, --key, --csr or several of them."));
    return FALSE;
}
