/* An eye on a card while a person is asked for something that only this card is to get. */
#pragma once

#include "flow/found-card.h"

G_BEGIN_DECLS

typedef struct _GcaCardGuard GcaCardGuard;

/* Watches from now on, in a thread of its own. Borrows `card` and `cancel` (may be NULL), which
 * nobody else may connect to meanwhile. A token that is in no reader is not watched. */
GcaCardGuard *gca_card_guard_new(const GcaFoundCard *card, GcaCancel *cancel);
void gca_card_guard_free(GcaCardGuard *guard);

/* For whatever asks: requested when `cancel` is, and when the card goes. */
GcaCancel *gca_card_guard_get_cancel(const GcaCardGuard *guard);

/* Where the card's going has ended the question: says that instead of CANCELLED. Then as
 * gca_found_card_explain. */
void gca_card_guard_explain(GcaCardGuard *guard, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaCardGuard, gca_card_guard_free)

G_END_DECLS
