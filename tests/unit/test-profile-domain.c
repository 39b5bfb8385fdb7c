/* Host names as people type them. */
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "profile/domain.h"
#include "test-home.h"

#include <glib/gstdio.h>
#include <string.h>

#define LABEL_63 "a23456789-123456789-123456789-123456789-123456789-123456789-123"

static GcaProfile *
load_gtlsca(void)
{
    g_autoptr(GError) error = NULL;
    GcaProfile *profile = gca_profile_load("gtlsca", &error);
    g_assert_no_error(error);
    return profile;
}

/* As gtlsca, with wildcards and a limit of our own. */
static GcaProfile *
load_changed(const char *names, const char *limit)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = gca_place_user("profiles/changed.profile");
    g_autofree char *text = g_strdup_printf(
        "[profile]\nTitle=Changed\n[subject]\nCountry=TW\nOrganizationSeparator=-\n"
        "OrganizationParts=O\nLocalParts=O\n[card]\nRenewalPlace=a\nUnblockPlace=b\n"
        "[names]\nWildcard=%s\n[preregistration]\nMaxCharacters=%s\n",
        names, limit);

    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    GcaProfile *profile = gca_profile_load("changed", &error);
    g_unlink(path);
    g_assert_no_error(error);
    return profile;
}

static void
assert_parses(const GcaProfile *profile, const char *typed, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *domain = gca_domain_parse(typed, profile, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(domain, ==, expected);
}

static void
assert_refused(const GcaProfile *profile, const char *typed, const char *reason)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *domain = gca_domain_parse(typed, profile, &error);

    g_assert_null(domain);
    g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
    g_test_message("%s", error->message);
    g_assert_nonnull(strstr(error->message, reason));
    g_assert_true(gca_text_is_plain(error->message));
    g_assert_cmpuint(strlen(error->message), <, 500);
}

static void
test_gives_a_labels(void)
{
    /* A-labels from elsewhere: 例子 is IANA's test name; 台灣 is in the root zone. */
    static const struct {
        const char *typed, *expected;
    } rows[] = {
        {"www.gov.example.tw", "www.gov.example.tw"},
        {"WWW.Moda.GOV.TW", "www.moda.gov.tw"},
        {"a.tw", "a.tw"},
        {"1.2.3.tw", "1.2.3.tw"},
        {"163.com", "163.com"},
        {"www.ck", "www.ck"}, /* an exception (!www.ck) in the Public Suffix List */
        {"例子.台灣", "xn--fsqu00a.xn--kpry57d"},
        {"xn--fsqu00a.xn--kpry57d", "xn--fsqu00a.xn--kpry57d"},
        {"XN--FSQU00A.台灣", "xn--fsqu00a.xn--kpry57d"},
        {"例子。台灣", "xn--fsqu00a.xn--kpry57d"}, /* UTS 46 section 2.3: U+3002 */
        {"例子．台灣", "xn--fsqu00a.xn--kpry57d"}, /* U+FF0E */
        {"例子｡台灣", "xn--fsqu00a.xn--kpry57d"},  /* U+FF61 */
        {"ＷＷＷ．ｇｏｖ．ｅｘａｍｐｌｅ．ｔｗ", "www.gov.example.tw"},
        {"www.例子.台灣", "www.xn--fsqu00a.xn--kpry57d"},
        {"例子.政府.tw", "xn--fsqu00a.xn--mxtq1m.tw"},
        {"bücher.tw", "xn--bcher-kva.tw"},
        {"bu\xCC\x88"
         "cher.tw",
         "xn--bcher-kva.tw"},        /* NFC, RFC 5891 section 5.2 */
        {"faß.tw", "xn--fa-hia.tw"}, /* nontransitional, UTS 46 section 4 */
        {LABEL_63 ".gov.tw", LABEL_63 ".gov.tw"},
    };
    g_autoptr(GcaProfile) profile = load_gtlsca();

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        assert_parses(profile, rows[i].typed, rows[i].expected);
}

