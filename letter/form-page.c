#include "config.h"

#include "letter/form-private.h"
#include "letter/qr-private.h"
#include "letter/sheet-private.h"

#define MOST_BLANK_WIDTH 230.0 /* the number has some 25 digits */
#define BLANK_NUMBER_HEIGHT 24.0
#define QR_SIZE 115.0
#define QR_GAP 8.0
#define SEAL_HEIGHT 96.0
#define PADDING 5.0

static const GcaStyle title_style = {GCA_FACE_SERIF, 20, TRUE, PANGO_ALIGN_CENTER};
static const GcaStyle heading_style = {GCA_FACE_SANS, 11.5, TRUE, PANGO_ALIGN_LEFT};
static const GcaStyle text_style = {GCA_FACE_SERIF, 11.5, FALSE, PANGO_ALIGN_LEFT};
static const GcaStyle small_style = {GCA_FACE_SERIF, 10, FALSE, PANGO_ALIGN_LEFT};
static const GcaStyle fixed_style = {GCA_FACE_FIXED, 13, FALSE, PANGO_ALIGN_LEFT};

static gboolean
add_heading(GcaSheet *sheet, const char *heading, GError **error)
{
    gca_sheet_add_gap(sheet, 12);
    if (!gca_sheet_add_text(sheet, &heading_style, heading, error))
        return FALSE;
    gca_sheet_add_gap(sheet, 2);
    return TRUE;
}

/* 申請案號 with its blank on the left, the date on the right. */
static gboolean
add_number_and_date(GcaSheet *sheet, const GcaForm *form, GError **error)
{
    g_autoptr(PangoLayout) number =
        gca_sheet_set(sheet, &text_style, form->number, GCA_SHEET_WIDTH, error);
    g_autoptr(PangoLayout) date =
        number ? gca_sheet_set(sheet, &text_style, form->date, GCA_SHEET_WIDTH, error) : NULL;

    if (date == NULL)
        return FALSE;
    double height = MAX(BLANK_NUMBER_HEIGHT, gca_sheet_get_height(date));
    double y = sheet->y + (height - gca_sheet_get_height(number)) / 2;
    double blank_x = GCA_SHEET_MARGIN + gca_sheet_get_text_width(number) + PADDING;
    double date_x = GCA_PAGE_WIDTH - GCA_SHEET_MARGIN - gca_sheet_get_text_width(date);
    double width = MIN(MOST_BLANK_WIDTH, date_x - blank_x - 2 * PADDING);
    gca_sheet_place(sheet, number, GCA_SHEET_MARGIN, y);
    gca_sheet_frame(sheet, blank_x, sheet->y, width, height, FALSE);
    gca_sheet_place(sheet, date, date_x, y);
    sheet->y += height;
    return TRUE;
}

static gboolean
add_rows(GcaSheet *sheet, const GcaForm *form, GError **error)
{
    for (guint i = 0; i < form->rows->len; i++) {
        const GcaFormRow *row = &g_array_index(form->rows, GcaFormRow, i);
        if (row->heading != NULL && !add_heading(sheet, row->heading, error))
            return FALSE;
        if (!gca_sheet_add_row(sheet, row->name, row->value, error))
            return FALSE;
    }
    return TRUE;
}

/* The fingerprint to be read, and the same to be scanned. */
static gboolean
add_csr(GcaSheet *sheet, const GcaForm *form, GError **error)
{
    const double x = GCA_SHEET_MARGIN + 0.5;
    const double width = GCA_SHEET_WIDTH - 1;
    const double text_width = width - QR_SIZE - QR_GAP - 2 * PADDING;
    g_autoptr(PangoLayout) note =
        gca_sheet_set(sheet, &small_style, form->csr_note, text_width, error);
    g_autoptr(PangoLayout) print =
        note ? gca_sheet_set(sheet, &fixed_style, form->fingerprint, text_width, error) : NULL;

    if (print == NULL)
        return FALSE;
    double note_height = gca_sheet_get_height(note);
    double text_height = note_height + PADDING + gca_sheet_get_height(print);
    double height = MAX(QR_SIZE, text_height) + 2 * PADDING;
    double y = sheet->y + (height - text_height) / 2;
    gca_sheet_frame(sheet, x, sheet->y, width, height, FALSE);
    gca_sheet_place(sheet, note, x + PADDING, y);
    gca_sheet_place(sheet, print, x + PADDING, y + note_height + PADDING);
    if (!sheet->is_trial && !gca_qr_draw(sheet->cairo, form->qr, x + width - PADDING - QR_SIZE,
                                         sheet->y + (height - QR_SIZE) / 2, QR_SIZE, error))
        return FALSE;
    sheet->y += height;
    return TRUE;
}

static gboolean
add_seal(GcaSheet *sheet, const char *name, double x, double width, GError **error)
{
    g_autoptr(PangoLayout) layout =
        gca_sheet_set(sheet, &small_style, name, width - 2 * PADDING, error);

    if (layout == NULL)
        return FALSE;
    gca_sheet_frame(sheet, x, sheet->y, width, SEAL_HEIGHT, FALSE);
    gca_sheet_place(sheet, layout, x + PADDING, sheet->y + PADDING);
    return TRUE;
}

static gboolean
add_seals(GcaSheet *sheet, const GcaForm *form, GError **error)
{
    const double x = GCA_SHEET_MARGIN + 0.5;
    const double width = (GCA_SHEET_WIDTH - 1) / 2;

    gca_sheet_add_gap(sheet, 14);
    if (!add_seal(sheet, form->agency_seal, x, width, error) ||
        !add_seal(sheet, form->person_seal, x + width, width, error))
        return FALSE;
    sheet->y += SEAL_HEIGHT;
    return TRUE;
}

static gboolean
compose(GcaSheet *sheet, gconstpointer data, GError **error)
{
    const GcaForm *form = data;

    if (!gca_sheet_add_text(sheet, &title_style, form->title, error))
        return FALSE;
    gca_sheet_add_gap(sheet, 12);
    if (!add_number_and_date(sheet, form, error) || !add_rows(sheet, form, error) ||
        !add_heading(sheet, form->csr_heading, error) || !add_csr(sheet, form, error) ||
        !add_seals(sheet, form, error))
        return FALSE;
    gca_sheet_add_gap(sheet, 8);
    return gca_sheet_add_text(sheet, &small_style, form->note, error);
}

gboolean
gca_form_draw(cairo_t *cairo, gconstpointer data, GError **error)
{
    return gca_sheet_compose(cairo, compose, data, error);
}
