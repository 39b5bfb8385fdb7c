/* Prints papers as they are, on A4. */
#pragma once

#include "letter/page.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Asks for the printer in a dialog and goes on by itself. `page` is taken; `title` names the job.
 * `done` is called with NULL, or FILE where it could not be printed, unless `owner` is gone. */
void gca_paper_print(GtkWidget *owner, GcaPage *page, const char *title,
                     void (*done)(gpointer owner, const GError *error));

G_END_DECLS
