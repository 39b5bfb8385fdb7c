/* The one kind of window: the start page, an assistant, or what was found in a file. */
#pragma once

#include "gui/app.h"

G_BEGIN_DECLS

#define GCA_TYPE_WINDOW (gca_window_get_type())
G_DECLARE_FINAL_TYPE(GcaWindow, gca_window, GCA, WINDOW, GtkApplicationWindow)

/* Its actions: "win.start", "win.prereg", "win.application" (string: a request folder to go on
 * with, or ""), "win.choose" (a file to look into, from a dialog), "win.open" (bytestring: its
 * path). */
GtkWidget *gca_window_new(GcaApp *app);

/* TRUE where it shows the start page: nothing is lost if something else is shown instead. */
gboolean gca_window_is_free(GcaWindow *window);

G_END_DECLS
