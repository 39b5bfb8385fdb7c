/* What one certification authority asks for, as data: a key file NAME.profile that a user, a
 * system or this package provides. */
#pragma once

#include "base/name.h"

#include <glib.h>

G_BEGIN_DECLS

typedef struct _GcaProfile GcaProfile;

/* A CA certificate that the profile names but cannot ship. */
typedef struct {
    const char *title;
    const char *url;
    const char *sha256; /* lower-case hexadecimal of the DER */
} GcaProfileAnchor;

/* The profile `name` (USAGE with the names there are, BAD_DATA naming file, group and key). */
GcaProfile *gca_profile_load(const char *name, GError **error);

/* All profiles, by name; one in the user's folder hides its namesake further down. */
GPtrArray *gca_profile_list(GError **error);

/* The profile whose account pattern fits `account_uri`; else `wanted`; else the one config.ini
 * names in [gca] profile; else gtlsca. `account_uri` and `wanted` may be NULL. Where several fit,
 * the one that would be taken without an account goes first. Errors of gca_profile_load. */
GcaProfile *gca_profile_find(const char *account_uri, const char *wanted, GError **error);

GcaProfile *gca_profile_ref(GcaProfile *profile);
void gca_profile_unref(GcaProfile *profile);

/* Compared after RFC 3986 section 6.2.2/6.2.3 normalisation: case of scheme and host, default port.
 */
gboolean gca_profile_fits_account(const GcaProfile *profile, const char *account_uri);

const char *gca_profile_get_name(const GcaProfile *profile);
const char *gca_profile_get_title(const GcaProfile *profile);     /* in the user's language */
const char *gca_profile_get_directory(const GcaProfile *profile); /* ACME directory or NULL */

/* The CA's name in CAA records (RFC 8659 section 4.2), or NULL. */
const char *gca_profile_get_caa_identity(const GcaProfile *profile);
const char *gca_profile_get_page(const GcaProfile *profile);     /* pre-registration page or NULL */
const char *gca_profile_get_endpoint(const GcaProfile *profile); /* or NULL */
const char *
gca_profile_get_next_step(const GcaProfile *profile); /* a translated sentence or NULL */

/* The file of the CA that issues the TLS certificates of directory and endpoint, to be trusted
 * there beside this system's CAs; NULL: none. Nobody has looked whether it is there. */
const char *gca_profile_get_tls_ca(const GcaProfile *profile);
const char *gca_profile_get_trust_note(const GcaProfile *profile);      /* translated, or NULL */
const char *gca_profile_get_trust_note_date(const GcaProfile *profile); /* YYYY-MM-DD or NULL */
const char *gca_profile_get_renewal_place(const GcaProfile *profile);   /* of a card; translated */
const char *gca_profile_get_unblock_place(const GcaProfile *profile);   /* of a PIN; a sentence */
guint gca_profile_get_max_characters(const GcaProfile *profile); /* of all domains; 0: no limit */
gboolean gca_profile_allows_wildcard(const GcaProfile *profile);
gboolean gca_profile_allows_ip_address(const GcaProfile *profile);
guint gca_profile_get_names_per_certificate(const GcaProfile *profile);      /* 0: no limit */
gboolean gca_profile_allows_key_bits(const GcaProfile *profile, guint bits); /* of RSA */
guint gca_profile_get_key_bits(const GcaProfile *profile); /* the default: the smallest */
const char *const *gca_profile_get_challenges(const GcaProfile *profile); /* "http-01", or NULL */

/* Titles of the CA certificates from the leaf's issuer upwards, without the root; or NULL. */
const char *const *gca_profile_get_chain(const GcaProfile *profile);
const char *gca_profile_get_chain_download(const GcaProfile *profile); /* a file's name, or NULL */
const char *gca_profile_get_addressee(const GcaProfile *profile);      /* of the letter, or NULL */

/* Share of a certificate's lifetime after which it is to be renewed; 1 to 99. */
guint gca_profile_get_renewal_percent(const GcaProfile *profile);

/* GcaProfileAnchor *, valid as long as the profile. */
GPtrArray *gca_profile_get_anchors(const GcaProfile *profile);

/* The anchor with that fingerprint, or NULL. */
const GcaProfileAnchor *gca_profile_find_anchor(const GcaProfile *profile, const char *sha256);

/* Of a TLS certificate's subject. */
const char *gca_profile_get_country(const GcaProfile *profile);
const char *gca_profile_get_locality(const GcaProfile *profile); /* or NULL: no L */

/* The TLS certificate's subject (without CN) for a holder's or a register's DN: country, locality
 * and the organisation's names joined as the profile says. *unconfirmed is set where the CA has not
 * published how (a local government's L). BAD_DATA if the DN names no organisation or one that is
 * longer than the 64 characters X.520 allows. */
GcaName *gca_profile_fold(const GcaProfile *profile, const GcaName *dn, gboolean *unconfirmed,
                          GError **error);

/* A translated sentence, to be shown where gca_profile_fold has set *unconfirmed. */
const char *gca_profile_get_unconfirmed_note(void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaProfile, gca_profile_unref)

G_END_DECLS
