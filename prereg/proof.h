/* Proof that the account's key took part: a JWS over the request (docs/prereg-request.md). */
#pragma once

#include "base/openssl-auto.h"
#include "prereg/request.h"

#include <jansson.h>

G_BEGIN_DECLS

/* The proof for `form`, a request without one: a flattened JWS (RFC 7515 section 7.2.2) whose
 * payload is the SHA-256 of the canonical form, whose protected header has alg, jwk and url, the
 * account's URI. CRYPTO; USAGE for a key that no ACME account has. */
json_t *gca_proof_make(EVP_PKEY *account_key, json_t *form, GError **error);

/* Checks the proof of `request`: the JWS, its payload, url against account.uri, jwk against
 * account.thumbprint. CHECK_FAILED with what does not hold; also where there is none (see
 * gca_request_has_proof). */
gboolean gca_proof_check(const GcaRequest *request, GError **error);

G_END_DECLS
