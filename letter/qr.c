#include "config.h"

#include "base/error.h"
#include "letter/qr-private.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <qrencode.h>
#include <string.h>

#define QUIET_ZONE 4 /* modules on each side: ISO/IEC 18004 section 9.1 */
#define IS_DARK 1

/* Dark modules side by side are one rectangle, so that no seam shows between them. */
static void
add_row(cairo_t *cairo, const guchar *modules, int count, int row)
{
    for (int column = 0; column < count; column++) {
        int end = column;
        while (end < count && (modules[end] & IS_DARK) != 0)
            end++;
        if (end > column)
            cairo_rectangle(cairo, column, row, end - column, 1);
        column = end;
    }
}

gboolean
gca_qr_draw(cairo_t *cairo, const char *text, double x, double y, double size, GError **error)
{
    QRcode *code = QRcode_encodeData((int) strlen(text), (const guchar *) text, 0, QR_ECLEVEL_M);

    if (code == NULL) {
        gca_error_set(error, GCA_ERROR_INTERNAL, _("The QR code could not be made."));
        gca_error_set_native(error, "QRcode_encodeData", g_strerror(errno), (gulong) errno);
        return FALSE;
    }
    double module = size / (code->width + 2 * QUIET_ZONE);
    cairo_save(cairo);
    cairo_translate(cairo, x + QUIET_ZONE * module, y + QUIET_ZONE * module);
    cairo_scale(cairo, module, module);
    for (int row = 0; row < code->width; row++)
        add_row(cairo, code->data + row * code->width, code->width, row);
    cairo_set_source_rgb(cairo, 0, 0, 0);
    cairo_fill(cairo);
    cairo_restore(cairo);
    QRcode_free(code);
    return TRUE;
}
