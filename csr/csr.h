/* The certification request, PKCS#10 (RFC 2986). */
#pragma once

#include "base/name.h"
#include "base/openssl-auto.h"
#include "profile/profile.h"

G_BEGIN_DECLS

#define GCA_CSR_FILE_LIMIT (64 * 1024)

/* Signed with SHA-256; subjectAltName with `names` (A-labels as dNSName, addresses as iPAddress) is
 * the one extension, extensionRequest the one attribute. CRYPTO. */
X509_REQ *gca_csr_new(EVP_PKEY *key, const GcaName *subject, const char *const *names,
                      GError **error);

/* PEM without text before it. */
GBytes *gca_csr_encode(X509_REQ *csr);

/* PEM or DER with nothing behind it, signature checked. `name` is for messages. BAD_DATA,
 * CHECK_FAILED. */
X509_REQ *gca_csr_parse(GBytes *bytes, const char *name, GError **error);

GcaName *gca_csr_dup_subject(X509_REQ *csr, GError **error);

/* Of its subjectAltName: dNSNames as they stand (what is no text, NUL too, escaped), addresses as
 * inet_ntop writes them. Empty where there is none. */
char **gca_csr_dup_names(X509_REQ *csr);

/* The mistakes of a request made elsewhere, one GcaFinding * a check: csr-subject (see
 * gca_subject_check), csr-names (SAN without the CN, or what the profile does not take), csr-key,
 * csr-digest (below SHA-256), csr-identity (2.5.29.9), csr-attributes (a challenge password,
 * extensions twice). */
GPtrArray *gca_csr_examine(X509_REQ *csr, const GcaProfile *profile);

G_END_DECLS
