/* A label for what is copied or compared: it can be selected, and breaks its lines anywhere,
 * without the hyphens that Pango would add. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *gca_exact_label_new(const char *text);

/* Makes `label` one of these. */
void gca_exact_label_set_up(GtkLabel *label);

/* Shows `text` from outside, escaped, in any label; where it is NULL the label is hidden. */
void gca_exact_label_show_outside(GtkLabel *label, const char *text);

G_END_DECLS
