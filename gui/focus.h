/* Where the keyboard is. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Gives the focus to the first widget within `place` with which something can be done: GTK would
 * take a label, too, if it can be copied from, and select it all. FALSE: there is none. */
gboolean gca_focus_first(GtkWidget *place);

/* Gives the focus to what is to be read out. A label does not show where in it the keyboard is, nor
 * is all of it selected, as GTK would do. */
void gca_focus_tell(GtkWidget *widget);

/* Where something has just come or is to be done now: scrolls `widget` into sight and gives it the
 * focus, if it can have it, as soon as all has its place. */
void gca_focus_soon(GtkWidget *widget);

G_END_DECLS