static void
test_says_what_is_wrong(void)
{
    static const struct {
        const char *typed, *reason;
    } rows[] = {
        {"", "empty"},
        {" ", "blank"},
        {"www.gov .tw", "blank"},
        {" www.moda.gov.tw", "blank"},
        {"www\xE3\x80\x80.gov.tw", "blank"}, /* U+3000 */
        {"www.moda.gov.tw.", "ends with a dot"},
        {"例子.政府.tw。", "ends with a dot"},
        {".", "ends with a dot"},
        {".moda.gov.tw", "nothing between"},
        {"www..gov.tw", "nothing between"},
        {"例子..tw", "nothing between"},
        {"a" LABEL_63 ".gov.tw", "63"},
        {"a_b.gov.tw", "“_”"},
        {"_acme-challenge.moda.gov.tw", "“_”"},
        {"ａ＿ｂ.gov.tw", "“_”"},
        {"https://www.moda.gov.tw/", "web address"},
        {"http://例子.政府.tw", "web address"},
        {"https：／／www.moda.gov.tw", "web address"},
        {"www.moda.gov.tw:443", "port"},
        {"www.moda.gov.tw：443", "port"},
        {"www.moda.gov.tw/index", "path"},
        {"www.moda.gov.tw\\x", "path"},
        {"www.moda.gov.tw?x", "path"},
        {"clerk@moda.gov.tw", "e-mail"},
        {"承辦人＠例子.政府.tw", "e-mail"},
        {"192.0.2.1", "IP address"},
        {"１９２.０.２.１", "IP address"},
        {"[192.0.2.1]", "IP address"},
        {"2001:db8::1", "IP address"},
        {"[2001:db8::1]", "IP address"},
        {"[2001:db8::1]:443", "IP address"},
        {"www.moda.123", "number"},
        {"192.0.2.256", "number"},
        {"127.1", "number"},
        {"www", "no dot"},
        {"localhost", "no dot"},
        {"host.local", "no top-level domain"},
        {"www.agency.internal", "no top-level domain"},
        {"測試.test", "no top-level domain"},
        {"www.example", "no top-level domain"},
        {"example.com", "reserved for examples"},
        {"www.example.org", "reserved for examples"},
        {"printer.home.arpa", "reserved for examples"},
        {"agency.onion", "reserved for examples"},
        {"tw", "no dot"},
        {"台灣", "no dot"},
        {"gov.tw", "suffix"},
        {"GOV.TW", "suffix"},
        {"com.tw", "suffix"},
        {"co.uk", "suffix"},
        {"商業.tw", "suffix"},
        {"政府.tw", "suffix"}, /* not in the Public Suffix List */
        {"xn--mxtq1m.tw", "suffix"},
        {"*.moda.gov.tw", "wildcard"},
        {"*.gov.tw", "wildcard"},
        {"www.*.gov.tw", "“*”"},
        {"w*.moda.gov.tw", "“*”"},
        {"*", "“*”"},
        {"-a.gov.tw", "begins or ends with a hyphen"},
        {"a-.gov.tw", "begins or ends with a hyphen"},
        {"例子-.gov.tw", "begins or ends with a hyphen"},
        {"ab--c.gov.tw", "third and fourth"},
        {"xn--.gov.tw", "xn--"},
        {"xn--a.gov.tw", "xn--"},               /* decodes to U+0080 */
        {"xn--zzzzzzzzzz99999.gov.tw", "xn--"}, /* overflows */
        {"xn--n3h.gov.tw", "xn--"},             /* a snowman, DISALLOWED by RFC 5892 */
        {"Xn--N3H.gov.tw", "xn--"},
        {"😀.gov.tw", "character"},
        {"☃.gov.tw", "character"},
        {"a!b.gov.tw", "character"},
        {"a!例.gov.tw", "character"},
        {"℀.gov.tw", "path"}, /* a/c */
        {"a,b.gov.tw", "character"},
        {"a;b.gov.tw", "character"},
        {"a'b.gov.tw", "character"},
        {"\xCC\x88"
         "a.gov.tw",
         "character"}, /* RFC 5891 section 4.2.3.2 */
        {"\xD7\x90"
         "a.gov.tw",
         "directions"}, /* RFC 5893 section 2 */
        {"a\033[31m.gov.tw", "\\u{1B}"},
        {"a\n.gov.tw", "\\u{A}"},
        {"\xE2\x80\xAEwt.vog", "\\u{202E}"},
        {"a\xE2\x80\x8B.gov.tw", "\\u{200B}"},
        {"a\xC2\xAD.gov.tw", "\\u{AD}"},
        {"a\xFF.gov.tw", "\\xFF"},
        {"\xA8\xD2\xA4l.gov.tw", "UTF-8"}, /* Big5 */
    };
    g_autoptr(GcaProfile) profile = load_gtlsca();

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        assert_refused(profile, rows[i].typed, rows[i].reason);
}

