/* An error as the table of base/error.c has it: what happened, what to do, and behind an expander
 * what the layers below have said. A screen reader is told of it. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define GCA_TYPE_ERROR_VIEW (gca_error_view_get_type())
G_DECLARE_FINAL_TYPE(GcaErrorView, gca_error_view, GCA, ERROR_VIEW, GtkInfoBar)

/* Shows nothing yet. */
GtkWidget *gca_error_view_new(void);

/* Shows `error` and moves the focus to it; NULL hides it. */
void gca_error_view_show(GcaErrorView *view, const GError *error);

/* The same for a translated sentence that is no error. */
void gca_error_view_warn(GcaErrorView *view, const char *sentence);

G_END_DECLS
