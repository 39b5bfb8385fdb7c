#include "config.h"

#include "base/error.h"
#include "base/text.h"
#include "letter/sheet-private.h"

#include <glib/gi18n-lib.h>
#include <pango/pangocairo.h>
#include <string.h>

#define BOTTOM (GCA_PAGE_HEIGHT - GCA_SHEET_MARGIN)
#define SMALLEST_TEXT 8.0
#define SCALE_STEP 0.05
#define SMALLEST_SCALE 0.4
#define LINE_WIDTH 0.6
#define SHADE 0.94
#define NAME_WIDTH 150.0
#define PADDING 5.0
#define ROW_GAP 9.0 /* above and below together */
#define MAX_SHOWN 30

static const GcaStyle name_style = {GCA_FACE_SERIF, 11, FALSE, PANGO_ALIGN_LEFT};
static const GcaStyle value_style = {GCA_FACE_SERIF, 11.5, FALSE, PANGO_ALIGN_LEFT};

static const char *const families[] = {
    [GCA_FACE_SERIF] = "Noto Serif CJK TC,TW-Kai,AR PL UMing TW,serif",
    [GCA_FACE_SANS] = "Noto Sans CJK TC,AR PL UKai TW,sans-serif",
    [GCA_FACE_FIXED] = "DejaVu Sans Mono,Noto Sans Mono CJK TC,monospace", /* a 0 with a mark */
};

/* ---- text ---- */

/* The font shows a character it lacks as a glyph that carries the code point. */
static gunichar
find_missing_in_run(const PangoGlyphString *glyphs)
{
    for (int i = 0; i < glyphs->num_glyphs; i++) {
        PangoGlyph glyph = glyphs->glyphs[i].glyph;
        if ((glyph & PANGO_GLYPH_UNKNOWN_FLAG) != 0)
            return glyph & ~PANGO_GLYPH_UNKNOWN_FLAG;
    }
    return 0;
}

static gunichar
find_missing(PangoLayout *layout)
{
    PangoLayoutIter *at = pango_layout_get_iter(layout);
    gunichar missing = 0;

    do {
        const PangoLayoutRun *run = pango_layout_iter_get_run_readonly(at);
        if (run != NULL)
            missing = find_missing_in_run(run->glyphs);
    } while (missing == 0 && pango_layout_iter_next_run(at));
    pango_layout_iter_free(at);
    return missing;
}

static gboolean
check_glyphs(PangoLayout *layout, GError **error)
{
    if (pango_layout_get_unknown_glyphs_count(layout) == 0)
        return TRUE;
    gunichar missing = find_missing(layout);
    char shown[7] = "";
    if (gca_text_is_showable(missing))
        g_unichar_to_utf8(missing, shown);
    gca_error_set(error, GCA_ERROR_FILE,
                  _("No font of this computer can show the character “%s” (U+%04X)."), shown,
                  missing);
    gca_error_set_hint(error, _("Install the package fonts-noto-cjk. If the character is a rare "
                                "one, a font that has it is needed too."));
    return FALSE;
}

