#include "config.h"

#include "base/error.h"
#include "base/text.h"
#include "cms/signed-data-private.h"
#include "x509/certificate.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <string.h>

#define MIN_KEY_BITS 2048
#define MAX_ATTRIBUTES 32
#define FIRST_YEAR_OF_GENERALIZED_TIME 2050 /* RFC 5652 section 11.3 */

static gboolean
fail(GError **error, const char *why)
{
    gca_error_set(error, GCA_ERROR_CHECK_FAILED, "%s", why);
    return FALSE;
}

static CMS_SignerInfo *
find_signer_info(const GcaSignedData *message, GError **error)
{
    STACK_OF(CMS_SignerInfo) *all = CMS_get0_SignerInfos(message->cms);
    int n = all != NULL ? sk_CMS_SignerInfo_num(all) : 0;

    if (n == 1)
        return sk_CMS_SignerInfo_value(all, 0);
    if (n == 0)
        fail(error, _("The message is not signed by anyone."));
    else
        gca_error_set(error, GCA_ERROR_CHECK_FAILED,
                      _("The message is signed %d times; it must be signed exactly once."), n);
    return NULL;
}

X509 *
gca_signed_data_find_signer(const GcaSignedData *message, GError **error)
{
    CMS_SignerInfo *signer_info = find_signer_info(message, error);
    if (signer_info == NULL)
        return NULL;
    for (int i = 0; i < sk_X509_num(message->certificates); i++) {
        X509 *certificate = sk_X509_value(message->certificates, i);
        if (CMS_SignerInfo_cert_cmp(signer_info, certificate) == 0)
            return certificate;
    }
    fail(error, _("The signer's certificate is missing from the message."));
    return NULL;
}

static char *
object_to_text(const ASN1_OBJECT *object)
{
    char text[GCA_OID_LENGTH_LIMIT];

    OBJ_obj2txt(text, sizeof text, object, 0);
    return g_strdup(text);
}

static gboolean
check_key(X509 *signer, GError **error)
{
    ASN1_OBJECT *algorithm;

    X509_PUBKEY_get0_param(&algorithm, NULL, NULL, NULL, X509_get_X509_PUBKEY(signer));
    if (OBJ_obj2nid(algorithm) != NID_rsaEncryption) {
        g_autofree char *found = object_to_text(algorithm);
        gca_error_set(error, GCA_ERROR_CHECK_FAILED,
                      _("The signer's key is of type “%s”; only RSA is accepted."), found);
        return FALSE;
    }
    EVP_PKEY *key = X509_get0_pubkey(signer);
    if (key == NULL) {
        ERR_clear_error();
        return fail(error, _("The signer's public key is malformed."));
    }
    if (EVP_PKEY_get_bits(key) >= MIN_KEY_BITS)
        return TRUE;
    gca_error_set(error, GCA_ERROR_CHECK_FAILED,
                  _("The signer's key has %d bits; at least %d are needed."),
                  EVP_PKEY_get_bits(key), MIN_KEY_BITS);
    return FALSE;
}

gboolean
gca_signed_data_check_algorithms(const GcaSignedData *message, GError **error)
{
    X509 *signer = gca_signed_data_find_signer(message, error);
    if (signer == NULL)
        return FALSE;

    X509_ALGOR *digest, *signature;
    CMS_SignerInfo_get0_algs(find_signer_info(message, NULL), NULL, NULL, &digest, &signature);
    if (OBJ_obj2nid(digest->algorithm) != NID_sha256) {
        g_autofree char *found = object_to_text(digest->algorithm);
        gca_error_set(error, GCA_ERROR_CHECK_FAILED,
                      _("The message is signed with the digest “%s”; only SHA-256 is accepted."),
                      found);
        return FALSE;
    }
    /* RFC 5754 section 3.2 lets PKCS#1 v1.5 be named by the key's identifier too */
    int nid = OBJ_obj2nid(signature->algorithm);
    if (nid != NID_rsaEncryption && nid != NID_sha256WithRSAEncryption) {
        g_autofree char *found = object_to_text(signature->algorithm);
        gca_error_set(error, GCA_ERROR_CHECK_FAILED,
                      _("The message is signed with the algorithm “%s”; only RSA PKCS#1 v1.5 "
                        "is accepted."),
                      found);
        return FALSE;
    }
    return check_key(signer, error);
}

