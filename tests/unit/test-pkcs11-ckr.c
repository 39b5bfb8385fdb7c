#include "pkcs11/ckr.h"
#include "pkcs11/internal.h"

#include <openssl/err.h>
#include <string.h>

typedef struct {
    gulong ckr;
    const char *name;
} Pair;
#define P(ckr)                                                                                     \
    {                                                                                              \
        ckr, #ckr                                                                                  \
    }

/* p11-kit's header is the peer; the five that it numbers otherwise than OASIS's are in the next. */
static const Pair peer[] = {
    P(CKR_OK),
    P(CKR_CANCEL),
    P(CKR_HOST_MEMORY),
    P(CKR_SLOT_ID_INVALID),
    P(CKR_GENERAL_ERROR),
    P(CKR_FUNCTION_FAILED),
    P(CKR_ARGUMENTS_BAD),
    P(CKR_NO_EVENT),
    P(CKR_NEED_TO_CREATE_THREADS),
    P(CKR_CANT_LOCK),
    P(CKR_ATTRIBUTE_READ_ONLY),
    P(CKR_ATTRIBUTE_SENSITIVE),
    P(CKR_ATTRIBUTE_TYPE_INVALID),
    P(CKR_ATTRIBUTE_VALUE_INVALID),
    P(CKR_ACTION_PROHIBITED),
    P(CKR_DATA_INVALID),
    P(CKR_DATA_LEN_RANGE),
    P(CKR_DEVICE_ERROR),
    P(CKR_DEVICE_MEMORY),
    P(CKR_DEVICE_REMOVED),
    P(CKR_ENCRYPTED_DATA_INVALID),
    P(CKR_ENCRYPTED_DATA_LEN_RANGE),
    P(CKR_FUNCTION_CANCELED),
    P(CKR_FUNCTION_NOT_PARALLEL),
    P(CKR_FUNCTION_NOT_SUPPORTED),
    P(CKR_KEY_HANDLE_INVALID),
    P(CKR_KEY_SIZE_RANGE),
    P(CKR_KEY_TYPE_INCONSISTENT),
    P(CKR_KEY_NOT_NEEDED),
    P(CKR_KEY_CHANGED),
    P(CKR_KEY_NEEDED),
    P(CKR_KEY_INDIGESTIBLE),
    P(CKR_KEY_FUNCTION_NOT_PERMITTED),
    P(CKR_KEY_NOT_WRAPPABLE),
    P(CKR_KEY_UNEXTRACTABLE),
    P(CKR_MECHANISM_INVALID),
    P(CKR_MECHANISM_PARAM_INVALID),
    P(CKR_OBJECT_HANDLE_INVALID),
    P(CKR_OPERATION_ACTIVE),
    P(CKR_OPERATION_NOT_INITIALIZED),
    P(CKR_PIN_INCORRECT),
    P(CKR_PIN_INVALID),
    P(CKR_PIN_LEN_RANGE),
    P(CKR_PIN_EXPIRED),
    P(CKR_PIN_LOCKED),
    P(CKR_SESSION_CLOSED),
    P(CKR_SESSION_COUNT),
    P(CKR_SESSION_HANDLE_INVALID),
    P(CKR_SESSION_PARALLEL_NOT_SUPPORTED),
    P(CKR_SESSION_READ_ONLY),
    P(CKR_SESSION_EXISTS),
    P(CKR_SESSION_READ_ONLY_EXISTS),
    P(CKR_SESSION_READ_WRITE_SO_EXISTS),
    P(CKR_SIGNATURE_INVALID),
    P(CKR_SIGNATURE_LEN_RANGE),
    P(CKR_TEMPLATE_INCOMPLETE),
    P(CKR_TEMPLATE_INCONSISTENT),
    P(CKR_TOKEN_NOT_PRESENT),
    P(CKR_TOKEN_NOT_RECOGNIZED),
    P(CKR_TOKEN_WRITE_PROTECTED),
    P(CKR_UNWRAPPING_KEY_SIZE_RANGE),
    P(CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT),
    P(CKR_USER_ALREADY_LOGGED_IN),
    P(CKR_USER_NOT_LOGGED_IN),
    P(CKR_USER_PIN_NOT_INITIALIZED),
    P(CKR_USER_TYPE_INVALID),
    P(CKR_USER_ANOTHER_ALREADY_LOGGED_IN),
    P(CKR_USER_TOO_MANY_TYPES),
    P(CKR_WRAPPED_KEY_INVALID),
    P(CKR_WRAPPED_KEY_LEN_RANGE),
    P(CKR_WRAPPING_KEY_HANDLE_INVALID),
    P(CKR_WRAPPING_KEY_SIZE_RANGE),
    P(CKR_WRAPPING_KEY_TYPE_INCONSISTENT),
    P(CKR_RANDOM_SEED_NOT_SUPPORTED),
    P(CKR_RANDOM_NO_RNG),
    P(CKR_DOMAIN_PARAMS_INVALID),
    P(CKR_CURVE_NOT_SUPPORTED),
    P(CKR_BUFFER_TOO_SMALL),
    P(CKR_SAVED_STATE_INVALID),
    P(CKR_INFORMATION_SENSITIVE),
    P(CKR_STATE_UNSAVEABLE),
    P(CKR_CRYPTOKI_NOT_INITIALIZED),
    P(CKR_CRYPTOKI_ALREADY_INITIALIZED),
    P(CKR_MUTEX_BAD),
    P(CKR_MUTEX_NOT_LOCKED),
    P(CKR_NEW_PIN_MODE),
    P(CKR_NEXT_OTP),
    P(CKR_EXCEEDED_MAX_ITERATIONS),
    P(CKR_FIPS_SELF_TEST_FAILED),
    P(CKR_LIBRARY_LOAD_FAILED),
    P(CKR_PIN_TOO_WEAK),
    P(CKR_PUBLIC_KEY_INVALID),
    P(CKR_FUNCTION_REJECTED),
    P(CKR_VENDOR_DEFINED),
};

