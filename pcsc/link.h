/* The connection below a GcaCard, each call bounded in time. Inside this folder only. */
#pragma once

#include "pcsc/bounded.h"

G_BEGIN_DECLS

typedef struct _GcaLink GcaLink;

/* 256 bytes and the status word */
#define GCA_LINK_ANSWER_SIZE 258

/* Connects to the card in `reader` and begins a transaction. NULL with the name of the call that
 * failed and its answer; SCARD_E_TIMEOUT if others did not let go of the card in time or it could
 * not be powered up, SCARD_E_CANCELLED if it was cancelled before. */
GcaLink *gca_link_open(const char *reader, const GcaWaiter *waiter, const char **call,
                       LONG *answer);

/* FALSE if pcscd says of no program that it is connected to the card in `reader`; one that waits
 * for its card to be powered up is not connected yet. */
gboolean gca_link_is_shared(const char *reader);

/* Leaves the card as it is. */
void gca_link_close(GcaLink *link);

/* Sends one command of at most GCA_CARD_COMMAND_LIMIT bytes. `response` has room for
 * GCA_LINK_ANSWER_SIZE bytes. A card that is gone is always SCARD_W_REMOVED_CARD. After
 * SCARD_E_TIMEOUT and SCARD_E_CANCELLED nothing more is sent. */
LONG gca_link_transmit(GcaLink *link, const guint8 *command, gsize size, guint8 *response,
                       gsize *response_size, const GcaWaiter *waiter);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaLink, gca_link_close)

G_END_DECLS
