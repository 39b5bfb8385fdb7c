#include "config.h"

#include "cms/attributes.h"

#include "base/error.h"
#include "cms/bare-signature.h"
#include "cms/signed-data.h"

#include <glib/gi18n-lib.h>
#include <openssl/pkcs7.h>
#include <string.h>

typedef STACK_OF(X509_ATTRIBUTE) AttributeStack;

struct _GcaAttributes {
    AttributeStack *list;
};

typedef ASN1_TIME Asn1Time;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Asn1Time, ASN1_TIME_free)

GcaAttributes *
gca_attributes_new(void)
{
    GcaAttributes *attributes = g_new0(GcaAttributes, 1);

    attributes->list = sk_X509_ATTRIBUTE_new_null();
    if (attributes->list == NULL)
        g_error("no memory left");
    return attributes;
}

void
gca_attributes_free(GcaAttributes *attributes)
{
    sk_X509_ATTRIBUTE_pop_free(attributes->list, X509_ATTRIBUTE_free);
    g_free(attributes);
}

static void
add(GcaAttributes *attributes, const ASN1_OBJECT *type, int tag, const void *data, gsize size)
{
    if (type == NULL ||
        X509at_add1_attr_by_OBJ(&attributes->list, type, tag, data, (int) size) == NULL)
        g_error("no memory left, or no object identifier");
}

void
gca_attributes_add_time(GcaAttributes *attributes, GDateTime *when)
{
    g_autoptr(Asn1Time) time = ASN1_TIME_set(NULL, (time_t) g_date_time_to_unix(when));

    if (time == NULL)
        g_error("no memory left");
    add(attributes, OBJ_nid2obj(NID_pkcs9_signingTime), ASN1_STRING_type(time),
        ASN1_STRING_get0_data(time), (gsize) ASN1_STRING_length(time));
}

void
gca_attributes_add_octets(GcaAttributes *attributes, const char *oid, GBytes *value)
{
    g_autoptr(ASN1_OBJECT) type = OBJ_txt2obj(oid, 1);
    gsize size;
    const guint8 *data = g_bytes_get_data(value, &size);

    add(attributes, type, V_ASN1_OCTET_STRING, data, size);
}

void
gca_attributes_add_text(GcaAttributes *attributes, const char *oid, const char *text)
{
    g_autoptr(ASN1_OBJECT) type = OBJ_txt2obj(oid, 1);
    gsize size = strlen(text);
    gboolean is_printable =
        ASN1_PRINTABLE_type((const guint8 *) text, (int) size) == V_ASN1_PRINTABLESTRING;

    add(attributes, type, is_printable ? V_ASN1_PRINTABLESTRING : V_ASN1_UTF8STRING, text, size);
}

/* Those of the caller, and what RFC 5652 section 5.3 demands where there are any. */
static GcaAttributes *
complete(const GcaAttributes *attributes, GBytes *content, const EVP_MD *digest)
{
    g_autoptr(GcaAttributes) all = gca_attributes_new();
    const ASN1_OBJECT *type = OBJ_nid2obj(NID_pkcs7_data);
    guint8 hash[EVP_MAX_MD_SIZE];
    unsigned int hash_size;
    gsize size;
    const guint8 *data = g_bytes_get_data(content, &size);

    if (!EVP_Digest(data, size, hash, &hash_size, digest, NULL) ||
        !X509at_add1_attr_by_NID(&all->list, NID_pkcs9_contentType, V_ASN1_OBJECT,
                                 (const guint8 *) type, -1))
        return NULL;
    add(all, OBJ_nid2obj(NID_pkcs9_messageDigest), V_ASN1_OCTET_STRING, hash, hash_size);
    for (int i = 0; i < sk_X509_ATTRIBUTE_num(attributes->list); i++) {
        if (!X509at_add1_attr(&all->list, sk_X509_ATTRIBUTE_value(attributes->list, i)))
            return NULL;
    }
    return g_steal_pointer(&all);
}

/* RFC 5652 section 5.4: what is signed are the attributes as a SET OF in DER. */
static GBytes *
encode_for_signing(const GcaAttributes *attributes)
{
    guint8 *der = NULL;
    int size =
        ASN1_item_i2d((const ASN1_VALUE *) attributes->list, &der, ASN1_ITEM_rptr(PKCS7_ATTR_SIGN));

    return size > 0 ? g_bytes_new_with_free_func(der, (gsize) size, gca_openssl_free, der) : NULL;
}

