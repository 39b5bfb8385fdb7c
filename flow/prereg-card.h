/* The pre-registration's part at the desk: the card says who asks, and signs. */
#pragma once

#include "flow/found-card.h"
#include "flow/prereg.h"

G_BEGIN_DECLS

/* The request for the holder of `card`: made, or, where it was prepared elsewhere, checked to name
 * this very organisation (CHECK_FAILED with both). Refuses a holder who must not sign (NO_CERT). */
gboolean gca_prereg_bind_card(GcaPrereg *prereg, const GcaFoundCard *card, GError **error);

/* Signs with `key`, the card's, after login: the very bytes of the request that was bound to it and
 * shown. What comes out is read back and checked. DER. */
GBytes *gca_prereg_sign_with(GcaPrereg *prereg, GcaFoundCard *card, EVP_PKEY *key, GError **error);

/* Logs in as `login` says (title and unblock_place are ours) and signs once. A CANCELLED that has a
 * hint says that the PIN was sent all the same; what is signed is never given up for it. */
GBytes *gca_prereg_sign(GcaPrereg *prereg, GcaFoundCard *card, const GcaLoginOptions *login,
                        GcaInteraction *interaction, GcaCancel *cancel, GError **error);

G_END_DECLS
