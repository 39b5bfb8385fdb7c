/* What the pages are told: ret_code and last_error of the HiPKI protocol. Public numbers; unsure
 * ones are said so in docs/localsign.md. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* ret_code: hexadecimal in documents, decimal in JSON. */
typedef enum {
    GCA_HIPKI_OK = 0,
    GCA_HIPKI_NO_CARD = 0x76000006,
    GCA_HIPKI_FILE = 0x76000009,
    GCA_HIPKI_BAD_JSON = 0x7600000B,
    GCA_HIPKI_BAD_PARAMETER = 0x7600000C,
    GCA_HIPKI_NOT_SUPPORTED = 0x7600000E,
    GCA_HIPKI_UNTRUSTED_SITE = 0x76000031,
    GCA_HIPKI_NO_PIN = 0x76000998,
    GCA_HIPKI_CANCELLED = 0x76000999,
    GCA_HIPKI_NO_MODULE = 0x76100001,
    GCA_HIPKI_NO_READER = 0x76100003,
    GCA_HIPKI_BUSY = 0x76100005,
    GCA_HIPKI_LOGIN_FAILED = 0x76100006,
    GCA_HIPKI_NO_CERTIFICATE = 0x7610000C,
    GCA_HIPKI_NO_KEY = 0x7610000D,
    GCA_HIPKI_SIGNING_FAILED = 0x76300004,
    GCA_HIPKI_NOT_YET_VALID = 0x76500001,
    GCA_HIPKI_EXPIRED = 0x76500002,
    GCA_HIPKI_BAD_BASE64 = 0x76600002,
} GcaHipkiCode;

/* last_error: a CK_RV, or one of the two that count tries. */
#define GCA_HIPKI_ONE_TRY_LEFT (-2147483647)
#define GCA_HIPKI_TWO_TRIES_LEFT (-2147483646)

typedef struct {
    GcaHipkiCode ret_code;
    gint64 last_error;
} GcaHipkiResult;

/* The result that says `error`; NULL is 0 and 0. */
GcaHipkiResult gca_hipki_result_of(const GError *error);

/* Makes an error that gca_hipki_result_of turns into just this result, whatever its code. */
void gca_hipki_set_error(GError **error, GcaHipkiCode ret_code, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

G_END_DECLS
