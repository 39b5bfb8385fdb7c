/* One error type for terminal, window and script. The code says what the user can do next. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
    GCA_ERROR_CANCELLED,
    GCA_ERROR_USAGE,
    GCA_ERROR_NO_READER,
    GCA_ERROR_NO_CARD,
    GCA_ERROR_CARD_REMOVED,
    GCA_ERROR_CARD_UNKNOWN,
    GCA_ERROR_MODULE,
    GCA_ERROR_PIN_WRONG,
    GCA_ERROR_PIN_BLOCKED,
    GCA_ERROR_PIN_POLICY,
    GCA_ERROR_NO_KEY,
    GCA_ERROR_NO_CERT,
    GCA_ERROR_BAD_DATA,
    GCA_ERROR_CHECK_FAILED,
    GCA_ERROR_UNTRUSTED,
    GCA_ERROR_CRYPTO,
    GCA_ERROR_NETWORK,
    GCA_ERROR_SERVER,
    GCA_ERROR_FILE,
    GCA_ERROR_BUSY,
    GCA_ERROR_INTERNAL,
    GCA_ERROR_N_CODES
} GcaErrorCode;

/* A row of the one table that feeds exit status, manual page, --json and the error view. */
typedef struct {
    const char *name; /* stable, for scripts: "pin-wrong" */
    int exit_status;
    const char *summary; /* N_(): what happened */
    const char *hint;    /* N_(): what to do next, or NULL */
    gboolean retryable;
} GcaErrorInfo;

/* tries left of a PIN where they are not known */
#define GCA_TRIES_UNKNOWN (-1)

#define GCA_ERROR (gca_error_quark())
GQuark gca_error_quark(void);

/* The row of a code; never NULL. */
const GcaErrorInfo *gca_error_info(GcaErrorCode code);

/* The code of any error: ours, or one of GLib's (cancelled, file) in our terms. */
GcaErrorCode gca_error_get_code(const GError *error);

/* Sets `error` with one whole translated sentence. */
void gca_error_set(GError **error, GcaErrorCode code, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* As gca_error_set, replacing what `error` holds; its detail, tries and native code are kept. */
void gca_error_replace(GError **error, GcaErrorCode code, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

/* Puts an untranslated link ("sign") in front of the detail chain of `error`, if one is set. */
void gca_error_add_detail(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* A remedy that fits better than the table's; `hint` is translated. */
void gca_error_set_hint(GError **error, const char *hint);

/* The number the library below gave (CKR_*, SCARD_*, errno), as a link of the chain too. */
void gca_error_set_native(GError **error, const char *call, const char *name, gulong code);
void gca_error_set_tries_left(GError **error, int tries);

const char *gca_error_get_detail(const GError *error); /* may be NULL */
const char *gca_error_get_hint(const GError *error);   /* translated; may be NULL */
char *gca_error_dup_sentences(const GError *error);    /* the message, then the hint if any */
gulong gca_error_get_native(const GError *error);      /* 0: none */
int gca_error_get_tries_left(const GError *error);     /* GCA_TRIES_UNKNOWN: not known */

/* Takes what OpenSSL has queued into a CRYPTO error's detail and empties the queue. */
void gca_error_set_openssl(GError **error, GcaErrorCode code, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

G_END_DECLS
