#include "config.h"

#include "base/error.h"
#include "base/text.h"
#include "cli/common/output.h"
#include "cli/common/show-holder.h"
#include "cli/gca-prereg/commands.h"
#include "cli/gca-prereg/show-request.h"
#include "flow/certbot.h"
#include "flow/prereg.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <unistd.h>

typedef struct {
    char *account;
    GStrv domains;
    char *domains_file;
    char *subject;
    char *output;
    gboolean pem, yes, dry_run;
} Options;

static void
options_clear(Options *options)
{
    g_free(options->account);
    g_strfreev(options->domains);
    g_free(options->domains_file);
    g_free(options->subject);
    g_free(options->output);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static gboolean
parse(GcaInvocation *invocation, Options *options, GError **error)
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
         N_("The certificates' subject, in place of the one made from the card's"), N_("DN")},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output,
         N_("Where to write (never over an existing file)"), N_("FILE")},
        {"pem", 0, 0, G_OPTION_ARG_NONE, &options->pem, N_("Write PEM, not DER"), NULL},
        {"yes", 'y', 0, G_OPTION_ARG_NONE, &options->yes, N_("Sign what is shown without asking"),
         NULL},
        {"dry-run", 'n', 0, G_OPTION_ARG_NONE, &options->dry_run,
         N_("Print what would be signed; no PIN, no signature"), NULL},
        G_OPTION_ENTRY_NULL};

    return gca_invocation_parse(
        invocation, entries,
        GCA_OPTIONS_CARD | GCA_OPTIONS_PIN | GCA_OPTIONS_PROFILE | GCA_OPTIONS_CONTACT, 0, error);
}

/* Known before the PIN is spent: an existing file, a folder that cannot be written to. */
static gboolean
check_target(const char *path, GError **error)
{
    g_autofree char *folder = path ? g_path_get_dirname(path) : g_get_current_dir();
    g_autofree char *shown = gca_text_escape(path ? path : folder);
    g_autofree char *shown_folder = gca_text_escape(folder);

    if (path != NULL && g_file_test(path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK))
        gca_error_set(error, GCA_ERROR_USAGE, _("“%s” exists already and is not written over."),
                      shown);
    else if (g_access(folder, W_OK | X_OK) != 0)
        gca_error_set(error, GCA_ERROR_FILE, _("Nothing can be written to the folder “%s”."),
                      shown_folder);
    else
        return TRUE;
    return FALSE;
}

/* Standard input can be read for one thing only; a PIN there must not be taken for another. */
static gboolean
check_standard_input(GcaInvocation *invocation, const Options *options, GError **error)
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

static GcaPrereg *
prepare(GcaInvocation *invocation, const Options *options, const GcaContact *contact,
        GError **error)
{
    GcaPreregWish wish = {
        .account = options->account,
        .profile = gca_invocation_get_profile(invocation),
        .domains = (const char *const *) options->domains,
        .domains_file = options->domains_file,
        .subject = options->subject,
        .contact = contact,
    };

    if (options->account == NULL) {
        gca_error_set(error, GCA_ERROR_USAGE, "%s",
                      _("Which account? Name certbot's regr.json with --account."));
        gca_error_set_hint(error, _("It is usually found with: --account /etc/letsencrypt"));
        return NULL;
    }
    if (!check_standard_input(invocation, options, error))
        return NULL;
    if (!options->dry_run && !check_target(options->output, error))
        return NULL;
    return gca_prereg_new(&wish, error);
}

static void
say_trust_note(GcaInteraction *interaction, const GcaProfile *profile)
{
    const char *note = gca_profile_get_trust_note(profile);
    const char *date = gca_profile_get_trust_note_date(profile);

    if (note == NULL)
        return;
    if (date == NULL)
        gca_interaction_notice(interaction, GCA_NOTICE_WARNING, "%s", note);
    else
        gca_interaction_notice(interaction, GCA_NOTICE_WARNING, _("%s (as of %s)"), note, date);
}

/* Left out only where nobody is asked and nobody wants to read. */
static void
show(GcaInvocation *invocation, const GcaPrereg *prereg, gboolean will_ask)
{
    GcaInteraction *interaction = gca_invocation_get_interaction(invocation);
    const char *const *warnings = gca_prereg_get_warnings(prereg);
    const GcaRequest *request = gca_prereg_get_request(prereg);
    guint limit = gca_profile_get_max_characters(gca_prereg_get_profile(prereg));
    g_autofree char *text = g_strchomp(gca_show_request(request, limit));

    if (will_ask || !gca_invocation_is_quiet(invocation))
        gca_output_complain("%s\n%s\n", _("This will be signed:"), text);
    for (guint i = 0; warnings[i] != NULL; i++)
        gca_interaction_notice(interaction, GCA_NOTICE_WARNING, "%s", warnings[i]);
}

