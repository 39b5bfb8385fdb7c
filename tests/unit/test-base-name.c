#include "base/error.h"
#include "base/name.h"

#include <string.h>

static void
test_register_form_is_turned_root_first(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaName) name = gca_name_parse("ou=測試司,ou=測試部,o=行政院,c=TW", &error);
    g_assert_no_error(error);
    g_autofree char *text = gca_name_to_string(name);
    g_assert_cmpstr(text, ==, "C=TW,O=行政院,OU=測試部,OU=測試司");

    static const char *const types[] = {"O", "OU", NULL};
    g_autofree char *joined = gca_name_join(name, types, "-");
    g_assert_cmpstr(joined, ==, "行政院-測試部-測試司");
}

/* RFC 4514 sections 2.4 and 3 */
static void
test_escapes(void)
{
    static const struct {
        const char *text, *value;
    } cases[] = {{"o=a\\,b", "a,b"}, {"o=\\2Cx", ",x"}, {"o=\\E6\\B8\\AC", "測"},
                 {"o= a b ", "a b"}, {"o=a\\ ", "a "},  {"O=\\#1", "#1"},
                 {"o=a\\\\", "a\\"}};

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GcaName) name = gca_name_parse(cases[i].text, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(gca_name_find(name, "O"), ==, cases[i].value);
        g_autofree char *again = gca_name_to_string(name);
        g_autoptr(GcaName) second = gca_name_parse(again, &error);
        g_assert_no_error(error);
        g_assert_true(gca_name_equal(name, second));
    }
}

/* A country stands at the root, whichever end it is typed at. */
static void
test_country_tells_the_root(void)
{
    g_autoptr(GcaName) register_form = gca_name_parse("ou=b,o=a,c=TW", NULL);
    g_autoptr(GcaName) shown_form = gca_name_parse("C=TW,O=a,OU=b", NULL);

    g_assert_true(gca_name_equal(register_form, shown_form));
}

static void
test_refuses(void)
{
    static const char *const bad[] = {
        "",       "x",     "o=",    "=a",      "o=a,",  "o=a,,c=TW", "o=a+ou=b", "o=\xA4\xA4",
        "o=\\FF", "o=a,c", "o=a;b", "o=\"a\"", "o=<a>", "o=a\\",     "o=\\zz",   "o=#04"};

    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(gca_name_parse(bad[i], &error));
        g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
    }
}

static void
test_says_what_is_wrong(void)
{
    static const struct {
        const char *text, *says;
    } cases[] = {{"O=甲\\00乙", "character 4: a NUL character (\\00)"},
                 {"O=甲\\", "character 4: the backslash stands at the end"},
                 {"O=#0C03E794B2", "character 3: values in hexadecimal (#…) are not taken"},
                 {"O=甲;乙", "character 4: this character is written with a backslash before it"},
                 {"O=\\zz", "character 3: this character is written with a backslash before it"}};

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(gca_name_parse(cases[i].text, &error));
        g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
        if (strstr(error->message, cases[i].says) == NULL)
            g_error("“%s” does not say “%s”", error->message, cases[i].says);
    }
}

/* RFC 4514 section 2.3 and RFC 4519 section 2; serialNumber is X.520's */
static void
test_oid_is_its_short_name(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaName) name =
        gca_name_parse("2.5.4.6=TW,2.5.4.8=x,2.5.4.7=臺灣,2.5.4.10=測試院,2.5.4.11=測試部,"
                       "2.5.4.3=測試,2.5.4.5=1,2.5.4.12=測試長",
                       &error);

    g_assert_no_error(error);
    g_autofree char *text = gca_name_to_string(name);
    g_assert_cmpstr(text, ==,
                    "C=TW,ST=x,L=臺灣,O=測試院,OU=測試部,CN=測試,serialNumber=1,2.5.4.12=測試長");
}

static void
test_hostile_values_are_shown_safely(void)
{
    g_autoptr(GcaName) name = gca_name_new();
    gca_name_add(name, "O", "a\033]0;x\n,c=US");
    g_autofree char *text = gca_name_to_string(name);
    g_assert_cmpstr(text, ==, "O=a\\1B]0\\;x\\0A\\,c=US");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/name/register-form-is-turned-root-first",
                    test_register_form_is_turned_root_first);
    g_test_add_func("/base/name/escapes-of-rfc-4514", test_escapes);
    g_test_add_func("/base/name/country-tells-the-root", test_country_tells_the_root);
    g_test_add_func("/base/name/refuses-what-is-no-name", test_refuses);
    g_test_add_func("/base/name/says-what-is-wrong", test_says_what_is_wrong);
    g_test_add_func("/base/name/oid-is-its-short-name", test_oid_is_its_short_name);
    g_test_add_func("/base/name/hostile-values-are-shown-safely",
                    test_hostile_values_are_shown_safely);
    return g_test_run();
}
