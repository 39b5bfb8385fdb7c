/* libcurl comes when it is first needed, and says so where it cannot. */
#include "base/error.h"
#include "http/client.h"
#include "http/curl-private.h"

#include <dlfcn.h>
#include <string.h>

static void
assert_unusable(const char *soname, const char *why)
{
    GcaCurl curl;
    g_autoptr(GError) error = NULL;

    g_assert_false(gca_curl_open(soname, &curl, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_INTERNAL);
    g_assert_nonnull(strstr(error->message, soname));
    g_assert_nonnull(strstr(gca_error_get_hint(error), "libcurl"));
    g_assert_nonnull(strstr(gca_error_get_detail(error), why));
}

static void
test_not_there(void)
{
    assert_unusable("libno-such.so.4", "libno-such.so.4");
}

/* As a libcurl would be that is older than what was built against. */
static void
test_lacks_functions(void)
{
    assert_unusable("libm.so.6", "curl_easy_cleanup");
}

static gboolean
is_loaded(void)
{
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_NOLOAD);
    if (library != NULL)
        dlclose(library);
    return library != NULL;
}

static void
test_comes_when_needed(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_false(is_loaded());
    g_assert_true(gca_http_check_url("https://ca.example.gov.tw/", &error));
    g_assert_no_error(error);
    g_assert_true(is_loaded());
    g_assert_true(gca_curl_load(&error) == gca_curl());
    g_assert_no_error(error);
}

/* What stands in the program for packagers' tools. */
static void
test_is_noted(void)
{
    static const char vendor[] = "\x0a\x0c\x7c\x40"
                                 "FDO";
    g_autofree char *bytes = NULL;
    gsize size;

    g_assert_true(g_file_get_contents("/proc/self/exe", &bytes, &size, NULL));
    const char *note = memmem(bytes, size, vendor, sizeof vendor);
    g_assert_nonnull(note);
    g_assert_nonnull(strstr(note + sizeof vendor, "\"soname\":[\"libcurl.so.4\"]"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/http/curl/comes-when-needed", test_comes_when_needed);
    g_test_add_func("/http/curl/that-is-not-there-is-told", test_not_there);
    g_test_add_func("/http/curl/that-lacks-functions-is-told", test_lacks_functions);
    g_test_add_func("/http/curl/is-noted-for-packagers", test_is_noted);
    return g_test_run();
}