/* RFC 1035 section 2.3.4: 255 octets on the wire are 253 characters. */
static void
test_knows_the_longest_name(void)
{
    const char *longest = LABEL_63 "." LABEL_63 "." LABEL_63 "." LABEL_63;
    g_autoptr(GcaProfile) profile = load_gtlsca();
    g_autofree char *fits = g_strconcat(longest + 5, ".tw", NULL);
    g_autofree char *over = g_strconcat(longest + 4, ".tw", NULL);
    g_autofree char *flood = g_strnfill(1000000, 'a');

    g_assert_cmpuint(strlen(fits), ==, 253);
    assert_parses(profile, fits, fits);
    assert_refused(profile, over, "253");
    assert_refused(profile, flood, "253");
}

static void
test_allows_wildcard_where_the_profile_does(void)
{
    g_autoptr(GcaProfile) profile = load_changed("true", "0");

    assert_parses(profile, "*.moda.gov.tw", "*.moda.gov.tw");
    assert_parses(profile, "*.例子.政府.tw", "*.xn--fsqu00a.xn--mxtq1m.tw");
    assert_refused(profile, "*.gov.tw", "suffix");
    assert_refused(profile, "*.政府.tw", "suffix");
    assert_refused(profile, "*.*.gov.tw", "“*”");
    assert_refused(profile, "*.", "ends with a dot");
}

