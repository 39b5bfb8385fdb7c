#include "config.h"

#include "gui/file-choice.h"

#define CHOOSER_KEY "gca-file-choice"

typedef void (*Chosen)(gpointer owner, const char *path);
typedef void (*SeveralChosen)(gpointer owner, const char *const *paths);

typedef struct {
    GtkFileChooserNative *chooser;
    Chosen chosen;                /* or */
    SeveralChosen several_chosen; /* … this one */
} Choice;

static void
choice_free(gpointer data)
{
    Choice *choice = data;

    g_object_unref(choice->chooser);
    g_free(choice);
}

GStrv
gca_file_choice_list_paths(const char *const *uris)
{
    g_autoptr(GStrvBuilder) paths = g_strv_builder_new();

    for (guint i = 0; uris != NULL && uris[i] != NULL; i++) {
        g_autofree char *path = g_filename_from_uri(uris[i], NULL, NULL);
        if (path != NULL)
            g_strv_builder_add(paths, path);
    }
    return g_strv_builder_end(paths);
}

GStrv
gca_file_choice_list(GtkFileChooser *chooser)
{
    GSList *names = gtk_file_chooser_get_filenames(chooser);
    g_autoptr(GStrvBuilder) paths = g_strv_builder_new();

    for (GSList *at = names; at != NULL; at = at->next)
        g_strv_builder_add(paths, at->data);
    g_slist_free_full(names, g_free);
    return g_strv_builder_end(paths);
}

static void
on_response(GtkNativeDialog *chooser, int response, GtkWidget *owner)
{
    const Choice choice = *(const Choice *) g_object_get_data(G_OBJECT(owner), CHOOSER_KEY);
    g_auto(GStrv) paths = gca_file_choice_list(GTK_FILE_CHOOSER(chooser));

    g_object_set_data(G_OBJECT(owner), CHOOSER_KEY, NULL);
    if (response != GTK_RESPONSE_ACCEPT || paths[0] == NULL)
        return;
    if (choice.chosen != NULL)
        choice.chosen(owner, paths[0]);
    else
        choice.several_chosen(owner, (const char *const *) paths);
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

static void
ask(GtkWidget *owner, GtkFileChooserAction action, const char *title, const char *suggestion,
    Choice choice)
{
    GtkWindow *window = GTK_WINDOW(gtk_widget_get_toplevel(owner));

    choice.chooser = gtk_file_chooser_native_new(title, window, action, NULL, NULL);
    gtk_file_chooser_set_select_multiple(GTK_FILE_CHOOSER(choice.chooser),
                                         choice.several_chosen != NULL);
    if (suggestion != NULL)
        suggest(GTK_FILE_CHOOSER(choice.chooser), suggestion);
    gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(choice.chooser), TRUE);
    g_signal_connect_object(choice.chooser, "response", G_CALLBACK(on_response), owner, 0);
    g_object_set_data_full(G_OBJECT(owner), CHOOSER_KEY, g_memdup2(&choice, sizeof(choice)),
                           choice_free);
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(choice.chooser));
}

void
gca_file_choice_ask(GtkWidget *owner, GtkFileChooserAction action, const char *title,
                    const char *suggestion, Chosen chosen)
{
    ask(owner, action, title, suggestion, (Choice){.chosen = chosen});
}

void
gca_file_choice_ask_several(GtkWidget *owner, const char *title, const char *suggestion,
                            SeveralChosen chosen)
{
    ask(owner, GTK_FILE_CHOOSER_ACTION_OPEN, title, suggestion, (Choice){.several_chosen = chosen});
}
