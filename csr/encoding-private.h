/* Text that was written in one encoding and read in another. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What `text` was before its UTF-8 or Big5 bytes were taken for Latin-1 or Windows-1252; NULL if
 * that has not happened to it. */
char *gca_encoding_recover(const char *text);

G_END_DECLS
