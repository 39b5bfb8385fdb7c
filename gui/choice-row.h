/* A row of a list out of which one is chosen: by the user alone, and marked by a sign. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define GCA_TYPE_CHOICE_ROW (gca_choice_row_get_type())
G_DECLARE_DERIVABLE_TYPE(GcaChoiceRow, gca_choice_row, GCA, CHOICE_ROW, GtkListBoxRow)

struct _GcaChoiceRowClass {
    GtkListBoxRowClass parent_class;
};

/* What is seen while the row is chosen; once, by the row's own init. */
void gca_choice_row_set_mark(GcaChoiceRow *row, GtkWidget *mark);

G_END_DECLS
