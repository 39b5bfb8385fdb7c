#include "config.h"

#include "acme/caa.h"
#include "acme/resolver.h"
#include "base/error.h"

#include <string.h>

#define URI "https://acme.example.gov.tw:443/ACMEWeb/acct/a-_b"
#define ACCOUNT "; accounturi=" URI

typedef struct {
    guint8 flags;
    const char *tag, *value;
} Row;

static GPtrArray *
make_records(const Row *rows)
{
    GPtrArray *records = g_ptr_array_new_with_free_func((GDestroyNotify) gca_caa_record_free);

    for (; rows->tag != NULL; rows++) {
        g_autoptr(GBytes) value = g_bytes_new(rows->value, strlen(rows->value));
        g_ptr_array_add(records, gca_caa_record_new(rows->flags, rows->tag, value));
    }
    return records;
}

static GcaCaaVerdict
judge(const Row *rows, gboolean is_wildcard)
{
    static const char *const issuers[] = {"ca.example", "ca2.example", NULL};
    static const char *const methods[] = {"http-01", NULL};
    const GcaCaaUse use = {issuers, URI, methods, is_wildcard};
    g_autoptr(GPtrArray) records = make_records(rows);

    return gca_caa_judge(records, &use);
}

/* One issue property and what a CA makes of it. */
static void
test_one_property(void)
{
    static const struct {
        const char *value;
        GcaCaaVerdict verdict;
    } rows[] = {
        {"ca.example" ACCOUNT, GCA_CAA_PRESENT},
        {"CA.Example" ACCOUNT, GCA_CAA_PRESENT},
        {"ca2.example" ACCOUNT, GCA_CAA_PRESENT},
        /* RFC 8659 section 4.2: blanks and tabs around all parts */
        {" \tca.example \t; \taccounturi \t= \t" URI " ", GCA_CAA_PRESENT},
        {"ca.example;accounturi=" URI, GCA_CAA_PRESENT},
        {"ca.example" ACCOUNT "; validationmethods=http-01", GCA_CAA_PRESENT},
        {"ca.example; validationmethods=dns-01,http-01" ACCOUNT, GCA_CAA_PRESENT},
        {"ca.example" ACCOUNT "; other=1=2", GCA_CAA_PRESENT},
        {"ca.example", GCA_CAA_UNBOUND},
        {"ca.example;", GCA_CAA_UNBOUND},
        {"ca.example; ", GCA_CAA_UNBOUND},
        {"ca.example; other=", GCA_CAA_UNBOUND},
        {"ca.example; validationmethods=http-01", GCA_CAA_UNBOUND},
        /* nobody, another CA, another account, another method */
        {"", GCA_CAA_OTHER},
        {";", GCA_CAA_OTHER},
        {ACCOUNT, GCA_CAA_OTHER},
        {"%%%%%", GCA_CAA_OTHER},
        {"other.example" ACCOUNT, GCA_CAA_OTHER},
        {"www.ca.example" ACCOUNT, GCA_CAA_OTHER},
        {"ca.example." ACCOUNT, GCA_CAA_OTHER},
        {"ca.example" ACCOUNT "x", GCA_CAA_OTHER},
        {"ca.example; accounturi=", GCA_CAA_OTHER},
        {"ca.example; accounturi=https://acme.example.gov.tw/ACMEWeb/acct/a-_b", GCA_CAA_OTHER},
        {"ca.example; validationmethods=dns-01", GCA_CAA_OTHER},
        {"ca.example; validationmethods=" ACCOUNT, GCA_CAA_OTHER},
        /* RFC 8657 section 3: two accounts are none */
        {"ca.example" ACCOUNT ACCOUNT, GCA_CAA_OTHER},
        {"ca.example" ACCOUNT "; accounturi=https://a.example/1", GCA_CAA_OTHER},
        /* not of the grammar */
        {"ca.example accounturi=" URI, GCA_CAA_OTHER},
        {"ca.example" ACCOUNT ";", GCA_CAA_OTHER},
        {"ca.example;" ACCOUNT, GCA_CAA_OTHER},
        {"ca.example; accounturi", GCA_CAA_OTHER},
        {"ca.example; =" URI, GCA_CAA_OTHER},
        {"ca.example; -a=1" ACCOUNT, GCA_CAA_OTHER},
        {"ca.example; a=1 2" ACCOUNT, GCA_CAA_OTHER},
        {"ca.example; a=\xE4" ACCOUNT, GCA_CAA_OTHER},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        const Row property[] = {{0, "issue", rows[i].value}, {0}};
        g_test_message("%s", rows[i].value);
        g_assert_cmpint(judge(property, FALSE), ==, rows[i].verdict);
    }
}

