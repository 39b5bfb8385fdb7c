/* What ACME servers say when they refuse: RFC 7807, RFC 8555 section 6.7, and what is no problem.
 */
#include "acme/problem.h"
#include "base/error.h"

#include <string.h>

#define URN "urn:ietf:params:acme:error:"

static GBytes *
text_bytes(const char *text)
{
    return text != NULL ? g_bytes_new(text, strlen(text)) : NULL;
}

/* data: type, words of the hint */
static void
test_known(gconstpointer data)
{
    const char *const *row = data;
    g_autofree char *text =
        g_strdup_printf("{\"type\":\"" URN "%s\",\"detail\":\"so it is\",\"status\":400}", row[0]);
    g_autoptr(GBytes) body = text_bytes(text);
    g_autoptr(GError) error = NULL;

    gca_problem_set_error(400, "application/problem+json", body, &error);
    g_assert_error(error, GCA_ERROR, GCA_ERROR_SERVER);
    g_assert_nonnull(strstr(error->message, "It says: “so it is”"));
    g_assert_nonnull(strstr(gca_error_get_hint(error), row[1]));
    g_assert_nonnull(strstr(gca_error_get_detail(error), row[0]));
    g_assert_nonnull(strstr(gca_error_get_detail(error), "so it is"));
    g_assert_nonnull(strstr(gca_error_get_detail(error), "HTTP 400"));
    g_assert_true(gca_problem_is(body, row[0]));
}

/* What to do is ours to guess only where the server says nothing. */
static void
test_unauthorized_without_words(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) body = text_bytes("{\"type\":\"" URN "unauthorized\"}");

    gca_problem_set_error(403, "application/problem+json", body, &error);
    g_assert_cmpstr(error->message, ==, "The ACME server does not let this account do that.");
    g_assert_nonnull(strstr(gca_error_get_hint(error), "Pre-register the account first"));
}

static void
test_words_are_made_safe(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) body =
        text_bytes("{\"type\":\"" URN "rateLimited\",\"detail\":\"請於\\u001b[2J三點後再試\"}");

    gca_problem_set_error(429, "application/problem+json", body, &error);
    g_assert_nonnull(strstr(error->message, "請於\\u{1B}[2J三點後再試"));
    g_assert_null(strchr(error->message, '\x1b'));
}

/* RFC 8555 section 6.7.1 */
static void
test_subproblems(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) body = text_bytes(
        "{\"type\":\"" URN "malformed\",\"detail\":\"Some of the identifiers\",\"subproblems\":["
        "{\"type\":\"" URN "malformed\",\"detail\":\"Invalid underscore\"},"
        "{\"type\":\"" URN "rejectedIdentifier\",\"detail\":\"No such name\"},7]}");

    gca_problem_set_error(403, "application/problem+json", body, &error);
    const char *detail = gca_error_get_detail(error);
    const char *first = strstr(detail, "Some of the identifiers");
    const char *second = strstr(detail, "Invalid underscore");
    const char *third = strstr(detail, "rejectedIdentifier");
    g_assert_true(first != NULL && second != NULL && third != NULL);
    g_assert_true(first < second && second < third);
}

static void
test_unknown_type(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) body = text_bytes("{\"type\":\"https://ca.example.gov.tw/p/1\","
                                        "\"detail\":\"closed\\u001b[2J\\u202e today\"}");

    gca_problem_set_error(418, "application/problem+json", body, &error);
    g_assert_error(error, GCA_ERROR, GCA_ERROR_SERVER);
    g_assert_nonnull(strstr(error->message, "418"));
    g_assert_nonnull(strstr(error->message, "closed"));
    g_assert_null(strchr(error->message, '\x1b'));
    g_assert_null(strstr(error->message, "\u202e"));
    g_assert_null(strchr(gca_error_get_detail(error), '\x1b'));
    g_assert_false(gca_problem_is(body, "malformed"));
}

static void
test_long_detail(void)
{
    g_autofree char *much = g_strnfill(100000, 'a');
    g_autofree char *text = g_strdup_printf("{\"type\":\"x\",\"detail\":\"%s\"}", much);
    g_autoptr(GBytes) body = text_bytes(text);
    g_autoptr(GError) error = NULL;

    gca_problem_set_error(400, NULL, body, &error);
    g_assert_cmpuint(strlen(error->message), <, 1000);
}

/* data: content type, body, words, words of the hint */
static void
test_other(gconstpointer data)
{
    const char *const *row = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) body = text_bytes(row[1]);

    gca_problem_set_error(503, row[0], body, &error);
    g_assert_error(error, GCA_ERROR, GCA_ERROR_SERVER);
    g_assert_nonnull(strstr(error->message, "503"));
    g_assert_nonnull(strstr(error->message, row[2]));
    g_assert_nonnull(strstr(gca_error_get_hint(error), "later"));
    if (body != NULL)
        g_assert_false(gca_problem_is(body, "badNonce"));
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *path, *row[2];
    } known[] = {
        {"/problem/account-does-not-exist", {"accountDoesNotExist", "anew"}},
        {"/problem/user-email-required", {"userEmailRequired", "exactly one"}},
        {"/problem/user-action-required", {"userActionRequired", "terms of service"}},
        {"/problem/unauthorized", {"unauthorized", "Ask the CA"}},
        {"/problem/bad-nonce", {"badNonce", "again"}},
        {"/problem/rate-limited", {"rateLimited", "later"}},
        {"/problem/incorrect-response", {"incorrectResponse", "load balancer"}},
    };
    static const struct {
        const char *path, *row[3];
    } others[] = {
        {"/problem/none/web-page", {"text/html", "<html>gone</html>", "web page"}},
        {"/problem/none/web-page-unnamed", {NULL, "<!DOCTYPE html>", "web page"}},
        {"/problem/none/empty", {"application/problem+json", "", "nothing"}},
        {"/problem/none/no-body", {NULL, NULL, "nothing"}},
        {"/problem/none/cut-off", {"application/problem+json", "{\"type\":\"urn:", "ACME"}},
        {"/problem/none/list", {"application/json", "[1]", "ACME"}},
        {"/problem/none/text", {"application/json", "\"badNonce\"", "ACME"}},
        {"/problem/none/type-is-number", {"application/json", "{\"type\":7}", "ACME"}},
        {"/problem/none/binary", {"application/octet-stream", "\xff\xfe", "ACME"}},
    };

    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(known); i++)
        g_test_add_data_func(known[i].path, known[i].row, test_known);
    g_test_add_func("/problem/unauthorized-without-words", test_unauthorized_without_words);
    g_test_add_func("/problem/words-are-made-safe", test_words_are_made_safe);
    g_test_add_func("/problem/subproblems-come-in-order", test_subproblems);
    g_test_add_func("/problem/unknown-type-is-quoted-harmlessly", test_unknown_type);
    g_test_add_func("/problem/long-detail-is-cut", test_long_detail);
    for (guint i = 0; i < G_N_ELEMENTS(others); i++)
        g_test_add_data_func(others[i].path, others[i].row, test_other);
    return g_test_run();
}
