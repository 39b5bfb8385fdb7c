#include "config.h"

#include "base/error.h"
#include "base/text.h"
#include "csr/csr.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <string.h>

#define DER_SEQUENCE 0x30
#define UTF8_BOM "\xEF\xBB\xBF"

/* Always NULL. */
static gpointer G_GNUC_PRINTF(2, 3) refuse(GError **error, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    g_autofree char *sentence = g_strdup_vprintf(format, args);
    va_end(args);
    gca_error_set_openssl(error, GCA_ERROR_BAD_DATA, "%s", sentence);
    gca_error_set_hint(error, _("The request is request.csr.pem in its folder, or the file that "
                                "“openssl req -new” has written."));
    return NULL;
}

static gpointer
refuse_key(GError **error, const char *name)
{
    return refuse(
        error, _("“%s” holds a private key, not a certificate request. Do not pass it on."), name);
}

static gpointer
refuse_certificate(GError **error, const char *name)
{
    return refuse(error, _("“%s” holds a certificate, not a certificate request."), name);
}

/* Names the PEM block that stands in the request's place. */
static gpointer
refuse_label(GError **error, const char *name, const char *label)
{
    g_autofree char *shown = gca_text_escape(label);

    if (strstr(label, "PRIVATE KEY") != NULL)
        return refuse_key(error, name);
    if (g_str_equal(label, PEM_STRING_X509) || g_str_equal(label, PEM_STRING_X509_OLD) ||
        g_str_equal(label, PEM_STRING_X509_TRUSTED))
        return refuse_certificate(error, name);
    return refuse(error, _("“%s” holds “%s” where “%s” is expected."), name, shown,
                  PEM_STRING_X509_REQ);
}

static gpointer
refuse_der(GError **error, const char *name, const guint8 *data, long size)
{
    const guint8 *at = data;
    g_autoptr(X509) certificate = d2i_X509(NULL, &at, size);
    at = data;
    g_autoptr(EVP_PKEY) key = certificate == NULL ? d2i_AutoPrivateKey(NULL, &at, size) : NULL;

    ERR_clear_error();
    if (certificate != NULL)
        return refuse_certificate(error, name);
    if (key != NULL)
        return refuse_key(error, name);
    return refuse(error, _("“%s” is not a certificate request."), name);
}

static gboolean
is_blank(const char *text, gsize size)
{
    while (size > 0 && g_ascii_isspace(text[size - 1]))
        size--;
    return size == 0;
}

/* Nothing may follow the block: what is sent off unread would go with it. */
static gboolean
check_rest(BIO *pem, const char *name, GError **error)
{
    gsize size = BIO_ctrl_pending(pem);
    g_autofree char *rest = g_malloc0(size + 1);

    if (size == 0 || BIO_read(pem, rest, (int) size) <= 0 || is_blank(rest, size))
        return TRUE;
    if (strstr(rest, "PRIVATE KEY-----") != NULL)
        return refuse(error,
                      _("“%s” holds a private key behind the request, which nobody else may "
                        "have. Keep it in a file of its own."),
                      name) != NULL;
    return refuse(error, _("“%s” holds more behind the request."), name) != NULL;
}

/* The DER in the one PEM block (RFC 7468 section 7, and the label of older programs). */
static GBytes *
take_block(BIO *pem, const char *name, GError **error)
{
    char *label = NULL, *header = NULL;
    guint8 *data = NULL;
    long size = 0;
    GBytes *der = NULL;

    if (PEM_read_bio(pem, &label, &header, &data, &size)) {
        if (g_str_equal(label, PEM_STRING_X509_REQ) || g_str_equal(label, PEM_STRING_X509_REQ_OLD))
            der = g_bytes_new(data, (gsize) size);
        else
            refuse_label(error, name, label);
        /* it may have been a private key */
        OPENSSL_clear_free(data, (size_t) size);
    } else if (ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE) {
        refuse(error, _("“%s” holds no certificate request, neither PEM nor DER."), name);
    } else {
        refuse(error, _("“%s” is damaged PEM."), name);
    }
    OPENSSL_free(label);
    OPENSSL_free(header);
    return der;
}

