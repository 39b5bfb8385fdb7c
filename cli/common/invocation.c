#include "config.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/common/invocation-private.h"
#include "cli/common/output.h"
#include "cli/common/terminal.h"

#include <glib/gi18n.h>

#define JSON_SCHEMA 1

/* ---- options ---- */

void
gca_invocation_add_options(GcaInvocation *invocation, const GOptionEntry *entries)
{
    if (invocation->shared == NULL)
        invocation->shared = g_array_new(TRUE, FALSE, sizeof(GOptionEntry));
    for (; entries->long_name != NULL; entries++)
        g_array_append_vals(invocation->shared, entries, 1);
}

static GOptionContext *
make_context(GcaInvocation *invocation, const GOptionEntry *entries, GcaOptionGroups groups)
{
    const GcaCommand *command = invocation->command;
    const char *arguments = command->arguments ? _(command->arguments) : NULL;
    GOptionContext *context = g_option_context_new(arguments);

    /* --help is ours: GLib's own spoils UTF-8 in the C locale, and leaves by exit(). */
    g_option_context_set_help_enabled(context, FALSE);
    g_option_context_set_summary(context, _(command->summary));
    if (invocation->shared != NULL)
        gca_option_groups_add_entries(invocation, context,
                                      (const GOptionEntry *) (void *) invocation->shared->data);
    if (entries != NULL)
        gca_option_groups_add_entries(invocation, context, entries);
    gca_option_groups_add(invocation, context, groups);
    return context;
}

static void
print_command_list(const GcaInvocation *invocation)
{
    gca_output_print("%s\n", _("Commands:"));
    for (const GcaCommand *command = invocation->commands; command->run != NULL; command++) {
        if (command->name != NULL)
            gca_output_print("  %-24s %s\n", command->name, _(command->summary));
    }
    gca_output_print("\n");
    gca_output_print(_("“%s COMMAND --help” tells more.\n"), invocation->name);
}

static void
print_help(const GcaInvocation *invocation, GOptionContext *context)
{
    g_autofree char *text = g_option_context_get_help(context, TRUE, NULL);
    gca_output_print("%s", text);
    if (invocation->command->help != NULL)
        gca_output_print("%s\n", _(invocation->command->help));
    if (invocation->command->name == NULL && invocation->commands[1].run != NULL) {
        gca_output_print("\n");
        print_command_list(invocation);
    }
}

static void
print_version(void)
{
    gca_output_print("gca-toolkit %s\n%s\n", GCA_VERSION,
                     _("Not yet tried on a physical GCA card."));
}

/* GLib leaves “--” where an operand behind it begins with a dash. */
static void
drop_separator(GStrv argv)
{
    guint at = 1;

    while (argv[at] != NULL && !g_str_equal(argv[at], "--"))
        at++;
    g_free(argv[at]);
    for (; argv[at] != NULL; at++)
        argv[at] = argv[at + 1];
}

static gboolean
check_operands(const GcaInvocation *invocation, guint wanted, GError **error)
{
    guint given = g_strv_length(invocation->argv) - 1;

    for (guint i = 1; i <= given; i++) {
        if (!g_utf8_validate(invocation->argv[i], -1, NULL)) {
            g_autofree char *shown = gca_text_escape(invocation->argv[i]);
            gca_error_set(error, GCA_ERROR_USAGE, _("The argument “%s” is not UTF-8."), shown);
            return FALSE;
        }
    }
    if (wanted == GCA_ARGUMENTS_ANY)
        wanted = given;
    if (wanted == GCA_ARGUMENTS_SOME)
        wanted = MAX(given, 1);
    if (given > wanted) {
        g_autofree char *shown = gca_text_escape(invocation->argv[wanted + 1]);
        gca_error_set(error, GCA_ERROR_USAGE, _("The argument “%s” is one too many."), shown);
        return FALSE;
    }
    if (given < wanted) {
        gca_error_set(error, GCA_ERROR_USAGE, _("An argument is missing: %s."),
                      _(invocation->command->arguments));
        return FALSE;
    }
    return TRUE;
}

void
gca_invocation_hint_at_help(GError **error)
{
    gca_error_set_hint(error, _("Run the command with --help."));
}

