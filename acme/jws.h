/* JSON Web Signatures (RFC 7515) in the flattened form that ACME uses (RFC 8555 section 6.2). */
#pragma once

#include "base/openssl-auto.h"

#include <glib.h>
#include <jansson.h>

G_BEGIN_DECLS

/* RS256, ES256 or ES384, by the key. `header` holds the protected header's members but alg. The
 * flattened object: protected, payload, signature. CRYPTO, USAGE for another kind of key. */
json_t *gca_jws_sign(EVP_PKEY *key, json_t *header, GBytes *payload, GError **error);

/* Checks the signature with the key in the header's jwk and gives the header; `payload` is what
 * must have been signed. BAD_DATA for the form, CHECK_FAILED for alg, payload or signature. Extra
 * members are refused, crit too. */
json_t *gca_jws_verify(json_t *jws, GBytes *payload, GError **error);

G_END_DECLS
