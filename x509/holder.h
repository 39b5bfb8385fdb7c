/* Who holds a card: what the signing certificate says of an agency. */
#pragma once

#include "base/name.h"
#include "base/openssl-auto.h"

#include <glib.h>

G_BEGIN_DECLS

typedef struct _GcaHolder GcaHolder;

/* Subject type, 2.16.886.1.100.2.1 in subjectDirectoryAttributes. */
typedef enum {
    GCA_HOLDER_AGENCY,
    GCA_HOLDER_UNIT,
    GCA_HOLDER_SCHOOL,
    GCA_HOLDER_COMPANY,
    GCA_HOLDER_CITIZEN,
    GCA_HOLDER_SERVER,
    GCA_HOLDER_OTHER, /* a subject type that is none of these, or none at all */
} GcaHolderKind;

typedef enum {
    GCA_CARD_RANK_UNKNOWN,
    GCA_CARD_RANK_PRIMARY,   /* 正卡 */
    GCA_CARD_RANK_SECONDARY, /* 附卡 */
    GCA_CARD_RANK_MOBILE,
} GcaCardRank;

#define GCA_HOLDER_WARN_DAYS 60

/* BAD_DATA with what is wrong with which extension. Keeps a reference to the certificate. */
GcaHolder *gca_holder_new(X509 *certificate, GError **error);
GcaHolder *gca_holder_ref(GcaHolder *holder);
void gca_holder_unref(GcaHolder *holder);

X509 *gca_holder_get_certificate(const GcaHolder *holder);
const GcaName *gca_holder_get_dn(const GcaHolder *holder);
const GcaName *gca_holder_get_issuer(const GcaHolder *holder);
const char *
gca_holder_get_organization(const GcaHolder *holder);    /* names below C joined by a blank */
const char *gca_holder_get_oid(const GcaHolder *holder); /* dotted, or NULL */
GcaHolderKind gca_holder_get_kind(const GcaHolder *holder);
GcaCardRank gca_holder_get_rank(const GcaHolder *holder);
GDateTime *gca_holder_get_not_before(const GcaHolder *holder);
GDateTime *gca_holder_get_not_after(const GcaHolder *holder);
int gca_holder_days_left(const GcaHolder *holder, GDateTime *now); /* negative: over */

/* "agency card", "citizen card (not a GCA card)"…: translated, to be shown. */
const char *gca_holder_kind_to_string(GcaHolderKind kind);
const char *gca_holder_kind_to_nick(GcaHolderKind kind); /* "agency", for JSON */
const char *gca_card_rank_to_string(GcaCardRank rank);   /* translated */
const char *gca_card_rank_to_nick(GcaCardRank rank);     /* for JSON */
gboolean gca_holder_kind_is_gca(GcaHolderKind kind);     /* agency or unit */

/* TRUE if this certificate may sign (digitalSignature or nonRepudiation, not encryption only). */
gboolean gca_certificate_can_sign(X509 *certificate);

/* Refuses, with the reason, what must not sign at `when`: the kind of card, expired, not yet valid,
 * encryption-only (NO_CERT). */
gboolean gca_holder_check_signing(const GcaHolder *holder, GDateTime *when, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaHolder, gca_holder_unref)

G_END_DECLS
