/* Key files of a user's own (contact.ini, wizard.ini), of which others' parts are left alone. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is in the file at `path`, comments too; an empty one where there is no such file. FILE;
 * BAD_DATA: it is no key file. */
GKeyFile *gca_key_file_load(const char *path, GError **error);

/* Writes it, 0600, whole or not at all, making the folder where there is none. FILE. */
gboolean gca_key_file_save(GKeyFile *file, const char *path, GError **error);

G_END_DECLS
