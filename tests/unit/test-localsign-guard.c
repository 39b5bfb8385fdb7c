/* Who may ask what, and the tokens of our own pages. */
#include "localsign/guard.h"
#include "localsign/token.h"

#define PORT 61161
#define HOST "localhost:61161"
#define SITE "https://www.example.gov.tw"
#define NOW (100 * G_TIME_SPAN_HOUR)

static void
test_hosts(void)
{
    static const char *const ours[] = {HOST, "LocalHost:61161", "127.0.0.1:61161", "[::1]:61161"};
    static const char *const others[] = {
        "",
        "localhost",
        "127.0.0.1",
        "localhost:80",
        "localhost:061161",
        "localhost:61161.",
        "localhost.:61161",
        " localhost:61161",
        "localhost:61161 ",
        "localhost:61161,localhost:61161",
        "::1:61161",
        "127.0.0.2:61161",
        "evil.example:61161",
        "localhost.evil.example:61161",
        "evil.example@localhost:61161",
    };

    for (guint i = 0; i < G_N_ELEMENTS(ours); i++)
        g_assert_true(gca_guard_is_host(ours[i], PORT));
    for (guint i = 0; i < G_N_ELEMENTS(others); i++)
        g_assert_false(gca_guard_is_host(others[i], PORT));
    g_assert_false(gca_guard_is_host(NULL, PORT));
    g_assert_false(gca_guard_is_host("localhost:16888", PORT));
}

static void
assert_class(const char *origin, GcaGuardOrigin expected, const char *expected_site)
{
    g_autofree char *site = NULL;

    g_assert_cmpint(gca_guard_classify(origin, HOST, &site), ==, expected);
    g_assert_cmpstr(site, ==, expected_site);
}

static void
test_origins(void)
{
    assert_class(NULL, GCA_GUARD_NOBODY, NULL);
    assert_class("http://localhost:61161", GCA_GUARD_OURSELVES, NULL);
    assert_class(SITE, GCA_GUARD_SITE, SITE);
    assert_class("https://www.example.gov.tw:8443", GCA_GUARD_SITE,
                 "https://www.example.gov.tw:8443");
    assert_class("http://localhost:8080", GCA_GUARD_SITE, "http://localhost:8080");
}

/* The same address by another name is another origin to the browser, so it is to us. */
static void
test_strangers(void)
{
    static const char *const origins[] = {
        "",
        "null",
        "www.example.gov.tw",
        "http://www.example.gov.tw",
        "http://localhost:61161.evil.example",
        "https://www.example.gov.tw/",
        "https://WWW.example.gov.tw",
        "https://www.example.gov.tw:443",
        "https://www.example.gov.tw https://other.example.gov.tw",
        "chrome-extension://abcdefgh",
        "file://",
    };

    for (guint i = 0; i < G_N_ELEMENTS(origins); i++)
        assert_class(origins[i], GCA_GUARD_STRANGER, NULL);
    assert_class("http://127.0.0.1:61161", GCA_GUARD_SITE, "http://127.0.0.1:61161");
}

static void
test_page_loads(void)
{
    g_assert_true(gca_guard_is_page_load(NULL));
    g_assert_true(gca_guard_is_page_load("document"));
    g_assert_false(gca_guard_is_page_load("iframe"));
    g_assert_false(gca_guard_is_page_load("image"));
    g_assert_false(gca_guard_is_page_load("empty"));
}

static void
test_readers(void)
{
    g_assert_cmpstr(gca_guard_get_reader(GCA_GUARD_SITE, SITE, FALSE), ==, SITE);
    g_assert_cmpstr(gca_guard_get_reader(GCA_GUARD_SITE, "http://localhost", TRUE), ==,
                    "http://localhost");
    g_assert_null(gca_guard_get_reader(GCA_GUARD_SITE, "http://localhost", FALSE));
    g_assert_null(gca_guard_get_reader(GCA_GUARD_STRANGER, NULL, FALSE));
    g_assert_null(gca_guard_get_reader(GCA_GUARD_NOBODY, NULL, TRUE));
    g_assert_null(gca_guard_get_reader(GCA_GUARD_OURSELVES, NULL, TRUE));
}

/* ---- tokens ---- */

static void
test_token_once(void)
{
    g_autoptr(GcaTokens) tokens = gca_tokens_new();
    g_autofree char *token = gca_tokens_issue(tokens, "popup", NOW);
    g_autofree char *again = gca_tokens_issue(tokens, "popup", NOW);

    g_assert_cmpstr(token, !=, again);
    g_assert_true(gca_tokens_use(tokens, token, "popup", NOW + 1));
    g_assert_false(gca_tokens_use(tokens, token, "popup", NOW + 2));
    g_assert_true(gca_tokens_use(tokens, again, "popup", NOW + 2));
}

static void
test_token_bound(void)
{
    g_autoptr(GcaTokens) tokens = gca_tokens_new();
    g_autoptr(GcaTokens) others = gca_tokens_new();
    g_autofree char *token = gca_tokens_issue(tokens, "popup", NOW);
    g_autofree char *cut = g_strndup(token, 20);
    g_autofree char *longer = g_strconcat(token, "0", NULL);

    g_assert_false(gca_tokens_use(tokens, token, "selftest", NOW));
    g_assert_false(gca_tokens_use(others, token, "popup", NOW));
    g_assert_false(gca_tokens_use(tokens, cut, "popup", NOW));
    g_assert_false(gca_tokens_use(tokens, longer, "popup", NOW));
    g_assert_false(gca_tokens_use(tokens, NULL, "popup", NOW));
    g_assert_false(gca_tokens_use(tokens, "", "popup", NOW));
    g_assert_false(gca_tokens_use(tokens, "--", "popup", NOW));
    g_assert_false(gca_tokens_use(tokens, token, "popup", NOW + GCA_TOKEN_LIFE + 1));
    g_assert_true(gca_tokens_use(tokens, token, "popup", NOW + GCA_TOKEN_LIFE));
}

/* Each character counts. */
static void
test_token_changed(void)
{
    g_autoptr(GcaTokens) tokens = gca_tokens_new();
    g_autofree char *token = gca_tokens_issue(tokens, "popup", NOW);

    for (char *at = token; *at != '\0'; at++) {
        char before = *at;
        *at = before == '1' ? '2' : '1';
        g_assert_false(gca_tokens_use(tokens, token, "popup", NOW));
        *at = before;
    }
    g_assert_true(gca_tokens_use(tokens, token, "popup", NOW));
}

/* Ten thousand pages that somebody opens do not make the good one's token void. */
static void
test_token_flood(void)
{
    g_autoptr(GcaTokens) tokens = gca_tokens_new();
    g_autofree char *token = gca_tokens_issue(tokens, "popup", NOW);

    for (guint i = 0; i < 10000; i++) {
        g_autofree char *other = gca_tokens_issue(tokens, "popup", NOW);
        g_assert_nonnull(other);
    }
    g_assert_true(gca_tokens_use(tokens, token, "popup", NOW));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/localsign/guard/hosts", test_hosts);
    g_test_add_func("/localsign/guard/origins", test_origins);
    g_test_add_func("/localsign/guard/strangers", test_strangers);
    g_test_add_func("/localsign/guard/page-loads", test_page_loads);
    g_test_add_func("/localsign/guard/readers", test_readers);
    g_test_add_func("/localsign/token/once", test_token_once);
    g_test_add_func("/localsign/token/bound-to-page-and-time", test_token_bound);
    g_test_add_func("/localsign/token/changed", test_token_changed);
    g_test_add_func("/localsign/token/survives-a-flood", test_token_flood);
    return g_test_run();
}
