/* CAA records that give certificates for the agency's domains to one ACME account alone. */
#pragma once

#include "acme/caa.h"
#include "base/interaction.h"

G_BEGIN_DECLS

typedef struct {
    const char *account;        /* as gca_account_load takes it */
    const char *const *domains; /* as typed */
    const char *profile;        /* wanted where the URI does not tell, or NULL */
    const char *issuer;         /* the CA's name in CAA records, or NULL: the profile's */
    gboolean check;             /* ask DNS, and the ACME directory where there is no issuer */
    const char *dns;            /* a DNS server in place of this system's, or NULL */
    const char *tls_ca; /* a CA's file to trust beside the system's and the profile's; or NULL */
} GcaCaaWish;

typedef enum {
    GCA_CAA_NOT_ASKED,
    GCA_CAA_ANSWERED,
    GCA_CAA_NO_ANSWER,
} GcaCaaAnswer;

typedef struct {
    char *domain;
    char *record; /* the line for the zone file */
    GcaCaaAnswer answer;
    GcaCaaVerdict verdict; /* of an answer */
    char *found_at;        /* the name whose records count, or NULL */
    GStrv found;           /* those records, safe to show; or NULL */
    char *text;            /* what that means, translated; NULL: not asked */
} GcaCaaEntry;

/* GcaCaaEntry * for each domain. USAGE: account, domains, DNS server, or nothing says what the CA
 * is called; BAD_DATA: what cannot stand in a record; NETWORK, SERVER, UNTRUSTED of the ACME
 * directory; CANCELLED. A DNS server that does not answer is no error: the entry says so, and those
 * behind it are not asked for. */
GPtrArray *gca_caa_examine(const GcaCaaWish *wish, GcaInteraction *interaction, GcaCancel *cancel,
                           GError **error);

/* "present", "no-answer", NULL where it was not asked */
const char *gca_caa_entry_get_nick(const GcaCaaEntry *entry);

G_END_DECLS
