/* Something that was begun or done: what, in which state, when. */
#pragma once

#include "flow/recent.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define GCA_TYPE_RECENT_ROW (gca_recent_row_get_type())
G_DECLARE_FINAL_TYPE(GcaRecentRow, gca_recent_row, GCA, RECENT_ROW, GtkListBoxRow)

/* What is gone can be read of, but not activated. */
GtkWidget *gca_recent_row_new(const GcaRecent *recent);

const char *gca_recent_row_get_path(GcaRecentRow *row);
gboolean gca_recent_row_is_application(GcaRecentRow *row);

G_END_DECLS
