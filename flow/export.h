/* Key, certificate and chain of a request folder in one PKCS#12 file. */
#pragma once

#include "csr/folder.h"
#include "flow/key-source.h"

G_BEGIN_DECLS

/* Where it is written if no other place is said: <cn>.p12 in the folder. */
char *gca_export_dup_path(const GcaRequestFolder *folder);

/* The first of <cn>.p12, <cn>-2.p12, … in the folder that is not there yet. */
char *gca_export_dup_free_path(const GcaRequestFolder *folder);

/* FILE where something is at `path` already: nothing is written over. */
gboolean gca_export_check_path(const char *path, GError **error);

typedef struct {
    const char *path;                   /* NULL: gca_export_dup_path */
    GcaSecret *given;                   /* passphrase of the new file; NULL: from `passphrase` */
    GcaPassphraseSource passphrase;     /* the same: where it is read, or asked for */
    GcaPassphraseSource key_passphrase; /* of an encrypted key */
    gboolean is_compatible;             /* with Windows Server 2016 and older Java */
} GcaExportWish;

/* Gives the path. NO_CERT where no certificate is there yet, NO_KEY where the key lies behind a
 * PKCS#11 module and cannot leave it; FILE, never over an existing one. */
char *gca_export_pkcs12(const GcaRequestFolder *folder, const GcaExportWish *wish,
                        GcaInteraction *interaction, GcaCancel *cancel, GError **error);

G_END_DECLS