/* The single value of a signed attribute; NULL where it is missing or not single. */
static ASN1_TYPE *
find_attribute(CMS_SignerInfo *signer_info, int nid)
{
    int index = CMS_signed_get_attr_by_NID(signer_info, nid, -1);
    X509_ATTRIBUTE *attribute = index >= 0 ? CMS_signed_get_attr(signer_info, index) : NULL;

    if (attribute == NULL || X509_ATTRIBUTE_count(attribute) != 1 ||
        CMS_signed_get_attr_by_NID(signer_info, nid, index) >= 0)
        return NULL;
    return X509_ATTRIBUTE_get0_type(attribute, 0);
}

static gboolean
check_each_once(CMS_SignerInfo *signer_info, GError **error)
{
    /* each is compared with all others: hundreds of thousands would take minutes */
    if (CMS_signed_get_attr_count(signer_info) > MAX_ATTRIBUTES)
        return fail(error, _("There are too many signed attributes."));
    for (int i = 0; i < CMS_signed_get_attr_count(signer_info); i++) {
        X509_ATTRIBUTE *attribute = CMS_signed_get_attr(signer_info, i);
        const ASN1_OBJECT *type = X509_ATTRIBUTE_get0_object(attribute);
        if (X509_ATTRIBUTE_count(attribute) == 1 &&
            CMS_signed_get_attr_by_OBJ(signer_info, type, i) < 0)
            continue;
        g_autofree char *shown = object_to_text(type);
        gca_error_set(error, GCA_ERROR_CHECK_FAILED,
                      _("The signed attribute “%s” must have exactly one value."), shown);
        return FALSE;
    }
    return TRUE;
}

/* The elements of a DER SEQUENCE; NULL if it is none. */
static GcaAsn1Sequence *
open_sequence(const ASN1_TYPE *value)
{
    if (value == NULL || ASN1_TYPE_get(value) != V_ASN1_SEQUENCE)
        return NULL;
    const ASN1_STRING *der = value->value.sequence;
    const guint8 *at = ASN1_STRING_get0_data(der), *end = at + ASN1_STRING_length(der);
    g_autoptr(GcaAsn1Sequence) elements = d2i_ASN1_SEQUENCE_ANY(NULL, &at, end - at);
    return elements != NULL && at == end && sk_ASN1_TYPE_num(elements) > 0
               ? g_steal_pointer(&elements)
               : NULL;
}

gboolean
gca_signed_data_check_attributes(const GcaSignedData *message, GError **error)
{
    CMS_SignerInfo *signer_info = find_signer_info(message, error);
    if (signer_info == NULL)
        return FALSE;

    /* OpenSSL would then take a signature over the bare content for a good one. */
    if (CMS_signed_get_attr_count(signer_info) <= 0)
        return fail(error, _("The signature has no signed attributes."));
    if (CMS_unsigned_get_attr_count(signer_info) > 0)
        return fail(error,
                    _("The message holds unsigned attributes, which anyone could have added."));
    if (!message->is_der)
        return fail(error,
                    _("The message is not encoded in DER, which RFC 5652 section 5.3 demands "
                      "of signed attributes."));
    if (CMS_unsigned_get_attr_count(signer_info) >= 0 || !message->has_signed_parts_only) {
        ERR_clear_error();
        return fail(error,
                    _("The message holds more than is signed: unsigned attributes, revocation "
                      "lists, other kinds of certificates or a second digest."));
    }
    if (!check_each_once(signer_info, error))
        return FALSE;

    /* RFC 5652 sections 11.1 and 11.2 */
    ASN1_TYPE *type = find_attribute(signer_info, NID_pkcs9_contentType);
    if (type == NULL || ASN1_TYPE_get(type) != V_ASN1_OBJECT ||
        OBJ_cmp(type->value.object, CMS_get0_eContentType(message->cms)) != 0)
        return fail(error, _("The signed attribute “contentType” is missing or does not fit the "
                             "content."));
    ASN1_TYPE *digest = find_attribute(signer_info, NID_pkcs9_messageDigest);
    if (digest == NULL || ASN1_TYPE_get(digest) != V_ASN1_OCTET_STRING)
        return fail(error, _("The signed attribute “messageDigest” is missing or malformed."));
    return TRUE;
}

