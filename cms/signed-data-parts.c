#include "config.h"

#include "cms/signed-data-private.h"

#define HAS_ERROR 0x80 /* of what ASN1_get_object answers */

/* What stands behind the header of a value that OpenSSL does not take apart ([0] and SET OF). */
static const guint8 *
skip_header(const ASN1_TYPE *value, long *size)
{
    const guint8 *at = ASN1_STRING_get0_data(value->value.asn1_string);
    int tag, class;

    if (ASN1_get_object(&at, size, &tag, &class, ASN1_STRING_length(value->value.asn1_string)) &
        HAS_ERROR)
        *size = 0;
    return at;
}

/* Which one it is, check_algorithms and CMS_verify look at. */
static gboolean
has_one_element(const ASN1_TYPE *set)
{
    long size, length;
    const guint8 *at = skip_header(set, &size), *end = at + size;
    int tag, class;

    return (ASN1_get_object(&at, &length, &tag, &class, size) & HAS_ERROR) == 0 &&
           at + length == end;
}

/* Certificate has no tag of its own; attribute certificates and “other” ones have. */
static gboolean
has_plain_certificates(const ASN1_TYPE *list)
{
    long size, length;
    const guint8 *at = skip_header(list, &size), *end = at + size;
    int tag, class;

    while (at < end) {
        if ((ASN1_get_object(&at, &length, &tag, &class, end - at) & HAS_ERROR) != 0 ||
            tag != V_ASN1_SEQUENCE || class != V_ASN1_UNIVERSAL)
            return FALSE;
        at += length;
    }
    return TRUE;
}

/* SignedData ::= SEQUENCE { version, digestAlgorithms, encapContentInfo, [0] certificates,
 * [1] crls, signerInfos }: nothing of it but the signed attributes is covered by the signature, so
 * nothing may stand there that is not needed (docs/prereg-request.md, RFC 5652 section 5.1). */
gboolean
gca_signed_data_has_signed_parts_only(GBytes *der)
{
    gsize size;
    const guint8 *at = g_bytes_get_data(der, &size);
    g_autoptr(GcaAsn1Sequence) outer = d2i_ASN1_SEQUENCE_ANY(NULL, &at, (long) size);
    if (outer == NULL || sk_ASN1_TYPE_num(outer) != 2)
        return FALSE;

    long length;
    const guint8 *inside = skip_header(sk_ASN1_TYPE_value(outer, 1), &length);
    g_autoptr(GcaAsn1Sequence) parts = d2i_ASN1_SEQUENCE_ANY(NULL, &inside, length);
    if (parts == NULL || sk_ASN1_TYPE_num(parts) != 5) /* with CRLs they are six */
        return FALSE;
    const ASN1_TYPE *version = sk_ASN1_TYPE_value(parts, 0);
    return ASN1_TYPE_get(version) == V_ASN1_INTEGER &&
           ASN1_INTEGER_get(version->value.integer) == 1 &&
           has_one_element(sk_ASN1_TYPE_value(parts, 1)) &&
           has_plain_certificates(sk_ASN1_TYPE_value(parts, 3));
}
