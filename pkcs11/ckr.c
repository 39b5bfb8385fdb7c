#include "config.h"

#include "pkcs11/ckr.h"

#include "pkcs11/internal.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>

typedef struct {
    gulong ckr;
    const char *name;
    GcaErrorCode code;
    const char *message; /* N_(), where the summary of the code does not say it */
} Row;

#define MODULE_FULL N_("The module or the machine has no memory left for the operation.")
#define MODULE_LOCK N_("The module cannot work with the threads of this program.")
#define NOT_SUPPORTED N_("The card or its module cannot do what is asked of it.")
#define SESSION_LOST N_("The card was removed or reset while it was being used.")
#define PIN_FORM N_("The card refuses the form of the PIN.")

/* PKCS#11 v2.40 base specification, 5.1, with the numbers of its header pkcs11t.h. */
static const Row table[] = {
    {0x000, "CKR_OK", GCA_ERROR_INTERNAL, NULL},
    {0x001, "CKR_CANCEL", GCA_ERROR_CANCELLED, NULL},
    {0x002, "CKR_HOST_MEMORY", GCA_ERROR_MODULE, MODULE_FULL},
    {0x003, "CKR_SLOT_ID_INVALID", GCA_ERROR_NO_READER, NULL},
    {0x005, "CKR_GENERAL_ERROR", GCA_ERROR_MODULE, NULL},
    {0x006, "CKR_FUNCTION_FAILED", GCA_ERROR_MODULE, NULL},
    {0x007, "CKR_ARGUMENTS_BAD", GCA_ERROR_MODULE, NULL},
    {0x008, "CKR_NO_EVENT", GCA_ERROR_MODULE, NULL},
    {0x009, "CKR_NEED_TO_CREATE_THREADS", GCA_ERROR_MODULE, MODULE_LOCK},
    {0x00A, "CKR_CANT_LOCK", GCA_ERROR_MODULE, MODULE_LOCK},
    {0x010, "CKR_ATTRIBUTE_READ_ONLY", GCA_ERROR_MODULE, NULL},
    {0x011, "CKR_ATTRIBUTE_SENSITIVE", GCA_ERROR_MODULE, NULL},
    {0x012, "CKR_ATTRIBUTE_TYPE_INVALID", GCA_ERROR_MODULE, NULL},
    {0x013, "CKR_ATTRIBUTE_VALUE_INVALID", GCA_ERROR_MODULE, NULL},
    {0x01A, "CKR_COPY_PROHIBITED", GCA_ERROR_MODULE, NULL},
    {0x01B, "CKR_ACTION_PROHIBITED", GCA_ERROR_MODULE, NOT_SUPPORTED},
    {0x020, "CKR_DATA_INVALID", GCA_ERROR_MODULE, NULL},
    {0x021, "CKR_DATA_LEN_RANGE", GCA_ERROR_MODULE, NULL},
    {0x030, "CKR_DEVICE_ERROR", GCA_ERROR_MODULE,
     N_("The reader or the card has reported a fault.")},
    {0x031, "CKR_DEVICE_MEMORY", GCA_ERROR_MODULE, MODULE_FULL},
    {0x032, "CKR_DEVICE_REMOVED", GCA_ERROR_CARD_REMOVED, NULL},
    {0x040, "CKR_ENCRYPTED_DATA_INVALID", GCA_ERROR_MODULE, NULL},
    {0x041, "CKR_ENCRYPTED_DATA_LEN_RANGE", GCA_ERROR_MODULE, NULL},
    {0x050, "CKR_FUNCTION_CANCELED", GCA_ERROR_CANCELLED, NULL},
    {0x051, "CKR_FUNCTION_NOT_PARALLEL", GCA_ERROR_MODULE, NULL},
    {0x054, "CKR_FUNCTION_NOT_SUPPORTED", GCA_ERROR_MODULE, NOT_SUPPORTED},
    {0x060, "CKR_KEY_HANDLE_INVALID", GCA_ERROR_NO_KEY, NULL},
    {0x062, "CKR_KEY_SIZE_RANGE", GCA_ERROR_MODULE, NOT_SUPPORTED},
    {0x063, "CKR_KEY_TYPE_INCONSISTENT", GCA_ERROR_MODULE, NOT_SUPPORTED},
    {0x064, "CKR_KEY_NOT_NEEDED", GCA_ERROR_MODULE, NULL},
    {0x065, "CKR_KEY_CHANGED", GCA_ERROR_MODULE, NULL},
    {0x066, "CKR_KEY_NEEDED", GCA_ERROR_MODULE, NULL},
    {0x067, "CKR_KEY_INDIGESTIBLE", GCA_ERROR_MODULE, NULL},
    {0x068, "CKR_KEY_FUNCTION_NOT_PERMITTED", GCA_ERROR_NO_KEY,
     N_("The private key may not be used for signing.")},
    {0x069, "CKR_KEY_NOT_WRAPPABLE", GCA_ERROR_MODULE, NULL},
    {0x06A, "CKR_KEY_UNEXTRACTABLE", GCA_ERROR_MODULE, NULL},
    {0x070, "CKR_MECHANISM_INVALID", GCA_ERROR_MODULE, NOT_SUPPORTED},
    {0x071, "CKR_MECHANISM_PARAM_INVALID", GCA_ERROR_MODULE, NOT_SUPPORTED},
    {0x082, "CKR_OBJECT_HANDLE_INVALID", GCA_ERROR_NO_KEY, NULL},
    {0x090, "CKR_OPERATION_ACTIVE", GCA_ERROR_BUSY, NULL},
    {0x091, "CKR_OPERATION_NOT_INITIALIZED", GCA_ERROR_MODULE, NULL},
    {0x0A0, "CKR_PIN_INCORRECT", GCA_ERROR_PIN_WRONG, NULL},
    {0x0A1, "CKR_PIN_INVALID", GCA_ERROR_PIN_POLICY, PIN_FORM},
    {0x0A2, "CKR_PIN_LEN_RANGE", GCA_ERROR_PIN_POLICY, PIN_FORM},
    {0x0A3, "CKR_PIN_EXPIRED", GCA_ERROR_PIN_POLICY,
     N_("The PIN has expired and must be changed before the card can be used.")},
    {0x0A4, "CKR_PIN_LOCKED", GCA_ERROR_PIN_BLOCKED, NULL},
    {0x0B0, "CKR_SESSION_CLOSED", GCA_ERROR_CARD_REMOVED, SESSION_LOST},
    {0x0B1, "CKR_SESSION_COUNT", GCA_ERROR_BUSY, NULL},
    {0x0B3, "CKR_SESSION_HANDLE_INVALID", GCA_ERROR_CARD_REMOVED, SESSION_LOST},
    {0x0B4, "CKR_SESSION_PARALLEL_NOT_SUPPORTED", GCA_ERROR_MODULE, NULL},
    {0x0B5, "CKR_SESSION_READ_ONLY", GCA_ERROR_MODULE, NULL},
    {0x0B6, "CKR_SESSION_EXISTS", GCA_ERROR_BUSY, NULL},
    {0x0B7, "CKR_SESSION_READ_ONLY_EXISTS", GCA_ERROR_BUSY, NULL},
    {0x0B8, "CKR_SESSION_READ_WRITE_SO_EXISTS", GCA_ERROR_BUSY, NULL},
    {0x0C0, "CKR_SIGNATURE_INVALID", GCA_ERROR_CRYPTO, NULL},
    {0x0C1, "CKR_SIGNATURE_LEN_RANGE", GCA_ERROR_CRYPTO, NULL},
    {0x0D0, "CKR_TEMPLATE_INCOMPLETE", GCA_ERROR_MODULE, NULL},
    {0x0D1, "CKR_TEMPLATE_INCONSISTENT", GCA_ERROR_MODULE, NULL},
    {0x0E0, "CKR_TOKEN_NOT_PRESENT", GCA_ERROR_NO_CARD, NULL},
    {0x0E1, "CKR_TOKEN_NOT_RECOGNIZED", GCA_ERROR_CARD_UNKNOWN, NULL},
    {0x0E2, "CKR_TOKEN_WRITE_PROTECTED", GCA_ERROR_MODULE, NOT_SUPPORTED},
    {0x0F0, "CKR_UNWRAPPING_KEY_HANDLE_INVALID", GCA_ERROR_MODULE, NULL},
    {0x0F1, "CKR_UNWRAPPING_KEY_SIZE_RANGE", GCA_ERROR_MODULE, NULL},
    {0x0F2, "CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT", GCA_ERROR_MODULE, NULL},
    {0x100, "CKR_USER_ALREADY_LOGGED_IN", GCA_ERROR_BUSY, NULL},
    {0x101, "CKR_USER_NOT_LOGGED_IN", GCA_ERROR_PIN_POLICY,
     N_("The card asks for the PIN before it does this.")},
    {0x102, "CKR_USER_PIN_NOT_INITIALIZED", GCA_ERROR_PIN_POLICY,
     N_("The card has no PIN yet; it must be set before the card can be used.")},
    {0x103, "CKR_USER_TYPE_INVALID", GCA_ERROR_MODULE, NULL},
    {0x104, "CKR_USER_ANOTHER_ALREADY_LOGGED_IN", GCA_ERROR_BUSY, NULL},
    {0x105, "CKR_USER_TOO_MANY_TYPES", GCA_ERROR_BUSY, NULL},
    {0x110, "CKR_WRAPPED_KEY_INVALID", GCA_ERROR_MODULE, NULL},
    {0x112, "CKR_WRAPPED_KEY_LEN_RANGE", GCA_ERROR_MODULE, NULL},
    {0x113, "CKR_WRAPPING_KEY_HANDLE_INVALID", GCA_ERROR_MODULE, NULL},
    {0x114, "CKR_WRAPPING_KEY_SIZE_RANGE", GCA_ERROR_MODULE, NULL},
    {0x115, "CKR_WRAPPING_KEY_TYPE_INCONSISTENT", GCA_ERROR_MODULE, NULL},
    {0x120, "CKR_RANDOM_SEED_NOT_SUPPORTED", GCA_ERROR_MODULE, NOT_SUPPORTED},
    {0x121, "CKR_RANDOM_NO_RNG", GCA_ERROR_MODULE, NOT_SUPPORTED},
    {0x130, "CKR_DOMAIN_PARAMS_INVALID", GCA_ERROR_MODULE, NOT_SUPPORTED},
    {0x140, "CKR_CURVE_NOT_SUPPORTED", GCA_ERROR_MODULE, NOT_SUPPORTED},
    {0x150, "CKR_BUFFER_TOO_SMALL", GCA_ERROR_MODULE, NULL},
    {0x160, "CKR_SAVED_STATE_INVALID", GCA_ERROR_MODULE, NULL},
    {0x170, "CKR_INFORMATION_SENSITIVE", GCA_ERROR_MODULE, NULL},
    {0x180, "CKR_STATE_UNSAVEABLE", GCA_ERROR_MODULE, NULL},
    {0x190, "CKR_CRYPTOKI_NOT_INITIALIZED", GCA_ERROR_MODULE, NULL},
    {0x191, "CKR_CRYPTOKI_ALREADY_INITIALIZED", GCA_ERROR_MODULE, NULL},
    {0x1A0, "CKR_MUTEX_BAD", GCA_ERROR_MODULE, MODULE_LOCK},
    {0x1A1, "CKR_MUTEX_NOT_LOCKED", GCA_ERROR_MODULE, MODULE_LOCK},
    {0x1B0, "CKR_NEW_PIN_MODE", GCA_ERROR_PIN_POLICY, NULL},
    {0x1B1, "CKR_NEXT_OTP", GCA_ERROR_PIN_POLICY, NULL},
    {0x1B5, "CKR_EXCEEDED_MAX_ITERATIONS", GCA_ERROR_MODULE, NULL},
    {0x1B6, "CKR_FIPS_SELF_TEST_FAILED", GCA_ERROR_MODULE, NULL},
    {0x1B7, "CKR_LIBRARY_LOAD_FAILED", GCA_ERROR_MODULE, NULL},
    {0x1B8, "CKR_PIN_TOO_WEAK", GCA_ERROR_PIN_POLICY, PIN_FORM},
    {0x1B9, "CKR_PUBLIC_KEY_INVALID", GCA_ERROR_MODULE, NULL},
    /* The same five as p11-kit's header numbers them, for modules built with it. */
    {0x1C0, "CKR_EXCEEDED_MAX_ITERATIONS", GCA_ERROR_MODULE, NULL},
    {0x1C1, "CKR_FIPS_SELF_TEST_FAILED", GCA_ERROR_MODULE, NULL},
    {0x1C2, "CKR_LIBRARY_LOAD_FAILED", GCA_ERROR_MODULE, NULL},
    {0x1C3, "CKR_PIN_TOO_WEAK", GCA_ERROR_PIN_POLICY, PIN_FORM},
    {0x1C4, "CKR_PUBLIC_KEY_INVALID", GCA_ERROR_MODULE, NULL},
    {0x200, "CKR_FUNCTION_REJECTED", GCA_ERROR_CANCELLED, NULL},
    {0x80000000, "CKR_VENDOR_DEFINED", GCA_ERROR_MODULE, NULL},
};

