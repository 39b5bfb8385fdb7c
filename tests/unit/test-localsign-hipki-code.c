/* What pages are told of each error: numbers of the published lists. */
#include "base/error.h"
#include "localsign/hipki-code.h"

static void
assert_result(const GError *error, gint64 ret_code, gint64 last_error)
{
    GcaHipkiResult result = gca_hipki_result_of(error);

    g_assert_cmphex((guint64) result.ret_code, ==, (guint64) ret_code);
    g_assert_cmpint(result.last_error, ==, last_error);
}

static void
test_success(void)
{
    assert_result(NULL, 0, 0);
}

static void
test_every_code(void)
{
    static const struct {
        GcaErrorCode code;
        gint64 ret_code;
    } rows[] = {
        {GCA_ERROR_CANCELLED, 0x76000999},    {GCA_ERROR_USAGE, 0x7600000C},
        {GCA_ERROR_NO_READER, 0x76100003},    {GCA_ERROR_NO_CARD, 0x76000006},
        {GCA_ERROR_CARD_REMOVED, 0x76000006}, {GCA_ERROR_CARD_UNKNOWN, 0x7610000C},
        {GCA_ERROR_MODULE, 0x76100001},       {GCA_ERROR_NO_KEY, 0x7610000D},
        {GCA_ERROR_NO_CERT, 0x7610000C},      {GCA_ERROR_BAD_DATA, 0x7600000C},
        {GCA_ERROR_UNTRUSTED, 0x76000031},    {GCA_ERROR_BUSY, 0x76100005},
        {GCA_ERROR_CRYPTO, 0x76300004},       {GCA_ERROR_INTERNAL, 0x76300004},
        {GCA_ERROR_FILE, 0x76000009},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        gca_error_set(&error, rows[i].code, "測試");
        assert_result(error, rows[i].ret_code, 0);
    }
}

static void
assert_pin(GcaErrorCode code, int tries, gint64 last_error)
{
    g_autoptr(GError) error = NULL;

    gca_error_set(&error, code, "測試");
    gca_error_set_tries_left(&error, tries);
    gca_error_set_native(&error, "C_Login", "CKR_PIN_INCORRECT", 0xA0);
    assert_result(error, 0x76100006, last_error);
}

static void
test_pin(void)
{
    assert_pin(GCA_ERROR_PIN_WRONG, GCA_TRIES_UNKNOWN, 160);
    assert_pin(GCA_ERROR_PIN_WRONG, 2, -2147483646);
    assert_pin(GCA_ERROR_PIN_WRONG, 1, -2147483647);
    assert_pin(GCA_ERROR_PIN_BLOCKED, 0, 164);
    assert_pin(GCA_ERROR_PIN_POLICY, GCA_TRIES_UNKNOWN, 162);
    assert_pin(GCA_ERROR_PIN_POLICY, 1, -2147483647); /* the last try, refused */
}

static void
test_module_says_why(void)
{
    g_autoptr(GError) error = NULL;

    gca_error_set(&error, GCA_ERROR_MODULE, "測試");
    gca_error_set_native(&error, "C_Sign", "CKR_FUNCTION_FAILED", 6);
    assert_result(error, 0x76100001, 6);
}

static void
test_own_code_survives(void)
{
    static const GcaHipkiCode codes[] = {GCA_HIPKI_NO_PIN, GCA_HIPKI_EXPIRED, GCA_HIPKI_BAD_JSON,
                                         GCA_HIPKI_NOT_SUPPORTED, GCA_HIPKI_NO_CARD};

    for (guint i = 0; i < G_N_ELEMENTS(codes); i++) {
        g_autoptr(GError) error = NULL;
        gca_hipki_set_error(&error, codes[i], "%s", "測試");
        assert_result(error, codes[i], 0);
        gca_error_add_detail(&error, "sign");
        assert_result(error, codes[i], 0);
        g_assert_cmpstr(error->message, ==, "測試");
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/localsign/hipki-code/success-is-zero", test_success);
    g_test_add_func("/localsign/hipki-code/every-code", test_every_code);
    g_test_add_func("/localsign/hipki-code/pin-and-tries", test_pin);
    g_test_add_func("/localsign/hipki-code/module-says-why", test_module_says_why);
    g_test_add_func("/localsign/hipki-code/own-code-survives", test_own_code_survives);
    return g_test_run();
}
