/* What file and staging share of writing. For this folder only. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* All of `bytes`, whatever interrupts. FALSE with errno. */
gboolean gca_file_write_all(int fd, GBytes *bytes);

/* FILE with errno; `what` is the translated beginning of the sentence. Always FALSE. */
gboolean gca_file_fail(GError **error, const char *call, const char *what, const char *path);

G_END_DECLS
