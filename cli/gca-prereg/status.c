#include "config.h"

#include "base/error.h"
#include "base/text.h"
#include "cli/common/output.h"
#include "cli/gca-prereg/commands.h"
#include "flow/account-status.h"

#include <glib/gi18n.h>

typedef struct {
    char *account, *key, *directory, *tls_ca;
} Options;

static void
options_clear(Options *options)
{
    g_free(options->account);
    g_free(options->key);
    g_free(options->directory);
    g_free(options->tls_ca);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static void
print_report(const GcaStatusReport *report)
{
    const GcaAccountState *state = report->state;
    g_autofree char *contacts =
        state->contacts ? gca_text_list((const char *const *) state->contacts) : NULL;
    g_autoptr(GString) out = g_string_new(NULL);

    gca_output_add_outside_field(out, _("Account"), gca_account_get_uri(report->account));
    gca_output_add_outside_field(out, _("ACME directory"), report->directory);
    gca_output_add_outside_field(out, _("Contact"), contacts);
    gca_output_add_outside_field(out, _("Thumbprint"), report->thumbprint);
    gca_output_add_field(out, _("Status"), report->text);
    gca_output_print("%s", out->str);
}

static json_t *
contacts_to_json(GStrv contacts)
{
    json_t *list = json_array();

    for (guint i = 0; contacts != NULL && contacts[i] != NULL; i++)
        json_array_append_new(list, gca_output_json_string(contacts[i]));
    return list;
}

static json_t *
report_to_json(const GcaStatusReport *report)
{
    const GcaAccountState *state = report->state;

    return json_pack(
        "{ss so ss so so so so so}", "uri", gca_account_get_uri(report->account), "directory",
        gca_output_json_string(report->directory), "status",
        gca_account_status_to_nick(state->status), "word", gca_output_json_string(state->word),
        "detail", gca_output_json_string(state->detail), "contacts",
        contacts_to_json(state->contacts), "text", gca_output_json_string(report->text), "advice",
        gca_output_json_string(report->advice));
}

static gboolean
ask(GcaInvocation *invocation, const Options *options, GError **error)
{
    const GcaStatusWish wish = {
        .account = options->account,
        .key = options->key,
        .directory = options->directory,
        .profile = gca_invocation_get_profile(invocation),
        .tls_ca = options->tls_ca,
    };
    g_autoptr(GcaStatusReport) report =
        gca_status_ask(&wish, gca_invocation_get_interaction(invocation),
                       gca_invocation_get_cancel(invocation), error);
    if (report == NULL)
        return FALSE;

    if (gca_invocation_is_json(invocation))
        gca_invocation_answer(invocation, report_to_json(report));
    else
        print_report(report);
    if (report->state->status == GCA_STATUS_VALID)
        return TRUE;
    gca_error_set(error, GCA_ERROR_CHECK_FAILED, "%s", report->text);
    gca_error_set_hint(error, report->advice);
    return FALSE;
}

gboolean
gca_prereg_command_status(GcaInvocation *invocation, GError **error)
{
    g_auto(Options) options = {0};
    const GOptionEntry entries[] = {
        {"account", 'a', 0, G_OPTION_ARG_FILENAME, &options.account,
         N_("The account, as for signing"), N_("WHERE")},
        {"key", 0, 0, G_OPTION_ARG_FILENAME, &options.key,
         N_("The account's key, where it does not lie beside it"), N_("FILE")},
        {"directory", 0, 0, G_OPTION_ARG_FILENAME, &options.directory,
         N_("The ACME directory, where the account's is not known"), N_("URL")},
        {"tls-ca", 0, 0, G_OPTION_ARG_FILENAME, &options.tls_ca,
         N_("A CA certificate to trust beside this computer's"), N_("FILE")},
        G_OPTION_ENTRY_NULL};

    if (!gca_invocation_parse(invocation, entries, GCA_OPTIONS_PROFILE, 0, error))
        return FALSE;
    if (options.account != NULL)
        return ask(invocation, &options, error);
    gca_error_set(error, GCA_ERROR_USAGE, "%s", _("Which account? Name it with --account."));
    gca_error_set_hint(error, _("“gca-prereg accounts” lists those of this computer."));
    return FALSE;
}
