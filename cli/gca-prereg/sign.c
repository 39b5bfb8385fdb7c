#include "config.h"

#include "base/error.h"
#include "base/text.h"
#include "cli/gca-prereg/commands.h"
#include "cli/gca-prereg/tell.h"
#include "flow/prereg-series.h"
#include "prereg/request-form.h"

#include <glib/gi18n.h>
#include <unistd.h>

typedef struct {
    char *output;
    gboolean pem, yes;
} Options;

static gboolean
parse(GcaInvocation *invocation, Options *options, GError **error)
{
    const GOptionEntry entries[] = {
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output,
         N_("Where to write (never over an existing file)"), N_("FILE")},
        {"pem", 0, 0, G_OPTION_ARG_NONE, &options->pem, N_("Write PEM, not DER"), NULL},
        {"yes", 'y', 0, G_OPTION_ARG_NONE, &options->yes, N_("Sign what is shown without asking"),
         NULL},
        G_OPTION_ENTRY_NULL};

    return gca_invocation_parse(invocation, entries, GCA_OPTIONS_CARD | GCA_OPTIONS_PIN,
                                GCA_ARGUMENTS_SOME, error);
}

static gboolean
check(GcaInvocation *invocation, const Options *options, GError **error)
{
    const char *const *paths = gca_invocation_get_arguments(invocation);
    int readers = gca_invocation_get_login(invocation)->pin_fd == STDIN_FILENO;

    for (guint i = 0; paths[i] != NULL; i++)
        readers += g_str_equal(paths[i], "-");
    if (readers > 1)
        gca_error_set(error, GCA_ERROR_USAGE, "%s",
                      _("Standard input can give only one of requests and PIN."));
    else if (options->output != NULL && paths[1] != NULL)
        gca_error_set(error, GCA_ERROR_USAGE, "%s",
                      _("With --output only one request can be signed."));
    else
        return gca_target_check(options->output, error);
    return FALSE;
}

static const char *
get_nonce(const GcaPrereg *prereg)
{
    json_t *form = gca_request_get_form(gca_prereg_get_request(prereg));

    return json_string_value(json_object_get(form, "nonce"));
}

/* One request is signed once: the nonce tells it from all others. */
static gboolean
check_new(GPtrArray *all, const GcaPrereg *prereg, const char *const *paths, GError **error)
{
    for (guint i = 0; i < all->len; i++) {
        if (g_strcmp0(get_nonce(g_ptr_array_index(all, i)), get_nonce(prereg)) != 0)
            continue;
        g_autofree char *first = gca_text_escape(paths[i]);
        g_autofree char *again = gca_text_escape(paths[all->len]);
        gca_error_set(error, GCA_ERROR_USAGE,
                      _("“%s” and “%s” are one request (the nonce is the same); sign it once."),
                      first, again);
        return FALSE;
    }
    return TRUE;
}

/* GcaPrereg *, all of them good, or none. */
static GPtrArray *
open_all(const char *const *paths, GError **error)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify) gca_prereg_free);

    for (guint i = 0; paths[i] != NULL; i++) {
        g_autoptr(GcaPrereg) prereg = gca_prereg_open(paths[i], error);
        if (prereg == NULL || !check_new(all, prereg, paths, error))
            return NULL;
        g_ptr_array_add(all, g_steal_pointer(&prereg));
    }
    return g_steal_pointer(&all);
}

static gboolean
bind_all(GcaInvocation *invocation, GPtrArray *all, const GcaFoundCard *card, gboolean will_ask,
         GError **error)
{
    for (guint i = 0; i < all->len; i++) {
        if (!gca_prereg_bind_card(g_ptr_array_index(all, i), card, error))
            return FALSE;
    }
    for (guint i = 0; i < all->len; i++)
        gca_tell_request(invocation, g_ptr_array_index(all, i),
                         i == 0 ? _("This will be signed:") : _("And this:"), will_ask);
    return TRUE;
}

static json_t *
sign_one(GcaInvocation *invocation, const Options *options, GcaPrereg *prereg, GBytes *message,
         GError **error)
{
    g_autofree char *path = gca_prereg_save(prereg, message, options->output, options->pem, error);
    if (path == NULL)
        return NULL;
    if (!gca_invocation_is_json(invocation))
        gca_tell_signed(invocation, prereg, message, path);
    return gca_signed_to_json(prereg, message, path);
}

/* One login for all; each is on disk before the next is signed. */
static gboolean
sign_all(GcaInvocation *invocation, const Options *options, GPtrArray *all, GcaFoundCard *card,
         json_t *answers, GError **error)
{
    GcaInteraction *interaction = gca_invocation_get_interaction(invocation);
    GcaCancel *cancel = gca_invocation_get_cancel(invocation);
    const GcaProfile *profile = gca_prereg_get_profile(g_ptr_array_index(all, 0));
    GcaLoginOptions login = *gca_invocation_get_login(invocation);

    login.unblock_place = gca_profile_get_unblock_place(profile);
    g_autoptr(GcaPreregSeries) series =
        gca_prereg_series_new(card, all->len, &login, interaction, cancel, error);
    if (series == NULL)
        return FALSE;
    gca_interaction_notice(interaction, GCA_NOTICE_PROGRESS, "%s", _("Signing with the card …"));
    for (guint i = 0; i < all->len; i++) {
        GcaPrereg *prereg = g_ptr_array_index(all, i);
        g_autoptr(GBytes) message = gca_prereg_series_sign(series, prereg, error);
        json_t *answer = message ? sign_one(invocation, options, prereg, message, error) : NULL;
        if (answer == NULL)
            return FALSE;
        json_array_append_new(answers, answer);
    }
    return TRUE;
}

static void
answer(GcaInvocation *invocation, const GPtrArray *all, json_t *answers)
{
    if (!gca_invocation_is_json(invocation) || json_array_size(answers) == 0)
        return;
    if (all->len == 1)
        gca_invocation_answer(invocation, json_incref(json_array_get(answers, 0)));
    else
        gca_invocation_answer(invocation, json_pack("{sO}", "signed", answers));
}

static gboolean
sign(GcaInvocation *invocation, const Options *options, GPtrArray *all, GError **error)
{
    GcaCancel *cancel = gca_invocation_get_cancel(invocation);
    GcaInteraction *interaction = gca_invocation_get_interaction(invocation);
    g_autoptr(GcaFoundCard) card = gca_found_card_open(gca_invocation_get_card_choice(invocation),
                                                       TRUE, interaction, cancel, error);

    if (card == NULL || !bind_all(invocation, all, card, !options->yes, error))
        return FALSE;
    if (!options->yes &&
        !gca_interaction_confirm(
            interaction, all->len == 1 ? _("Sign this?") : _("Sign all of these?"), cancel, error))
        return FALSE;
    json_t *answers = json_array();
    gboolean is_done = sign_all(invocation, options, all, card, answers, error);
    answer(invocation, all, answers);
    json_decref(answers);
    return is_done;
}

gboolean
gca_prereg_command_sign(GcaInvocation *invocation, GError **error)
{
    Options options = {0};
    gboolean is_done = FALSE;

    if (parse(invocation, &options, error) && check(invocation, &options, error)) {
        g_autoptr(GPtrArray) all = open_all(gca_invocation_get_arguments(invocation), error);
        if (all != NULL) {
            const GcaPrereg *first = g_ptr_array_index(all, 0);
            gca_tell_trust_note(invocation, gca_prereg_get_profile(first));
            is_done = sign(invocation, &options, all, error);
        }
    }
    g_free(options.output);
    return is_done;
}
