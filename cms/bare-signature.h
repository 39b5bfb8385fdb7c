/* A signature by itself: RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2). */
#pragma once

#include "base/openssl-auto.h"

#include <glib.h>

G_BEGIN_DECLS

/* Signs `message` once with `key` and `digest`, a name that OpenSSL knows, and verifies what came
 * out with the certificate of `signer`. NO_KEY where they do not belong together; CRYPTO where the
 * key fails: what it left in OpenSSL's error queue is kept there. */
GBytes *gca_bare_signature_make(GBytes *message, const char *digest, EVP_PKEY *key, X509 *signer,
                                GError **error);

G_END_DECLS
