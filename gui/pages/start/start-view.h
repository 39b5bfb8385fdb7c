/* What one can begin with, and what one did last. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define GCA_TYPE_START_VIEW (gca_start_view_get_type())
G_DECLARE_FINAL_TYPE(GcaStartView, gca_start_view, GCA, START_VIEW, GtkBox)

/* Looks for recent work once it is on the screen. */
GtkWidget *gca_start_view_new(void);

G_END_DECLS
