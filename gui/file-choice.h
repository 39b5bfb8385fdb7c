/* Asks which file or folder, without stopping the main loop. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* `chosen` is called with the path, unless nothing is chosen or `owner` is gone by then.
 * `suggestion`: a path to begin with, or NULL. */
void gca_file_choice_ask(GtkWidget *owner, GtkFileChooserAction action, const char *title,
                         const char *suggestion, void (*chosen)(gpointer owner, const char *path));

/* The same for one or several files that are there: `paths` is NULL-terminated. */
void gca_file_choice_ask_several(GtkWidget *owner, const char *title, const char *suggestion,
                                 void (*chosen)(gpointer owner, const char *const *paths));

/* The paths chosen in a dialog. */
GStrv gca_file_choice_list(GtkFileChooser *chooser);

/* The local ones of `uris` as paths; empty, not NULL, where there is none. */
GStrv gca_file_choice_list_paths(const char *const *uris);

G_END_DECLS
