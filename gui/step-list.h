/* The steps of an assistant, one below the other: done, now, to come; by sign and words, not by
 * colour alone. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define GCA_TYPE_STEP_LIST (gca_step_list_get_type())
G_DECLARE_FINAL_TYPE(GcaStepList, gca_step_list, GCA, STEP_LIST, GtkBox)

GtkWidget *gca_step_list_new(void);
void gca_step_list_add(GcaStepList *list, const char *title);

/* `index` counts from 0. */
void gca_step_list_set_current(GcaStepList *list, guint index);

G_END_DECLS
