#include "config.h"

#include "gui/focus.h"

gboolean
gca_focus_first(GtkWidget *place)
{
    GtkWindow *window = GTK_WINDOW(gtk_widget_get_toplevel(place));

    while (gtk_widget_child_focus(place, GTK_DIR_TAB_FORWARD)) {
        GtkWidget *at = gtk_window_get_focus(window);
        if (!GTK_IS_LABEL(at))
            return TRUE;
        gtk_label_select_region(GTK_LABEL(at), 0, 0);
    }
    return FALSE;
}
