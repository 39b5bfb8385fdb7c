#include "config.h"

#include "gui/file-choice.h"

#define CHOOSER_KEY "gca-file-choice"

typedef void (*Chosen)(gpointer owner, const char *path);

typedef struct {
    GtkFileChooserNative *chooser;
    Chosen chosen;
} Choice;

static void
choice_free(gpointer data)
{
    Choice *choice = data;

    g_object_unref(choice->chooser);
    g_free(choice);
}

static void
on_response(GtkNativeDialog *chooser, int response, GtkWidget *owner)
{
    const Choice *choice = g_object_get_data(G_OBJECT(owner), CHOOSER_KEY);
    g_autofree char *path = gtk_file_chooser_get_filename(GTK_FILE_CHOOSER(chooser));
    Chosen chosen = choice->chosen;

    g_object_set_data(G_OBJECT(owner), CHOOSER_KEY, NULL);
    if (response == GTK_RESPONSE_ACCEPT && path != NULL)
        chosen(owner, path);
}

static void
suggest(GtkFileChooser *chooser, const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *name = g_path_get_basename(path);

    gtk_file_chooser_set_current_folder(chooser, folder);
    if (gtk_file_chooser_get_action(chooser) == GTK_FILE_CHOOSER_ACTION_SAVE)
        gtk_file_chooser_set_current_name(chooser, name);
}

void
gca_file_choice_ask(GtkWidget *owner, GtkFileChooserAction action, const char *title,
                    const char *suggestion, Chosen chosen)
{
    GtkWindow *window = GTK_WINDOW(gtk_widget_get_toplevel(owner));
    Choice *choice = g_new0(Choice, 1);

    choice->chooser = gtk_file_chooser_native_new(title, window, action, NULL, NULL);
    choice->chosen = chosen;
    if (suggestion != NULL)
        suggest(GTK_FILE_CHOOSER(choice->chooser), suggestion);
    gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(choice->chooser), TRUE);
    g_signal_connect_object(choice->chooser, "response", G_CALLBACK(on_response), owner, 0);
    g_object_set_data_full(G_OBJECT(owner), CHOOSER_KEY, choice, choice_free);
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(choice->chooser));
}
