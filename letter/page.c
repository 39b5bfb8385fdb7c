#include "config.h"

#include "letter/page.h"

#include "base/error.h"

#include <cairo-pdf.h>
#include <glib/gi18n-lib.h>
#include <openssl/crypto.h>
#include <string.h>

#define CREATOR "gca-toolkit " GCA_VERSION
#define FIRST_ALLOCATION (64 * 1024)

struct _GcaPage {
    GcaPageFunc draw;
    gpointer data;
    GDestroyNotify free_data;
    char *day;
};

/* A PDF as it grows. It may hold a user code: nothing of it stays behind in freed memory. */
typedef struct {
    guchar *data;
    gsize size;
    gsize allocated;
} Growing;

GcaPage *
gca_page_new(GcaPageFunc draw, gpointer data, GDestroyNotify free_data)
{
    GcaPage *page = g_new0(GcaPage, 1);

    page->draw = draw;
    page->data = data;
    page->free_data = free_data;
    return page;
}

void
gca_page_free(GcaPage *page)
{
    if (page->free_data != NULL)
        page->free_data(page->data);
    g_free(page->day);
    g_free(page);
}

void
gca_page_set_date(GcaPage *page, GDateTime *date)
{
    g_free(page->day);
    page->day = g_date_time_format(date, "%Y-%m-%d");
}

gboolean
gca_page_draw(const GcaPage *page, cairo_t *cairo, GError **error)
{
    return page->draw(cairo, page->data, error);
}

static void
growing_free(gpointer data)
{
    Growing *growing = data;

    OPENSSL_clear_free(growing->data, growing->allocated);
    g_free(growing);
}

static cairo_status_t
append(void *data, const unsigned char *bytes, unsigned int size)
{
    Growing *growing = data;
    gsize wanted = MAX(growing->allocated, FIRST_ALLOCATION);

    while (wanted - growing->size < size)
        wanted *= 2;
    if (wanted > growing->allocated) {
        guchar *grown = OPENSSL_clear_realloc(growing->data, growing->allocated, wanted);
        if (grown == NULL)
            return CAIRO_STATUS_NO_MEMORY;
        growing->data = grown;
        growing->allocated = wanted;
    }
    memcpy(growing->data + growing->size, bytes, size);
    growing->size += size;
    return CAIRO_STATUS_SUCCESS;
}

static gboolean
draw_all(GPtrArray *pages, cairo_surface_t *surface, GError **error)
{
    cairo_t *cairo = cairo_create(surface);
    gboolean is_done = TRUE;

    for (guint i = 0; i < pages->len && is_done; i++) {
        is_done = gca_page_draw(g_ptr_array_index(pages, i), cairo, error);
        cairo_show_page(cairo);
    }
    cairo_destroy(cairo);
    cairo_surface_finish(surface);
    if (is_done && cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS) {
        gca_error_set(error, GCA_ERROR_INTERNAL, _("The PDF could not be made."));
        gca_error_add_detail(error, "cairo: %s",
                             cairo_status_to_string(cairo_surface_status(surface)));
        is_done = FALSE;
    }
    return is_done;
}

GBytes *
gca_pages_to_pdf(GPtrArray *pages, const char *title, GError **error)
{
    Growing *growing = g_new0(Growing, 1);
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(append, growing, GCA_PAGE_WIDTH, GCA_PAGE_HEIGHT);
    const GcaPage *first = pages->len > 0 ? g_ptr_array_index(pages, 0) : NULL;

    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, CREATOR);
    if (first != NULL && first->day != NULL)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, first->day);
    gboolean is_done = draw_all(pages, surface, error);
    cairo_surface_destroy(surface);
    if (!is_done) {
        growing_free(growing);
        return NULL;
    }
    return g_bytes_new_with_free_func(growing->data, growing->size, growing_free, growing);
}
