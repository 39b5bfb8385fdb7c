/* What a client refuses before it connects, and how it waits for a name. */
#include "base/error.h"
#include "http/client-private.h"

#include <glib/gstdio.h>
#include <netdb.h>
#include <string.h>

static gint asked, answered;
static guint hang_s = 3;

/* In libc's place: a DNS that does not answer, and then knows nothing. */
int
getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
            struct addrinfo **result)
{
    g_atomic_int_inc(&asked);
    g_usleep(hang_s * G_USEC_PER_SEC);
    g_atomic_int_inc(&answered);
    return EAI_AGAIN;
}

/* A thread that still asks would be taken for a leak. */
static void
wait_for_threads(void)
{
    while (g_atomic_int_get(&answered) < g_atomic_int_get(&asked))
        g_usleep(10000);
    g_usleep(100000);
}

static GcaHttpClient *
make_client(void)
{
    g_autoptr(GError) error = NULL;
    GcaHttpClient *client = gca_http_client_new(NULL, &error);
    g_assert_no_error(error);
    return client;
}

static void
assert_refused(const GcaHttpRequest *request, GcaCancel *cancel, GcaErrorCode code)
{
    g_autoptr(GcaHttpClient) client = make_client();
    g_autoptr(GError) error = NULL;

    g_assert_null(gca_http_client_send(client, request, cancel, &error));
    g_assert_error(error, GCA_ERROR, (int) code);
}

static void
test_only_https(void)
{
    static const char *const urls[] = {"http://ca.example.gov.tw/",
                                       "ftp://ca.example.gov.tw/",
                                       "file:///etc/passwd",
                                       "ca.example.gov.tw",
                                       "https://",
                                       "",
                                       "https://ca.example gov.tw/"};

    for (gsize i = 0; i < G_N_ELEMENTS(urls); i++) {
        g_test_message("%s", urls[i]);
        assert_refused(&(GcaHttpRequest){"GET", urls[i]}, NULL, GCA_ERROR_USAGE);
    }
    g_assert_cmpint(asked, ==, 0);
}

static void
test_no_password_in_url(void)
{
    g_autoptr(GcaHttpClient) client = make_client();
    g_autoptr(GError) error = NULL;
    const GcaHttpRequest request = {"GET", "https://clerk:s3cret@ca.example.gov.tw/"};

    g_assert_null(gca_http_client_send(client, &request, NULL, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
    g_assert_null(strstr(error->message, "s3cret"));
}

static void
test_header_is_one_line(void)
{
    static const char *const split[] = {"Accept: */*", "X-Test: a\r\nHost: b", NULL};
    static const char *const nameless[] = {"Accept", NULL};

    assert_refused(&(GcaHttpRequest){"GET", "https://ca.example.gov.tw/", .headers = split}, NULL,
                   GCA_ERROR_INTERNAL);
    assert_refused(&(GcaHttpRequest){"GET", "https://ca.example.gov.tw/", .headers = nameless},
                   NULL, GCA_ERROR_INTERNAL);
    g_assert_cmpint(asked, ==, 0);
}

static void
assert_no_client(const char *extra_ca, GcaErrorCode code)
{
    const char *const extra_cas[] = {extra_ca, NULL};
    g_autoptr(GError) error = NULL;

    g_assert_null(gca_http_client_new(extra_cas, &error));
    g_assert_error(error, GCA_ERROR, (int) code);
}

static void
test_useless_ca_file(void)
{
    static const char *const contents[] = {
        "", "hello\n", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n"};
    g_autofree char *folder = g_dir_make_tmp("gca-test-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "ca.pem", NULL);

    assert_no_client(path, GCA_ERROR_FILE);
    for (gsize i = 0; i < G_N_ELEMENTS(contents); i++) {
        g_assert_true(g_file_set_contents(path, contents[i], -1, NULL));
        assert_no_client(path, GCA_ERROR_BAD_DATA);
        g_setenv("SSL_CERT_FILE", path, TRUE);
        assert_no_client(NULL, GCA_ERROR_BAD_DATA);
        g_unsetenv("SSL_CERT_FILE");
    }
    g_unlink(path);
    g_assert_cmpint(g_rmdir(folder), ==, 0);
}

static gpointer
cancel_soon(gpointer cancel)
{
    g_usleep(300000);
    gca_cancel_request(cancel);
    return NULL;
}

static void
test_cancel_while_dns_hangs(void)
{
    g_autoptr(GcaCancel) cancel = gca_cancel_new();
    gint64 start = g_get_monotonic_time();
    GThread *thread = g_thread_new("cancel", cancel_soon, cancel);

    assert_refused(&(GcaHttpRequest){"GET", "https://ca.example.gov.tw/"}, cancel,
                   GCA_ERROR_CANCELLED);
    g_assert_cmpint(g_get_monotonic_time() - start, <, 2 * G_USEC_PER_SEC);
    g_thread_join(thread);
    g_assert_cmpint(g_atomic_int_get(&asked), >, 0);
    wait_for_threads();
}

static void
test_dns_that_hangs(void)
{
    g_autoptr(GcaHttpClient) client = make_client();
    g_autoptr(GError) error = NULL;
    const GcaHttpRequest request = {"GET", "https://ca.example.gov.tw/"};
    gint64 start = g_get_monotonic_time();

    gca_http_client_set_limits(client, &(GcaHttpLimits){500, 20, 60000});
    g_assert_null(gca_http_client_send(client, &request, NULL, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_NETWORK);
    g_assert_cmpint(g_get_monotonic_time() - start, <, 2 * G_USEC_PER_SEC);
    wait_for_threads();
}

static void
test_unknown_name(void)
{
    g_autoptr(GcaHttpClient) client = make_client();
    g_autoptr(GError) error = NULL;
    const GcaHttpRequest request = {"GET", "https://ca.example.gov.tw/"};

    hang_s = 0;
    g_assert_null(gca_http_client_send(client, &request, NULL, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_NETWORK);
    g_assert_nonnull(strstr(error->message, "ca.example.gov.tw"));
    g_assert_cmpuint(gca_error_get_native(error), ==, CURLE_COULDNT_RESOLVE_HOST);
}

int
main(int argc, char **argv)
{
    static const char *const variables[] = {"SSL_CERT_FILE", "https_proxy", "HTTPS_PROXY",
                                            "all_proxy", "ALL_PROXY"};

    for (gsize i = 0; i < G_N_ELEMENTS(variables); i++)
        g_unsetenv(variables[i]);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/http/client/only-https", test_only_https);
    g_test_add_func("/http/client/no-password-in-an-address", test_no_password_in_url);
    g_test_add_func("/http/client/a-header-is-one-line", test_header_is_one_line);
    g_test_add_func("/http/client/useless-ca-file", test_useless_ca_file);
    g_test_add_func("/http/client/cancelled-while-the-dns-hangs", test_cancel_while_dns_hangs);
    g_test_add_func("/http/client/dns-that-hangs", test_dns_that_hangs);
    g_test_add_func("/http/client/unknown-name", test_unknown_name);
    return g_test_run();
}
