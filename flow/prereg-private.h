/* A pre-registration while it is made; for flow/prereg*.c. */
#pragma once

#include "base/openssl-auto.h"
#include "flow/prereg.h"

G_BEGIN_DECLS

struct _GcaPrereg {
    GcaAccount *account; /* NULL where it was prepared elsewhere */
    EVP_PKEY *account_key;
    GcaProfile *profile;
    GStrv domains;
    GcaName *subject; /* the user's own, or NULL: folded from the organisation's DN */
    const GcaContact *contact;
    GPtrArray *warnings; /* NULL-terminated */
    char *note;
    GcaRequest *request;
    gboolean is_prepared;
    gboolean is_warned; /* of what the organisation brings with it */
};

GcaPrereg *gca_prereg_alloc(void);

/* Takes `sentence`. */
void gca_prereg_warn(GcaPrereg *prereg, char *sentence);

/* An account that does not look like one of the profile's. */
void gca_prereg_warn_of_account(GcaPrereg *prereg, const char *uri);

/* Reads the account's key where that can be done; the note says why not. */
gboolean gca_prereg_load_key(GcaPrereg *prereg, GError **error);

/* TRUE where the prepared request names `organization`. */
gboolean gca_prereg_check_organization(const GcaPrereg *prereg, const GcaOrganization *organization,
                                       GError **error);

G_END_DECLS
