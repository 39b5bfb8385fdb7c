/* The user's own anchors for card certificates: compared, shown, then taken in. */
#pragma once

#include "base/openssl-auto.h"
#include "profile/profile.h"

G_BEGIN_DECLS

typedef struct _GcaTrustImport GcaTrustImport;

/* Reads one CA certificate (DER or PEM). NO_CERT if it is not a CA's, BAD_DATA if there are
 * several. */
GcaTrustImport *gca_trust_import_new(const char *path, const GcaProfile *profile, GError **error);
void gca_trust_import_free(GcaTrustImport *import);

X509 *gca_trust_import_get_certificate(const GcaTrustImport *import);
const char *gca_trust_import_get_fingerprint(const GcaTrustImport *import);

/* The profile's anchor with this fingerprint; NULL: the profile does not know the certificate. */
const GcaProfileAnchor *gca_trust_import_get_anchor(const GcaTrustImport *import);

/* Writes it into the user's card-ca folder. Gives the path; one that is there already is left and
 * its path given. */
char *gca_trust_import_save(const GcaTrustImport *import, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaTrustImport, gca_trust_import_free)

G_END_DECLS