/* SigningCertificateV2 ::= SEQUENCE { certs SEQUENCE OF ESSCertIDv2, … }; in ESSCertIDv2 the hash
 * comes first where its algorithm is the default, SHA-256, which DER leaves out (RFC 5035 sections
 * 3 and 4). */
static gboolean
has_default_hash(const ASN1_TYPE *attribute)
{
    g_autoptr(GcaAsn1Sequence) outer = open_sequence(attribute);
    g_autoptr(GcaAsn1Sequence) ids = open_sequence(outer ? sk_ASN1_TYPE_value(outer, 0) : NULL);
    g_autoptr(GcaAsn1Sequence) id = open_sequence(ids ? sk_ASN1_TYPE_value(ids, 0) : NULL);

    return id != NULL && ASN1_TYPE_get(sk_ASN1_TYPE_value(id, 0)) == V_ASN1_OCTET_STRING;
}

/* The signer's certificate first, as OSSL_ESS_check_signing_certs wants it; borrows its members. */
static GcaX509Stack *
list_signer_first(const GcaSignedData *message, X509 *signer)
{
    GcaX509Stack *list = sk_X509_dup(message->certificates);

    if (list == NULL || sk_X509_unshift(list, signer) <= 0)
        g_error("no memory left");
    return list;
}

gboolean
gca_signed_data_check_signing_certificate(const GcaSignedData *message, GError **error)
{
    X509 *signer = gca_signed_data_find_signer(message, error);
    if (signer == NULL)
        return FALSE;

    ASN1_TYPE *value =
        find_attribute(find_signer_info(message, NULL), NID_id_smime_aa_signingCertificateV2);
    if (value == NULL)
        return fail(error, _("The signed attribute “signing-certificate-v2” is missing."));
    if (!has_default_hash(value)) {
        ERR_clear_error();
        return fail(error, _("The signed attribute “signing-certificate-v2” is malformed or does "
                             "not use SHA-256."));
    }
    const ASN1_STRING *der = value->value.sequence;
    const guint8 *at = ASN1_STRING_get0_data(der);
    g_autoptr(ESS_SIGNING_CERT_V2) ids =
        d2i_ESS_SIGNING_CERT_V2(NULL, &at, ASN1_STRING_length(der));
    GcaX509Stack *known = list_signer_first(message, signer);
    gboolean fits = ids != NULL && OSSL_ESS_check_signing_certs(NULL, ids, known, 1) > 0;
    sk_X509_free(known);
    ERR_clear_error();
    return fits || fail(error, _("The signed attribute “signing-certificate-v2” does not name the "
                                 "signer's certificate."));
}

gboolean
gca_signed_data_check_signature(const GcaSignedData *message, GError **error)
{
    if (gca_signed_data_find_signer(message, error) == NULL ||
        !gca_signed_data_check_attributes(message, error))
        return FALSE;

    /* No chain is built and nothing is looked for outside the message: that is x509/chain.h. */
    const guint flags = CMS_BINARY | CMS_NOINTERN | CMS_NO_SIGNER_CERT_VERIFY;
    if (CMS_verify(message->cms, message->certificates, NULL, NULL, NULL, flags) > 0)
        return TRUE;
    gca_error_set_openssl(error, GCA_ERROR_CHECK_FAILED,
                          _("The signature does not verify: content, attributes or signer have "
                            "been changed."));
    return FALSE;
}

GDateTime *
gca_signed_data_dup_signing_time(const GcaSignedData *message, GError **error)
{
    CMS_SignerInfo *signer_info = find_signer_info(message, error);
    if (signer_info == NULL)
        return NULL;

    ASN1_TYPE *value = find_attribute(signer_info, NID_pkcs9_signingTime);
    int type = value != NULL ? ASN1_TYPE_get(value) : V_ASN1_UNDEF;
    g_autoptr(GDateTime) time = NULL;
    if (type == V_ASN1_UTCTIME || type == V_ASN1_GENERALIZEDTIME)
        time = gca_asn1_time_to_date_time(value->value.asn1_string);
    if (time == NULL || (type == V_ASN1_GENERALIZEDTIME &&
                         g_date_time_get_year(time) < FIRST_YEAR_OF_GENERALIZED_TIME)) {
        fail(error, _("The signed attribute “signingTime” is missing or malformed."));
        return NULL;
    }
    return g_steal_pointer(&time);
}
