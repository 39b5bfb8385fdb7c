#include "config.h"

#include "cli/gca-prereg/batch.h"

#include "base/error.h"
#include "base/text.h"
#include "cli/gca-prereg/tell-batch.h"

#include <glib/gi18n.h>
#include <unistd.h>

void
gca_batch_options_add(GcaBatchOptions *batch, GcaInvocation *invocation)
{
    const GOptionEntry entries[] = {
        {"batch", 0, 0, G_OPTION_ARG_FILENAME, &batch->path,
         N_("Sign a request for each row of a table (CSV): account, domains, subject"), N_("FILE")},
        {"dir", 0, 0, G_OPTION_ARG_FILENAME, &batch->folder,
         N_("Where a batch is written to; the current folder unless given"), N_("FOLDER")},
        G_OPTION_ENTRY_NULL};

    gca_invocation_add_options(invocation, entries);
}

void
gca_batch_options_clear(GcaBatchOptions *batch)
{
    g_free(batch->path);
    g_free(batch->folder);
}

static gboolean
check(GcaInvocation *invocation, const GcaBatchOptions *batch, const GcaBatchManner *manner,
      GError **error)
{
    const GcaWishOptions *wish = manner->wish;
    int pin_fd = gca_invocation_get_login(invocation)->pin_fd;

    if (wish->account != NULL || wish->domains != NULL || wish->domains_file != NULL)
        gca_error_set(error, GCA_ERROR_USAGE, "%s",
                      _("With --batch the table names accounts and domains: leave --account, "
                        "--domain and --domains-file out."));
    else if (manner->output != NULL)
        gca_error_set(error, GCA_ERROR_USAGE, "%s",
                      _("A batch writes several files: name their folder with --dir, not "
                        "--output."));
    else if (g_str_equal(batch->path, "-") && pin_fd == STDIN_FILENO)
        gca_error_set(error, GCA_ERROR_USAGE, "%s",
                      _("Standard input can give only one of table and PIN."));
    else
        return TRUE;
    return FALSE;
}

/* ---- the end ---- */

/* The row that stopped the work, or else the first that could not be used. */
static const GcaPreregRow *
find_culprit(GPtrArray *rows)
{
    const GcaPreregRow *culprit = NULL;

    for (guint i = 0; i < rows->len; i++) {
        const GcaPreregRow *row = g_ptr_array_index(rows, i);
        if (row->state == GCA_PREREG_ROW_FAILED)
            return row;
        if (row->state == GCA_PREREG_ROW_UNUSABLE && culprit == NULL)
            culprit = row;
    }
    return culprit;
}

/* The line of the last row that is signed; they are signed in the table's order. */
static guint
find_last_signed(GPtrArray *rows)
{
    guint line = 0;

    for (guint i = 0; i < rows->len; i++) {
        const GcaPreregRow *row = g_ptr_array_index(rows, i);
        if (row->state == GCA_PREREG_ROW_SIGNED)
            line = row->line;
    }
    return line;
}

static void
set_stopped(GPtrArray *rows, const GcaPreregRow *failed, GError **error)
{
    guint n_signed = gca_prereg_batch_count(rows, GCA_PREREG_ROW_SIGNED);
    guint n_left = gca_prereg_batch_count(rows, GCA_PREREG_ROW_LEFT);

    if (failed == NULL)
        gca_error_set(error, GCA_ERROR_CANCELLED, _("Stopped: %u signed, %u not begun."), n_signed,
                      n_left);
    else
        gca_error_set(error, gca_error_get_code(failed->error),
                      _("Stopped at line %u: %u signed, %u not begun. %s"), failed->line, n_signed,
                      n_left, failed->error->message);
    const char *own = failed ? gca_error_get_hint(failed->error) : NULL;
    g_autofree char *rest = NULL;
    if (n_signed > 0)
        rest = g_strdup_printf(_("What is signed is complete. Take the rows up to line %u out of "
                                 "the table, leave its header, and run the same command again."),
                               find_last_signed(rows));
    g_autoptr(GString) hint = g_string_new(own);
    gca_text_add_sentence(hint, rest);
    gca_error_set_hint(error, hint->len > 0 ? hint->str : NULL);
}

