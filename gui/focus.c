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

static void
scroll_to(GtkWidget *widget)
{
    GtkWidget *view = gtk_widget_get_ancestor(widget, GTK_TYPE_SCROLLED_WINDOW);
    GtkWidget *port = view ? gtk_bin_get_child(GTK_BIN(view)) : NULL;
    int x, y;

    if (!GTK_IS_VIEWPORT(port) ||
        !gtk_widget_translate_coordinates(widget, gtk_bin_get_child(GTK_BIN(port)), 0, 0, &x, &y))
        return;
    gtk_adjustment_clamp_page(gtk_scrolled_window_get_vadjustment(GTK_SCROLLED_WINDOW(view)), y,
                              y + gtk_widget_get_allocated_height(widget));
}

static gboolean
on_left(GtkWidget *label)
{
    g_signal_handlers_disconnect_by_func(label, on_left, NULL);
    gtk_style_context_remove_class(gtk_widget_get_style_context(label), "told");
    return FALSE;
}

void
gca_focus_tell(GtkWidget *widget)
{
    gtk_widget_grab_focus(widget);
    if (!GTK_IS_LABEL(widget) || !gtk_widget_is_focus(widget))
        return;
    gtk_label_select_region(GTK_LABEL(widget), 0, 0);
    gtk_style_context_add_class(gtk_widget_get_style_context(widget), "told");
    g_signal_handlers_disconnect_by_func(widget, on_left, NULL);
    g_signal_connect(widget, "focus-out-event", G_CALLBACK(on_left), NULL);
}

static void
on_painted(GdkFrameClock *clock, GtkWidget *widget)
{
    g_signal_handlers_disconnect_by_func(clock, on_painted, widget);
    if (!gtk_widget_get_mapped(widget))
        return;
    gca_focus_tell(widget);
    scroll_to(widget);
}

void
gca_focus_soon(GtkWidget *widget)
{
    GdkFrameClock *clock = gtk_widget_get_frame_clock(gtk_widget_get_toplevel(widget));

    g_signal_connect_object(clock, "after-paint", G_CALLBACK(on_painted), widget, 0);
    gdk_frame_clock_request_phase(clock, GDK_FRAME_CLOCK_PHASE_AFTER_PAINT);
}
