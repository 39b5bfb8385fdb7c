/* What the review page has done in a thread: the request made ready, then signed and saved. */
#pragma once

#include "gui/prereg-draft.h"
#include "gui/task.h"
#include "pkcs11/token.h"

G_BEGIN_DECLS

/* A signature that was made. Where it could not be saved `path` is NULL and `trouble` says why;
 * with a path it says what else went wrong, if anything did. */
typedef struct {
    GBytes *message;
    char *path;
    GError *trouble;
    char *kept;      /* a copy of it that is not where it was wanted; or NULL */
    char *kept_note; /* a translated sentence on that, where it was tried; or NULL */
} GcaSignature;

/* Makes draft->prereg and binds it to the card. Gives the fingerprint of the certificate that will
 * sign (g_free). */
GcaWork gca_signing_prepare(GcaPreregDraft *draft);

/* Signs draft->prereg with the card whose certificate has that fingerprint (CHECK_FAILED if another
 * lies there now) and saves it. Gives a GcaSignature. One PIN, asked for and sent once; of `login`,
 * which has no strings, what gca_token_login takes counts. */
GcaWork gca_signing_sign(GcaPreregDraft *draft, const char *fingerprint,
                         const GcaLoginOptions *login);

/* Saves what is signed already into `folder`; the copy `kept` of it (may be NULL) goes then, and
 * stays the one that is kept where that fails. Gives a GcaSignature. */
GcaWork gca_signing_save(GcaPreregDraft *draft, GBytes *message, const char *kept,
                         const char *folder);

G_END_DECLS