static gboolean
conclude(GPtrArray *rows, GcaCancel *cancel, GError **error)
{
    const GcaPreregRow *culprit = find_culprit(rows);
    guint n_unusable = gca_prereg_batch_count(rows, GCA_PREREG_ROW_UNUSABLE);

    if (culprit != NULL && culprit->state == GCA_PREREG_ROW_FAILED) {
        set_stopped(rows, culprit, error);
    } else if (gca_cancel_is_requested(cancel) &&
               gca_prereg_batch_count(rows, GCA_PREREG_ROW_LEFT) > 0) {
        set_stopped(rows, NULL, error);
    } else if (culprit != NULL) {
        gca_error_set(error, gca_error_get_code(culprit->error),
                      ngettext("%u row could not be used; the first is line %u of the table.",
                               "%u rows could not be used; the first is line %u of the table.",
                               n_unusable),
                      n_unusable, culprit->line);
        gca_error_set_hint(error, gca_error_get_hint(culprit->error));
    } else {
        return TRUE;
    }
    return FALSE;
}

/* ---- the whole of it ---- */

static gboolean
may_sign(GcaInvocation *invocation, GPtrArray *rows, GError **error)
{
    guint n = gca_prereg_batch_count(rows, GCA_PREREG_ROW_LEFT);
    g_autofree char *question =
        g_strdup_printf(ngettext("Sign this %u request?", "Sign these %u requests?", n), n);

    return gca_interaction_confirm(gca_invocation_get_interaction(invocation), question,
                                   gca_invocation_get_cancel(invocation), error);
}

static gboolean
sign(GcaInvocation *invocation, GPtrArray *rows, const char *folder, const GcaBatchManner *manner,
     GError **error)
{
    GcaCancel *cancel = gca_invocation_get_cancel(invocation);
    GcaPreregBatchOptions options = {
        .folder = folder ? folder : ".",
        .pem = manner->pem,
        .login = *gca_invocation_get_login(invocation),
    };
    g_autoptr(GcaFoundCard) card =
        gca_found_card_open(gca_invocation_get_card_choice(invocation), !manner->dry_run,
                            gca_invocation_get_interaction(invocation), cancel, error);
    if (card == NULL || !gca_prereg_batch_bind(rows, card, error))
        return FALSE;
    gca_tell_batch(invocation, rows, manner);
    if (gca_prereg_batch_count(rows, GCA_PREREG_ROW_LEFT) > 0 && !manner->dry_run &&
        ((!manner->yes && !may_sign(invocation, rows, error)) ||
         !gca_prereg_batch_sign(rows, card, &options, gca_invocation_get_interaction(invocation),
                                cancel, error)))
        return FALSE;
    if (!manner->dry_run || gca_invocation_is_json(invocation))
        gca_tell_batch_report(invocation, rows);
    return conclude(rows, cancel, error);
}

gboolean
gca_prereg_run_batch(GcaInvocation *invocation, const GcaBatchOptions *batch,
                     const GcaBatchManner *manner, const GcaContact *contact, GError **error)
{
    GcaCancel *cancel = gca_invocation_get_cancel(invocation);
    GcaPreregBatchWish wish = {
        .path = batch->path,
        .profile = gca_invocation_get_profile(invocation),
        .subject = manner->wish->subject,
        .contact = contact,
        .without_proof = manner->wish->no_proof,
    };

    if (!check(invocation, batch, manner, error))
        return FALSE;
    g_autoptr(GPtrArray) rows = gca_prereg_batch_read(&wish, error);
    if (rows == NULL)
        return FALSE;
    if (gca_prereg_batch_count(rows, GCA_PREREG_ROW_LEFT) == 0) {
        gca_tell_batch_report(invocation, rows);
        return conclude(rows, cancel, error);
    }
    gca_tell_batch_trust_notes(invocation, rows);
    return sign(invocation, rows, batch->folder, manner, error);
}