static gboolean
set_octets(ASN1_OCTET_STRING *octets, GBytes *bytes)
{
    gsize size;
    const guint8 *data = g_bytes_get_data(bytes, &size);

    return octets != NULL && ASN1_OCTET_STRING_set(octets, data, (int) size);
}

/* CMS_final is not called: it would add a signingTime. */
static CMS_ContentInfo *
assemble(const GcaAttributes *attributes, GBytes *content, GBytes *signature, const EVP_MD *digest,
         EVP_PKEY *key, X509 *signer)
{
    const guint flags = CMS_PARTIAL | CMS_BINARY | CMS_NOSMIMECAP;
    g_autoptr(CMS_ContentInfo) cms = CMS_sign(NULL, NULL, NULL, NULL, CMS_PARTIAL | CMS_BINARY);
    CMS_SignerInfo *signer_info =
        cms != NULL ? CMS_add1_signer(cms, signer, key, digest, flags) : NULL;
    ASN1_OCTET_STRING **place = signer_info != NULL ? CMS_get0_content(cms) : NULL;

    if (place == NULL)
        return NULL;
    if (*place == NULL)
        *place = ASN1_OCTET_STRING_new();
    if (!set_octets(*place, content) ||
        !set_octets(CMS_SignerInfo_get0_signature(signer_info), signature))
        return NULL;
    (*place)->flags &= ~ASN1_STRING_FLAG_CONT; /* nothing more will be streamed in */
    for (int i = 0; i < sk_X509_ATTRIBUTE_num(attributes->list); i++) {
        if (!CMS_signed_add1_attr(signer_info, sk_X509_ATTRIBUTE_value(attributes->list, i)))
            return NULL;
    }
    return g_steal_pointer(&cms);
}

static GBytes *
encode(CMS_ContentInfo *cms)
{
    guint8 *der = NULL;
    int size = cms != NULL ? i2d_CMS_ContentInfo(cms, &der) : -1;

    return size > 0 ? g_bytes_new_with_free_func(der, (gsize) size, gca_openssl_free, der) : NULL;
}

static gboolean
is_good(GBytes *der, GBytes *content, X509 *signer, GError **error)
{
    g_autoptr(GcaSignedData) message = gca_signed_data_parse(der, error);
    X509 *found = message ? gca_signed_data_find_signer(message, error) : NULL;

    if (found == NULL || !gca_signed_data_check_signature(message, error))
        return FALSE;
    if (X509_cmp(found, signer) == 0 &&
        g_bytes_equal(gca_signed_data_get_content(message), content))
        return TRUE;
    gca_error_set(error, GCA_ERROR_INTERNAL, _("The signed message is not what was to be signed."));
    return FALSE;
}

GBytes *
gca_attributes_sign(const GcaAttributes *attributes, GBytes *content, const char *digest,
                    EVP_PKEY *key, X509 *signer, GError **error)
{
    const EVP_MD *md = EVP_get_digestbyname(digest);

    g_return_val_if_fail(md != NULL, NULL);
    if (g_bytes_get_size(content) > G_MAXINT) {
        gca_error_set(error, GCA_ERROR_BAD_DATA, _("The content is too large to be signed."));
        return NULL;
    }
    g_autoptr(GcaAttributes) all = complete(attributes, content, md);
    g_autoptr(GBytes) to_sign = all ? encode_for_signing(all) : NULL;
    if (to_sign == NULL) {
        gca_error_set_openssl(error, GCA_ERROR_INTERNAL,
                              _("The message to be signed could not be put together."));
        return NULL;
    }
    g_autoptr(GBytes) signature = gca_bare_signature_make(to_sign, digest, key, signer, error);
    if (signature == NULL)
        return NULL;
    g_autoptr(CMS_ContentInfo) cms = assemble(all, content, signature, md, key, signer);
    g_autoptr(GBytes) der = encode(cms);
    if (der == NULL) {
        gca_error_set_openssl(error, GCA_ERROR_INTERNAL,
                              _("The signed message could not be written."));
        return NULL;
    }
    return is_good(der, content, signer, error) ? g_steal_pointer(&der) : NULL;
}
