/* Text, rows and boxes one below the other on an A4 page, set smaller together until all fits. For
 * this folder only. */
#pragma once

#include "letter/page.h"

#include <cairo.h>
#include <pango/pango.h>

G_BEGIN_DECLS

#define GCA_SHEET_MARGIN 56.7 /* 20 mm */
#define GCA_SHEET_WIDTH (GCA_PAGE_WIDTH - 2 * GCA_SHEET_MARGIN)

typedef enum { GCA_FACE_SERIF, GCA_FACE_SANS, GCA_FACE_FIXED } GcaFace;

typedef struct {
    GcaFace face;
    double size; /* points, before it is made smaller; never under 8 */
    gboolean is_bold;
    PangoAlignment alignment;
} GcaStyle;

typedef struct {
    cairo_t *cairo;
    double y;          /* where the next part begins; a part moves it down */
    double scale;      /* of the sizes of text and gaps, at most 1 */
    gboolean is_trial; /* only measures */
    char *longest;     /* text so far, to be named if all is too much */
} GcaSheet;

/* Adds all parts; called several times, with is_trial and smaller scales first. */
typedef gboolean (*GcaSheetFunc)(GcaSheet *sheet, gconstpointer data, GError **error);

/* Draws with the largest scale at which all stays above the lower margin. USAGE if none. */
gboolean gca_sheet_compose(cairo_t *cairo, GcaSheetFunc func, gconstpointer data, GError **error);

/* Text broken into lines of `width`. FILE if a character has no glyph. */
PangoLayout *gca_sheet_set(GcaSheet *sheet, const GcaStyle *style, const char *text, double width,
                           GError **error);
double gca_sheet_get_height(PangoLayout *layout);
double gca_sheet_get_text_width(PangoLayout *layout);

/* At a place of the page, in points; does not move y. */
void gca_sheet_place(const GcaSheet *sheet, PangoLayout *layout, double x, double y);
void gca_sheet_frame(const GcaSheet *sheet, double x, double y, double width, double height,
                     gboolean is_shaded);

void gca_sheet_add_gap(GcaSheet *sheet, double height);

/* A paragraph over the whole width. */
gboolean gca_sheet_add_text(GcaSheet *sheet, const GcaStyle *style, const char *text,
                            GError **error);

/* A row of a table: what it is called, what stands there. */
gboolean gca_sheet_add_row(GcaSheet *sheet, const char *name, const char *value, GError **error);

G_END_DECLS