/* OASIS's pkcs11t.h of v2.40 */
static const Pair standard[] = {
    {0x0000001A, "CKR_COPY_PROHIBITED"},         {0x000000F0, "CKR_UNWRAPPING_KEY_HANDLE_INVALID"},
    {0x000001B5, "CKR_EXCEEDED_MAX_ITERATIONS"}, {0x000001B6, "CKR_FIPS_SELF_TEST_FAILED"},
    {0x000001B7, "CKR_LIBRARY_LOAD_FAILED"},     {0x000001B8, "CKR_PIN_TOO_WEAK"},
    {0x000001B9, "CKR_PUBLIC_KEY_INVALID"},
};

static void
test_names(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(peer); i++)
        g_assert_cmpstr(gca_ckr_to_string(peer[i].ckr), ==, peer[i].name);
    for (guint i = 0; i < G_N_ELEMENTS(standard); i++)
        g_assert_cmpstr(gca_ckr_to_string(standard[i].ckr), ==, standard[i].name);
    g_assert_cmpstr(gca_ckr_to_string(0x4711), ==, "CKR_?");
}

static void
test_codes(void)
{
    const struct {
        gulong ckr;
        GcaErrorCode code;
    } rows[] = {
        {CKR_PIN_INCORRECT, GCA_ERROR_PIN_WRONG},
        {CKR_PIN_LOCKED, GCA_ERROR_PIN_BLOCKED},
        {CKR_PIN_LEN_RANGE, GCA_ERROR_PIN_POLICY},
        {CKR_DEVICE_REMOVED, GCA_ERROR_CARD_REMOVED},
        {CKR_SESSION_HANDLE_INVALID, GCA_ERROR_CARD_REMOVED},
        {CKR_TOKEN_NOT_PRESENT, GCA_ERROR_NO_CARD},
        {CKR_TOKEN_NOT_RECOGNIZED, GCA_ERROR_CARD_UNKNOWN},
        {CKR_FUNCTION_CANCELED, GCA_ERROR_CANCELLED},
        {CKR_FUNCTION_REJECTED, GCA_ERROR_CANCELLED},
        {CKR_SESSION_COUNT, GCA_ERROR_BUSY},
        {CKR_VENDOR_DEFINED | 7, GCA_ERROR_MODULE},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
        g_assert_cmpint(gca_ckr_to_code(rows[i].ckr), ==, rows[i].code);
}

static void
test_error_has_name_and_number(void)
{
    g_autoptr(GError) error = NULL;

    gca_ckr_set_error(&error, "C_Login", CKR_PIN_INCORRECT);
    g_assert_error(error, GCA_ERROR, GCA_ERROR_PIN_WRONG);
    g_assert_cmpstr(gca_error_get_detail(error), ==, "C_Login: CKR_PIN_INCORRECT 0xA0");
    g_assert_cmpuint(gca_error_get_native(error), ==, CKR_PIN_INCORRECT);
}

/* What libp11 queues: the first CKR is the cause, OpenSSL's own errors come beside it. */
static void
test_takes_the_first_of_the_queue(void)
{
    g_autofree char *rest = NULL;

    ERR_clear_error();
    ERR_raise(ERR_get_CKR_code(), CKR_DEVICE_REMOVED);
    ERR_raise(ERR_get_CKR_code(), CKR_PIN_INCORRECT);
    ERR_raise(ERR_LIB_EVP, ERR_R_INTERNAL_ERROR);
    g_assert_cmpuint(gca_ckr_take(&rest), ==, CKR_DEVICE_REMOVED);
    g_assert_nonnull(strstr(rest, "internal error"));
    g_assert_cmpuint(ERR_peek_error(), ==, 0);
    g_assert_cmpuint(gca_ckr_take(NULL), ==, CKR_OK);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pkcs11/ckr/names-every-value-of-v240", test_names);
    g_test_add_func("/pkcs11/ckr/says-what-the-user-can-do", test_codes);
    g_test_add_func("/pkcs11/ckr/detail-has-name-and-number", test_error_has_name_and_number);
    g_test_add_func("/pkcs11/ckr/takes-the-first-of-the-queue", test_takes_the_first_of_the_queue);
    return g_test_run();
}
