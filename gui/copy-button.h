/* A button that puts a text into the clipboard. Never for secrets. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* `name`: what a screen reader and the tooltip say. */
GtkWidget *gca_copy_button_new(const char *name, const char *text);

G_END_DECLS
