/* JSON Web Keys (RFC 7517) of ACME accounts. */
#pragma once

#include "base/openssl-auto.h"

#include <glib.h>
#include <jansson.h>

G_BEGIN_DECLS

/* The public half of a JWK (RSA, EC P-256 or P-384); private members are not looked at. BAD_DATA
 * with the member that is missing or malformed. */
EVP_PKEY *gca_jwk_parse_public(json_t *jwk, GError **error);

/* Both halves; RSA with all members of its two primes. Whether they fit together is not checked.
 * BAD_DATA. */
EVP_PKEY *gca_jwk_parse_private(json_t *jwk, GError **error);

/* RFC 8017 section 3.1: odd, and more than 1, with which everything is a signature; FIPS 186-5
 * section A.1.1: not below 65537, and ACME servers ask for that too. */
gboolean gca_jwk_accepts_exponent(const BIGNUM *e);

/* RFC 7638 SHA-256 thumbprint, base64url. */
char *gca_jwk_thumbprint(json_t *jwk, GError **error);

/* MD5 of the PEM SubjectPublicKeyInfo: certbot's name for an account's folder. */
char *gca_jwk_certbot_id(json_t *jwk, GError **error);

/* Wipes the text of all members, which may be private, and gives up the only reference. */
void gca_jwk_free(json_t *jwk);

G_END_DECLS
