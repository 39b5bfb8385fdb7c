#include "base/error.h"
#include "csr/table.h"

#include <string.h>

static GcaTable *
parse(const char *text, GError **error)
{
    g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
    return gca_table_parse(bytes, "hosts.csv", error);
}

static GcaTable *
parse_good(const char *text)
{
    g_autoptr(GError) error = NULL;
    GcaTable *table = parse(text, &error);
    g_assert_no_error(error);
    return table;
}

/* RFC 4180 section 2, rules 1 to 7 */
static void
test_reads_rfc_4180(void)
{
    g_autoptr(GcaTable) table = parse_good("a,b,c\r\n"
                                           "1,2,3\r\n"
                                           "\"x,y\",\"say \"\"hi\"\"\",\"two\r\nlines\"\r\n"
                                           ",\"\",last");

    g_assert_cmpuint(gca_table_get_length(table), ==, 3);
    g_assert_cmpstr(gca_table_get(table, 0, 2), ==, "3");
    g_assert_cmpstr(gca_table_get(table, 1, 0), ==, "x,y");
    g_assert_cmpstr(gca_table_get(table, 1, 1), ==, "say \"hi\"");
    g_assert_cmpstr(gca_table_get(table, 1, 2), ==, "two\r\nlines");
    g_assert_cmpstr(gca_table_get(table, 2, 0), ==, "");
    g_assert_cmpstr(gca_table_get(table, 2, 2), ==, "last");
}

static void
test_takes_a_byte_order_mark(void)
{
    g_autoptr(GcaTable) table = parse_good("\xEF\xBB\xBF機關,OID\n測試部,1.2\n");

    g_assert_cmpint(gca_table_find_column(table, "機關"), ==, 0);
    g_assert_cmpstr(gca_table_get(table, 0, 0), ==, "測試部");
}

static void
test_a_header_alone_is_a_table_without_rows(void)
{
    g_autoptr(GcaTable) table = parse_good("a,b");

    g_assert_cmpuint(gca_table_get_length(table), ==, 0);
    g_assert_cmpint(gca_table_find_column(table, "b"), ==, 1);
}

static void
test_strips_blanks(void)
{
    /* within quotation marks, and the ideographic space, too */
    g_autoptr(GcaTable) table = parse_good(" a ,\t b\n  x y ,\" z \"\n　測試　部　,　\n");

    g_assert_cmpint(gca_table_find_column(table, "b"), ==, 1);
    g_assert_cmpstr(gca_table_get(table, 0, 0), ==, "x y");
    g_assert_cmpstr(gca_table_get(table, 0, 1), ==, "z");
    g_assert_cmpstr(gca_table_get(table, 1, 0), ==, "測試　部");
    g_assert_cmpstr(gca_table_get(table, 1, 1), ==, "");
}

static void
test_finds_columns_without_case(void)
{
    static const char *const known[] = {"cn", "oid", NULL};
    static const char *const fewer[] = {"oid", NULL};
    g_autoptr(GcaTable) table = parse_good("CN,Oid,\n1,2,3\n");

    g_assert_cmpint(gca_table_find_column(table, "cn"), ==, 0);
    g_assert_cmpint(gca_table_find_column(table, "OID"), ==, 1);
    g_assert_cmpint(gca_table_find_column(table, "sans"), ==, -1);
    g_assert_cmpstr(gca_table_get(table, 0, -1), ==, "");
    g_assert_null(gca_table_find_stranger(table, known));
    g_assert_cmpstr(gca_table_find_stranger(table, fewer), ==, "CN");
}

/* CR LF, LF and CR end a line; fields of several lines count as many. */
static void
test_counts_lines(void)
{
    static const char *const texts[] = {
        "a,b\n1,x\n\n2,\"y\n\nz\"\n3,x\n",
        "a,b\r\n1,x\r\n\r\n2,\"y\r\n\r\nz\"\r\n3,x",
        "a,b\r1,x\r\r2,\"y\r\rz\"\r3,x\r",
    };
    static const guint lines[] = {2, 4, 7};

    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GcaTable) table = parse_good(texts[i]);
        g_assert_cmpuint(gca_table_get_length(table), ==, G_N_ELEMENTS(lines));
        for (guint row = 0; row < G_N_ELEMENTS(lines); row++) {
            g_autofree char *first = g_strdup_printf("%u", row + 1);
            g_assert_cmpstr(gca_table_get(table, row, 0), ==, first);
            g_assert_cmpuint(gca_table_get_line(table, row), ==, lines[row]);
        }
    }
}

static void
test_rows_of_other_lengths(void)
{
    g_autoptr(GcaTable) table = parse_good("a,b\n,,,\n1\n1,2,,\n1,2,3\n  \n");

    g_assert_cmpuint(gca_table_get_length(table), ==, 3);
    g_assert_cmpuint(gca_table_get_line(table, 0), ==, 3);
    g_assert_cmpstr(gca_table_get(table, 0, 1), ==, "");
    g_assert_false(gca_table_is_overlong(table, 0));
    g_assert_false(gca_table_is_overlong(table, 1));
    g_assert_true(gca_table_is_overlong(table, 2));
}

