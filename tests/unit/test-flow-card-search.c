/* Which error is shown where no card is found: that of PC/SC, or of the module that was named. */
#include "base/error.h"
#include "flow/found-card.h"
#include "test-home.h"
#include "tests/fake/fake-winscard.h"

#include <string.h>

static void
assert_choice(GcaCardChoice choice, GcaErrorCode code, const char *words)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(gca_found_card_open(&choice, FALSE, NULL, NULL, &error));
    g_assert_error(error, GCA_ERROR, (int) code);
    if (words != NULL)
        g_assert_nonnull(strstr(error->message, words));
}

static void
assert_search(const char *module, const char *token, GcaErrorCode code, const char *words)
{
    fake_winscard_reset();
    fake_winscard_fail("SCardEstablishContext", 1, SCARD_E_NO_SERVICE);
    assert_choice((GcaCardChoice){.module = (char *) module, .token = (char *) token}, code, words);
}

static void
assert_number(DWORD state, GcaErrorCode code, const char *words)
{
    char number[] = "TP00000000000001";

    fake_winscard_reset();
    fake_winscard_add_reader("Reader A", state);
    fake_winscard_add_reader("Reader B", SCARD_STATE_EMPTY);
    assert_choice((GcaCardChoice){.serial = number}, code, words);
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

/* A card that cannot be read may be the one that is wanted. */
static void
test_number_of_a_card_that_cannot_be_read(void)
{
    assert_number(SCARD_STATE_PRESENT | SCARD_STATE_EXCLUSIVE, GCA_ERROR_BUSY, "Reader A");
    assert_number(SCARD_STATE_PRESENT | SCARD_STATE_MUTE, GCA_ERROR_CARD_UNKNOWN, "Reader A");
}

static void
test_number_where_there_is_no_card(void)
{
    assert_number(SCARD_STATE_EMPTY, GCA_ERROR_NO_CARD, "Reader A");
}

/* A part of a name will do, but whose whole name it is goes first. */
static void
test_reader_of_just_that_name(void)
{
    const DWORD busy = SCARD_STATE_PRESENT | SCARD_STATE_EXCLUSIVE;
    char whole[] = "Reader A", part[] = "Reader";

    fake_winscard_reset();
    fake_winscard_add_reader("Reader A 2", busy);
    fake_winscard_add_reader("Reader A", busy);
    assert_choice((GcaCardChoice){.reader = part}, GCA_ERROR_USAGE, "There are 2 cards");
    assert_choice((GcaCardChoice){.reader = whole}, GCA_ERROR_BUSY, "“Reader A”");
}

int
main(int argc, char **argv)
{
    char *home = test_home_enter();

    g_unsetenv("GCA_PKCS11_MODULE");
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flow/card-search/nothing-named-the-reader-is-missing", test_nothing_named);
    g_test_add_func("/flow/card-search/named-module-is-not-there", test_module_is_not_there);
    g_test_add_func("/flow/card-search/named-module-is-none", test_module_is_none);
    g_test_add_func("/flow/card-search/number-of-a-card-that-cannot-be-read",
                    test_number_of_a_card_that_cannot_be_read);
    g_test_add_func("/flow/card-search/number-where-there-is-no-card",
                    test_number_where_there_is_no_card);
    g_test_add_func("/flow/card-search/reader-of-just-that-name", test_reader_of_just_that_name);
    int result = g_test_run();
    test_home_leave(home, NULL);
    return result;
}
