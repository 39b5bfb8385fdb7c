/* One A4 page, drawn with cairo and pango: on a screen, a printer or into a PDF. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define GCA_PAGE_WIDTH 595.276 /* A4 in points */
#define GCA_PAGE_HEIGHT 841.89

typedef struct _GcaPage GcaPage;
typedef struct _cairo cairo_t; /* cairo.h is for those who draw */

/* Draws the page's content within its margins. FALSE with an error where it does not fit (USAGE) or
 * a character has no glyph (FILE, with the package of fonts to install). */
typedef gboolean (*GcaPageFunc)(cairo_t *cairo, gconstpointer data, GError **error);

/* `data` is freed with `free_data`. */
GcaPage *gca_page_new(GcaPageFunc draw, gpointer data, GDestroyNotify free_data);
void gca_page_free(GcaPage *page);

/* The day that its PDF says it was made; that of writing where none is set. */
void gca_page_set_date(GcaPage *page, GDateTime *date);

gboolean gca_page_draw(const GcaPage *page, cairo_t *cairo, GError **error);

/* A PDF of GcaPage *, fonts embedded; `title` is its title, the first page's day its day. Same
 * input, same bytes where a day is set. The bytes are wiped when they are freed. */
GBytes *gca_pages_to_pdf(GPtrArray *pages, const char *title, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaPage, gca_page_free)

G_END_DECLS
