#include "config.h"

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/common/output.h"
#include "cli/gca-csr/new.h"
#include "flow/application-batch.h"

#include <glib/gi18n.h>

#define SUMMARY_MODE 0644

static guint
count(GPtrArray *rows, GcaRowState state)
{
    guint n = 0;

    for (guint i = 0; i < rows->len; i++)
        n += ((const GcaRow *) g_ptr_array_index(rows, i))->state == state;
    return n;
}

static char *
choose_summary(const GcaCsrOptions *options, const char *folder)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *stem = g_date_time_format(now, "summary-%Y%m%dT%H%M%SZ");

    for (guint i = 1; options->summary == NULL; i++) {
        g_autofree char *name =
            i == 1 ? g_strconcat(stem, ".csv", NULL) : g_strdup_printf("%s-%u.csv", stem, i);
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (!g_file_test(path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK))
            return g_steal_pointer(&path);
    }
    return g_strdup(options->summary);
}

/* Known before the work is done. */
static gboolean
check_summary(const GcaCsrOptions *options, GError **error)
{
    if (options->summary == NULL ||
        !g_file_test(options->summary, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK))
        return TRUE;
    g_autofree char *shown = gca_text_escape(options->summary);
    gca_error_set(error, GCA_ERROR_USAGE, _("“%s” exists already and is not written over."), shown);
    gca_error_set_hint(error, _("Take another name, or move that file away."));
    return FALSE;
}

static void
print_row(const GcaRow *row)
{
    g_autofree char *cn = gca_text_escape(row->cn);
    g_autofree char *folder = row->folder ? gca_text_escape(row->folder) : NULL;

    if (row->state == GCA_ROW_SKIPPED && folder != NULL)
        gca_output_print(_("line %u, %s: there already, left as it is: %s\n"), row->line, cn,
                         folder);
    else if (row->state == GCA_ROW_SKIPPED)
        gca_output_print(_("line %u, %s: stands further up in the table\n"), row->line, cn);
    else if (row->state == GCA_ROW_FAILED)
        gca_output_print(_("line %u, %s: NOT MADE: %s\n"), row->line, cn, row->error->message);
    for (guint i = 0; row->warnings != NULL && row->warnings[i] != NULL; i++)
        gca_output_print(_("line %u, %s: note: %s\n"), row->line, cn, row->warnings[i]);
}

static void
print_rows(GPtrArray *rows, const char *summary)
{
    g_autofree char *shown = gca_text_escape(summary);

    for (guint i = 0; i < rows->len; i++)
        print_row(g_ptr_array_index(rows, i));
    gca_output_print(_("%u made, %u there already, %u not made, %u not begun\nSummary: %s\n"),
                     count(rows, GCA_ROW_MADE), count(rows, GCA_ROW_SKIPPED),
                     count(rows, GCA_ROW_FAILED), count(rows, GCA_ROW_LEFT), shown);
}

static json_t *
row_to_json(const GcaRow *row)
{
    json_t *object = json_object(), *warnings = json_array();

    for (guint i = 0; row->warnings != NULL && row->warnings[i] != NULL; i++)
        json_array_append_new(warnings, gca_output_json_string(row->warnings[i]));
    json_object_set_new(object, "line", json_integer(row->line));
    json_object_set_new(object, "cn", gca_output_json_string(row->cn));
    json_object_set_new(object, "state", json_string(gca_row_state_to_nick(row->state)));
    json_object_set_new(object, "folder", gca_output_json_string(row->folder));
    json_object_set_new(object, "spki_sha256", gca_output_json_string(row->spki_sha256));
    json_object_set_new(object, "message",
                        gca_output_json_string(row->error ? row->error->message : NULL));
    json_object_set_new(object, "warnings", warnings);
    return object;
}

static void
answer(GcaInvocation *invocation, GPtrArray *rows, const char *summary)
{
    json_t *list = json_array();

    for (guint i = 0; i < rows->len; i++)
        json_array_append_new(list, row_to_json(g_ptr_array_index(rows, i)));
    gca_invocation_answer(
        invocation, json_pack("{soso}", "rows", list, "summary", gca_output_json_string(summary)));
}

/* The first row that failed gives the exit status. */
static gboolean
conclude(GPtrArray *rows, GcaCancel *cancel, GError **error)
{
    if (gca_cancel_is_requested(cancel)) {
        gca_error_set(error, GCA_ERROR_CANCELLED, _("Stopped: %u made, %u not begun."),
                      count(rows, GCA_ROW_MADE), count(rows, GCA_ROW_LEFT));
        gca_error_set_hint(error, _("What is made is whole. The same command goes on where this "
                                    "one stopped."));
        return FALSE;
    }
    for (guint i = 0; i < rows->len; i++) {
        const GcaRow *row = g_ptr_array_index(rows, i);
        if (row->error == NULL)
            continue;
        guint failed = count(rows, GCA_ROW_FAILED);
        gca_error_set(error, gca_error_get_code(row->error),
                      ngettext("%u request was not made; the first is in line %u of the table.",
                               "%u requests were not made; the first is in line %u of the table.",
                               failed),
                      failed, row->line);
        gca_error_set_hint(error, _("Mend the table and run the same command again: what is made "
                                    "is skipped."));
        return FALSE;
    }
    return TRUE;
}

gboolean
gca_csr_run_batch(GcaInvocation *invocation, const GcaCsrOptions *options,
                  const GcaApplicationWish *defaults, const GcaApplicationKey *key,
                  GcaProfile *profile, const GcaRegister *agencies, GError **error)
{
    GcaCancel *cancel = gca_invocation_get_cancel(invocation);
    GcaBatchWish wish = {
        .path = options->batch,
        .folder = options->folder ? options->folder : ".",
        .defaults = *defaults,
        .key = *key,
    };
    if (!check_summary(options, error))
        return FALSE;
    g_autoptr(GPtrArray) rows = gca_batch_run(
        &wish, profile, agencies, gca_invocation_get_interaction(invocation), cancel, error);
    if (rows == NULL)
        return FALSE;

    g_autofree char *summary = choose_summary(options, wish.folder);
    g_autoptr(GBytes) csv = gca_batch_summarize(rows);
    if (gca_invocation_is_json(invocation))
        answer(invocation, rows, summary);
    else
        print_rows(rows, summary);
    return gca_file_create(summary, csv, SUMMARY_MODE, error) && conclude(rows, cancel, error);
}
