#include "config.h"

#include "base/error.h"
#include "cms/signed-data.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>

typedef ASN1_TIME Asn1Time;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Asn1Time, ASN1_TIME_free)

/* Unlike gca_error_set_openssl this leaves OpenSSL's queue alone: a card's error is in it. */
static void
set_error(GError **error, const char *message)
{
    char text[256];

    gca_error_set(error, GCA_ERROR_CRYPTO, "%s", message);
    ERR_error_string_n(ERR_peek_error(), text, sizeof text);
    gca_error_add_detail(error, "%s", text);
}

/* Each once, and not the signer's, which comes in with its signature: OpenSSL refuses a second. */
static gboolean
add_certificates(CMS_ContentInfo *cms, X509 *signer, GcaX509Stack *others)
{
    g_autoptr(GcaX509Stack) once = sk_X509_new_null();

    if (once == NULL ||
        (others != NULL &&
         !X509_add_certs(once, others, X509_ADD_FLAG_UP_REF | X509_ADD_FLAG_NO_DUP)))
        return FALSE;
    for (int i = 0; i < sk_X509_num(once); i++) {
        X509 *other = sk_X509_value(once, i);
        if (X509_cmp(other, signer) != 0 && !CMS_add1_cert(cms, other))
            return FALSE;
    }
    return TRUE;
}

/* RFC 5652 section 11.3: UTCTime through 2049, GeneralizedTime after, which is what ASN1_TIME_set
 * chooses. CMS_final adds the clock's time only where there is none. */
static gboolean
add_signing_time(CMS_SignerInfo *signer_info, GDateTime *when)
{
    g_autoptr(Asn1Time) time = ASN1_TIME_set(NULL, (time_t) g_date_time_to_unix(when));

    return time != NULL && CMS_signed_add1_attr_by_NID(signer_info, NID_pkcs9_signingTime,
                                                       ASN1_STRING_type(time), time, -1);
}

static GBytes *
encode(CMS_ContentInfo *cms)
{
    guint8 *der = NULL;
    int size = i2d_CMS_ContentInfo(cms, &der);

    return size > 0 ? g_bytes_new_with_free_func(der, (gsize) size, gca_openssl_free, der) : NULL;
}

static gboolean
check_input(GBytes *content, EVP_PKEY *key, X509 *signer, GError **error)
{
    EVP_PKEY *public_key = X509_get0_pubkey(signer);

    if (g_bytes_get_size(content) > G_MAXINT) {
        gca_error_set(error, GCA_ERROR_BAD_DATA, _("The content is too large to be signed."));
        return FALSE;
    }
    if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) {
        gca_error_set(error, GCA_ERROR_CRYPTO, _("Only an RSA key can sign; this is another."));
        return FALSE;
    }
    if (public_key == NULL || EVP_PKEY_eq(public_key, key) != 1) {
        gca_error_set(error, GCA_ERROR_NO_KEY,
                      _("The private key does not belong to the signer's certificate."));
        return FALSE;
    }
    return TRUE;
}

GBytes *
gca_signed_data_sign(GBytes *content, EVP_PKEY *key, X509 *signer, GcaX509Stack *others,
                     GDateTime *when, GError **error)
{
    gsize size;
    const void *data = g_bytes_get_data(content, &size);

    if (!check_input(content, key, signer, error))
        return NULL;
    ERR_clear_error();
    g_autoptr(BIO) input = BIO_new_mem_buf(size ? data : "", (int) size);
    g_autoptr(CMS_ContentInfo) cms = CMS_sign(NULL, NULL, NULL, NULL, CMS_PARTIAL | CMS_BINARY);
    /* CMS_CADES: the attribute signing-certificate-v2 (RFC 5035) */
    CMS_SignerInfo *signer_info =
        cms != NULL ? CMS_add1_signer(cms, signer, key, EVP_sha256(),
                                      CMS_PARTIAL | CMS_BINARY | CMS_NOSMIMECAP | CMS_CADES)
                    : NULL;
    if (input == NULL || signer_info == NULL || !add_certificates(cms, signer, others) ||
        !add_signing_time(signer_info, when)) {
        set_error(error, _("The message to be signed could not be put together."));
        return NULL;
    }
    if (!CMS_final(cms, input, NULL, CMS_BINARY)) {
        set_error(error, _("The signature could not be made."));
        return NULL;
    }
    GBytes *der = encode(cms);
    if (der == NULL)
        set_error(error, _("The signed message could not be written."));
    return der;
}