static const Row *
row_of(gulong ckr)
{
    static const Row unknown = {0, "CKR_?", GCA_ERROR_MODULE, NULL};

    for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
        if (table[i].ckr == ckr)
            return &table[i];
    }
    return &unknown;
}

const char *
gca_ckr_to_string(gulong ckr)
{
    return row_of(ckr)->name;
}

GcaErrorCode
gca_ckr_to_code(gulong ckr)
{
    return row_of(ckr)->code;
}

void
gca_ckr_set_error(GError **error, const char *call, gulong ckr)
{
    const Row *row = row_of(ckr);
    const char *message = row->message ? row->message : gca_error_info(row->code)->summary;

    gca_error_set(error, row->code, "%s", _(message));
    gca_error_set_native(error, call, row->name, ckr);
}

gulong
gca_ckr_take(char **rest)
{
    g_autoptr(GString) others = g_string_new(NULL);
    gulong ckr = CKR_OK, queued;

    while ((queued = ERR_get_error()) != 0) {
        char text[256];
        if (ERR_GET_LIB(queued) == ERR_get_CKR_code() && ckr == CKR_OK) {
            ckr = (gulong) ERR_GET_REASON(queued);
            continue;
        }
        ERR_error_string_n(queued, text, sizeof text);
        g_string_append_printf(others, "%s%s", others->len > 0 ? ": " : "", text);
    }
    if (rest != NULL)
        *rest = others->len > 0 ? g_strdup(others->str) : NULL;
    return ckr;
}
