/* What a CA has handed out: checked, and put beside its key. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define GCA_TYPE_RETURNED_VIEW (gca_returned_view_get_type())
G_DECLARE_FINAL_TYPE(GcaReturnedView, gca_returned_view, GCA, RETURNED_VIEW, GtkScrolledWindow)

/* `paths`: files that are looked at together, or a request folder with a certificate in it. Looks
 * for request folders where the wizard makes them, and where the files lie. */
GtkWidget *gca_returned_view_new(const char *const *paths);

/* Looks at further files together with those that are there. FALSE where they want none. */
gboolean gca_returned_view_add(GcaReturnedView *view, const char *const *paths);

G_END_DECLS