static PangoFontDescription *
describe_font(const GcaSheet *sheet, const GcaStyle *style)
{
    PangoFontDescription *font = pango_font_description_new();
    double size = MAX(style->size * sheet->scale, SMALLEST_TEXT);

    pango_font_description_set_family_static(font, families[style->face]);
    pango_font_description_set_weight(font,
                                      style->is_bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    return font;
}

/* Lines break alike on every surface, and the glyphs are those of Taiwan. */
static void
set_up_context(PangoLayout *layout)
{
    PangoContext *context = pango_layout_get_context(layout);
    cairo_font_options_t *options = cairo_font_options_create();

    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
    pango_context_set_round_glyph_positions(context, FALSE);
    pango_context_set_language(context, pango_language_from_string("zh-TW"));
    pango_layout_context_changed(layout);
}

static void
note_length(GcaSheet *sheet, const char *text)
{
    if (sheet->longest != NULL && strlen(text) <= strlen(sheet->longest))
        return;
    g_free(sheet->longest);
    sheet->longest = g_strdup(text);
}

PangoLayout *
gca_sheet_set(GcaSheet *sheet, const GcaStyle *style, const char *text, double width,
              GError **error)
{
    g_autoptr(PangoLayout) layout = pango_cairo_create_layout(sheet->cairo);
    g_autoptr(PangoFontDescription) font = describe_font(sheet, style);
    g_autoptr(PangoAttrList) attributes = pango_attr_list_new();

    set_up_context(layout);
    /* No hyphen where a long host name goes on in the next line: it would be read as part of it. */
    pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
    pango_layout_set_attributes(layout, attributes);
    pango_layout_set_font_description(layout, font);
    pango_layout_set_alignment(layout, style->alignment);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_width(layout, (int) (width * PANGO_SCALE));
    pango_layout_set_text(layout, text, -1);
    note_length(sheet, text);
    return check_glyphs(layout, error) ? g_steal_pointer(&layout) : NULL;
}

double
gca_sheet_get_height(PangoLayout *layout)
{
    int height;

    pango_layout_get_size(layout, NULL, &height);
    return (double) height / PANGO_SCALE;
}

double
gca_sheet_get_text_width(PangoLayout *layout)
{
    PangoRectangle logical;

    pango_layout_get_extents(layout, NULL, &logical);
    return (double) logical.width / PANGO_SCALE;
}

/* ---- places ---- */

void
gca_sheet_place(const GcaSheet *sheet, PangoLayout *layout, double x, double y)
{
    if (sheet->is_trial)
        return;
    cairo_move_to(sheet->cairo, x, y);
    pango_cairo_show_layout(sheet->cairo, layout);
}

void
gca_sheet_frame(const GcaSheet *sheet, double x, double y, double width, double height,
                gboolean is_shaded)
{
    if (sheet->is_trial)
        return;
    cairo_rectangle(sheet->cairo, x, y, width, height);
    if (is_shaded) {
        cairo_set_source_rgb(sheet->cairo, SHADE, SHADE, SHADE);
        cairo_fill_preserve(sheet->cairo);
    }
    cairo_set_source_rgb(sheet->cairo, 0, 0, 0);
    cairo_set_line_width(sheet->cairo, LINE_WIDTH);
    cairo_stroke(sheet->cairo);
}

/* ---- parts ---- */

void
gca_sheet_add_gap(GcaSheet *sheet, double height)
{
    sheet->y += height * sheet->scale;
}

gboolean
gca_sheet_add_text(GcaSheet *sheet, const GcaStyle *style, const char *text, GError **error)
{
    g_autoptr(PangoLayout) layout = gca_sheet_set(sheet, style, text, GCA_SHEET_WIDTH, error);

    if (layout == NULL)
        return FALSE;
    gca_sheet_place(sheet, layout, GCA_SHEET_MARGIN, sheet->y);
    sheet->y += gca_sheet_get_height(layout);
    return TRUE;
}

/* Half of a frame's line lies outside it: the frame keeps that much off the margin. */
static void
place_cell(const GcaSheet *sheet, PangoLayout *layout, double x, double width, double height,
           gboolean is_shaded)
{
    gca_sheet_frame(sheet, x, sheet->y, width, height, is_shaded);
    gca_sheet_place(sheet, layout, x + PADDING,
                    sheet->y + (height - gca_sheet_get_height(layout)) / 2);
}

gboolean
gca_sheet_add_row(GcaSheet *sheet, const char *name, const char *value, GError **error)
{
    const double value_width = GCA_SHEET_WIDTH - NAME_WIDTH - LINE_WIDTH;
    g_autoptr(PangoLayout) called =
        gca_sheet_set(sheet, &name_style, name, NAME_WIDTH - 2 * PADDING, error);
    g_autoptr(PangoLayout) filled =
        called ? gca_sheet_set(sheet, &value_style, value, value_width - 2 * PADDING, error) : NULL;

    if (filled == NULL)
        return FALSE;
    double height =
        MAX(gca_sheet_get_height(called), gca_sheet_get_height(filled)) + ROW_GAP * sheet->scale;
    double x = GCA_SHEET_MARGIN + LINE_WIDTH / 2;
    place_cell(sheet, called, x, NAME_WIDTH, height, TRUE);
    place_cell(sheet, filled, x + NAME_WIDTH, value_width, height, FALSE);
    sheet->y += height;
    return TRUE;
}

/* ---- all of them ---- */

static void
refuse_overflow(const char *longest, GError **error)
{
    g_autofree char *start =
        g_utf8_substring(longest, 0, MIN(g_utf8_strlen(longest, -1), MAX_SHOWN));
    g_autofree char *shown = gca_text_escape(start);

    gca_error_set(
        error, GCA_ERROR_USAGE,
        _("There is too much text for one page, even in small letters; the longest begins "
          "“%s”. Shorten it."),
        shown);
}

static gboolean
run(GcaSheet *sheet, GcaSheetFunc func, gconstpointer data, gboolean is_trial, GError **error)
{
    sheet->y = GCA_SHEET_MARGIN;
    sheet->is_trial = is_trial;
    return func(sheet, data, error);
}

gboolean
gca_sheet_compose(cairo_t *cairo, GcaSheetFunc func, gconstpointer data, GError **error)
{
    GcaSheet sheet = {.cairo = cairo};
    g_autofree char *longest = NULL;

    for (sheet.scale = 1; sheet.scale >= SMALLEST_SCALE; sheet.scale -= SCALE_STEP) {
        gboolean is_set = run(&sheet, func, data, TRUE, error);
        g_free(longest);
        longest = g_steal_pointer(&sheet.longest);
        if (!is_set)
            return FALSE;
        if (sheet.y <= BOTTOM)
            break;
    }
    if (sheet.y > BOTTOM) {
        refuse_overflow(longest, error);
        return FALSE;
    }
    cairo_set_source_rgb(cairo, 0, 0, 0);
    gboolean is_drawn = run(&sheet, func, data, FALSE, error);
    g_free(sheet.longest);
    return is_drawn;
}
