#include "base/text.h"

static void
test_escape(void)
{
    static const struct {
        const char *raw, *shown;
    } cases[] = {
        {"行政院 測試", "行政院 測試"},
        {"a\nb", "a\\u{A}b"},
        {"\033[31mred", "\\u{1B}[31mred"},
        {"abc\xE2\x80\xAE"
         "fed",
         "abc\\u{202E}fed"},                                  /* RIGHT-TO-LEFT OVERRIDE */
        {"\xE2\x81\xA6x\xE2\x81\xA9", "\\u{2066}x\\u{2069}"}, /* isolates */
        {"zero\xE2\x80\x8Bwidth", "zero\\u{200B}width"},
        {"\xA4\xA4\xA4\xE5", "\\xA4\\xA4\\xA4\\xE5"}, /* Big5 bytes */
        {"\x7F", "\\u{7F}"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *shown = gca_text_escape(cases[i].raw);
        g_assert_cmpstr(shown, ==, cases[i].shown);
        g_assert_true(gca_text_is_plain(shown));
        g_assert_cmpint(gca_text_is_plain(cases[i].raw), ==, g_str_equal(shown, cases[i].raw));
    }
    g_autofree char *with_nul = gca_text_escape_bytes("a\0b", 3);
    g_assert_cmpstr(with_nul, ==, "a\\x00b");
}

static void
test_group_hex(void)
{
    g_autofree char *groups = gca_text_group_hex("0123456789abcdef01");
    g_assert_cmpstr(groups, ==, "0123 4567 89ab cdef 01");
}

/* RFC 3339 section 5.6, whole seconds and Z only */
static void
test_time(void)
{
    static const char *const bad[] = {"2026-11-21T02:30:00",
                                      "2026-11-21T02:30:00+08:00",
                                      "2026-11-21 02:30:00Z",
                                      "2026-11-21T02:30:00.5Z",
                                      "2026-02-30T00:00:00Z",
                                      "",
                                      "x"};
    g_autoptr(GDateTime) when = gca_text_parse_time("2026-11-21T02:30:00Z");
    g_assert_nonnull(when);
    g_assert_cmpint(g_date_time_to_unix(when), ==, 1795228200);
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_null(gca_text_parse_time(bad[i]));
}

/* RFC 5280 section 4.1.2.5: no well-defined end */
static void
test_day_without_end(void)
{
    g_autoptr(GDateTime) end = g_date_time_new_utc(9999, 12, 31, 23, 59, 59);

    g_setenv("TZ", "Asia/Taipei", TRUE);
    g_autofree char *day = gca_text_day(end);
    g_assert_cmpstr(day, ==, "9999-12-31");
}

static void
test_lists_and_sentences(void)
{
    static const char *const items[] = {"a", "b", "c", NULL};
    g_autofree char *list = gca_text_list(items);
    g_autofree char *none = gca_text_list(items + 3);
    g_autoptr(GString) quoted = g_string_new(NULL), text = g_string_new(NULL);

    g_assert_cmpstr(list, ==, "a, b, c");
    g_assert_cmpstr(none, ==, "");
    gca_text_add_quoted(quoted, "a");
    gca_text_add_quoted(quoted, "b");
    g_assert_cmpstr(quoted->str, ==, "“a”, “b”");
    gca_text_add_sentence(text, "One.");
    gca_text_add_sentence(text, NULL);
    gca_text_add_sentence(text, "100 %s.");
    g_assert_cmpstr(text->str, ==, "One. 100 %s.");
}

/* RFC 4648 section 10's vectors, without padding */
static void
test_base64url(void)
{
    static const struct {
        const char *bytes, *text;
    } cases[] = {
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xFB\xFF", "-_8"}};
    static const char *const bad[] = {"Zg==", "Zh", "Z", "Zm 8", "+/8", "Zm8\n"};

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = gca_text_base64url(cases[i].bytes, strlen(cases[i].bytes));
        g_autoptr(GBytes) bytes = gca_text_parse_base64url(cases[i].text);
        g_assert_cmpstr(text, ==, cases[i].text);
        g_assert_nonnull(bytes);
        g_assert_cmpmem(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), cases[i].bytes,
                        strlen(cases[i].bytes));
    }
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_null(gca_text_parse_base64url(bad[i]));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/text/escapes-what-could-deceive", test_escape);
    g_test_add_func("/base/text/groups-of-four", test_group_hex);
    g_test_add_func("/base/text/time-is-rfc-3339-utc", test_time);
    g_test_add_func("/base/text/day-without-end", test_day_without_end);
    g_test_add_func("/base/text/lists-and-sentences", test_lists_and_sentences);
    g_test_add_func("/base/text/base64url-is-strict", test_base64url);
    return g_test_run();
}
