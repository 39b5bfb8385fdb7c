/* A table in a CSV file (RFC 4180) whose first line names the columns. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _GcaTable GcaTable;

/* Reads UTF-8, with or without BOM, CRLF or LF. Column names are compared without case. Fields are
 * stripped of blanks around them; rows of nothing but blank fields are passed over. BAD_DATA with
 * the line: not UTF-8, a quotation mark that is never closed or in the wrong place, a name twice, a
 * field or a row too long to be meant. `name` is for messages. */
GcaTable *gca_table_parse(GBytes *bytes, const char *name, GError **error);
void gca_table_free(GcaTable *table);

/* -1: there is no such column. */
int gca_table_find_column(const GcaTable *table, const char *name);

/* The first column whose name is none of `known` (NULL-terminated), or NULL. */
const char *gca_table_find_stranger(const GcaTable *table, const char *const *known);

/* Fills `columns` with the places of `names` (NULL-terminated), -1 for one that is not there.
 * BAD_DATA for a column that is none of them (“san” for “sans” would lose names without a word),
 * and where one of the first `n_needed` is missing. */
gboolean gca_table_find_columns(const GcaTable *table, const char *const *names, gsize n_needed,
                                int *columns, GError **error);

guint gca_table_get_length(const GcaTable *table);          /* rows below the header */
guint gca_table_get_line(const GcaTable *table, guint row); /* counted from 1, the header's is 1 */

/* The stripped text of a field; "" where the row is shorter or `column` is -1. */
const char *gca_table_get(const GcaTable *table, guint row, int column);

/* TRUE if the row has more fields than there are columns: a comma that should stand in quotation
 * marks has moved what is behind it. */
gboolean gca_table_is_overlong(const GcaTable *table, guint row);

/* FALSE with BAD_DATA for such a row. */
gboolean gca_table_check_row(const GcaTable *table, guint row, GError **error);

/* Adds a line with `fields` (NULL-terminated), quoted as RFC 4180 wants it, to `out`. A field that
 * a spreadsheet would take for a formula gets an apostrophe in front. */
void gca_table_append(GString *out, const char *const *fields);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaTable, gca_table_free)

G_END_DECLS