static void
test_nul_permits_nobody(void)
{
    static const char *const issuers[] = {"ca.example", NULL};
    const GcaCaaUse use = {issuers, URI, NULL, FALSE};
    g_autoptr(GPtrArray) records =
        g_ptr_array_new_with_free_func((GDestroyNotify) gca_caa_record_free);
    g_autoptr(GBytes) value = g_bytes_new("ca.example\0x", 12);

    g_ptr_array_add(records, gca_caa_record_new(0, "issue", value));
    g_assert_cmpint(gca_caa_judge(records, &use), ==, GCA_CAA_OTHER);
    g_autofree char *text = gca_caa_record_to_string(g_ptr_array_index(records, 0));
    g_assert_null(strchr(text, '\n'));
    g_assert_nonnull(strstr(text, "ca.example\\"));
}

/* Which properties count (RFC 8659 sections 4.1 to 4.4). */
static void
test_sets(void)
{
    static const struct {
        Row records[4];
        GcaCaaVerdict plain, wildcard;
    } rows[] = {
        {{{0}}, GCA_CAA_ABSENT, GCA_CAA_ABSENT},
        {{{0, "iodef", "mailto:test@example.com"}}, GCA_CAA_ABSENT, GCA_CAA_ABSENT},
        {{{0, "unknown", "x"}}, GCA_CAA_ABSENT, GCA_CAA_ABSENT},
        {{{128, "unknown", "x"}}, GCA_CAA_OTHER, GCA_CAA_OTHER},
        {{{128, "issue", "ca.example" ACCOUNT}}, GCA_CAA_PRESENT, GCA_CAA_PRESENT},
        {{{0, "issue", "ca.example" ACCOUNT}, {128, "unknown", "x"}}, GCA_CAA_OTHER, GCA_CAA_OTHER},
        {{{1, "unknown", "x"}, {0, "ISSUE", "ca.example" ACCOUNT}},
         GCA_CAA_PRESENT,
         GCA_CAA_PRESENT},
        /* one that fits is enough, and one for any account undoes one for ours */
        {{{0, "issue", ";"}, {0, "issue", "ca.example" ACCOUNT}}, GCA_CAA_PRESENT, GCA_CAA_PRESENT},
        {{{0, "issue", "ca.example"}, {0, "issue", "ca.example" ACCOUNT}},
         GCA_CAA_UNBOUND,
         GCA_CAA_UNBOUND},
        {{{0, "issue", "ca.example" ACCOUNT}, {0, "issue", "ca.example"}, {0, "issue", ";"}},
         GCA_CAA_UNBOUND,
         GCA_CAA_UNBOUND},
        /* issuewild is for wildcards, and goes before issue there */
        {{{0, "issuewild", "ca.example" ACCOUNT}}, GCA_CAA_ABSENT, GCA_CAA_PRESENT},
        {{{0, "issue", ";"}, {0, "issuewild", "ca.example" ACCOUNT}},
         GCA_CAA_OTHER,
         GCA_CAA_PRESENT},
        {{{0, "issue", "ca.example" ACCOUNT}, {0, "issuewild", ";"}},
         GCA_CAA_PRESENT,
         GCA_CAA_OTHER},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("row %" G_GSIZE_FORMAT, i);
        g_assert_cmpint(judge(rows[i].records, FALSE), ==, rows[i].plain);
        g_assert_cmpint(judge(rows[i].records, TRUE), ==, rows[i].wildcard);
    }
}

