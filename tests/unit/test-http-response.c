#include "http/response-private.h"

/* 2026-11-21T02:30:00Z */
#define NOW 1795228200

static GcaHttpResponse *
response_with(const char *name, const char *value)
{
    GcaHttpResponse *response = gca_http_response_new(503);
    gca_http_response_add_header(response, name, value, NOW);
    return response;
}

static void
test_names_in_any_case(void)
{
    g_autoptr(GcaHttpResponse) response = response_with("REPLAY-nonce", "oFvnlFP1wIhRlYS2jTaXbA");

    g_assert_cmpstr(gca_http_response_get_header(response, "Replay-Nonce"), ==,
                    "oFvnlFP1wIhRlYS2jTaXbA");
    g_assert_null(gca_http_response_get_header(response, "Replay-Nonc"));
    g_assert_null(gca_http_response_get_header(response, "Location"));
}

static void
test_first_of_a_name(void)
{
    g_autoptr(GcaHttpResponse) response = response_with("Content-Type", "text/html");

    gca_http_response_add_header(response, "content-type", "application/json", NOW);
    g_assert_cmpstr(gca_http_response_get_header(response, "content-type"), ==, "text/html");
    g_assert_cmpstr(gca_http_response_get_content_type(response), ==, "text/html");
}

/* RFC 9110 section 8.3.1 */
static void
test_content_type(void)
{
    static const char *const values[] = {
        "application/problem+json",
        "application/problem+json; charset=utf-8",
        "Application/Problem+JSON ;charset=\"utf-8\"",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
        g_autoptr(GcaHttpResponse) response = response_with("Content-Type", values[i]);
        g_assert_cmpstr(gca_http_response_get_content_type(response), ==,
                        "application/problem+json");
    }
    g_autoptr(GcaHttpResponse) none = response_with("Content-Length", "0");
    g_assert_null(gca_http_response_get_content_type(none));
}

static void
assert_retry_after(const char *value, guint seconds)
{
    g_autoptr(GcaHttpResponse) response = response_with("Retry-After", value);
    g_test_message("%s", value);
    g_assert_cmpuint(gca_http_response_get_retry_after(response), ==, seconds);
}

/* RFC 9110 section 10.2.3, with the three forms of a date of section 5.6.7 */
static void
test_retry_after(void)
{
    assert_retry_after("0", 0);
    assert_retry_after("120", 120);
    assert_retry_after("99999999999999999999999", G_MAXUINT);
    assert_retry_after("Sat, 21 Nov 2026 02:31:30 GMT", 90);
    assert_retry_after("Saturday, 21-Nov-26 02:31:30 GMT", 90);
    assert_retry_after("Sat Nov 21 02:31:30 2026", 90);
    assert_retry_after("Sat, 21 Nov 2026 02:29:00 GMT", 0);
}

static void
test_retry_after_that_is_none(void)
{
    assert_retry_after("", 0);
    assert_retry_after("-5", 0);
    assert_retry_after("12s", 0);
    assert_retry_after("soon", 0);
    g_autoptr(GcaHttpResponse) none = gca_http_response_new(200);
    g_assert_cmpuint(gca_http_response_get_retry_after(none), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/http/response/finds-a-header-in-any-case", test_names_in_any_case);
    g_test_add_func("/http/response/gives-the-first-of-a-name", test_first_of_a_name);
    g_test_add_func("/http/response/media-type-without-parameters", test_content_type);
    g_test_add_func("/http/response/retry-after-as-number-or-date", test_retry_after);
    g_test_add_func("/http/response/retry-after-that-is-none", test_retry_after_that_is_none);
    return g_test_run();
}
