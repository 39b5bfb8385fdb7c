/* Private keys of TLS certificates: made, written, read and named by their public half. */
#pragma once

#include "base/openssl-auto.h"
#include "base/secret.h"
#include "profile/profile.h"

G_BEGIN_DECLS

#define GCA_KEY_FILE_LIMIT (64 * 1024)
#define GCA_KEY_FILE_MODE 0600

/* RSA. CRYPTO. */
EVP_PKEY *gca_key_generate(guint bits, GError **error);

/* CPU time that this process has spent in gca_key_generate, in microseconds. */
gint64 gca_key_get_generation_time(void);

/* PKCS#8 in PEM (RFC 7468); with `passphrase` (may be NULL) encrypted with AES-256-CBC and scrypt
 * (RFC 7914). The bytes are wiped when they are freed. */
GBytes *gca_key_encode(EVP_PKEY *key, GcaSecret *passphrase, GError **error);

/* TRUE if the PEM needs a passphrase, in PKCS#8's or OpenSSL's older form. */
gboolean gca_key_is_encrypted(GBytes *pem);

/* The one private key in `pem` (PKCS#8, PKCS#1), certificates may stand beside it. BAD_DATA naming
 * what the file holds instead; USAGE where a passphrase is needed and NULL; one that does not open
 * it is PIN_WRONG. */
EVP_PKEY *gca_key_parse(GBytes *pem, const char *name, GcaSecret *passphrase, GError **error);

/* The bytes of a regular file, wiped when they are freed. Errors of gca_file_read. */
GBytes *gca_key_read_file(const char *path, GError **error);

/* SHA-256 of the SubjectPublicKeyInfo (RFC 5280 section 4.1), lower-case hexadecimal: what key,
 * request and certificate are compared by. */
char *gca_key_fingerprint(EVP_PKEY *key);

/* Refuses what the profile's CA does not take: type, size (USAGE). */
gboolean gca_key_check(EVP_PKEY *key, const GcaProfile *profile, GError **error);

G_END_DECLS
