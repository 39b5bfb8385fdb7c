/* Does a certificate fit its key, its request and its names, and can it be used today? */
#pragma once

#include "base/finding.h"
#include "base/openssl-auto.h"
#include "profile/profile.h"

G_BEGIN_DECLS

/* What is compared; all but `certificate` may be NULL. */
typedef struct {
    X509 *certificate;
    EVP_PKEY *key;
    X509_REQ *csr;
    const char *const *names; /* that it must hold */
    const GcaProfile *profile;
    gboolean takes_other_holder; /* another organisation than the request's is a note only */
    GDateTime *now;              /* NULL: the clock's */
} GcaExaminationWish;

/* Adds to `findings`: key (by public key), request (by public key), names (each of `names`, in the
 * SAN; more than those is a note), subject (another organisation than the request's, or another
 * name of it: a note), validity (expired,
 * not yet, days left), usage (keyUsage, serverAuth, no CA), identity (2.5.29.9 must not be in it),
 * strength (RSA 2048, SHA-256). */
void gca_examination_run(const GcaExaminationWish *wish, GPtrArray *findings);

G_END_DECLS
