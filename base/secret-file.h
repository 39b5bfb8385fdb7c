/* A PIN or passphrase from a file or descriptor: one line, read straight into a secret. */
#pragma once

#include "base/interaction.h"

G_BEGIN_DECLS

/* The one line of a regular file; a warning where others may read it. USAGE, FILE, BAD_DATA. */
GcaSecret *gca_secret_read_file(const char *path, GcaInteraction *interaction, GcaCancel *cancel,
                                GError **error);

/* The one line that `fd` gives; `name` is for messages. */
GcaSecret *gca_secret_read_fd(int fd, const char *name, GcaCancel *cancel, GError **error);

G_END_DECLS