static void
test_refuses(void)
{
    static const struct {
        const char *text;
        const char *line;
        const char *part;
    } rows[] = {
        {"", "Line 1 ", "name the columns"},
        {"\n ,,\n", "Line 1 ", "name the columns"},
        {"\xEF\xBB\xBF", "Line 1 ", "name the columns"},
        {"a,b\n1,\"2\n3,4\n", "Line 2 ", "never closed"},
        {"a,b\n1,2\n1,2\"3\n", "Line 3 ", "wrong place"},
        {"a,b\n\"1\"2,3\n", "Line 2 ", "wrong place"},
        {"a,b\n1,\xA4\xA4\xA4\xE5\n", "Line 2 ", "not UTF-8"},
        {"a,b,A\n", "Line 1 ", "“A” twice"},
        {"\n\na,a\n", "Line 3 ", "“a” twice"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(parse(rows[i].text, &error));
        g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
        g_assert_nonnull(strstr(error->message, rows[i].line));
        g_assert_nonnull(strstr(error->message, rows[i].part));
        g_assert_nonnull(strstr(error->message, "hosts.csv"));
    }
}

static void
test_says_how_big5_becomes_utf_8(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(parse("\xBE\xF7\xC3\xF6,OID\n", &error));
    g_assert_nonnull(strstr(gca_error_get_hint(error), "iconv -f CP950 -t UTF-8"));
}

static void
test_refuses_nul(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new_static("a,b\n1\0,2\n", 9);

    g_assert_null(gca_table_parse(bytes, "hosts.csv", &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
}

static void
assert_fields(guint n, gsize size, gboolean fits)
{
    g_autofree char *field = g_strnfill(size, 'x');
    g_autoptr(GString) text = g_string_new("a\n");
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < n; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? "," : "", field);
    g_autoptr(GcaTable) table = parse(text->str, &error);
    g_assert_true((table != NULL) == fits);
    if (!fits)
        g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
}

static void
test_limits_rows_and_fields(void)
{
    assert_fields(256, 1, TRUE);
    assert_fields(257, 1, FALSE);
    assert_fields(1, 16 * 1024, TRUE);
    assert_fields(1, 16 * 1024 + 1, FALSE);
}

static void
assert_written(const char *const *fields, const char *expected)
{
    g_autoptr(GString) out = g_string_new(NULL);
    gca_table_append(out, fields);
    g_assert_cmpstr(out->str, ==, expected);
}

/* RFC 4180 section 2, rules 5 to 7; lines end in CR LF */
static void
test_writes_rfc_4180(void)
{
    assert_written((const char *const[]){"a", "", "測試部", NULL}, "a,,測試部\r\n");
    assert_written((const char *const[]){"x,y", "say \"hi\"", "1\n2", NULL},
                   "\"x,y\",\"say \"\"hi\"\"\",\"1\n2\"\r\n");
    assert_written((const char *const[]){"", NULL}, "\"\"\r\n");
    assert_written((const char *const[]){" a", "b ", NULL}, "\" a\",\"b \"\r\n");
}

/* What a spreadsheet would run is text to it behind an apostrophe. */
static void
test_disarms_formulas(void)
{
    assert_written((const char *const[]){"=1+1", "+1", "-1", "@x", "a=b", NULL},
                   "'=1+1,'+1,'-1,'@x,a=b\r\n");
    assert_written((const char *const[]){"\t=1", "=a,\"b\"", "\r=1", NULL},
                   "'\t=1,\"'=a,\"\"b\"\"\",\"'\r=1\"\r\n");
}

static void
test_reads_what_it_writes(void)
{
    static const char *const fields[] = {"測試部", "", "a,\"b\"\r\nc", "x", NULL};
    g_autoptr(GString) out = g_string_new("a,b,c,d\r\n");
    gca_table_append(out, fields);
    g_autoptr(GcaTable) table = parse_good(out->str);

    g_assert_cmpuint(gca_table_get_length(table), ==, 1);
    for (int i = 0; fields[i] != NULL; i++)
        g_assert_cmpstr(gca_table_get(table, 0, i), ==, fields[i]);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/csr/table/reads-rfc-4180", test_reads_rfc_4180);
    g_test_add_func("/csr/table/takes-a-byte-order-mark", test_takes_a_byte_order_mark);
    g_test_add_func("/csr/table/a-header-alone-is-a-table-without-rows",
                    test_a_header_alone_is_a_table_without_rows);
    g_test_add_func("/csr/table/strips-blanks", test_strips_blanks);
    g_test_add_func("/csr/table/finds-columns-without-case", test_finds_columns_without_case);
    g_test_add_func("/csr/table/counts-lines", test_counts_lines);
    g_test_add_func("/csr/table/rows-of-other-lengths", test_rows_of_other_lengths);
    g_test_add_func("/csr/table/refuses-what-is-no-table", test_refuses);
    g_test_add_func("/csr/table/says-how-big5-becomes-utf-8", test_says_how_big5_becomes_utf_8);
    g_test_add_func("/csr/table/refuses-nul", test_refuses_nul);
    g_test_add_func("/csr/table/limits-rows-and-fields", test_limits_rows_and_fields);
    g_test_add_func("/csr/table/writes-rfc-4180", test_writes_rfc_4180);
    g_test_add_func("/csr/table/disarms-formulas", test_disarms_formulas);
    g_test_add_func("/csr/table/reads-what-it-writes", test_reads_what_it_writes);
    return g_test_run();
}
