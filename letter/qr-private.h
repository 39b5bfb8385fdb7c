/* QR codes (ISO/IEC 18004). For this folder only. */
#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

/* Draws `text` as a square of `size` points, black on white, with the quiet zone of four modules in
 * it, as one shape of vectors. */
gboolean gca_qr_draw(cairo_t *cairo, const char *text, double x, double y, double size,
                     GError **error);

G_END_DECLS
