/* Key, certificate and chain in one file for IIS, Tomcat, WebLogic and Java (RFC 7292). */
#pragma once

#include "base/openssl-auto.h"
#include "base/secret.h"

G_BEGIN_DECLS

#define GCA_PKCS12_PASSPHRASE_MIN 8 /* characters: the file holds the private key */

/* USAGE with what is wrong (never with the passphrase): too short, or not ASCII alone, which other
 * programs read in different ways. */
gboolean gca_pkcs12_check_passphrase(GcaSecret *passphrase, GError **error);

/* AES-256-CBC and an HMAC with SHA-256; `compat` 3DES and SHA-1 for Windows Server 2016 and Java
 * before 8u301. The bytes are wiped when they are freed. CRYPTO; USAGE for the passphrase. */
GBytes *gca_pkcs12_encode(EVP_PKEY *key, X509 *certificate, GcaX509Stack *chain,
                          const char *friendly_name, GcaSecret *passphrase, gboolean compat,
                          GError **error);

G_END_DECLS
