/* Object identifiers as typed: X.660 clause 7.6, in the dotted form. */
#include "base/error.h"
#include "csr/oid.h"

#include <string.h>

static void
test_takes_dotted_numbers(void)
{
    static const char *const good[] = {"2.16.886.101.20003.20060.20001", "1.39", "0.0", "2.999.3",
                                       "1.3.6.1.4.1.99999999999999999999"};

    for (guint i = 0; i < G_N_ELEMENTS(good); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *typed = g_strdup_printf(" \t%s\n", good[i]);
        g_autofree char *oid = gca_oid_parse(typed, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(oid, ==, good[i]);
    }
}

static void
test_says_what_is_wrong(void)
{
    static const struct {
        const char *typed;
        const char *part;
    } rows[] = {
        {"", "blank"},
        {"  ", "blank"},
        {"2.16.", "ends in a dot"},
        {".2.16", "missing at a dot"},
        {"2..16", "missing at a dot"},
        {".", "ends in a dot"},
        {"2", "one number only"},
        {"2.016", "begins with a zero"},
        {"00.1", "begins with a zero"},
        {"3.1", "not 0, 1 or 2"},
        {"10.1", "not 0, 1 or 2"},
        {"1.40", "over 39"},
        {"0.100", "over 39"},
        {"2.16.８８６", "full-width"},
        {"2．16", "full-width"},
        {"2.16 .1", "“ ” is no digit"},
        {"2.16.x", "“x” is no digit"},
        {"OID.2.16", "“O” is no digit"},
        {"2.16.\033", "“\\u{1B}” is no digit"},
        {"2.16.\xFF", "“\\xFF” is no digit"},
        {"2.16.-1", "“-” is no digit"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(gca_oid_parse(rows[i].typed, &error));
        g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
        g_assert_nonnull(strstr(error->message, rows[i].part));
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
    }
}

static void
test_limits_the_length(void)
{
    g_autofree char *digits = g_strnfill(GCA_OID_LENGTH - 2, '1');
    g_autofree char *longest = g_strconcat("2.", digits, NULL);
    g_autofree char *over = g_strconcat(longest, "1", NULL);
    g_autofree char *oid = gca_oid_parse(longest, NULL);
    g_autoptr(GError) error = NULL;

    g_assert_cmpstr(oid, ==, longest);
    g_assert_null(gca_oid_parse(over, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/csr/oid/takes-dotted-numbers", test_takes_dotted_numbers);
    g_test_add_func("/csr/oid/says-what-is-wrong", test_says_what_is_wrong);
    g_test_add_func("/csr/oid/limits-the-length", test_limits_the_length);
    return g_test_run();
}
