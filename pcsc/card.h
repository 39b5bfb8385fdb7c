/* One connection to one card, and APDUs over it (ISO 7816-4). */
#pragma once

#include "pcsc/context.h"

G_BEGIN_DECLS

typedef struct _GcaCard GcaCard;

/* the longest command (short form) and the most that an answer may add up to */
#define GCA_CARD_COMMAND_LIMIT 261
#define GCA_CARD_ANSWER_LIMIT (64 * 1024)

/* Shared access, held in a transaction until gca_card_free. NO_CARD, BUSY (naming the process that
 * holds the reader where that can be found out), CARD_UNKNOWN (mute), CARD_REMOVED, NO_READER.
 * Neither this nor gca_card_transmit takes longer than 5 seconds a command, nor half a second when
 * `cancel` (kept) is requested: CANCELLED. */
GcaCard *gca_card_connect(GcaPcsc *pcsc, const char *reader, GcaCancel *cancel, GError **error);
void gca_card_free(GcaCard *card);

const char *gca_card_get_reader(const GcaCard *card);

/* Sends one command; 61xx and 6Cxx are dealt with here. The answer without the status word, which
 * goes to *status. Errors are the transport's only: CARD_REMOVED, BUSY, NO_READER, CARD_UNKNOWN,
 * CANCELLED; after one nothing more is sent, and every call gives it again. */
GBytes *gca_card_transmit(GcaCard *card, const guint8 *command, gsize size, guint16 *status,
                          GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaCard, gca_card_free)

G_END_DECLS