static GBytes *
take_pem(GBytes *bytes, const char *name, GError **error)
{
    gsize size;
    const char *text = g_bytes_get_data(bytes, &size);

    if (size >= strlen(UTF8_BOM) && memcmp(text, UTF8_BOM, strlen(UTF8_BOM)) == 0) {
        text += strlen(UTF8_BOM);
        size -= strlen(UTF8_BOM);
    }
    if (size > 0 && (*text == '{' || *text == '['))
        return refuse(error,
                      _("“%s” is JSON, such as an ACME client's account, and not a certificate "
                        "request."),
                      name);
    g_autoptr(BIO) pem = BIO_new_mem_buf(size > 0 ? text : "", (int) size);
    g_autoptr(GBytes) der = take_block(pem, name, error);
    if (der == NULL || !check_rest(pem, name, error))
        return NULL;
    return g_steal_pointer(&der);
}

/* TRUE if the request, written anew, is `der` byte for byte: so it is DER, and nothing in it has
 * been passed over. */
static gboolean
is_canonical(X509_REQ *csr, GBytes *der)
{
    guint8 *info = NULL, *again = NULL;
    gsize size;
    const guint8 *data = g_bytes_get_data(der, &size);

    /* drops the encoding that was read and kept */
    gboolean is_same = i2d_re_X509_REQ_tbs(csr, &info) > 0;
    int length = is_same ? i2d_X509_REQ(csr, &again) : 0;
    is_same = length > 0 && (gsize) length == size && memcmp(again, data, size) == 0;
    OPENSSL_free(info);
    OPENSSL_free(again);
    return is_same;
}

static X509_REQ *
take_der(GBytes *der, const char *name, GError **error)
{
    gsize size;
    const guint8 *data = g_bytes_get_data(der, &size), *at = data;
    g_autoptr(X509_REQ) csr = d2i_X509_REQ(NULL, &at, (long) size);

    if (csr == NULL)
        return refuse_der(error, name, data, (long) size);
    if (at != data + size)
        return refuse(error, _("“%s” holds %zu more bytes behind the request."), name,
                      (gsize) (data + size - at));
    if (!is_canonical(csr, der))
        return refuse(error,
                      _("“%s” is a certificate request, but not in the one form that DER "
                        "allows."),
                      name);
    if (X509_REQ_get_version(csr) != X509_REQ_VERSION_1) /* RFC 2986 section 4.1 */
        return refuse(error, _("“%s” is a certificate request of an unknown version."), name);
    return g_steal_pointer(&csr);
}

static gboolean
check_signature(X509_REQ *csr, const char *name, GError **error)
{
    EVP_PKEY *key = X509_REQ_get0_pubkey(csr);

    if (key == NULL)
        return refuse(error, _("The public key in the request “%s” cannot be read."), name) != NULL;
    if (X509_REQ_verify(csr, key) == 1)
        return TRUE;
    gca_error_set_openssl(error, GCA_ERROR_CHECK_FAILED,
                          _("The request “%s” is not signed by its own key: it was changed, or "
                            "damaged on its way."),
                          name);
    return FALSE;
}

X509_REQ *
gca_csr_parse(GBytes *bytes, const char *name, GError **error)
{
    gsize size;
    const char *data = g_bytes_get_data(bytes, &size);
    g_autofree char *shown = gca_text_escape(name);

    ERR_clear_error();
    if (size > GCA_CSR_FILE_LIMIT)
        return refuse(error, _("“%s” is too large for a certificate request."), shown);
    gboolean is_der = size > 0 && *data == DER_SEQUENCE;
    g_autoptr(GBytes) der = is_der ? g_bytes_ref(bytes) : take_pem(bytes, shown, error);
    g_autoptr(X509_REQ) csr = der != NULL ? take_der(der, shown, error) : NULL;
    if (csr == NULL || !check_signature(csr, shown, error))
        return NULL;
    return g_steal_pointer(&csr);
}
