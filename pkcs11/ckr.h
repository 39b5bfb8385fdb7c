/* PKCS#11 return values: each CKR of the standard (v2.40) and what it means for a user. */
#pragma once

#include "base/error.h"

G_BEGIN_DECLS

/* "CKR_PIN_INCORRECT", or "CKR_?" for one that the standard does not have. */
const char *gca_ckr_to_string(gulong ckr);
GcaErrorCode gca_ckr_to_code(gulong ckr);

/* Sets `error` for a call that gave `ckr`, with the name and number in the detail. */
void gca_ckr_set_error(GError **error, const char *call, gulong ckr);

G_END_DECLS
