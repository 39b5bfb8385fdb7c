/* The main job: bind an ACME account to domains with the card's signature. The steps in order; the
 * command line and the wizard show what lies between them. Nothing here prints, and nothing needs a
 * card: that part is flow/prereg-card.h. */
#pragma once

#include "acme/account.h"
#include "base/contact.h"
#include "prereg/request.h"
#include "profile/profile.h"

G_BEGIN_DECLS

#define GCA_PREREG_MAX_AGE_DAYS 30 /* of a prepared request, when it is signed */

/* What the user typed; all but `account` and one of the domains may be NULL. */
typedef struct {
    const char *account;        /* path, folder, "-" or URI */
    const char *profile;        /* name */
    const char *const *domains; /* as typed */
    const char *domains_file;   /* path */
    const char *subject;        /* RFC 4514, in place of the folded one */
    const GcaContact *contact;
    gboolean without_proof; /* the account's key is left alone */
} GcaPreregWish;

/* Who asks. */
typedef struct {
    const char *name;
    const GcaName *dn;       /* of the certificate that will sign */
    const char *oid;         /* of that certificate; NULL: it has none */
    const char *card_serial; /* NULL: not known */
} GcaOrganization;

typedef struct _GcaPrereg GcaPrereg;

/* Checks everything that needs no reader: account, profile, domains, subject. The account's key is
 * read where it can be; one that is not the account's is CHECK_FAILED. `wish->contact` must outlive
 * it. */
GcaPrereg *gca_prereg_new(const GcaPreregWish *wish, GError **error);

/* A prepared request that is to be signed as it stands: strict in form, by its profile's rules, its
 * proof, if there is one, good (CHECK_FAILED), made within the last 30 days (CHECK_FAILED). */
GcaPrereg *gca_prereg_open(const char *path, GError **error);
void gca_prereg_free(GcaPrereg *prereg);

const GcaProfile *gca_prereg_get_profile(const GcaPrereg *prereg);

/* NULL where the request was prepared elsewhere. */
GcaAccount *gca_prereg_get_account(const GcaPrereg *prereg);

/* Translated sentences that the user must see before saying yes, such as an account that does not
 * fit the profile. Grows with gca_prereg_bind. */
const char *const *gca_prereg_get_warnings(const GcaPrereg *prereg);

/* A translated sentence on why the request will be without proof; NULL: with one, or none wanted.
 */
const char *gca_prereg_get_note(const GcaPrereg *prereg);

/* Makes the request for `organization`, with a new time and nonce each time; one that was prepared
 * must name this very organisation already (CHECK_FAILED with both). */
gboolean gca_prereg_bind(GcaPrereg *prereg, const GcaOrganization *organization, GError **error);
const GcaRequest *gca_prereg_get_request(const GcaPrereg *prereg); /* NULL before that */

/* The same without a card at hand: by the OID, from the register (its errors); with `dn` (RFC 4514)
 * nothing is looked up. `name` and one of the others may be NULL. */
gboolean gca_prereg_bind_named(GcaPrereg *prereg, const char *oid, const char *dn, const char *name,
                               GError **error);

/* Writes the signed request (mode 0600, never over a file) and notes it in the journal. `path`
 * NULL: gca-prereg-<first domain>-<UTC time>.p7m in the current folder. Gives the path written. */
char *gca_prereg_save(const GcaPrereg *prereg, GBytes *message, const char *path, gboolean pem,
                      GError **error);

/* Where a signed request could not be saved as wanted: keeps it, unless that fails too, in the
 * user's data or state folder, or in the temporary one of this session. Gives the path or NULL, and
 * a translated sentence on it. */
char *gca_prereg_keep(const GcaPrereg *prereg, GBytes *message, char **sentence);

/* Such a path in `folder`, where nothing is yet. */
char *gca_prereg_choose_path(const GcaPrereg *prereg, const char *folder);

/* Writes the request itself, unsigned, for gca_prereg_open: as above, .json, no journal. */
char *gca_prereg_save_prepared(const GcaPrereg *prereg, const char *path, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaPrereg, gca_prereg_free)

G_END_DECLS
