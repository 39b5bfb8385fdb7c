#pragma once

#include <glib.h>
#include <openssl/evp.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_PKEY, EVP_PKEY_free)

/* DIR/NAME.der and DIR/NAME.key.pem of tests/pki/make-pki.sh. */
GByteArray *pki_read_certificate(const char *dir, const char *name, GError **error);
EVP_PKEY *pki_read_key(const char *dir, const char *name, GError **error);

/* The certificate NAME that fills the place `id` (SIGN, KEYX, CACert, …) on the
 * card of `holder`; NULL for a place no file is meant for. */
char *pki_find_name(const char *dir, const char *holder, const char *id);
