#include "config.h"

#include "base/error.h"
#include "base/text.h"
#include "cli/common/output.h"
#include "cli/gca-prereg/batch.h"
#include "cli/gca-prereg/commands.h"
#include "cli/gca-prereg/show-request.h"
#include "cli/gca-prereg/tell.h"
#include "cli/gca-prereg/wish.h"
#include "flow/prereg-card.h"

#include <glib/gi18n.h>
#include <unistd.h>

typedef struct {
    GcaWishOptions wish;
    GcaBatchOptions batch;
    char *output;
    gboolean pem, yes, dry_run;
} Options;

static void
options_clear(Options *options)
{
    gca_wish_options_clear(&options->wish);
    gca_batch_options_clear(&options->batch);
    g_free(options->output);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static gboolean
parse(GcaInvocation *invocation, Options *options, GError **error)
{
    const GOptionEntry entries[] = {
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output,
         N_("Where to write (never over an existing file)"), N_("FILE")},
        {"pem", 0, 0, G_OPTION_ARG_NONE, &options->pem, N_("Write PEM, not DER"), NULL},
        {"yes", 'y', 0, G_OPTION_ARG_NONE, &options->yes, N_("Sign what is shown without asking"),
         NULL},
        {"dry-run", 'n', 0, G_OPTION_ARG_NONE, &options->dry_run,
         N_("Print what would be signed; no PIN, no signature"), NULL},
        G_OPTION_ENTRY_NULL};

    gca_wish_options_add(&options->wish, invocation);
    gca_batch_options_add(&options->batch, invocation);
    return gca_invocation_parse(
        invocation, entries,
        GCA_OPTIONS_CARD | GCA_OPTIONS_PIN | GCA_OPTIONS_PROFILE | GCA_OPTIONS_CONTACT, 0, error);
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

static gboolean
sign(GcaInvocation *invocation, const Options *options, GcaPrereg *prereg, GError **error)
{
    GcaCancel *cancel = gca_invocation_get_cancel(invocation);
    GcaInteraction *interaction = gca_invocation_get_interaction(invocation);
    g_autoptr(GcaFoundCard) card = gca_found_card_open(
        gca_invocation_get_card_choice(invocation), !options->dry_run, interaction, cancel, error);
    if (card == NULL || !gca_prereg_bind_card(prereg, card, error))
        return FALSE;

    gca_tell_request(invocation, prereg, _("This will be signed:"),
                     !options->yes && !options->dry_run);
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
    if (gca_invocation_is_json(invocation))
        gca_invocation_answer(invocation, gca_signed_to_json(prereg, message, path));
    else
        gca_tell_signed(invocation, prereg, message, path);
    return TRUE;
}

static gboolean
run_batch(GcaInvocation *invocation, const Options *options, const GcaContact *contact,
          GError **error)
{
    GcaBatchManner manner = {
        .wish = &options->wish,
        .output = options->output,
        .pem = options->pem,
        .yes = options->yes,
        .dry_run = options->dry_run,
    };
    return gca_prereg_run_batch(invocation, &options->batch, &manner, contact, error);
}

gboolean
gca_prereg_command_bind(GcaInvocation *invocation, GError **error)
{
    g_auto(Options) options = {0};

    if (!parse(invocation, &options, error))
        return FALSE;
    g_autoptr(GcaContact) contact = gca_invocation_load_contact(invocation, error);
    if (contact == NULL)
        return FALSE;
    if (options.batch.path != NULL)
        return run_batch(invocation, &options, contact, error);
    if (options.batch.folder != NULL) {
        gca_error_set(error, GCA_ERROR_USAGE, "%s",
                      _("--dir belongs to --batch; for one request name the file with --output."));
        return FALSE;
    }
    if (options.wish.account != NULL && !options.dry_run &&
        !gca_target_check(options.output, error))
        return FALSE;
    g_autoptr(GcaPrereg) prereg = gca_wish_resolve(invocation, &options.wish, contact, error);
    if (prereg == NULL)
        return FALSE;
    gca_tell_trust_note(invocation, gca_prereg_get_profile(prereg));
    return sign(invocation, &options, prereg, error);
}
