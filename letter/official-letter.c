#include "config.h"

#include "base/error.h"
#include "letter/letter-lines-private.h"
#include "letter/paper-private.h"
#include "letter/sheet-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define FULL_WIDTH_BLANK "　"
#define COLON "："

typedef struct {
    GPtrArray *lines; /* GcaLetterLine * */
    gboolean is_bilingual;
} Letter;

/* How each part looks: its text, its distance from the left margin, the gap above the first line
 * of its kind, the gap below each. */
static const struct {
    GcaStyle style;
    double left;
    double above;
    double below;
    guint text_indent; /* full-width blanks, in the text */
} looks[] = {
    [GCA_LETTER_FILING] = {{GCA_FACE_SERIF, 10, FALSE, PANGO_ALIGN_LEFT}, 370, 0, 0, 0},
    [GCA_LETTER_TITLE] = {{GCA_FACE_SERIF, 20, FALSE, PANGO_ALIGN_CENTER}, 0, 14, 8, 0},
    [GCA_LETTER_SENDER] = {{GCA_FACE_SERIF, 11, FALSE, PANGO_ALIGN_LEFT}, 220, 0, 0, 0},
    [GCA_LETTER_FIELD] = {{GCA_FACE_SERIF, 12, FALSE, PANGO_ALIGN_LEFT}, 0, 14, 0, 0},
    [GCA_LETTER_SUBJECT] = {{GCA_FACE_SERIF, 15, FALSE, PANGO_ALIGN_LEFT}, 0, 14, 2, 0},
    [GCA_LETTER_ITEM] = {{GCA_FACE_SERIF, 15, FALSE, PANGO_ALIGN_LEFT}, 15, 0, 2, 0},
    [GCA_LETTER_SUBITEM] = {{GCA_FACE_SERIF, 15, FALSE, PANGO_ALIGN_LEFT}, 30, 0, 2, 1},
    [GCA_LETTER_COPIES] = {{GCA_FACE_SERIF, 12, FALSE, PANGO_ALIGN_LEFT}, 0, 20, 0, 0},
};

/* ---- page ---- */

/* "主旨 Subject：" */
static char *
dup_label(const GcaLetterLine *line, gboolean is_bilingual)
{
    if (!is_bilingual || line->english == NULL)
        return g_strdup(line->label);
    gsize size = strlen(line->label) - strlen(COLON);
    return g_strdup_printf("%.*s %s" COLON, (int) size, line->label, line->english);
}

/* The text hangs beside its label. */
static gboolean
add_line(GcaSheet *sheet, const GcaLetterLine *line, gboolean is_bilingual, GError **error)
{
    const GcaStyle *style = &looks[line->part].style;
    double left = looks[line->part].left;
    g_autofree char *name = dup_label(line, is_bilingual);
    g_autoptr(PangoLayout) label = gca_sheet_set(sheet, style, name, GCA_SHEET_WIDTH - left, error);

    if (label == NULL)
        return FALSE;
    double label_width = *name != '\0' ? gca_sheet_get_text_width(label) : 0;
    g_autoptr(PangoLayout) text =
        gca_sheet_set(sheet, style, line->text, GCA_SHEET_WIDTH - left - label_width, error);
    if (text == NULL)
        return FALSE;
    if (*name != '\0')
        gca_sheet_place(sheet, label, GCA_SHEET_MARGIN + left, sheet->y);
    gca_sheet_place(sheet, text, GCA_SHEET_MARGIN + left + label_width, sheet->y);
    sheet->y += MAX(gca_sheet_get_height(label), gca_sheet_get_height(text));
    gca_sheet_add_gap(sheet, looks[line->part].below);
    return TRUE;
}

static gboolean
compose(GcaSheet *sheet, gconstpointer data, GError **error)
{
    const Letter *letter = data;

    for (guint i = 0; i < letter->lines->len; i++) {
        const GcaLetterLine *line = g_ptr_array_index(letter->lines, i);
        const GcaLetterLine *above = i > 0 ? g_ptr_array_index(letter->lines, i - 1) : NULL;
        if (above != NULL && above->part != line->part)
            gca_sheet_add_gap(sheet, looks[line->part].above);
        if (!add_line(sheet, line, letter->is_bilingual, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
draw(cairo_t *cairo, gconstpointer data, GError **error)
{
    return gca_sheet_compose(cairo, compose, data, error);
}

static void
letter_free(gpointer data)
{
    Letter *letter = data;

    g_ptr_array_unref(letter->lines);
    g_free(letter);
}

/* ---- the whole ---- */

/* A letter has one sender: all cases are of one agency, with one person to ask. */
static gboolean
check(const GcaPaperWish *wish, GError **error)
{
    if (!gca_paper_check(wish, error))
        return FALSE;
    const GcaPaperCase *first = &wish->cases[0];
    for (gsize i = 1; i < wish->n_cases; i++) {
        const GcaPaperCase *other = &wish->cases[i];
        if (g_str_equal(other->agency_name, first->agency_name) &&
            g_str_equal(other->agency_oid, first->agency_oid) && other->contact == first->contact)
            continue;
        gca_error_set(error, GCA_ERROR_USAGE,
                      _("One letter is for one agency with one contact: write a letter for each."));
        return FALSE;
    }
    return TRUE;
}

GcaPage *
gca_paper_make_letter(const GcaPaperWish *wish, GError **error)
{
    if (!check(wish, error))
        return NULL;
    Letter *letter = g_new0(Letter, 1);
    letter->lines = gca_letter_lines_new(wish);
    letter->is_bilingual = wish->is_bilingual;
    GcaPage *page = gca_page_new(draw, letter, letter_free);
    gca_page_set_date(page, wish->date);
    return page;
}

char *
gca_paper_make_letter_text(const GcaPaperWish *wish, GError **error)
{
    if (!check(wish, error))
        return NULL;
    g_autoptr(GPtrArray) lines = gca_letter_lines_new(wish);
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < lines->len; i++) {
        const GcaLetterLine *line = g_ptr_array_index(lines, i);
        const GcaLetterLine *above = i > 0 ? g_ptr_array_index(lines, i - 1) : line;
        if (above->part != line->part && looks[line->part].above > 0)
            g_string_append_c(out, '\n');
        for (guint blanks = 0; blanks < looks[line->part].text_indent; blanks++)
            g_string_append(out, FULL_WIDTH_BLANK);
        g_string_append_printf(out, "%s%s\n", line->label, line->text);
    }
    return g_string_free(out, FALSE);
}
