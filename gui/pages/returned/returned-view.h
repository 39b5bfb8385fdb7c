/* What a CA has handed out: checked, and put beside its key. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define GCA_TYPE_RETURNED_VIEW (gca_returned_view_get_type())
G_DECLARE_FINAL_TYPE(GcaReturnedView, gca_returned_view, GCA, RETURNED_VIEW, GtkScrolledWindow)

/* Looks for request folders where the wizard makes them, and where the file lies. */
GtkWidget *gca_returned_view_new(const char *path);

G_END_DECLS
