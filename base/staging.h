/* A folder that appears with all its files or not at all: filled under a hidden name, synced, then
 * renamed. A run that was killed leaves only a hidden folder behind, which the next one removes. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _GcaStaging GcaStaging;

/* An empty hidden folder in `parent`, locked as long as this process lives. FILE. */
GcaStaging *gca_staging_new(const char *parent, GError **error);

/* Removes what has not been published. */
void gca_staging_free(GcaStaging *staging);

/* Writes a file into it: new (O_EXCL), of exactly `mode` whatever the umask, on disk. FILE. */
gboolean gca_staging_add(GcaStaging *staging, const char *name, GBytes *bytes, int mode,
                         GError **error);

/* Gives the folder (0700) the first of `name`, `name`-2, `name`-3 … that is free in its parent; on
 * disk when it returns. The path, or NULL with FILE. */
char *gca_staging_publish(GcaStaging *staging, const char *name, GError **error);

/* Removes the hidden folders in `parent` of runs that are no more. What cannot be removed is left.
 */
void gca_staging_sweep(const char *parent);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaStaging, gca_staging_free)

G_END_DECLS
