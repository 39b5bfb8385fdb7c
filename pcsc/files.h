/* Selecting and reading files of a HiCOS card in as few commands as it allows (ISO 7816-4 section
 * 11). Inside this folder only. */
#pragma once

#include "pcsc/card.h"

G_BEGIN_DECLS

typedef struct _GcaFiles GcaFiles;

/* How many bytes are wanted in all, after those in `so_far`; with `seems_end` the last block was a
 * short one. */
typedef gsize (*GcaFilesWanted)(const GByteArray *so_far, gboolean seems_end, gpointer data);

/* Tells the generation by SELECT; after it the card stands at its root. CARD_UNKNOWN. */
GcaFiles *gca_files_open(GcaCard *card, GError **error);
void gca_files_free(GcaFiles *files);

int gca_files_get_generation(const GcaFiles *files);

/* Selects the file at `path`, of file numbers of two bytes each from the root (3F00 or 7FFF in
 * front is the root). BAD_DATA with the command and its status word. */
gboolean gca_files_select(GcaFiles *files, const guint8 *path, gsize size, GError **error);

/* Reads the selected file from `offset` on, until `wanted` is satisfied or the file ends. BAD_DATA
 * with the command and its status word. */
GBytes *gca_files_read(GcaFiles *files, gsize offset, GcaFilesWanted wanted, gpointer data,
                       GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaFiles, gca_files_free)

G_END_DECLS
