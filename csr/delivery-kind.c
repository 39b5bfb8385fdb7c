#include "config.h"

#include "csr/delivery-private.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <string.h>

#define A_REQUEST                                                                                  \
    N_("it is a certificate request (CSR); the certificate is what the CA hands out for it")
#define A_KEY N_("it is a private key, which nobody but you should have")
#define A_CRL N_("it is a list of revoked certificates (CRL)")

static const struct {
    const ASN1_ITEM *(*item)(void);
    const char *what;
} der_kinds[] = {
    {X509_REQ_it, A_REQUEST},
    {X509_CRL_it, A_CRL},
    {PKCS12_it, N_("it is a PKCS#12 file (.pfx, .p12); take the certificates out of it first, with "
                   "“openssl pkcs12 -nokeys”")},
    {PKCS8_PRIV_KEY_INFO_it, A_KEY},
    {X509_SIG_it, A_KEY}, /* EncryptedPrivateKeyInfo */
    {CMS_ContentInfo_it, N_("it is a PKCS#7 file without certificates")},
};

static const struct {
    const char *label, *what;
} pem_kinds[] = {
    {PEM_STRING_X509_REQ, A_REQUEST}, {PEM_STRING_X509_REQ_OLD, A_REQUEST},
    {PEM_STRING_X509_CRL, A_CRL},     {PEM_STRING_PKCS8INF, A_KEY},
    {PEM_STRING_PKCS8, A_KEY},        {PEM_STRING_RSA, A_KEY},
    {PEM_STRING_ECPRIVATEKEY, A_KEY}, {PEM_STRING_PUBLIC, N_("it is a public key alone")},
};

const char *
gca_delivery_explain_der(GBytes *der)
{
    gsize size;
    const guint8 *data = g_bytes_get_data(der, &size);
    const char *what = NULL;

    for (guint i = 0; i < G_N_ELEMENTS(der_kinds) && what == NULL; i++) {
        const ASN1_ITEM *item = der_kinds[i].item();
        const guint8 *at = data;
        ASN1_VALUE *value = ASN1_item_d2i(NULL, &at, (long) size, item);
        if (value != NULL && at == data + size)
            what = _(der_kinds[i].what);
        ASN1_item_free(value, item);
    }
    ERR_clear_error();
    return what;
}

const char *
gca_delivery_explain_text(GBytes *text, const char *label)
{
    gsize size;
    const char *data = g_bytes_get_data(text, &size);

    for (guint i = 0; label != NULL && i < G_N_ELEMENTS(pem_kinds); i++) {
        if (g_str_equal(label, pem_kinds[i].label))
            return _(pem_kinds[i].what);
    }
    while (size > 0 && g_ascii_isspace(*data)) {
        data++;
        size--;
    }
    if (size == 0)
        return _("it is empty");
    if (size > 1 && (memcmp(data, "\xFF\xFE", 2) == 0 || memcmp(data, "\xFE\xFF", 2) == 0))
        return _("it is text in UTF-16; save it as plain text (ANSI or UTF-8)");
    if (*data == '<')
        return _("it is a web page; the download has failed, or the login had ended");
    return NULL;
}