static void
answer_dry_run(GcaInvocation *invocation, const GcaRequest *request)
{
    gsize size;
    const char *content = g_bytes_get_data(gca_request_get_content(request), &size);
    g_autofree char *escaped = gca_text_escape_bytes(content, size);

    if (gca_invocation_is_json(invocation))
        gca_invocation_answer(invocation,
                              json_pack("{so}", "request", gca_request_to_json(request)));
    else if (isatty(STDOUT_FILENO)) /* an agency's name may hold marks that deceive the eye */
        gca_output_print("%s\n", escaped);
    else
        gca_output_print("%.*s\n", (int) size, content);
}

/* NULL where the profile does not tell, or the account is another CA's. */
static char **
list_certbot_commands(const GcaPrereg *prereg)
{
    const GcaProfile *profile = gca_prereg_get_profile(prereg);
    const GcaRequest *request = gca_prereg_get_request(prereg);

    if (!gca_profile_fits_account(profile, gca_request_get_account_uri(request)))
        return NULL;
    return gca_certbot_list_commands(profile, gca_request_get_domains(request));
}

static json_t *
commands_to_json(char **commands)
{
    json_t *list = json_array();

    for (guint i = 0; commands != NULL && commands[i] != NULL; i++)
        json_array_append_new(list, json_string(commands[i]));
    return list;
}

/* Each on a line of its own, to be copied. */
static void
print_commands(char **commands)
{
    g_autofree char *lines = g_strjoinv("\n", commands);
    gca_output_print("\n%s\n%s\n", _("When the CA has accepted it, get the certificates with:"),
                     lines);
}

static void
answer_signed(GcaInvocation *invocation, const GcaPrereg *prereg, GBytes *message, const char *path)
{
    const char *next = gca_profile_get_next_step(gca_prereg_get_profile(prereg));
    g_autofree char *sha256 = gca_text_sha256(message);
    g_autofree char *groups = gca_text_group_hex(sha256);
    g_auto(GStrv) commands = list_certbot_commands(prereg);

    if (gca_invocation_is_json(invocation)) {
        gca_invocation_answer(
            invocation,
            json_pack("{sosssososo}", "file", gca_output_json_string(path), "sha256", sha256,
                      "request", gca_request_to_json(gca_prereg_get_request(prereg)), "next_step",
                      gca_output_json_string(next), "certbot", commands_to_json(commands)));
        return;
    }
    g_autoptr(GString) out = g_string_new(NULL);
    gca_output_add_outside_field(out, _("Signed"), path);
    gca_output_add_field(out, "SHA-256", groups);
    gca_output_print("%s", out->str);
    if (commands != NULL && !gca_invocation_is_quiet(invocation))
        print_commands(commands);
    if (next != NULL)
        gca_interaction_notice(gca_invocation_get_interaction(invocation), GCA_NOTICE_INFO,
                               _("Next: %s"), next);
}

static gboolean
sign(GcaInvocation *invocation, const Options *options, GcaPrereg *prereg, GError **error)
{
    GcaCancel *cancel = gca_invocation_get_cancel(invocation);
    GcaInteraction *interaction = gca_invocation_get_interaction(invocation);
    g_autoptr(GcaFoundCard) card = gca_found_card_open(gca_invocation_get_card_choice(invocation),
                                                       !options->dry_run, cancel, error);
    if (card == NULL || !gca_prereg_bind(prereg, card, error))
        return FALSE;

    show(invocation, prereg, !options->yes && !options->dry_run);
    if (options->dry_run) {
        answer_dry_run(invocation, gca_prereg_get_request(prereg));
        return TRUE;
    }
    if (!options->yes && !gca_interaction_confirm(interaction, _("Sign this?"), cancel, error))
        return FALSE;

    g_autoptr(GBytes) message = gca_prereg_sign(prereg, card, gca_invocation_get_login(invocation),
                                                interaction, cancel, error);
    if (message == NULL)
        return FALSE;
    g_autofree char *path = gca_prereg_save(prereg, message, options->output, options->pem, error);
    if (path == NULL)
        return FALSE;
    answer_signed(invocation, prereg, message, path);
    return TRUE;
}

gboolean
gca_prereg_command_sign(GcaInvocation *invocation, GError **error)
{
    g_auto(Options) options = {0};

    if (!parse(invocation, &options, error))
        return FALSE;
    g_autoptr(GcaContact) contact = gca_invocation_load_contact(invocation, error);
    if (contact == NULL)
        return FALSE;
    g_autoptr(GcaPrereg) prereg = prepare(invocation, &options, contact, error);
    if (prereg == NULL)
        return FALSE;
    say_trust_note(gca_invocation_get_interaction(invocation), gca_prereg_get_profile(prereg));
    return sign(invocation, &options, prereg, error);
}
