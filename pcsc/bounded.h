/* Calls that pcsc-lite may keep waiting for ever, given up after some seconds or when cancelled. */
#pragma once

#include "base/cancel.h"

#include <winscard.h>

G_BEGIN_DECLS

/* SCardConnect and SCardBeginTransaction wait for other programs without limit; SCardTransmit waits
 * for the reader's driver. SCardCancel ends none of them, only SCardGetStatusChange. */
#define GCA_PCSC_PATIENCE_MS 4000

/* What a call gets to come back by itself when `cancel` is requested: a card that answers at all
 * does so within it, and is then left in order. */
#define GCA_PCSC_CANCEL_PATIENCE_MS 300

/* A call that is not back by then is one that a person wonders about. */
#define GCA_PCSC_QUIET_MS 2000

/* Whoever waits for a call; every field may be NULL. */
typedef struct {
    GcaCancel *cancel;
    void (*tell)(gpointer data); /* once, in the waiting thread, after GCA_PCSC_QUIET_MS */
    gpointer data;
} GcaWaiter;

/* Runs `call` on `box` (g_atomic_rc_box, freed with `clear`) in a thread of its own. If it is not
 * back in time, SCARD_E_TIMEOUT or SCARD_E_CANCELLED: `box` then belongs to that thread, which
 * clears it when the call does come back, and must only be released. */
LONG gca_bounded_call(void (*call)(gpointer box), gpointer box, GDestroyNotify clear,
                      const GcaWaiter *waiter);

G_END_DECLS
