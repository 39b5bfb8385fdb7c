/* The private key of an ACME account: read, used, wiped. */
#pragma once

#include "base/openssl-auto.h"

#include <glib.h>
#include <jansson.h>

G_BEGIN_DECLS

/* The key in `path`: certbot's JWK, or PEM as lego, acme.sh and dehydrated keep it. RSA of 2048
 * bits or more, EC P-256 or P-384. The file's bytes are wiped. FILE, BAD_DATA. */
EVP_PKEY *gca_account_key_load(const char *path, GError **error);

/* Its public half as a JWK with the required members only (RFC 7638 section 3.2). */
json_t *gca_account_key_to_jwk(EVP_PKEY *key, GError **error);

G_END_DECLS
