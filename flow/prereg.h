/* The main job: bind an ACME account to domains with the card's signature. The steps in order; the
 * command line and the wizard show what lies between them. Nothing here prints. */
#pragma once

#include "acme/account.h"
#include "base/interaction.h"
#include "flow/found-card.h"
#include "prereg/request.h"
#include "profile/profile.h"

G_BEGIN_DECLS

/* What the user typed; all but `account` and one of the domains may be NULL. */
typedef struct {
    const char *account;        /* path, folder, "-" or URI */
    const char *profile;        /* name */
    const char *const *domains; /* as typed */
    const char *domains_file;   /* path */
    const char *subject;        /* RFC 4514, in place of the folded one */
    const GcaContact *contact;
} GcaPreregWish;

typedef struct _GcaPrereg GcaPrereg;

/* Checks everything that needs no reader: account, profile, domains, subject. */
GcaPrereg *gca_prereg_new(const GcaPreregWish *wish, GError **error);
void gca_prereg_free(GcaPrereg *prereg);

const GcaProfile *gca_prereg_get_profile(const GcaPrereg *prereg);

/* Translated sentences that the user must see before saying yes, such as an account that does not
 * fit the profile. Grows with gca_prereg_bind. */
const char *const *gca_prereg_get_warnings(const GcaPrereg *prereg);

/* Makes the request for the holder of `card`; refuses one who must not sign (NO_CERT). */
gboolean gca_prereg_bind(GcaPrereg *prereg, const GcaFoundCard *card, GError **error);
const GcaRequest *gca_prereg_get_request(const GcaPrereg *prereg);

/* Logs in as `login` says (title and unblock_place are ours), signs once, checks what came out. The
 * request is made anew right before (time, nonce). DER. */
GBytes *gca_prereg_sign(GcaPrereg *prereg, GcaFoundCard *card, const GcaLoginOptions *login,
                        GcaInteraction *interaction, GcaCancel *cancel, GError **error);

/* Writes the signed request (mode 0600, never over a file) and notes it in the journal. `path`
 * NULL: gca-prereg-<first domain>-<UTC time>.p7m in the current folder. Gives the path written. */
char *gca_prereg_save(const GcaPrereg *prereg, GBytes *message, const char *path, gboolean pem,
                      GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaPrereg, gca_prereg_free)

G_END_DECLS
