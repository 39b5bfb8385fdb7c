/* The two kinds of signature that pages ask for. */
#pragma once

#include "base/openssl-auto.h"
#include "localsign/order.h"

G_BEGIN_DECLS

/* PKCS7: SignedData with the tbs attached, the signer's certificate, contentType, messageDigest
 * and, where the order wants them, signingTime, nonce and `card_number`. PKCS1: the bare signature.
 * Reads back and verifies what it made. CRYPTO: what the key left is in OpenSSL's queue. */
GBytes *gca_order_sign(const GcaOrder *order, EVP_PKEY *key, X509 *signer, const char *card_number,
                       GError **error);

G_END_DECLS
