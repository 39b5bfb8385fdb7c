/* The one kind of window: the start page, an assistant, or what was found in a file. */
#pragma once

#include "gui/app.h"

G_BEGIN_DECLS

#define GCA_TYPE_WINDOW (gca_window_get_type())
G_DECLARE_FINAL_TYPE(GcaWindow, gca_window, GCA, WINDOW, GtkApplicationWindow)

/* Its actions: "win.start", "win.prereg", "win.application" (string: a request folder to go on
 * with, or ""), "win.choose" (files to look into, from a dialog), "win.open" (array of bytestrings:
 * the path of a signed request, or those of what a CA has handed out). */
GtkWidget *gca_window_new(GcaApp *app);

/* TRUE where it shows the start page: nothing is lost if something else is shown instead. */
gboolean gca_window_is_free(GcaWindow *window);

G_END_DECLS
