/* What pages and browsers escape in what they post: %XX (RFC 3986 section 2.1). All of these read a
 * NUL behind `text`, and write at most as many bytes as it has. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A form-encoded value (“+” is a blank) of `size` bytes. The length of `out`. */
gsize gca_unescape_form(const char *text, gsize size, char *out);

/* One text member of a page's JSON, as order.h says; `has_plus`: a “+” stands anywhere in that
 * JSON. The length of `out`. */
gsize gca_unescape_member(const char *text, gboolean has_plus, char *out);

G_END_DECLS
