/* A page of letter/ as it will be printed, as wide as there is room. */
#pragma once

#include "letter/page.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define GCA_TYPE_PAPER_VIEW (gca_paper_view_get_type())
G_DECLARE_FINAL_TYPE(GcaPaperView, gca_paper_view, GCA, PAPER_VIEW, GtkDrawingArea)

/* Shows a blank sheet. */
GtkWidget *gca_paper_view_new(void);

/* `page` is used during the call only. Errors of gca_page_draw; the sheet is blank then. */
gboolean gca_paper_view_show(GcaPaperView *view, const GcaPage *page, GError **error);

/* For whoever does not see it: what paper it is, and what stands on it. */
void gca_paper_view_describe(GcaPaperView *view, const char *name, const char *description);

G_END_DECLS