static gboolean
parse(GcaInvocation *invocation, const GOptionEntry *entries, GcaOptionGroups groups,
      guint n_arguments, GError **error)
{
    g_autoptr(GOptionContext) context = make_context(invocation, entries, groups);

    if (!g_option_context_parse_strv(context, &invocation->argv, error)) {
        g_autofree char *trouble = g_strdup((*error)->message);
        gca_error_replace(error, GCA_ERROR_USAGE, _("The command line is not understood: %s."),
                          trouble);
        return FALSE;
    }
    if (invocation->switch_with_value != NULL) {
        gca_error_set(error, GCA_ERROR_USAGE, _("The option --%s takes no value."),
                      invocation->switch_with_value);
        return FALSE;
    }
    if (invocation->verbose)
        gca_log_enable();
    gca_terminal_set_quiet(GCA_TERMINAL(invocation->interaction), invocation->quiet);
    if (invocation->help || invocation->version) {
        if (invocation->help)
            print_help(invocation, context);
        else
            print_version();
        return FALSE;
    }
    invocation->login.pin_file = invocation->pin_file;
    invocation->passphrase.file = invocation->passphrase_file;
    drop_separator(invocation->argv);
    return check_operands(invocation, n_arguments, error);
}

gboolean
gca_invocation_parse(GcaInvocation *invocation, const GOptionEntry *entries, GcaOptionGroups groups,
                     guint n_arguments, GError **error)
{
    if (parse(invocation, entries, groups, n_arguments, error))
        return TRUE;
    gca_invocation_hint_at_help(error);
    return FALSE;
}

gboolean
gca_invocation_parse_overview(GcaInvocation *invocation, GError **error)
{
    if (gca_invocation_parse(invocation, NULL, GCA_OPTIONS_NONE, 0, error))
        gca_error_set(error, GCA_ERROR_USAGE, "%s", _("A command is missing."));
    gca_invocation_hint_at_help(error);
    return FALSE;
}

/* ---- what a command asks of its invocation ---- */

const char *
gca_invocation_get_argument(const GcaInvocation *invocation, guint index)
{
    return invocation->argv[1 + index];
}

const char *const *
gca_invocation_get_arguments(const GcaInvocation *invocation)
{
    return (const char *const *) invocation->argv + 1;
}

GcaContact *
gca_invocation_load_contact(const GcaInvocation *invocation, GError **error)
{
    g_autoptr(GcaContact) contact = gca_contact_new();
    if (!gca_contact_load(contact, error))
        return NULL;
    for (int field = 0; field < GCA_CONTACT_N_FIELDS; field++) {
        const char *typed = invocation->contact[field];
        if (typed != NULL && !gca_contact_set(contact, (GcaContactField) field, typed, error))
            return NULL;
    }
    return g_steal_pointer(&contact);
}

const GcaPassphraseSource *
gca_invocation_get_passphrase(const GcaInvocation *invocation)
{
    return &invocation->passphrase;
}

GcaCancel *
gca_invocation_get_cancel(const GcaInvocation *invocation)
{
    return invocation->cancel;
}

GcaInteraction *
gca_invocation_get_interaction(const GcaInvocation *invocation)
{
    return invocation->interaction;
}

const GcaCardChoice *
gca_invocation_get_card_choice(const GcaInvocation *invocation)
{
    return &invocation->choice;
}

const GcaLoginOptions *
gca_invocation_get_login(const GcaInvocation *invocation)
{
    return &invocation->login;
}

GcaProfile *
gca_invocation_find_profile(const GcaInvocation *invocation, const char *account_uri,
                            GError **error)
{
    return gca_profile_find(account_uri, invocation->profile, error);
}

const char *
gca_invocation_get_profile(const GcaInvocation *invocation)
{
    return invocation->profile;
}

gboolean
gca_invocation_is_json(const GcaInvocation *invocation)
{
    return invocation->json;
}

gboolean
gca_invocation_is_quiet(const GcaInvocation *invocation)
{
    return invocation->quiet;
}

void
gca_invocation_answer(GcaInvocation *invocation, json_t *answer)
{
    json_object_set_new(answer, "schema", json_integer(JSON_SCHEMA));
    json_object_set_new(answer, "command", json_string(invocation->name));
    gca_output_print_json(answer);
    json_decref(answer);
    invocation->has_answered = TRUE;
}
