/* A question over a window, in two sentences. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Modal; `more` may be NULL. Not as wide as GTK's own would be: it fits a small screen with large
 * text, too. */
GtkWidget *gca_question_dialog_new(GtkWindow *window, GtkButtonsType buttons, const char *question,
                                   const char *more);

G_END_DECLS
