#pragma once

#include <glib.h>

/* A tree of files as in ISO 7816-4: a DF has children, an EF has bytes. */
typedef struct File File;

File *file_new_df(guint16 id);
File *file_new_ef(guint16 id, const GByteArray *content);
void file_free(File *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(File, file_free)

/* Gives `child` to `df`; returns `child`. */
File *file_add(File *df, File *child);

/* A child of exactly this DF, or NULL: never a grandchild, never a sibling. */
File *file_find_child(File *df, guint16 id);

gboolean file_is_df(const File *file);
const GByteArray *file_get_content(const File *ef);
