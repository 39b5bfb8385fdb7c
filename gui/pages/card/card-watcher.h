/* The readers, watched in a thread and told of in the main loop. */
#pragma once

#include "gui/prereg-draft.h"

G_BEGIN_DECLS

typedef struct _GcaCardWatcher GcaCardWatcher;

/* As GcaCardWatchFunc, in the main loop. */
typedef void (*GcaCardWatcherFunc)(gpointer owner, GPtrArray *seats, const GError *error);

/* Begins to watch with the card choice and the profile of `draft`; `owner` is a GObject that is
 * borrowed: stop it in its dispose. Main loop only. */
GcaCardWatcher *gca_card_watcher_start(gpointer owner, GcaPreregDraft *draft,
                                       GcaCardWatcherFunc func);

/* After its return `func` is called no more. The readers are let go soon after. */
void gca_card_watcher_stop(GcaCardWatcher *watcher);

G_END_DECLS
