/* What the server of an account says of it now: whether it is pre-registered, or of use at all. */
#pragma once

#include "acme/account.h"
#include "acme/status.h"
#include "base/interaction.h"

G_BEGIN_DECLS

typedef struct {
    const char *account;   /* as gca_account_load takes it */
    const char *key;       /* file of its key, in place of the one beside it; or NULL */
    const char *directory; /* URL of the ACME directory, in place of the known one; or NULL */
    const char *profile;   /* wanted where the URI does not tell, or NULL */
    const char *tls_ca;    /* a CA's file to trust beside the system's and the profile's; or NULL */
} GcaStatusWish;

typedef struct {
    GcaAccount *account;
    char *thumbprint; /* RFC 7638; of the key that has asked */
    char *directory;
    GcaAccountState *state;
    char *text;   /* what that means, translated, and the server's own words; safe to show */
    char *advice; /* what to do now, translated; NULL: nothing */
} GcaStatusReport;

/* Asks with the account's own key, which is read, used and wiped here. USAGE: the account, the
 * directory or what is read from standard input is not clear; NO_KEY: there is no key; FILE,
 * BAD_DATA of account and key; NETWORK, SERVER, UNTRUSTED, CANCELLED. */
GcaStatusReport *gca_status_ask(const GcaStatusWish *wish, GcaInteraction *interaction,
                                GcaCancel *cancel, GError **error);
void gca_status_report_free(GcaStatusReport *report);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaStatusReport, gca_status_report_free)

G_END_DECLS
