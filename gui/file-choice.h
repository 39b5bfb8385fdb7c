/* Asks which file or folder, without stopping the main loop. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* `chosen` is called with the path, unless nothing is chosen or `owner` is gone by then.
 * `suggestion`: a path to begin with, or NULL. */
void gca_file_choice_ask(GtkWidget *owner, GtkFileChooserAction action, const char *title,
                         const char *suggestion, void (*chosen)(gpointer owner, const char *path));

G_END_DECLS
