/* The least program with an assistant: what any GTK program of six pages costs here. */
#include <gtk/gtk.h>
#include <stdlib.h>

static void
activate(GApplication *application, gpointer data)
{
    GtkWidget *assistant = gtk_assistant_new();

    gtk_window_set_default_size(GTK_WINDOW(assistant), 800, 600);
    for (int i = 0; i < 6; i++) {
        g_autofree char *text = g_strdup_printf("Page %d", i + 1);
        GtkWidget *page = gtk_label_new(text);
        gtk_widget_show(page);
        gtk_assistant_append_page(GTK_ASSISTANT(assistant), page);
        gtk_assistant_set_page_title(GTK_ASSISTANT(assistant), page, text);
    }
    gtk_application_add_window(GTK_APPLICATION(application), GTK_WINDOW(assistant));
    gtk_widget_show(assistant);
}

int
main(int argc, char **argv)
{
    g_autoptr(GtkApplication) application =
        gtk_application_new("tw.gca_toolkit.Bench", G_APPLICATION_NON_UNIQUE);

    g_signal_connect(application, "activate", G_CALLBACK(activate), NULL);
    return g_application_run(G_APPLICATION(application), argc, argv);
}
