/* What a card's certificate says of its holder in subjectDirectoryAttributes (RFC 5280 section
 * 4.2.1.8), as Taiwan's government CAs use it. */
#pragma once

#include "base/openssl-auto.h"

#include <glib.h>

G_BEGIN_DECLS

/* Each NULL where the certificate does not have it. What else stands there is never read: the last
 * digits of a citizen's ID (2.16.886.1.100.2.51) are among it. */
typedef struct {
    char *subject_type;     /* 2.16.886.1.100.2.1: an OID, dotted */
    char *rank;             /* 2.16.886.1.100.2.2: "primary" */
    char *organization_oid; /* 2.16.886.1.100.2.102: an OID, dotted */
} GcaDirectory;

/* BAD_DATA with what is wrong with which attribute. */
gboolean gca_directory_read(X509 *certificate, GcaDirectory *directory, GError **error);
void gca_directory_clear(GcaDirectory *directory);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GcaDirectory, gca_directory_clear)

G_END_DECLS
