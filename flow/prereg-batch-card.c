#include "config.h"

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "flow/prereg-batch.h"
#include "flow/prereg-private.h"
#include "flow/prereg-series.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <unistd.h>

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

/* Ctrl-C leaves the row, also at the question for a PIN. */
static gboolean
sign_row(GcaPreregSeries *series, GcaPreregRow *row, const GcaPreregBatchOptions *options,
         GcaCancel *cancel)
{
    row->message = gca_prereg_series_sign(series, row->prereg, &row->error);
    if (row->message != NULL) {
        g_autofree char *path = gca_prereg_choose_path(row->prereg, options->folder);
        row->path = gca_prereg_save(row->prereg, row->message, path, options->pem, &row->error);
    } else if (gca_cancel_is_requested(cancel) &&
               g_error_matches(row->error, GCA_ERROR, GCA_ERROR_CANCELLED)) {
        g_clear_error(&row->error);
        return FALSE;
    }
    row->state = row->path != NULL ? GCA_PREREG_ROW_SIGNED : GCA_PREREG_ROW_FAILED;
    return row->path != NULL;
}

gboolean
gca_prereg_batch_sign(GPtrArray *rows, GcaFoundCard *card, const GcaPreregBatchOptions *options,
                      GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    guint total = gca_prereg_batch_count(rows, GCA_PREREG_ROW_LEFT), done = 0;
    GcaLoginOptions login = options->login;

    if (!prepare_folder(options->folder, error))
        return FALSE;
    login.unblock_place = get_unblock_place(rows);
    g_autoptr(GcaPreregSeries) series =
        gca_prereg_series_new(card, total, &login, interaction, cancel, error);
    if (series == NULL)
        return FALSE;
    for (guint i = 0; i < rows->len; i++) {
        GcaPreregRow *row = g_ptr_array_index(rows, i);
        if (row->state != GCA_PREREG_ROW_LEFT)
            continue;
        if (!sign_row(series, row, options, cancel))
            break;
        gca_interaction_progress(interaction, ++done, total,
                                 gca_request_get_domains(row->prereg->request)[0]);
    }
    return TRUE;
}
