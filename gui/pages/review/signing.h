/* What the review page has done in a thread: the request made ready, then signed and saved. */
#pragma once

#include "gui/prereg-draft.h"
#include "gui/task.h"

G_BEGIN_DECLS

/* A signature that was made. Where it could not be saved `path` is NULL and `trouble` says why. */
typedef struct {
    GBytes *message;
    char *path;
    GError *trouble;
} GcaSignature;

/* Makes draft->prereg and binds it to the card. Gives the fingerprint of the certificate that will
 * sign (g_free). */
GcaWork gca_signing_prepare(GcaPreregDraft *draft);

/* Signs draft->prereg with the card whose certificate has that fingerprint (CHECK_FAILED if another
 * lies there now) and saves it. Gives a GcaSignature. One PIN, sent once. */
GcaWork gca_signing_sign(GcaPreregDraft *draft, const char *fingerprint);

/* Saves what is signed already into `folder`. Gives a GcaSignature. */
GcaWork gca_signing_save(GcaPreregDraft *draft, GBytes *message, const char *folder);

G_END_DECLS
