/* A line of what is to be copied: its title, the text itself, a button. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Adds to `lines` a line with `shown` (escaped) beside `title`, whose width `titles` keeps, and a
 * button of the name `copy_name` that copies `text`. */
void gca_copy_line_add(GtkBox *lines, GtkSizeGroup *titles, const char *title, const char *shown,
                       const char *copy_name, const char *text);

G_END_DECLS
