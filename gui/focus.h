/* Where the keyboard begins. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Gives the focus to the first widget within `place` with which something can be done: GTK would
 * take a label, too, if it can be copied from, and select it all. FALSE: there is none. */
gboolean gca_focus_first(GtkWidget *place);

G_END_DECLS
