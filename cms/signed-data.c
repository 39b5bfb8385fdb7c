#include "config.h"

#include "base/error.h"
#include "cms/signed-data-private.h"
#include "x509/certificate.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <string.h>

#define PEM_LABEL "CMS" /* RFC 7468 section 9 */
#define PEM_START "-----BEGIN "
#define PEM_END "-----END "

static void
refuse_trailing(GError **error)
{
    gca_error_set(error, GCA_ERROR_CHECK_FAILED,
                  _("There are more bytes behind the signed message; nobody has signed them."));
}

/* The white space in front of the first line of PEM; -1 if this is not PEM, which other text in
 * front makes it: it would be shown, but not signed. */
static gssize
find_pem(const char *data, gsize size)
{
    gsize start = 0;

    while (start < size && g_ascii_isspace(data[start]))
        start++;
    gboolean is_pem = size - start >= strlen(PEM_START) &&
                      memcmp(data + start, PEM_START, strlen(PEM_START)) == 0;
    return is_pem ? (gssize) start : -1;
}

/* RFC 7468 section 3: OpenSSL takes lines in front of the block, control characters in it, and
 * whatever follows a “-” in it, for nothing; a reader would see them, and nobody has signed them.
 */
static gboolean
is_strict_pem(const char *data, gsize size)
{
    const char *end = data + size, *line = memchr(data, '\n', size);
    const char *head = line;

    while (head != NULL && head > data && g_ascii_isspace(head[-1]))
        head--;
    if (head == NULL || head - data < 2 * 5 || memcmp(head - 5, "-----", 5) != 0)
        return FALSE;
    while (line < end &&
           (g_ascii_isalnum(*line) || g_ascii_isspace(*line) || strchr("+/=", *line) != NULL) &&
           *line != '\0')
        line++;
    return end - line >= (gssize) strlen(PEM_END) && memcmp(line, PEM_END, strlen(PEM_END)) == 0;
}

/* The DER inside one PEM block with nothing but white space around it. */
static GBytes *
decode_pem(const char *data, gsize size, GError **error)
{
    g_autoptr(BIO) text = BIO_new_mem_buf(data, (int) size);
    char *label = NULL, *header = NULL, rest;
    guint8 *der = NULL;
    long length = 0;

    if (!is_strict_pem(data, size) || !PEM_read_bio(text, &label, &header, &der, &length)) {
        gca_error_set_openssl(error, GCA_ERROR_BAD_DATA, _("The message is damaged PEM."));
        return NULL;
    }
    gboolean fits =
        (g_str_equal(label, PEM_LABEL) || g_str_equal(label, PEM_STRING_PKCS7)) && *header == '\0';
    g_autoptr(GBytes) bytes =
        g_bytes_new_with_free_func(der, (gsize) length, gca_openssl_free, der);
    OPENSSL_free(label);
    OPENSSL_free(header);
    if (!fits) {
        gca_error_set(error, GCA_ERROR_BAD_DATA,
                      _("The file is PEM, but not a message labelled “CMS” or “PKCS7”."));
        return NULL;
    }
    while (BIO_read(text, &rest, 1) == 1) {
        if (!g_ascii_isspace(rest)) {
            refuse_trailing(error);
            return NULL;
        }
    }
    return g_steal_pointer(&bytes);
}

static gboolean
is_object(const ASN1_OBJECT *object, int nid)
{
    return object != NULL && OBJ_obj2nid(object) == nid;
}

/* RFC 5652 sections 3, 5.1 and 5.2: SignedData around attached id-data. */
static const ASN1_OCTET_STRING *
find_content(CMS_ContentInfo *cms, GError **error)
{
    char type[GCA_OID_LENGTH_LIMIT];

    OBJ_obj2txt(type, sizeof type, CMS_get0_type(cms), 0);
    if (!is_object(CMS_get0_type(cms), NID_pkcs7_signed)) {
        gca_error_set(error, GCA_ERROR_BAD_DATA,
                      _("The CMS message is of type “%s”, not a signed one (SignedData)."), type);
        return NULL;
    }
    OBJ_obj2txt(type, sizeof type, CMS_get0_eContentType(cms), 0);
    if (!is_object(CMS_get0_eContentType(cms), NID_pkcs7_data)) {
        gca_error_set(error, GCA_ERROR_BAD_DATA,
                      _("The content of the signed message is of type “%s”, not plain data "
                        "(id-data)."),
                      type);
        return NULL;
    }
    ASN1_OCTET_STRING **content = CMS_get0_content(cms);
    if (content == NULL || *content == NULL) {
        gca_error_set(error, GCA_ERROR_BAD_DATA,
                      _("The signed message does not hold its content (a detached signature)."));
        return NULL;
    }
    return *content;
}