static void
test_shows_unicode_beside(void)
{
    static const struct {
        const char *domain, *shown;
    } rows[] = {
        {"xn--fsqu00a.xn--mxtq1m.tw", "例子.政府.tw"},
        {"*.xn--fsqu00a.tw", "*.例子.tw"},
        {"www.moda.gov.tw", "www.moda.gov.tw"},
        {"xn--a.tw", "xn--a.tw"},
        {"xn--zzzzzzzzzz99999.tw", "xn--zzzzzzzzzz99999.tw"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *shown = gca_domain_to_unicode(rows[i].domain);
        g_assert_cmpstr(shown, ==, rows[i].shown);
    }
}

static void
test_list_keeps_order_without_duplicates(void)
{
    static const char *const typed[] = {"b.gov.tw, 例子.政府.tw", "A.gov.tw,B.GOV.TW",
                                        "xn--fsqu00a.政府.tw", NULL};
    static const char *const expected[] = {"b.gov.tw", "xn--fsqu00a.xn--mxtq1m.tw", "a.gov.tw",
                                           NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaProfile) profile = load_gtlsca();
    g_auto(GStrv) domains = gca_domains_parse(typed, profile, &error);

    g_assert_no_error(error);
    g_assert_cmpstrv(domains, expected);
    g_assert_cmpuint(gca_domains_count_characters(expected), ==, 8 + 25 + 8);
}

static void
assert_list_refused(const GcaProfile *profile, const char *typed, const char *reason)
{
    g_autoptr(GError) error = NULL;
    const char *const list[] = {typed, NULL};

    g_assert_null(gca_domains_parse(list, profile, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
    g_test_message("%s", error->message);
    g_assert_nonnull(strstr(error->message, reason));
}

static void
test_list_refuses_gaps(void)
{
    g_autoptr(GcaProfile) profile = load_gtlsca();

    assert_list_refused(profile, NULL, "No domain name");
    assert_list_refused(profile, "", "empty");
    assert_list_refused(profile, "a.gov.tw,", "empty");
    assert_list_refused(profile, "a.gov.tw,,b.gov.tw", "empty");
    assert_list_refused(profile, "a.gov.tw b.gov.tw", "blank");
    assert_list_refused(profile, "a.gov.tw，b.gov.tw", "character");
}

/* The pre-registration page of GTLSCA takes 900 characters of names. */
static void
test_list_counts_characters(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaProfile) profile = load_gtlsca();
    g_autoptr(GString) typed = g_string_new(NULL);
    for (guint i = 0; i < 60; i++)
        g_string_append_printf(typed, "%shost-%02u.gov.tw", i ? "," : "", i); /* 14 each */
    g_autofree char *fits = g_strconcat(typed->str, ",", &LABEL_63[10], ".gov.tw", NULL);
    g_autofree char *over = g_strconcat(typed->str, ",a", &LABEL_63[10], ".gov.tw", NULL);
    const char *const list[] = {fits, NULL};

    g_auto(GStrv) domains = gca_domains_parse(list, profile, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(gca_domains_count_characters((const char *const *) domains), ==, 900);
    assert_list_refused(profile, over, "901");
    assert_list_refused(profile, over, "900");

    g_autoptr(GcaProfile) unlimited = load_changed("false", "0");
    const char *const more[] = {over, NULL};
    g_auto(GStrv) all = gca_domains_parse(more, unlimited, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(g_strv_length(all), ==, 61);
}

static void
test_text_is_split(void)
{
    static const char *const expected[] = {"a.gov.tw", "b.gov.tw", "例子。政府。tw", NULL};
    static const char *const texts[] = {
        "a.gov.tw,b.gov.tw,例子。政府。tw",
        " a.gov.tw, b.gov.tw; 例子。政府。tw ",
        "a.gov.tw，b.gov.tw；例子。政府。tw",
        "a.gov.tw、b.gov.tw　例子。政府。tw",
        "\r\na.gov.tw\r\n\r\n\tb.gov.tw\n例子。政府。tw",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_auto(GStrv) names = gca_domains_split(texts[i]);
        g_assert_cmpstrv(names, expected);
    }
    g_auto(GStrv) none = gca_domains_split(" ,\n");
    g_auto(GStrv) nothing = gca_domains_split(NULL);
    g_assert_cmpuint(g_strv_length(none) + g_strv_length(nothing), ==, 0);
}

static void
test_list_is_shown(void)
{
    static const char *const domains[] = {"a.gov.tw", "xn--fsqu00a.xn--mxtq1m.tw", NULL};
    g_autofree char *shown = gca_domains_to_string(domains);
    g_autofree char *limited = gca_domains_describe_count(domains, 850);
    g_autofree char *unlimited = gca_domains_describe_count(domains, 0);

    g_assert_cmpstr(shown, ==, "a.gov.tw\nxn--fsqu00a.xn--mxtq1m.tw (例子.政府.tw)");
    g_assert_cmpstr(limited, ==, "33 of 850 allowed");
    g_assert_cmpstr(unlimited, ==, "33");
}

static void
test_file_is_split(void)
{
    static const char text[] = "\xEF\xBB\xBF# our hosts\r\na.gov.tw\r\n\r\n"
                               "b.gov.tw, c.gov.tw\td.gov.tw # old\r\n   \r\n例子.政府.tw";
    static const char *const expected[] = {"a.gov.tw", "b.gov.tw",     "c.gov.tw",
                                           "d.gov.tw", "例子.政府.tw", NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) content = g_bytes_new_static(text, strlen(text));
    g_autoptr(GBytes) nothing = g_bytes_new_static("", 0);

    g_auto(GStrv) names = gca_domains_split_file(content, "hosts.txt", &error);
    g_assert_no_error(error);
    g_assert_cmpstrv(names, expected);
    g_auto(GStrv) none = gca_domains_split_file(nothing, "hosts.txt", &error);
    g_assert_no_error(error);
    g_assert_null(none[0]);
}

static void
test_file_must_be_utf8(void)
{
    static const struct {
        const char *data;
        gsize size;
        const char *line;
    } rows[] = {
        {"a.gov.tw\n\xA8\xD2\xA4l.gov.tw\n", 18, "line 2"}, /* Big5 */
        {"\xFF\xFE"
         "a\0.\0t\0w\0",
         10, "line 1"}, /* UTF-16 */
        {"a.gov.tw\n\nb\0.gov.tw\n", 19, "line 3"},
        {"\xEF\xBB\xBF\xEF", 4, "line 1"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) content = g_bytes_new(rows[i].data, rows[i].size);
        g_assert_null(gca_domains_split_file(content, "hosts.txt", &error));
        g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
        g_assert_nonnull(strstr(error->message, "hosts.txt"));
        g_assert_nonnull(strstr(error->message, rows[i].line));
    }
}

int
main(int argc, char **argv)
{
    char *home = test_home_enter();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/profile/domain/gives-a-labels", test_gives_a_labels);
    g_test_add_func("/profile/domain/says-what-is-wrong", test_says_what_is_wrong);
    g_test_add_func("/profile/domain/knows-the-longest-name", test_knows_the_longest_name);
    g_test_add_func("/profile/domain/allows-wildcard-where-the-profile-does",
                    test_allows_wildcard_where_the_profile_does);
    g_test_add_func("/profile/domain/shows-unicode-beside", test_shows_unicode_beside);
    g_test_add_func("/profile/domain/list-keeps-order-without-duplicates",
                    test_list_keeps_order_without_duplicates);
    g_test_add_func("/profile/domain/list-refuses-gaps", test_list_refuses_gaps);
    g_test_add_func("/profile/domain/list-counts-characters", test_list_counts_characters);
    g_test_add_func("/profile/domain/text-is-split", test_text_is_split);
    g_test_add_func("/profile/domain/list-is-shown", test_list_is_shown);
    g_test_add_func("/profile/domain/file-is-split", test_file_is_split);
    g_test_add_func("/profile/domain/file-must-be-utf8", test_file_must_be_utf8);
    int status = g_test_run();
    test_home_leave(home, NULL);
    return status;
}
