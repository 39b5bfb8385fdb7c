/* What is known of something, a line a fact: its title, and what it is. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define GCA_TYPE_FACT_LIST (gca_fact_list_get_type())
G_DECLARE_FINAL_TYPE(GcaFactList, gca_fact_list, GCA, FACT_LIST, GtkBox)

/* Property, for a template: "selectable" (TRUE: the texts can be copied, and take the focus; FALSE
 * in the row of a list). */
GtkWidget *gca_fact_list_new(void);
void gca_fact_list_clear(GcaFactList *list);

/* Nothing is added where `text` is NULL. */
void gca_fact_list_add(GcaFactList *list, const char *title, const char *text);

/* The same for text from outside: escaped. */
void gca_fact_list_add_outside(GcaFactList *list, const char *title, const char *text);

G_END_DECLS
