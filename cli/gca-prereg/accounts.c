#include "config.h"

#include "flow/accounts.h"

#include "base/error.h"
#include "base/text.h"
#include "cli/common/output.h"
#include "cli/gca-prereg/commands.h"

#include <glib/gi18n.h>

static char *
describe_key(const GcaAccountEntry *entry)
{
    const char *path = gca_account_get_key_path(entry->account);
    const char *trouble = gca_account_get_key_trouble(entry->account);
    g_autofree char *shown = path ? gca_text_escape(path) : NULL;

    if (path == NULL)
        return g_strdup(_("none beside it"));
    if (trouble != NULL)
        return g_strdup_printf(_("%s, of no use\n→ %s"), shown, trouble);
    if (entry->advice == NULL)
        return g_strdup_printf(_("%s, readable"), shown);
    return g_strdup_printf(_("%s, not readable for you\n→ %s"), shown, entry->advice);
}

static void
print_entry(const GcaAccountEntry *entry)
{
    GcaAccount *account = entry->account;
    const char *doubt = gca_account_get_doubt(account);
    g_autofree char *key = describe_key(entry);
    g_autoptr(GString) out = g_string_new(NULL);

    gca_output_add_outside_field(out, _("Account"), gca_account_get_uri(account));
    gca_output_add_outside_field(out, _("Client"), gca_account_get_client(account));
    gca_output_add_outside_field(out, _("Server"), gca_account_get_server(account));
    gca_output_add_outside_field(out, _("E-mail"), gca_account_get_email(account));
    gca_output_add_outside_field(out, _("Profile"),
                                 entry->profile ? gca_profile_get_name(entry->profile) : _("none"));
    if (gca_account_get_path(account) != NULL)
        gca_output_add_outside_field(out, _("File"), gca_account_get_path(account));
    gca_output_add_field(out, _("Key"), key);
    gca_output_add_outside_field(out, _("Thumbprint"), gca_account_get_thumbprint(account));
    if (doubt != NULL)
        gca_output_add_field(out, _("Mind"), doubt);
    gca_output_print("%s\n", out->str);
}

static json_t *
entry_to_json(const GcaAccountEntry *entry)
{
    GcaAccount *account = entry->account;
    const char *profile = entry->profile ? gca_profile_get_name(entry->profile) : NULL;
    const struct {
        const char *name, *value;
    } members[] = {
        {"uri", gca_account_get_uri(account)},
        {"client", gca_account_get_client(account)},
        {"server", gca_account_get_server(account)},
        {"directory", gca_account_get_directory(account)},
        {"email", gca_account_get_email(account)},
        {"profile", profile},
        {"file", gca_account_get_path(account)},
        {"key", gca_account_get_key_path(account)},
        {"thumbprint", gca_account_get_thumbprint(account)},
        {"key_trouble", gca_account_get_key_trouble(account)},
        {"doubt", gca_account_get_doubt(account)},
        {"advice", entry->advice},
    };
    json_t *object = json_object();

    for (gsize i = 0; i < G_N_ELEMENTS(members); i++)
        json_object_set_new(object, members[i].name, gca_output_json_string(members[i].value));
    json_object_set_new(object, "key_readable", json_boolean(gca_account_is_key_readable(account)));
    return object;
}

static void
answer_json(GcaInvocation *invocation, const GcaAccountSurvey *survey)
{
    json_t *accounts = json_array(), *unreadable = json_array(), *places = json_array();

    for (guint i = 0; i < survey->entries->len; i++)
        json_array_append_new(accounts, entry_to_json(g_ptr_array_index(survey->entries, i)));
    for (guint i = 0; i < survey->unreadable->len; i++)
        json_array_append_new(unreadable,
                              gca_output_json_string(g_ptr_array_index(survey->unreadable, i)));
    for (guint i = 0; survey->places[i] != NULL; i++)
        json_array_append_new(places, gca_output_json_string(survey->places[i]));
    gca_invocation_answer(invocation,
                          json_pack("{sosososb}", "accounts", accounts, "unreadable", unreadable,
                                    "places", places, "complete", !survey->is_partial));
}

/* Beside the answer: what was not seen, and where there is nothing at all where that was sought. */
static void
say_what_is_missing(GcaInteraction *interaction, const GcaAccountSurvey *survey)
{
    for (guint i = 0; i < survey->unreadable->len; i++)
        gca_interaction_notice(interaction, GCA_NOTICE_WARNING, "%s",
                               (const char *) g_ptr_array_index(survey->unreadable, i));
    if (survey->entries->len > 0)
        return;
    g_autofree char *joined = gca_text_list((const char *const *) survey->places);
    g_autofree char *places = gca_text_escape(joined);
    gca_interaction_notice(interaction, GCA_NOTICE_INFO,
                           _("No ACME account was found. It was looked for in: %s. Name another "
                             "folder behind “accounts”."),
                           places);
}

gboolean
gca_prereg_command_accounts(GcaInvocation *invocation, GError **error)
{
    if (!gca_invocation_parse(invocation, NULL, GCA_OPTIONS_NONE, GCA_ARGUMENTS_ANY, error))
        return FALSE;
    g_autoptr(GcaAccountSurvey) survey = gca_account_survey(
        gca_invocation_get_arguments(invocation), gca_invocation_get_cancel(invocation), error);
    if (survey == NULL)
        return FALSE;

    if (gca_invocation_is_json(invocation))
        answer_json(invocation, survey);
    else
        for (guint i = 0; i < survey->entries->len; i++)
            print_entry(g_ptr_array_index(survey->entries, i));
    say_what_is_missing(gca_invocation_get_interaction(invocation), survey);
    if (survey->is_partial)
        gca_error_set(error, GCA_ERROR_USAGE, "%s", _("The list of accounts is not complete."));
    return !survey->is_partial;
}
