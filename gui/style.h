/* What the style sheets of this project's windows change in the theme. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Once, when there is a display. */
void gca_style_add(void);

G_END_DECLS
