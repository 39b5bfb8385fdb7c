/* CMS SignedData (RFC 5652) with one signer, content attached. The only place that builds or takes
 * apart a CMS message. */
#pragma once

#include "base/openssl-auto.h"
#include "cms/certificate-pool.h"

#include <glib.h>

G_BEGIN_DECLS

typedef struct _GcaSignedData GcaSignedData;

/* Signs `content` once with `key`: SHA-256, RSA PKCS#1 v1.5, signed attributes contentType,
 * messageDigest, signingTime (`when`) and signing-certificate-v2 (RFC 5035); the signer's
 * certificate and `others` (may be NULL) inside. DER. CRYPTO where the key fails: what it left in
 * OpenSSL's error queue is kept there (a card's error, for gca_token_set_error). */
GBytes *gca_signed_data_sign(GBytes *content, EVP_PKEY *key, X509 *signer, GcaX509Stack *others,
                             GDateTime *when, GError **error);

/* Takes DER or PEM ("-----BEGIN CMS-----", RFC 7468 section 9; PKCS7 too). One ContentInfo of type
 * SignedData with attached content of type id-data: BAD_DATA otherwise; CHECK_FAILED where such a
 * message is there but bytes stand behind it. Nothing of it has been checked yet. */
GcaSignedData *gca_signed_data_parse(GBytes *bytes, GError **error);

/* The same for one of many messages: what `pool` (NULL: none) knows is not decoded again. */
GcaSignedData *gca_signed_data_parse_pooled(GBytes *bytes, GcaCertificatePool *pool,
                                            GError **error);
void gca_signed_data_free(GcaSignedData *message);

GBytes *gca_signed_data_to_pem(GBytes *der);

GBytes *gca_signed_data_get_der(const GcaSignedData *message);
GBytes *gca_signed_data_get_content(const GcaSignedData *message);
GcaX509Stack *gca_signed_data_get_certificates(const GcaSignedData *message);

/* Borrowed from the message. Exactly one SignerInfo, whose certificate is inside: CHECK_FAILED. */
X509 *gca_signed_data_find_signer(const GcaSignedData *message, GError **error);

/* The checks of the signer, each by itself so that each failure has a name (CHECK_FAILED). All must
 * hold; none of them looks at who the signer is or whether the certificate is to be trusted. */

/* SHA-256, RSA PKCS#1 v1.5, a key of at least 2048 bits. */
gboolean gca_signed_data_check_algorithms(const GcaSignedData *message, GError **error);

/* There are signed attributes, in DER, each once with one value; contentType is id-data. */
gboolean gca_signed_data_check_attributes(const GcaSignedData *message, GError **error);

/* signing-certificate-v2 (RFC 5035) names the signer's certificate by SHA-256. */
gboolean gca_signed_data_check_signing_certificate(const GcaSignedData *message, GError **error);

/* The signature covers the attributes, and messageDigest the content. */
gboolean gca_signed_data_check_signature(const GcaSignedData *message, GError **error);

/* signingTime; NULL with CHECK_FAILED if missing or malformed. */
GDateTime *gca_signed_data_dup_signing_time(const GcaSignedData *message, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaSignedData, gca_signed_data_free)

G_END_DECLS
