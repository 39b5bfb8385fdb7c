#include "base/error.h"

/* style.md's exit statuses, which scripts rely on. */
static void
test_exit_statuses(void)
{
    static const struct {
        GcaErrorCode code;
        const char *name;
        int status;
    } expected[] = {
        {GCA_ERROR_CANCELLED, "cancelled", 130},
        {GCA_ERROR_USAGE, "usage", 2},
        {GCA_ERROR_NO_READER, "no-reader", 3},
        {GCA_ERROR_NO_CARD, "no-card", 3},
        {GCA_ERROR_CARD_REMOVED, "card-removed", 3},
        {GCA_ERROR_CARD_UNKNOWN, "card-unknown", 3},
        {GCA_ERROR_MODULE, "module", 1},
        {GCA_ERROR_PIN_WRONG, "pin-wrong", 4},
        {GCA_ERROR_PIN_BLOCKED, "pin-blocked", 5},
        {GCA_ERROR_PIN_POLICY, "pin-policy", 4},
        {GCA_ERROR_NO_KEY, "no-key", 8},
        {GCA_ERROR_NO_CERT, "no-cert", 8},
        {GCA_ERROR_BAD_DATA, "bad-data", 8},
        {GCA_ERROR_CHECK_FAILED, "check-failed", 9},
        {GCA_ERROR_UNTRUSTED, "untrusted", 10},
        {GCA_ERROR_CRYPTO, "crypto", 1},
        {GCA_ERROR_NETWORK, "network", 6},
        {GCA_ERROR_SERVER, "server", 7},
        {GCA_ERROR_FILE, "file", 1},
        {GCA_ERROR_BUSY, "busy", 3},
        {GCA_ERROR_INTERNAL, "internal", 1},
    };

    g_assert_cmpuint(G_N_ELEMENTS(expected), ==, GCA_ERROR_N_CODES);
    for (guint i = 0; i < G_N_ELEMENTS(expected); i++) {
        const GcaErrorInfo *info = gca_error_info(expected[i].code);
        g_assert_cmpstr(info->name, ==, expected[i].name);
        g_assert_cmpint(info->exit_status, ==, expected[i].status);
        g_assert_nonnull(info->summary);
    }
}

static void
test_detail_chain(void)
{
    g_autoptr(GError) error = NULL;

    gca_error_set(&error, GCA_ERROR_PIN_WRONG, "The PIN is wrong.");
    gca_error_set_native(&error, "C_Login", "CKR_PIN_INCORRECT", 0xA0);
    gca_error_add_detail(&error, "sign");
    gca_error_set_tries_left(&error, 2);
    g_assert_cmpstr(gca_error_get_detail(error), ==, "sign: C_Login: CKR_PIN_INCORRECT 0xA0");
    g_assert_cmpuint(gca_error_get_native(error), ==, 0xA0);
    g_assert_cmpint(gca_error_get_tries_left(error), ==, 2);
}

static void
test_copy_keeps_everything(void)
{
    g_autoptr(GError) error = NULL;
    gca_error_set(&error, GCA_ERROR_PIN_BLOCKED, "Blocked.");
    gca_error_set_hint(&error, "Go to the counter.");
    gca_error_add_detail(&error, "login");

    g_autoptr(GError) copy = g_error_copy(error);
    g_clear_error(&error);
    g_assert_error(copy, GCA_ERROR, GCA_ERROR_PIN_BLOCKED);
    g_assert_cmpstr(gca_error_get_hint(copy), ==, "Go to the counter.");
    g_assert_cmpstr(gca_error_get_detail(copy), ==, "login");
    g_assert_cmpint(gca_error_get_tries_left(copy), ==, GCA_TRIES_UNKNOWN);
}

static void
test_replace_keeps_detail(void)
{
    g_autoptr(GError) error = NULL;
    gca_error_set(&error, GCA_ERROR_CRYPTO, "Signing has failed.");
    gca_error_set_native(&error, "C_Sign", "CKR_DEVICE_REMOVED", 0x32);
    gca_error_replace(&error, GCA_ERROR_CARD_REMOVED, "The card was removed.");
    g_assert_error(error, GCA_ERROR, GCA_ERROR_CARD_REMOVED);
    g_assert_cmpstr(gca_error_get_detail(error), ==, "C_Sign: CKR_DEVICE_REMOVED 0x32");
}

static void
test_adopts_errors_of_glib(void)
{
    g_autoptr(GError) error = g_error_new_literal(G_FILE_ERROR, G_FILE_ERROR_NOSPC, "No space");
    g_assert_cmpint((int) gca_error_get_code(error), ==, GCA_ERROR_FILE);
    gca_error_add_detail(&error, "wait");
    g_assert_error(error, GCA_ERROR, GCA_ERROR_FILE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/error/each-code-has-its-exit-status", test_exit_statuses);
    g_test_add_func("/base/error/detail-is-a-chain", test_detail_chain);
    g_test_add_func("/base/error/copy-keeps-hint-and-detail", test_copy_keeps_everything);
    g_test_add_func("/base/error/replace-keeps-detail", test_replace_keeps_detail);
    g_test_add_func("/base/error/glib-cancelled-is-cancelled", test_adopts_errors_of_glib);
    return g_test_run();
}
