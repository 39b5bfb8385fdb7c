/* From a signer's certificate to a trusted CA, as of a moment in the past (RFC 5280 section 6). */
#pragma once

#include "base/openssl-auto.h"

#include <glib.h>

G_BEGIN_DECLS

/* Builds and checks a chain at `when`. `anchors` are trusted as they are (a CA that is not
 * self-signed too); `others` are never, and may be NULL. UNTRUSTED if there are no anchors or no
 * chain to one, CHECK_FAILED if a chain exists but does not hold at `when`. The chain is leaf first
 * and ends at the anchor. */
GcaX509Stack *gca_chain_build(X509 *leaf, GcaX509Stack *anchors, GcaX509Stack *others,
                              GDateTime *when, GError **error);

/* Checks every certificate of `chain` whose issuer has a CRL in `crls`; the leaf's must have one.
 * A CRL's signature is checked, its nextUpdate must not lie before `when` (unless another covers
 * the same certificate); an entry counts from its revocationDate on. CHECK_FAILED with which
 * certificate and since when, or why a CRL cannot be used (delta and indirect ones among them). */
gboolean gca_chain_check_crls(GcaX509Stack *chain, GcaX509CrlStack *crls, GDateTime *when,
                              GError **error);

/* Why a certificate does not hold, as the end of a translated sentence; `reason` is X509_V_ERR_*,
 * for rarer ones in OpenSSL's own words. */
char *gca_chain_explain(int reason);

/* The certificates in the folders `name` of the configuration (user's, system's, package's), each
 * once: files named .cer, .crt, .der or .pem. May be empty. BAD_DATA or FILE for the first that
 * cannot be read. */
GcaX509Stack *gca_chain_load_folders(const char *name, GError **error);

/* Those of the card-ca folders. */
GcaX509Stack *gca_chain_load_anchors(GError **error);

G_END_DECLS
