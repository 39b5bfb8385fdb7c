/* That something is at work: what, how far it is, and a button to stop it. Emits "stopped". */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define GCA_TYPE_BUSY_VIEW (gca_busy_view_get_type())
G_DECLARE_FINAL_TYPE(GcaBusyView, gca_busy_view, GCA, BUSY_VIEW, GtkBox)

/* Begins anew: nothing is known of the progress yet. */
void gca_busy_view_begin(GcaBusyView *view, const char *sentence);
void gca_busy_view_end(GcaBusyView *view);

void gca_busy_view_set_progress(GcaBusyView *view, guint done, guint total);

/* What is being done now. Where a person has to do more than stop it here to see it end, `way_out`
 * says what, once that was pressed; else NULL. */
void gca_busy_view_set_notice(GcaBusyView *view, const char *text, const char *way_out);

G_END_DECLS
