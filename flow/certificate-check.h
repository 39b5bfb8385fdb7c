/* Do certificate, key, request and chain fit each other, wherever they come from? */
#pragma once

#include "flow/key-source.h"
#include "profile/profile.h"

G_BEGIN_DECLS

/* All but one of certificate, key and csr may be NULL. */
typedef struct {
    const char *certificate; /* the file may hold the chain, too */
    const char *key;
    const char *csr;
    const char *const *chain; /* with the certificate: as the server sends it */
    const char *const *names; /* A-labels that must be in it */
    const char *const *anchors;
    const GcaPassphraseSource *passphrase; /* of an encrypted key */
} GcaCheckWish;

/* GcaFinding *; NULL where a file cannot be read. */
GPtrArray *gca_certificate_check(const GcaCheckWish *wish, const GcaProfile *profile,
                                 GcaInteraction *interaction, GcaCancel *cancel, GError **error);

G_END_DECLS
