/* Signed attributes (RFC 5652 section 5.3) chosen one by one, and a message that has just these:
 * OpenSSL by itself always adds the time of signing. */
#pragma once

#include "base/openssl-auto.h"

#include <glib.h>

G_BEGIN_DECLS

typedef struct _GcaAttributes GcaAttributes;

GcaAttributes *gca_attributes_new(void);
void gca_attributes_free(GcaAttributes *attributes);

/* signingTime (RFC 5652 section 11.3) */
void gca_attributes_add_time(GcaAttributes *attributes, GDateTime *when);

/* One value for the attribute `oid` (dotted, valid): an OCTET STRING … */
void gca_attributes_add_octets(GcaAttributes *attributes, const char *oid, GBytes *value);

/* … or `text` (UTF-8) as PrintableString, as UTF8String where it has other characters. */
void gca_attributes_add_text(GcaAttributes *attributes, const char *oid, const char *text);

/* SignedData with `content` attached, signed once with `key` (RSA PKCS#1 v1.5) and `digest`, a name
 * that OpenSSL knows; contentType, messageDigest and `attributes`; the signer's certificate inside.
 * DER, read back and verified. NO_KEY where key and certificate do not belong together; CRYPTO
 * where the key fails: what it left in OpenSSL's error queue is kept there. */
GBytes *gca_attributes_sign(const GcaAttributes *attributes, GBytes *content, const char *digest,
                            EVP_PKEY *key, X509 *signer, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaAttributes, gca_attributes_free)

G_END_DECLS