static gboolean
is_same_when_encoded(CMS_ContentInfo *cms, const guint8 *data, gsize size)
{
    guint8 *again = NULL;
    int length = i2d_CMS_ContentInfo(cms, &again);
    gboolean is_same = length > 0 && (gsize) length == size && memcmp(again, data, size) == 0;

    OPENSSL_free(again);
    return is_same;
}

static GcaSignedData *
parse_der(GBytes *der, GcaCertificatePool *pool, GError **error)
{
    gsize size;
    const guint8 *data = g_bytes_get_data(der, &size), *at = data;

    g_autoptr(GcaSignedData) message = g_new0(GcaSignedData, 1);
    message->cms = pool ? gca_certificate_pool_read(pool, &at, (long) size)
                        : d2i_CMS_ContentInfo(NULL, &at, (long) size);
    if (message->cms == NULL) {
        gca_error_set_openssl(error, GCA_ERROR_BAD_DATA,
                              _("This is not a CMS message, neither as DER nor as PEM."));
        return NULL;
    }
    const ASN1_OCTET_STRING *content = find_content(message->cms, error);
    if (content == NULL)
        return NULL;
    if (at != data + size) {
        refuse_trailing(error);
        return NULL;
    }
    message->der = g_bytes_ref(der);
    message->is_der = is_same_when_encoded(message->cms, data, size);
    message->has_signed_parts_only = gca_signed_data_has_signed_parts_only(der);
    ERR_clear_error();
    message->content =
        g_bytes_new(ASN1_STRING_get0_data(content), (gsize) ASN1_STRING_length(content));
    message->certificates = CMS_get1_certs(message->cms);
    if (message->certificates == NULL)
        message->certificates = sk_X509_new_null();
    if (pool != NULL)
        gca_certificate_pool_exchange(pool, message->certificates);
    return g_steal_pointer(&message);
}

GcaSignedData *
gca_signed_data_parse_pooled(GBytes *bytes, GcaCertificatePool *pool, GError **error)
{
    gsize size;
    const char *data = g_bytes_get_data(bytes, &size);

    if (size > G_MAXINT) {
        gca_error_set(error, GCA_ERROR_BAD_DATA, _("The message is too large."));
        return NULL;
    }
    gssize start = find_pem(data, size);
    if (start < 0)
        return parse_der(bytes, pool, error);
    g_autoptr(GBytes) der = decode_pem(data + start, size - (gsize) start, error);
    return der != NULL ? parse_der(der, pool, error) : NULL;
}

GcaSignedData *
gca_signed_data_parse(GBytes *bytes, GError **error)
{
    return gca_signed_data_parse_pooled(bytes, NULL, error);
}

void
gca_signed_data_free(GcaSignedData *message)
{
    CMS_ContentInfo_free(message->cms);
    gca_x509_stack_free(message->certificates);
    g_clear_pointer(&message->der, g_bytes_unref);
    g_clear_pointer(&message->content, g_bytes_unref);
    g_free(message);
}

GBytes *
gca_signed_data_to_pem(GBytes *der)
{
    gsize size;
    const guint8 *data = g_bytes_get_data(der, &size);
    g_autoptr(BIO) text = BIO_new(BIO_s_mem());
    char *pem;

    if (text == NULL || PEM_write_bio(text, PEM_LABEL, "", data, (long) size) <= 0)
        g_error("no memory left");
    long length = BIO_get_mem_data(text, &pem);
    return g_bytes_new(pem, (gsize) length);
}

GBytes *
gca_signed_data_get_der(const GcaSignedData *message)
{
    return message->der;
}

GBytes *
gca_signed_data_get_content(const GcaSignedData *message)
{
    return message->content;
}

GcaX509Stack *
gca_signed_data_get_certificates(const GcaSignedData *message)
{
    return message->certificates;
}
