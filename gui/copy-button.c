#include "config.h"

#include "gui/copy-button.h"

#define TEXT "gca-text"

static void
copy(GtkButton *button)
{
    const char *text = g_object_get_data(G_OBJECT(button), TEXT);
    GtkClipboard *clipboard = gtk_widget_get_clipboard(GTK_WIDGET(button), GDK_SELECTION_CLIPBOARD);

    gtk_clipboard_set_text(clipboard, text, -1);
    gtk_clipboard_set_can_store(clipboard, NULL, 0); /* it stays when the window is closed */
}

GtkWidget *
gca_copy_button_new(const char *name, const char *text)
{
    GtkWidget *button = gtk_button_new_from_icon_name("edit-copy-symbolic", GTK_ICON_SIZE_BUTTON);

    g_object_set_data_full(G_OBJECT(button), TEXT, g_strdup(text), g_free);
    gtk_widget_set_tooltip_text(button, name);
    gtk_widget_set_valign(button, GTK_ALIGN_START);
    atk_object_set_name(gtk_widget_get_accessible(button), name);
    g_signal_connect(button, "clicked", G_CALLBACK(copy), NULL);
    gtk_widget_show(button);
    return button;
}
