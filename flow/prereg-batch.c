#include "config.h"

#include "flow/prereg-batch.h"

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "csr/table.h"
#include "flow/prereg-private.h"
#include "profile/domain.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

#define TABLE_LIMIT (16 * 1024 * 1024)

static void
row_free(gpointer data)
{
    GcaPreregRow *row = data;

    g_free(row->account);
    g_clear_pointer(&row->prereg, gca_prereg_free);
    g_clear_error(&row->error);
    g_clear_pointer(&row->message, g_bytes_unref);
    g_free(row->path);
    g_free(row);
}

const char *
gca_prereg_row_state_to_nick(GcaPreregRowState state)
{
    static const char *const nicks[] = {"left", "signed", "skipped", "unusable", "failed"};
    return nicks[state];
}

guint
gca_prereg_batch_count(GPtrArray *rows, GcaPreregRowState state)
{
    guint n = 0;

    for (guint i = 0; i < rows->len; i++)
        n += ((const GcaPreregRow *) g_ptr_array_index(rows, i))->state == state;
    return n;
}

/* ---- the table ---- */

/* the first two are needed */
typedef enum { ACCOUNT, DOMAINS, SUBJECT, N_COLUMNS } Column;

static const char *const column_names[N_COLUMNS + 1] = {
    [ACCOUNT] = "account",
    [DOMAINS] = "domains",
    [SUBJECT] = "subject",
};

static gboolean
find_columns(const GcaTable *table, int *columns, GError **error)
{
    if (!gca_table_find_columns(table, column_names, 2, columns, error))
        return FALSE;
    if (gca_table_get_length(table) > 0)
        return TRUE;
    gca_error_set(error, GCA_ERROR_BAD_DATA, "%s", _("The table has no rows."));
    return FALSE;
}

static gboolean
check_fields(const GcaTable *table, guint row, const int *columns, GError **error)
{
    const char *account = gca_table_get(table, row, columns[ACCOUNT]);

    if (!gca_table_check_row(table, row, error))
        return FALSE;
    if (*account != '\0' && !g_str_equal(account, "-"))
        return TRUE;
    gca_error_set(error, GCA_ERROR_BAD_DATA, "%s",
                  _("The row names no account: a file, a folder or a URI."));
    return FALSE;
}

static GcaPreregRow *
read_row(const GcaTable *table, guint index, const int *columns, const GcaPreregBatchWish *wish)
{
    GcaPreregRow *row = g_new0(GcaPreregRow, 1);
    const char *subject = gca_table_get(table, index, columns[SUBJECT]);
    g_auto(GStrv) domains = gca_domains_split(gca_table_get(table, index, columns[DOMAINS]));
    GcaPreregWish one = {
        .account = gca_table_get(table, index, columns[ACCOUNT]),
        .profile = wish->profile,
        .domains = (const char *const *) domains,
        .subject = *subject != '\0' ? subject : wish->subject,
        .contact = wish->contact,
        .without_proof = wish->without_proof,
    };

    row->line = gca_table_get_line(table, index);
    row->account = g_strdup(one.account);
    if (check_fields(table, index, columns, &row->error))
        row->prereg = gca_prereg_new(&one, &row->error);
    row->state = row->prereg != NULL ? GCA_PREREG_ROW_LEFT : GCA_PREREG_ROW_UNUSABLE;
    return row;
}

/* ---- the same twice ---- */

static int
compare(const void *a, const void *b)
{
    return strcmp(*(char *const *) a, *(char *const *) b);
}

static char *
identify(const GcaPrereg *prereg)
{
    g_auto(GStrv) domains = g_strdupv(prereg->domains);
    g_autofree char *subject = prereg->subject ? gca_name_to_string(prereg->subject) : NULL;

    qsort(domains, g_strv_length(domains), sizeof *domains, compare);
    g_autofree char *joined = g_strjoinv(",", domains);
    return g_strjoin("\n", gca_account_get_uri(prereg->account), joined, subject, NULL);
}

static void
skip_if_known(GcaPreregRow *row, GHashTable *known)
{
    g_autofree char *identity = identify(row->prereg);
    guint line = GPOINTER_TO_UINT(g_hash_table_lookup(known, identity));

    if (line == 0) {
        g_hash_table_insert(known, g_steal_pointer(&identity), GUINT_TO_POINTER(row->line));
        return;
    }
    row->state = GCA_PREREG_ROW_SKIPPED;
    gca_error_set(&row->error, GCA_ERROR_BAD_DATA, _("Line %u asks for the same."), line);
}

GPtrArray *
gca_prereg_batch_read(const GcaPreregBatchWish *wish, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(row_free);
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GBytes) bytes = gca_file_read(wish->path, TABLE_LIMIT, error);
    int columns[N_COLUMNS];

    g_autoptr(GcaTable) table = bytes ? gca_table_parse(bytes, wish->path, error) : NULL;
    if (table == NULL || !find_columns(table, columns, error))
        return NULL;
    for (guint i = 0; i < gca_table_get_length(table); i++) {
        GcaPreregRow *row = read_row(table, i, columns, wish);
        if (row->prereg != NULL)
            skip_if_known(row, known);
        g_ptr_array_add(rows, row);
    }
    return g_steal_pointer(&rows);
}
