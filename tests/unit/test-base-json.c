#include "base/error.h"
#include "base/json.h"

#include <string.h>

static json_t *
parse(const char *text, GError **error)
{
    g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
    return gca_json_parse(bytes, "x.json", error);
}

static void
test_refuses(void)
{
    static const char *const bad[] = {"",
                                      "{",
                                      "{\"a\":1,\"a\":2}",
                                      "{'a':1}",
                                      "{\"a\":1} x",
                                      "{\"a\":\"\\u0000\"}",
                                      "{\"a\":NaN}",
                                      "{\"a\":01}",
                                      "\xEF\xBB\xBF",
                                      "{\"a\":\"\xA4\xA4\"}"};

    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(parse(bad[i], &error));
        g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
    }
}

/* A file given by mistake may hold a PIN or a key. */
static void
test_message_quotes_nothing(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(parse("{\"uri\":\"x\"}\n987654\n", &error));
    g_assert_null(strstr(error->message, "987654"));
}

static void
test_says_what_is_wrong(void)
{
    static const char *const cases[][2] = {
        {"{\"a\":1,\"a\":2}", "second time"}, {"{\"a\":", "ends too early"},
        {"{} x", "follows its end"},          {"{\"a\":\"\xA4\"}", "UTF-8"},
        {"{'a':1}", "rules of JSON"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(parse(cases[i][0], &error));
        g_assert_nonnull(strstr(error->message, cases[i][1]));
    }
}

static void
test_bom_does_no_harm(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) value = parse("\xEF\xBB\xBF{\"uri\":\"x\"} \r\n", &error);

    g_assert_no_error(error);
    g_assert_cmpstr(gca_json_get_string(value, "uri", &error), ==, "x");
}

/* RFC 8785 sections 3.2.2.2 and 3.2.3 */
static void
test_canonical(void)
{
    g_autoptr(json_t) value = parse(
        "{ \"b\" : [3, \"\\u20ac\\/\\\"\\\\\"], \"a\":{\"z\":-1,\"B\":\"\xE8\xA1\x8C\"} }", NULL);
    g_autoptr(GBytes) bytes = gca_json_encode_canonical(value, NULL);
    const char *expected =
        "{\"a\":{\"B\":\"\xE8\xA1\x8C\",\"z\":-1},\"b\":[3,\"\xE2\x82\xAC/\\\"\\\\\"]}";

    g_assert_cmpmem(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), expected,
                    strlen(expected));
}

static void
test_canonical_refuses(void)
{
    static const char *const bad[] = {"{\"a\":1.5}",          "{\"a\":true}",
                                      "{\"a\":null}",         "{\"a\":\"x\\u001by\"}",
                                      "{\"a\":\"\\u007f\"}",  "{\"a\":9007199254740993}",
                                      "{\"\xE8\xA1\x8C\":1}", "[{\"a\":[\"\\n\"]}]"};

    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(json_t) value = parse(bad[i], NULL);
        g_assert_nonnull(value);
        g_assert_null(gca_json_encode_canonical(value, &error));
        g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/json/refuses-what-is-not-strict", test_refuses);
    g_test_add_func("/base/json/message-quotes-nothing", test_message_quotes_nothing);
    g_test_add_func("/base/json/says-what-is-wrong", test_says_what_is_wrong);
    g_test_add_func("/base/json/bom-and-blanks-do-no-harm", test_bom_does_no_harm);
    g_test_add_func("/base/json/canonical-form-is-rfc-8785", test_canonical);
    g_test_add_func("/base/json/canonical-form-refuses-the-ambiguous", test_canonical_refuses);
    return g_test_run();
}
