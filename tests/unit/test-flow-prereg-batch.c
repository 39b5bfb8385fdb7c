/* What a table of pre-registrations says, row by row, before any card is asked for. */
#include "base/error.h"
#include "flow/prereg-batch.h"
#include "flow/prereg-private.h"
#include "test-home.h"

#include <string.h>

#define URI "https://gtlscaweb.nat.gov.tw/ACMEWeb/acct/"
#define LONG_NAME "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static GPtrArray *
read_text(const char *text, const char *subject, GError **error)
{
    g_autofree char *folder = g_dir_make_tmp("gca-test-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "hosts.csv", NULL);
    const GcaPreregBatchWish wish = {.path = path, .subject = subject};

    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    GPtrArray *rows = gca_prereg_batch_read(&wish, error);
    g_unlink(path);
    g_rmdir(folder);
    return rows;
}

static GPtrArray *
read_rows(const char *text)
{
    g_autoptr(GError) error = NULL;
    GPtrArray *rows = read_text(text, NULL, &error);

    g_assert_no_error(error);
    return rows;
}

static const GcaPreregRow *
get_row(GPtrArray *rows, guint index)
{
    g_assert_cmpuint(index, <, rows->len);
    return g_ptr_array_index(rows, index);
}

static void
assert_row(GPtrArray *rows, guint index, guint line, const char *nick)
{
    const GcaPreregRow *row = get_row(rows, index);

    g_test_message("line %u: %s", line, row->error ? row->error->message : "good");
    g_assert_cmpuint(row->line, ==, line);
    g_assert_cmpstr(gca_prereg_row_state_to_nick(row->state), ==, nick);
    g_assert_true((row->error == NULL) == g_str_equal(nick, "left"));
    g_assert_null(row->message);
    g_assert_null(row->path);
}

static void
test_tables_that_cannot_be_read(void)
{
    static const struct {
        const char *text, *words;
    } tables[] = {
        {"", NULL},
        {"account,domains\n", "no rows"},
        {"account,domains\n,\n \n", "no rows"},
        {"account\n" URI "1\n", "domains"},
        {"domains,subject\na.example.gov.tw,\n", "account"},
        {"account,domain\n" URI "1,a.example.gov.tw\n", "domain"},
        {"account,domains,e-mail\n" URI "1,a.example.gov.tw,x\n", "e-mail"},
        {"account,domains,domains\n" URI "1,a.example.gov.tw,b.example.gov.tw\n", "domains"},
        {"account,domains\n" URI "1,\"a.example.gov.tw\n", NULL},
        {"account,domains\n" URI "1,\xff\n", NULL},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(read_text(tables[i].text, NULL, &error));
        g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
        g_test_message("%s", error->message);
        if (tables[i].words != NULL)
            g_assert_nonnull(strstr(error->message, tables[i].words));
    }
}

static void
test_no_table(void)
{
    const GcaPreregBatchWish wish = {.path = "/nowhere/hosts.csv"};
    g_autoptr(GError) error = NULL;

    g_assert_null(gca_prereg_batch_read(&wish, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_FILE);
}

static void
assert_domains(GPtrArray *rows, guint index, const char *const *expected)
{
    g_assert_cmpstrv(get_row(rows, index)->prereg->domains, expected);
}

/* As spreadsheets write it, and as people do. */
static void
test_good_rows(void)
{
    g_autoptr(GPtrArray) rows = read_rows("\xEF\xBB\xBF"
                                          "Domains,ACCOUNT,subject\r\n"
                                          "a.example.gov.tw," URI "1,\r\n"
                                          ",,\r\n"
                                          "\"b.example.gov.tw, c.example.gov.tw\"," URI "2\r\n"
                                          "d.example.gov.tw; e.example.gov.tw f.example.gov.tw," URI
                                          "3,\"C=TW,O=測試\"\r\n");

    g_assert_cmpuint(rows->len, ==, 3);
    g_assert_cmpuint(gca_prereg_batch_count(rows, GCA_PREREG_ROW_LEFT), ==, 3);
    assert_row(rows, 0, 2, "left");
    assert_row(rows, 1, 4, "left");
    assert_row(rows, 2, 5, "left");
    assert_domains(rows, 0, (const char *[]){"a.example.gov.tw", NULL});
    assert_domains(rows, 1, (const char *[]){"b.example.gov.tw", "c.example.gov.tw", NULL});
    assert_domains(
        rows, 2,
        (const char *[]){"d.example.gov.tw", "e.example.gov.tw", "f.example.gov.tw", NULL});
    g_assert_cmpstr(get_row(rows, 1)->account, ==, URI "2");
}

/* Each is told by itself, and the others stay good. */
static void
test_bad_rows(void)
{
    static const struct {
        const char *fields;
        GcaErrorCode code;
        const char *words;
    } bad[] = {
        {",x.example.gov.tw,", GCA_ERROR_BAD_DATA, "no account"},
        {"-,x.example.gov.tw,", GCA_ERROR_BAD_DATA, "no account"},
        {URI "9,,", GCA_ERROR_USAGE, NULL},
        {URI "9,\" ,; \",", GCA_ERROR_USAGE, NULL},
        {URI "9,tw,", GCA_ERROR_USAGE, "tw"},
        {URI "9,*.x.example.gov.tw,", GCA_ERROR_USAGE, "*.x.example.gov.tw"},
        {URI "9," LONG_NAME ".gov.tw,", GCA_ERROR_USAGE, NULL},
        {URI "9,x.example.gov.tw,O=", GCA_ERROR_BAD_DATA, "O="},
        {URI "9,x.example.gov.tw,y.example.gov.tw,z.example.gov.tw", GCA_ERROR_BAD_DATA, NULL},
        {"/nowhere/regr.json,x.example.gov.tw,", GCA_ERROR_FILE, "/nowhere/regr.json"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autofree char *text = g_strdup_printf("account,domains,subject\n"
                                                "%s\n" URI "1,a.example.gov.tw,\n",
                                                bad[i].fields);
        g_autoptr(GPtrArray) rows = read_rows(text);
        g_assert_cmpuint(rows->len, ==, 2);
        assert_row(rows, 0, 2, "unusable");
        assert_row(rows, 1, 3, "left");
        g_assert_null(get_row(rows, 0)->prereg);
        g_assert_error(get_row(rows, 0)->error, GCA_ERROR, (int) bad[i].code);
        if (bad[i].words != NULL)
            g_assert_nonnull(strstr(get_row(rows, 0)->error->message, bad[i].words));
        g_assert_cmpuint(gca_prereg_batch_count(rows, GCA_PREREG_ROW_UNUSABLE), ==, 1);
    }
}

static void
test_same_twice(void)
{
    g_autoptr(GPtrArray) rows = read_rows("account,domains,subject\n"
                                          "" URI "1,a.example.gov.tw b.example.gov.tw,\n"
                                          "" URI "1,B.example.gov.tw; a.example.gov.tw,\n"
                                          "" URI "2,a.example.gov.tw b.example.gov.tw,\n"
                                          "" URI "1,a.example.gov.tw,\n"
                                          "" URI "1,a.example.gov.tw,\"C=TW,O=測試\"\n"
                                          "" URI "1,a.example.gov.tw,\"O=測試,C=TW\"\n"
                                          "" URI "1,a.example.gov.tw\n");

    assert_row(rows, 0, 2, "left");
    assert_row(rows, 1, 3, "skipped");
    assert_row(rows, 2, 4, "left");
    assert_row(rows, 3, 5, "left");
    assert_row(rows, 4, 6, "left");
    assert_row(rows, 5, 7, "skipped");
    assert_row(rows, 6, 8, "skipped");
    g_assert_nonnull(strstr(get_row(rows, 1)->error->message, "Line 2"));
    g_assert_nonnull(strstr(get_row(rows, 5)->error->message, "Line 6"));
    g_assert_nonnull(strstr(get_row(rows, 6)->error->message, "Line 5"));
    g_assert_cmpuint(gca_prereg_batch_count(rows, GCA_PREREG_ROW_SKIPPED), ==, 3);
}

/* The wish's subject is for the rows without one. */
static void
test_subject_of_the_wish(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) rows = read_text("account,domains,subject\n"
                                          "" URI "1,a.example.gov.tw,\n"
                                          "" URI "1,a.example.gov.tw,\"C=TW,O=測試\"\n"
                                          "" URI "1,a.example.gov.tw,\"C=TW,O=別的\"\n",
                                          "C=TW,O=測試", &error);

    g_assert_no_error(error);
    assert_row(rows, 0, 2, "left");
    assert_row(rows, 1, 3, "skipped");
    assert_row(rows, 2, 4, "left");
}

int
main(int argc, char **argv)
{
    char *home = test_home_enter();

    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flow/prereg-batch/tables-that-cannot-be-read",
                    test_tables_that_cannot_be_read);
    g_test_add_func("/flow/prereg-batch/no-table", test_no_table);
    g_test_add_func("/flow/prereg-batch/good-rows-as-spreadsheets-write-them", test_good_rows);
    g_test_add_func("/flow/prereg-batch/a-bad-row-leaves-the-others-good", test_bad_rows);
    g_test_add_func("/flow/prereg-batch/same-account-names-and-subject-once", test_same_twice);
    g_test_add_func("/flow/prereg-batch/subject-where-the-row-has-none", test_subject_of_the_wish);
    int result = g_test_run();
    test_home_leave(home, NULL);
    return result;
}
