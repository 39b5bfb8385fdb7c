#pragma once

#include "tests/card/options.h"

/* The card: a HiCOS side and a PIV side behind one ATR. */
typedef struct Card Card;

typedef enum { CARD_STAYS, CARD_LEAVES, CARD_IS_GONE } CardTurn;

Card *card_new(const Options *options, GError **error);
void card_free(Card *card);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Card, card_free)

const GByteArray *card_get_atr(const Card *card);

/* Power on, reset, pulled out: no applet selected, no PIN verified. */
void card_power_on(Card *card);
void card_power_off(Card *card);

/* Answers one APDU. CARD_LEAVES: after this answer; CARD_IS_GONE: instead. */
CardTurn card_transmit(Card *card, const guint8 *command, gsize length, GByteArray *answer);
