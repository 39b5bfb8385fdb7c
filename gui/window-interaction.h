/* GcaInteraction for work in a thread, shown by a window: PIN and questions as dialogs, the rest by
 * its signals, all in the main loop:
 *   "progress" (guint done, guint total, const char *text)
 *   "notice" (int kind, const char *text), a GcaNotice */
#pragma once

#include "base/interaction.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define GCA_TYPE_WINDOW_INTERACTION (gca_window_interaction_get_type())
G_DECLARE_FINAL_TYPE(GcaWindowInteraction, gca_window_interaction, GCA, WINDOW_INTERACTION, GObject)

/* Dialogs stand over `window`, and are a no once it is gone. */
GcaWindowInteraction *gca_window_interaction_new(GtkWindow *window);

G_END_DECLS
