/* Certificate directory file (ISO 7816-15): which slice of which file holds which certificate. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define GCA_CDF_FILE_LIMIT (64 * 1024)

typedef struct {
    GBytes *id;   /* CommonCertificateAttributes.iD */
    GBytes *path; /* of FIDs, two bytes each */
    guint offset; /* bytes; not yet checked against any file, nor is the length */
    guint length; /* bytes */
} GcaCdfEntry;

void gca_cdf_entry_free(GcaCdfEntry *entry);

/* GcaCdfEntry *, in the file's order, up to the padding (00 or FF). Entries whose value is no slice
 * of a file are left out. BAD_DATA with the offset. */
GPtrArray *gca_cdf_parse(GBytes *file, GError **error);

/* TRUE if no more of the file than its first `size` bytes need be read: the padding shows, or what
 * comes is no entry. Right after an entry: `seems_end`. */
gboolean gca_cdf_is_complete(const guint8 *data, gsize size, gboolean seems_end);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaCdfEntry, gca_cdf_entry_free)

G_END_DECLS
