/* The readers, watched in a thread and told of in the main loop. */
#pragma once

#include "gui/prereg-draft.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define GCA_TYPE_CARD_WATCHER (gca_card_watcher_get_type())
G_DECLARE_FINAL_TYPE(GcaCardWatcher, gca_card_watcher, GCA, CARD_WATCHER, GObject)

/* Of gca_card_watch_get_seats and _get_error. */
typedef void (*GcaCardWatcherFunc)(gpointer owner, GPtrArray *seats, const GError *error);

/* Begins to watch with the card choice and the profile of `draft`; `owner` is borrowed: stop it in
 * its dispose. Others may use the card between two looks. Main loop only. */
GcaCardWatcher *gca_card_watcher_start(gpointer owner, GcaPreregDraft *draft,
                                       GcaCardWatcherFunc func);

/* After its return `func` is called no more. The readers are let go soon after. */
void gca_card_watcher_stop(GcaCardWatcher *watcher);

G_END_DECLS
