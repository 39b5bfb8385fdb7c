/* Key, certificate and chain of a request folder in one PKCS#12 file. */
#pragma once

#include "csr/folder.h"
#include "flow/key-source.h"

G_BEGIN_DECLS

/* Where it is written if no other place is said: <cn>.p12 in the folder. */
char *gca_export_dup_path(const GcaRequestFolder *folder);

typedef struct {
    const char *path;                   /* NULL: gca_export_dup_path */
    GcaPassphraseSource passphrase;     /* of the new file */
    GcaPassphraseSource key_passphrase; /* of an encrypted key */
    gboolean is_compatible;             /* with Windows Server 2016 and older Java */
} GcaExportWish;

/* Gives the path. NO_CERT where no certificate is there yet, NO_KEY where the key lies behind a
 * PKCS#11 module and cannot leave it; FILE, never over an existing one. */
char *gca_export_pkcs12(const GcaRequestFolder *folder, const GcaExportWish *wish,
                        GcaInteraction *interaction, GcaCancel *cancel, GError **error);

G_END_DECLS