static void
test_lines(void)
{
    static const struct {
        const char *domain, *line;
    } rows[] = {
        {"www.example.gov.tw",
         "www.example.gov.tw. CAA 0 issue \"ca.example; accounturi=" URI "\""},
        {"*.example.gov.tw", "example.gov.tw. CAA 0 issuewild \"ca.example; accounturi=" URI "\""},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *line = gca_caa_format(rows[i].domain, "ca.example", URI, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(line, ==, rows[i].line);
    }
}

/* What is printed must be what a CA takes. */
static void
test_line_is_present(void)
{
    g_autofree char *line = gca_caa_format("www.example.gov.tw", "ca.example", URI, NULL);
    g_auto(GStrv) parts = g_strsplit(line, "\"", -1);
    const Row rows[] = {{0, "issue", parts[1]}, {0}};

    g_assert_cmpint(judge(rows, FALSE), ==, GCA_CAA_PRESENT);
}

static void
test_what_no_record_can_hold(void)
{
    static const char *const issuers[] = {"",    ".",  "ca.example.", "ca..example", "-ca.example",
                                          "ca-", "例", "a b",         "ca;x",        "a\"b",
                                          "a_b"};
    static const char *const uris[] = {"https://a.example/acct;1", "https://a.example/\"",
                                       "https://a.example/\\", "https://a.example/ 1",
                                       "http://a.example/1"};

    for (gsize i = 0; i < G_N_ELEMENTS(issuers); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(gca_caa_format("www.example.gov.tw", issuers[i], URI, &error));
        g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(uris); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(gca_caa_format("www.example.gov.tw", "ca.example", uris[i], &error));
        g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
    }
}

static void
test_server_addresses(void)
{
    static const char *const good[] = {"127.0.0.1", "127.0.0.1:5353", "[::1]:5353", "[::1]", "::1"};
    static const char *const bad[] = {
        "",      "dns.example",  "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:x",
        "127.1", "127.0.0.1/24", "a@127.0.0.1", "127.0.0.1?x",     "127.0.0.1 "};

    for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GcaResolver) resolver = gca_resolver_new(good[i], &error);
        g_assert_no_error(error);
        g_assert_nonnull(resolver);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_test_message("“%s”", bad[i]);
        g_assert_null(gca_resolver_new(bad[i], &error));
        g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
    }
}

static void
test_cancelled_before_it_begins(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaCancel) cancel = gca_cancel_new();
    g_autoptr(GcaResolver) resolver = gca_resolver_new("127.0.0.1:9", &error);
    g_autofree char *found_at = NULL;

    gca_cancel_request(cancel);
    g_assert_null(
        gca_resolver_fetch_caa(resolver, "www.example.gov.tw", &found_at, cancel, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_CANCELLED);
    g_assert_true(gca_resolver_is_answering(resolver));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/acme/caa/one-property", test_one_property);
    g_test_add_func("/acme/caa/nul-permits-nobody", test_nul_permits_nobody);
    g_test_add_func("/acme/caa/which-properties-count", test_sets);
    g_test_add_func("/acme/caa/line-for-the-zone-file", test_lines);
    g_test_add_func("/acme/caa/line-is-what-a-ca-takes", test_line_is_present);
    g_test_add_func("/acme/caa/refuses-what-no-record-can-hold", test_what_no_record_can_hold);
    g_test_add_func("/acme/resolver/addresses-of-servers", test_server_addresses);
    g_test_add_func("/acme/resolver/cancelled-before-it-begins", test_cancelled_before_it_begins);
    return g_test_run();
}
