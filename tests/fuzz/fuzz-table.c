/* A table of hosts or agencies. What is read can be written and read again. */
#include "csr/table.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static guint
count_columns(const GcaTable *table)
{
    guint n = 0;

    for (guint row = 0; row < gca_table_get_length(table); row++) {
        guint here = n;
        while (gca_table_get(table, row, (int) here)[0] != '\0')
            here++;
        n = MAX(n, here);
    }
    return n;
}

/* The first `n` fields; FALSE if one would be disarmed as a formula. */
static gboolean
take_fields(const GcaTable *table, guint row, guint n, const char **fields)
{
    gboolean is_plain = TRUE;

    for (guint i = 0; i < n; i++) {
        fields[i] = gca_table_get(table, row, (int) i);
        g_assert_true(g_utf8_validate(fields[i], -1, NULL));
        is_plain = is_plain && (*fields[i] == '\0' || strchr("=+-@\t\r", *fields[i]) == NULL);
    }
    return is_plain;
}

static void
check_again(const char **fields, guint n)
{
    g_autoptr(GString) text = g_string_new("0");

    for (guint i = 1; i < n; i++)
        g_string_append_printf(text, ",%u", i);
    g_string_append(text, "\r\n");
    gca_table_append(text, fields);
    g_autoptr(GBytes) bytes = g_bytes_new_static(text->str, text->len);
    g_autoptr(GcaTable) again = gca_table_parse(bytes, "again", NULL);
    g_assert_nonnull(again);
    g_assert_cmpuint(gca_table_get_length(again), <=, 1);
    for (guint i = 0; i < n && gca_table_get_length(again) > 0; i++)
        g_assert_cmpstr(gca_table_get(again, 0, (int) i), ==, fields[i]);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GBytes) file = g_bytes_new_static(data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaTable) table = gca_table_parse(file, "table", &error);

    g_assert_true((table == NULL) == (error != NULL));
    if (table == NULL) {
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
        return 0;
    }
    guint n = count_columns(table), line = 0;
    g_autofree const char **fields = g_new0(const char *, n + 1);
    for (guint row = 0; row < gca_table_get_length(table); row++) {
        g_assert_cmpuint(gca_table_get_line(table, row), >, line);
        line = gca_table_get_line(table, row);
        if (take_fields(table, row, n, fields) && n > 0)
            check_again(fields, n);
    }
    return 0;
}
