/* A private key that exists already: in a file, or behind a PKCS#11 module. */
#pragma once

#include "base/interaction.h"
#include "base/openssl-auto.h"
#include "pkcs11/token.h"

G_BEGIN_DECLS

typedef struct _GcaKeySource GcaKeySource;

/* Where a passphrase comes from: a file, a descriptor, else it is asked for. */
typedef struct {
    const char *file; /* or NULL */
    int fd;           /* or -1 */
} GcaPassphraseSource;

/* Asks for a passphrase once, or twice where it is `is_new`; reads it from file or descriptor.
 * `title` is translated. USAGE if the two differ, or a new one is shorter than 4 characters or no
 * UTF-8. Else errors of gca_secret_read_file and gca_interaction_ask_secret. */
GcaSecret *gca_passphrase_get(const GcaPassphraseSource *source, const char *title, gboolean is_new,
                              GcaInteraction *interaction, GcaCancel *cancel, GError **error);

/* `place`: a path, or a pkcs11: URI (RFC 7512) that names one private key by object and/or id; the
 * PIN is asked for and sent once, see gca_token_login. `module` may be NULL: the usual search. An
 * encrypted file's passphrase comes from `passphrase`; none is asked for where it is not encrypted.
 * Errors of gca_key_parse, gca_token_find, gca_token_login and gca_token_find_key_by_uri. */
GcaKeySource *gca_key_source_open(const char *place, const char *module,
                                  const GcaPassphraseSource *passphrase,
                                  const GcaLoginOptions *login, GcaInteraction *interaction,
                                  GcaCancel *cancel, GError **error);
void gca_key_source_free(GcaKeySource *source);

/* Valid as long as the source: whatever holds a reference (an X509_REQ with it as its public key
 * does) must be freed before. A key on a token must not be used by two threads at a time. */
EVP_PKEY *gca_key_source_get_key(const GcaKeySource *source);

/* Absolute path, or the URI without pin-source: what can be written down. */
const char *gca_key_source_get_place(const GcaKeySource *source);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaKeySource, gca_key_source_free)

G_END_DECLS
