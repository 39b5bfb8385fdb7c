/* What must be wiped after use, read from a file or descriptor straight into a secret. */
#pragma once

#include "base/interaction.h"

G_BEGIN_DECLS

/* The one line of a regular file; a warning where others may read it. USAGE, FILE, BAD_DATA. */
GcaSecret *gca_secret_read_file(const char *path, GcaInteraction *interaction, GcaCancel *cancel,
                                GError **error);

/* The one line that `fd` gives; `name` is for messages. */
GcaSecret *gca_secret_read_fd(int fd, const char *name, GcaCancel *cancel, GError **error);

/* The bytes of a regular file of at most `limit` bytes, such as a key; "-" is standard input.
 * Errors as gca_file_read gives them. */
GcaSecret *gca_secret_read_whole(const char *path, gsize limit, GError **error);

G_END_DECLS
