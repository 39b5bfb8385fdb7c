/* Which error is shown where there is no reader: that of PC/SC, or of the module that was named. */
#include "base/error.h"
#include "flow/found-card.h"
#include "test-home.h"

#include <string.h>

static void
assert_search(const char *module, const char *token, GcaErrorCode code, const char *words)
{
    const GcaCardChoice choice = {.module = (char *) module, .token = (char *) token};
    g_autoptr(GError) error = NULL;

    g_assert_null(gca_found_card_open(&choice, FALSE, NULL, &error));
    g_assert_error(error, GCA_ERROR, (int) code);
    if (words != NULL)
        g_assert_nonnull(strstr(error->message, words));
}

static void
test_nothing_named(void)
{
    assert_search(NULL, NULL, GCA_ERROR_NO_READER, NULL);
}

static void
test_module_is_not_there(void)
{
    assert_search("/nowhere/module.so", NULL, GCA_ERROR_MODULE, "/nowhere/module.so");
    assert_search("/nowhere/module.so", "pkcs11:token=x", GCA_ERROR_MODULE, "/nowhere/module.so");
}

static void
test_module_is_none(void)
{
    assert_search("/etc/passwd", NULL, GCA_ERROR_MODULE, "/etc/passwd");
    g_setenv("GCA_PKCS11_MODULE", "/etc/passwd", TRUE);
    assert_search(NULL, NULL, GCA_ERROR_MODULE, "/etc/passwd");
    g_unsetenv("GCA_PKCS11_MODULE");
}

int
main(int argc, char **argv)
{
    char *home = test_home_enter();

    g_setenv("PCSCLITE_CSOCK_NAME", "/nowhere/pcscd.comm", TRUE);
    g_unsetenv("GCA_PKCS11_MODULE");
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flow/card-search/nothing-named-the-reader-is-missing", test_nothing_named);
    g_test_add_func("/flow/card-search/named-module-is-not-there", test_module_is_not_there);
    g_test_add_func("/flow/card-search/named-module-is-none", test_module_is_none);
    int result = g_test_run();
    test_home_leave(home, NULL);
    return result;
}
