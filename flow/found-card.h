/* The one card that a use case works with: found, read without PIN, and later logged in to. */
#pragma once

#include "base/interaction.h"
#include "flow/card-choice.h"
#include "pkcs11/token.h"
#include "profile/profile.h"
#include "x509/holder.h"

G_BEGIN_DECLS

typedef struct _GcaFoundCard GcaFoundCard;

/* Finds and reads the card. A HiCOS card is read over PC/SC; a card of another family, and a token
 * that is in no reader, through the module. `with_ca` reads the CA certificates on it too. Two
 * cards and no choice: USAGE, listing them. All the card errors. A card that lets one wait is told
 * of to `interaction` (may be NULL). */
GcaFoundCard *gca_found_card_open(const GcaCardChoice *choice, gboolean with_ca,
                                  GcaInteraction *interaction, GcaCancel *cancel, GError **error);
void gca_found_card_free(GcaFoundCard *card);

GcaHolder *gca_found_card_get_holder(const GcaFoundCard *card);
const char *gca_found_card_get_reader(const GcaFoundCard *card); /* NULL: in no reader */
const char *gca_found_card_get_number(const GcaFoundCard *card); /* NULL: not known */
int gca_found_card_get_generation(const GcaFoundCard *card);     /* 0: not a HiCOS card */
GcaX509Stack *gca_found_card_get_ca_certificates(const GcaFoundCard *card); /* only with_ca */

/* A sentence on an end within 60 days or past, with where to renew; NULL if there is time. */
char *gca_found_card_dup_renewal_note(const GcaFoundCard *card, const GcaProfile *profile);

/* Refuses a holder who must not sign now, as gca_holder_check_signing; one that has expired with
 * where to renew. */
gboolean gca_found_card_check_signing(const GcaFoundCard *card, const GcaProfile *profile,
                                      GError **error);

/* The card's token in the module, found at the first call. */
GcaToken *gca_found_card_get_token(GcaFoundCard *card, GError **error);

/* One login: the PIN goes to the card once, see gca_token_login. The prompt names the card;
 * `unblock_place` is the profile's. A card that goes ends the question: CARD_REMOVED. */
gboolean gca_found_card_login(GcaFoundCard *card, const GcaLoginOptions *options,
                              const char *unblock_place, GcaInteraction *interaction,
                              GcaCancel *cancel, GError **error);

/* Where the card is said to have gone: that the service or all readers have (NO_READER), if so. For
 * what fails on the token itself. */
void gca_found_card_explain(const GcaFoundCard *card, GError **error);

/* The holder's private key; after login. To be freed before the card. */
EVP_PKEY *gca_found_card_find_key(GcaFoundCard *card, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaFoundCard, gca_found_card_free)

G_END_DECLS
