/* Files that are whole or not there: read with a limit, written once and never over another. */
#pragma once

#include "base/cancel.h"

#include <glib-object.h>
#include <sys/types.h>

G_BEGIN_DECLS

/* The bytes of a regular file of at most `limit` bytes; "-" is standard input. A folder, FIFO or
 * device is refused by name (USAGE); too much is BAD_DATA; the rest FILE. */
GBytes *gca_file_read(const char *path, gsize limit, GError **error);

/* FALSE with USAGE for a folder, FIFO or device, by name. */
gboolean gca_file_check_regular(mode_t mode, const char *path, GError **error);

/* As gca_file_read, from an open descriptor; `name` is for messages. Polls `cancel`. */
GBytes *gca_file_read_fd(int fd, const char *name, gsize limit, GcaCancel *cancel, GError **error);

/* Waits until `fd` can be read from; CANCELLED when `cancel` (may be NULL) is. */
gboolean gca_file_wait(int fd, GcaCancel *cancel, GError **error);

/* Creates `path` with `mode`, whole and on disk when it returns; an existing file is left as it
 * is and refused (FILE). A run that is killed leaves no part of it where the kernel has O_TMPFILE.
 */
gboolean gca_file_create(const char *path, GBytes *bytes, int mode, GError **error);

/* As gca_file_create, taking the place of what is there. Never for keys. */
gboolean gca_file_replace(const char *path, GBytes *bytes, int mode, GError **error);

/* The same for `n` files in one folder, in this order; a NULL among `bytes` removes that file. All
 * are written and synced first: where one cannot be, nothing has changed. FILE. */
gboolean gca_file_replace_set(const char *const *paths, GBytes *const *bytes, gsize n, int mode,
                              GError **error);

/* Adds a line to a file only the user can read, under a lock, in one write. */
gboolean gca_file_append_line(const char *path, const char *line, GError **error);

/* Makes a folder and its parents, 0700. */
gboolean gca_file_make_folder(const char *path, GError **error);

G_END_DECLS
