#include "config.h"

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "flow/prereg-batch.h"
#include "flow/prereg-private.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <unistd.h>

typedef struct {
    GPtrArray *rows;
    GcaFoundCard *card;
    const GcaPreregBatchOptions *options;
    GcaInteraction *interaction;
    GcaCancel *cancel;
    EVP_PKEY *key;
    gboolean asks_again; /* the card, for its PIN, at every signature */
} Work;

gboolean
gca_prereg_batch_bind(GPtrArray *rows, const GcaFoundCard *card, GError **error)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    gboolean may_sign = gca_holder_check_signing(gca_found_card_get_holder(card), now, NULL);

    for (guint i = 0; i < rows->len; i++) {
        GcaPreregRow *row = g_ptr_array_index(rows, i);
        if (row->state != GCA_PREREG_ROW_LEFT ||
            gca_prereg_bind_card(row->prereg, card, &row->error))
            continue;
        if (!may_sign) {
            g_propagate_error(error, g_steal_pointer(&row->error));
            return FALSE;
        }
        row->state = GCA_PREREG_ROW_UNUSABLE;
    }
    return TRUE;
}

/* ---- a card that asks for its PIN at every signature ---- */

static gboolean
tell_asks_again(const Work *work, GcaToken *token, GError **error)
{
    guint n = gca_prereg_batch_count(work->rows, GCA_PREREG_ROW_LEFT);

    if (n > 1 && !gca_token_check_asks_again(token, &work->options->login, error))
        return FALSE;
    if (n > 1)
        gca_interaction_notice(work->interaction, GCA_NOTICE_WARNING,
                               _("This card asks for its PIN at every signature: %u PIN entries. "
                                 "Each is sent once."),
                               n);
    return TRUE;
}

/* Before login, where the module shows keys then, and again after it. */
static gboolean
look_whether_asks_again(Work *work, GError **error)
{
    X509 *certificate = gca_holder_get_certificate(gca_found_card_get_holder(work->card));
    GcaToken *token = gca_found_card_get_token(work->card, error);

    if (token == NULL)
        return FALSE;
    if (work->asks_again)
        return TRUE;
    work->asks_again = gca_token_key_is_always_authenticated(token, certificate);
    return !work->asks_again || tell_asks_again(work, token, error);
}

/* Each PIN is an action of the user's own. The first one was that of login. */
static gboolean
ask_again(const Work *work, guint nth, guint total, GError **error)
{
    GcaToken *token = gca_found_card_get_token(work->card, error);
    const char *number = gca_found_card_get_number(work->card);
    g_autofree char *shown = gca_text_escape(number ? number : _("unknown"));
    g_autofree char *title =
        g_strdup_printf(_("PIN of card %s, for signature %u of %u"), shown, nth, total);
    GcaLoginOptions login = work->options->login;

    login.title = title;
    if (token == NULL)
        return FALSE;
    if (!work->asks_again || (nth == 1 && !gca_token_has_pin_pad(token)))
        return TRUE;
    return gca_token_ask_again(token, &login, work->interaction, work->cancel, error);
}

/* ---- signing ---- */

static gboolean
prepare_folder(const char *folder, GError **error)
{
    if (!gca_file_make_folder(folder, error))
        return FALSE;
    if (g_access(folder, W_OK | X_OK) == 0)
        return TRUE;
    g_autofree char *shown = gca_text_escape(folder);
    gca_error_set(error, GCA_ERROR_FILE, _("Nothing can be written to the folder “%s”."), shown);
    return FALSE;
}

static const char *
get_unblock_place(GPtrArray *rows)
{
    for (guint i = 0; i < rows->len; i++) {
        const GcaPreregRow *row = g_ptr_array_index(rows, i);
        if (row->state == GCA_PREREG_ROW_LEFT)
            return gca_profile_get_unblock_place(row->prereg->profile);
    }
    return NULL;
}

static gboolean
sign_row(const Work *work, GcaPreregRow *row)
{
    const GcaPreregBatchOptions *options = work->options;

    row->message = gca_prereg_sign_with(row->prereg, work->card, work->key, &row->error);
    if (row->message != NULL) {
        g_autofree char *path = gca_prereg_choose_path(row->prereg, options->folder);
        row->path = gca_prereg_save(row->prereg, row->message, path, options->pem, &row->error);
    }
    row->state = row->path != NULL ? GCA_PREREG_ROW_SIGNED : GCA_PREREG_ROW_FAILED;
    return row->path != NULL;
}

/* Ctrl-C at the question for a PIN leaves the row; all else that goes wrong there is its failure.
 */
static gboolean
may_begin(const Work *work, GcaPreregRow *row, guint nth, guint total)
{
    if (gca_cancel_is_requested(work->cancel))
        return FALSE;
    if (ask_again(work, nth, total, &row->error))
        return TRUE;
    if (gca_cancel_is_requested(work->cancel))
        g_clear_error(&row->error);
    else
        row->state = GCA_PREREG_ROW_FAILED;
    return FALSE;
}

static void
sign_all(const Work *work)
{
    guint total = gca_prereg_batch_count(work->rows, GCA_PREREG_ROW_LEFT);
    guint done = 0;

    for (guint i = 0; i < work->rows->len; i++) {
        GcaPreregRow *row = g_ptr_array_index(work->rows, i);
        if (row->state != GCA_PREREG_ROW_LEFT)
            continue;
        if (!may_begin(work, row, done + 1, total) || !sign_row(work, row))
            return;
        gca_interaction_progress(work->interaction, ++done, total,
                                 gca_request_get_domains(row->prereg->request)[0]);
    }
}

gboolean
gca_prereg_batch_sign(GPtrArray *rows, GcaFoundCard *card, const GcaPreregBatchOptions *options,
                      GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    Work work = {.rows = rows,
                 .card = card,
                 .options = options,
                 .interaction = interaction,
                 .cancel = cancel};

    if (!prepare_folder(options->folder, error) || !look_whether_asks_again(&work, error) ||
        !gca_found_card_login(card, &options->login, get_unblock_place(rows), interaction, cancel,
                              error))
        return FALSE;
    g_autoptr(EVP_PKEY) key = gca_found_card_find_key(card, error);
    if (key == NULL || !look_whether_asks_again(&work, error))
        return FALSE;
    work.key = key;
    sign_all(&work);
    return TRUE;
}
