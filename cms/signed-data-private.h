/* What parsing and checking a message share. */
#pragma once

#include "cms/signed-data.h"

G_BEGIN_DECLS

typedef STACK_OF(ASN1_TYPE) GcaAsn1Sequence;

static inline void
gca_asn1_sequence_free(GcaAsn1Sequence *sequence)
{
    sk_ASN1_TYPE_pop_free(sequence, ASN1_TYPE_free);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaAsn1Sequence, gca_asn1_sequence_free)

struct _GcaSignedData {
    CMS_ContentInfo *cms;
    GcaX509Stack *certificates;
    GBytes *der;
    GBytes *content;
    gboolean is_der; /* as a whole, so its signed attributes too */
    gboolean has_signed_parts_only;
};

/* TRUE if nothing stands in the message that is not needed: what is not covered by the signature
 * anyone could have added (RFC 5652 section 5.1). */
gboolean gca_signed_data_has_signed_parts_only(GBytes *der);

G_END_DECLS
