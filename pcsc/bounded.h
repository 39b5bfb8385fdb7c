/* Calls that pcsc-lite may keep waiting for ever, given up after some seconds. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* SCardConnect and SCardBeginTransaction wait for other programs without limit and cannot be
 * cancelled; SCardTransmit waits for the reader's driver. */
#define GCA_PCSC_PATIENCE_MS 4000

/* Runs `call` on `box` (g_atomic_rc_box, freed with `clear`) in a thread of its own. FALSE if it is
 * not back in time: `box` then belongs to that thread and must only be released. */
gboolean gca_bounded_call(void (*call)(gpointer box), gpointer box, GDestroyNotify clear);

G_END_DECLS
