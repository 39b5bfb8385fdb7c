/* What an ACME server says of an account (RFC 8555 sections 6.3, 7.1.2 and 7.3.2). */
#pragma once

#include "base/cancel.h"
#include "base/openssl-auto.h"
#include "http/client.h"

G_BEGIN_DECLS

typedef enum {
    GCA_STATUS_VALID,
    GCA_STATUS_PENDING, /* GTLSCA: not pre-registered yet */
    GCA_STATUS_DEACTIVATED,
    GCA_STATUS_REVOKED,
    GCA_STATUS_UNKNOWN, /* the server knows no such account */
    GCA_STATUS_OTHER,   /* a word that RFC 8555 does not have */
} GcaAccountStatus;

typedef struct {
    GcaAccountStatus status;
    char *word;     /* as the server says it; may be NULL */
    char *detail;   /* its own sentence, where it has refused; from outside, may be NULL */
    GStrv contacts; /* mailto: URIs, may be NULL */
} GcaAccountState;

/* POST-as-GET on `account_uri`, signed with the account's key; the nonce comes from the newNonce of
 * `directory` (URL). badNonce is tried again with the nonce given, a few times. NETWORK, SERVER,
 * UNTRUSTED, CANCELLED, CRYPTO; an account the server does not know is no error. */
GcaAccountState *gca_account_state_fetch(GcaHttpClient *client, const char *directory,
                                         const char *account_uri, EVP_PKEY *key, GcaCancel *cancel,
                                         GError **error);
void gca_account_state_free(GcaAccountState *state);

const char *gca_account_status_to_nick(GcaAccountStatus status); /* "pending" */

/* caaIdentities of the directory's meta (RFC 8555 section 9.7.6); empty where it has none. */
GStrv gca_directory_fetch_caa_identities(GcaHttpClient *client, const char *directory,
                                         GcaCancel *cancel, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaAccountState, gca_account_state_free)

G_END_DECLS
