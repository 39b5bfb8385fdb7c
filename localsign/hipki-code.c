#include "config.h"

#include "localsign/hipki-code.h"

#include "base/error.h"

#include <string.h>

/* What marks an error that carries a ret_code of its own as its native number. */
#define CALL "hipki ret_code"

static const struct {
    GcaErrorCode code;
    GcaHipkiCode ret_code;
} codes[] = {
    {GCA_ERROR_CANCELLED, GCA_HIPKI_CANCELLED},
    {GCA_ERROR_USAGE, GCA_HIPKI_BAD_PARAMETER},
    {GCA_ERROR_NO_READER, GCA_HIPKI_NO_READER},
    {GCA_ERROR_NO_CARD, GCA_HIPKI_NO_CARD},
    {GCA_ERROR_CARD_REMOVED, GCA_HIPKI_NO_CARD},
    {GCA_ERROR_CARD_UNKNOWN, GCA_HIPKI_NO_CERTIFICATE},
    {GCA_ERROR_MODULE, GCA_HIPKI_NO_MODULE},
    {GCA_ERROR_PIN_WRONG, GCA_HIPKI_LOGIN_FAILED},
    {GCA_ERROR_PIN_BLOCKED, GCA_HIPKI_LOGIN_FAILED},
    {GCA_ERROR_PIN_POLICY, GCA_HIPKI_LOGIN_FAILED},
    {GCA_ERROR_NO_KEY, GCA_HIPKI_NO_KEY},
    {GCA_ERROR_NO_CERT, GCA_HIPKI_NO_CERTIFICATE},
    {GCA_ERROR_BAD_DATA, GCA_HIPKI_BAD_PARAMETER},
    {GCA_ERROR_UNTRUSTED, GCA_HIPKI_UNTRUSTED_SITE},
    {GCA_ERROR_BUSY, GCA_HIPKI_BUSY},
    {GCA_ERROR_FILE, GCA_HIPKI_FILE},
};

/* PKCS#11 section 11: what a CK_RV says of a PIN. */
#define CKR_PIN_INCORRECT 0xA0
#define CKR_PIN_LEN_RANGE 0xA2
#define CKR_PIN_LOCKED 0xA4

static gint64
last_error_of(const GError *error)
{
    int tries = gca_error_get_tries_left(error);

    switch (gca_error_get_code(error)) {
    case GCA_ERROR_PIN_BLOCKED:
        return CKR_PIN_LOCKED;
    case GCA_ERROR_PIN_WRONG:
    case GCA_ERROR_PIN_POLICY:
        if (tries == 1)
            return GCA_HIPKI_ONE_TRY_LEFT;
        if (tries == 2)
            return GCA_HIPKI_TWO_TRIES_LEFT;
        return gca_error_get_code(error) == GCA_ERROR_PIN_WRONG ? CKR_PIN_INCORRECT
                                                                : CKR_PIN_LEN_RANGE;
    case GCA_ERROR_MODULE: /* its CK_RV, where it came so far */
        return (gint64) gca_error_get_native(error);
    default:
        return 0;
    }
}

GcaHipkiResult
gca_hipki_result_of(const GError *error)
{
    GcaHipkiResult result = {GCA_HIPKI_SIGNING_FAILED, 0};

    if (error == NULL)
        return (GcaHipkiResult){GCA_HIPKI_OK, 0};
    gulong own = gca_error_get_native(error);
    const char *detail = gca_error_get_detail(error);
    if (detail != NULL && strstr(detail, CALL) != NULL)
        return (GcaHipkiResult){(GcaHipkiCode) own, 0};
    for (guint i = 0; i < G_N_ELEMENTS(codes); i++) {
        if (codes[i].code == gca_error_get_code(error))
            result.ret_code = codes[i].ret_code;
    }
    result.last_error = last_error_of(error);
    return result;
}

static GcaErrorCode
code_of(GcaHipkiCode ret_code)
{
    for (guint i = 0; i < G_N_ELEMENTS(codes); i++) {
        if (codes[i].ret_code == ret_code)
            return codes[i].code;
    }
    return ret_code == GCA_HIPKI_BAD_JSON ? GCA_ERROR_BAD_DATA : GCA_ERROR_USAGE;
}

void
gca_hipki_set_error(GError **error, GcaHipkiCode ret_code, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *sentence = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    gca_error_set(error, code_of(ret_code), "%s", sentence);
    gca_error_set_native(error, CALL, "", (gulong) ret_code);
}
