#include "config.h"

#include "csr/delivery.h"

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "csr/delivery-private.h"
#include "csr/server-chain-private.h"
#include "x509/certificate.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <string.h>

#define ZIP_MAGIC "PK\3\4"
#define UTF8_BOM "\xEF\xBB\xBF"
#define DER_SEQUENCE 0x30
#define DER_LONG_LENGTH 0x80

typedef struct {
    char *label;
    char *header;
    guint8 *data;
    long size;
} PemBlock;

static void
pem_block_clear(PemBlock *block)
{
    OPENSSL_free(block->label);
    OPENSSL_free(block->header);
    /* it may have been a private key */
    OPENSSL_clear_free(block->data, (gsize) block->size);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PemBlock, pem_block_clear)

static gboolean
starts_with(GBytes *bytes, const char *start)
{
    gsize size;
    const char *data = g_bytes_get_data(bytes, &size);
    return size >= strlen(start) && memcmp(data, start, strlen(start)) == 0;
}

static void
refuse(GBytes *bytes, const char *name, const char *what, GError **error)
{
    g_autofree char *shown = gca_text_escape(name);

    if (what == NULL)
        what = _("it is neither PEM nor DER nor PKCS#7");
    gca_error_set(error, GCA_ERROR_NO_CERT, _("“%s” holds no certificate: %s."), shown, what);
    gca_error_set_hint(error, _("Give the files that the CA has handed out."));
}

static void
take(GcaDelivery *delivery, X509 *certificate)
{
    if (!X509_add_cert(delivery->certificates, certificate,
                       X509_ADD_FLAG_UP_REF | X509_ADD_FLAG_NO_DUP))
        g_error("out of memory");
}

/* The certificates of a SignedData (RFC 5652 section 5.1), which CAs hand out without signers; NULL
 * if it is none or has none. */
static GcaX509Stack *
parse_bag(GBytes *der)
{
    gsize size;
    const guint8 *data = g_bytes_get_data(der, &size), *at = data;
    g_autoptr(CMS_ContentInfo) bag = d2i_CMS_ContentInfo(NULL, &at, (long) size);
    GcaX509Stack *found = NULL;

    if (bag != NULL && at == data + size && OBJ_obj2nid(CMS_get0_type(bag)) == NID_pkcs7_signed)
        found = CMS_get1_certs(bag);
    ERR_clear_error();
    if (sk_X509_num(found) > 0)
        return found;
    gca_x509_stack_free(found);
    return NULL;
}

static gboolean
add_der(GcaDelivery *delivery, GBytes *der, const char *name, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    g_autoptr(X509) certificate = gca_certificate_parse(der, name, &trouble);

    if (certificate != NULL) {
        take(delivery, certificate);
        return TRUE;
    }
    g_autoptr(GcaX509Stack) bag = parse_bag(der);
    for (int i = 0; i < sk_X509_num(bag); i++)
        take(delivery, sk_X509_value(bag, i));
    if (bag != NULL) {
        delivery->has_der = TRUE;
        return TRUE;
    }
    const char *what = gca_delivery_explain_der(der);
    if (what != NULL)
        refuse(der, name, what, error);
    else
        g_propagate_error(error, g_steal_pointer(&trouble));
    return FALSE;
}

/* Some CAs label PKCS#7 as a certificate; the bytes decide. */
static gboolean
is_certificate_label(const char *label)
{
    static const char *const labels[] = {PEM_STRING_X509, PEM_STRING_X509_OLD, PEM_STRING_PKCS7,
                                         PEM_STRING_PKCS7_SIGNED, PEM_STRING_CMS};

    for (guint i = 0; i < G_N_ELEMENTS(labels); i++) {
        if (g_str_equal(label, labels[i]))
            return TRUE;
    }
    return FALSE;
}

/* Reads on to the next block: what stands between blocks is for people. FALSE behind the last one
 * (no error), or at a damaged one. */
static gboolean
next_block(BIO *text, PemBlock *block, const char *name, GError **error)
{
    ERR_clear_error();
    if (PEM_read_bio(text, &block->label, &block->header, &block->data, &block->size))
        return TRUE;
    if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) {
        g_autofree char *shown = gca_text_escape(name);
        gca_error_set_openssl(error, GCA_ERROR_BAD_DATA, _("“%s” is damaged PEM."), shown);
    }
    ERR_clear_error();
    return FALSE;
}

/* Adds what the block holds and counts it, or remembers the label of the first that is something
 * else: CAs put a request or a CRL beside their certificates. */
static gboolean
take_block(GcaDelivery *delivery, const PemBlock *block, const char *name, char **other,
           guint *count, GError **error)
{
    if (!is_certificate_label(block->label)) {
        if (*other == NULL)
            *other = g_strdup(block->label);
        return TRUE;
    }
    g_autoptr(GBytes) der = g_bytes_new(block->data, (gsize) block->size);
    ++*count;
    return add_der(delivery, der, name, error);
}

static gboolean
add_pem(GcaDelivery *delivery, GBytes *bytes, const char *name, GError **error)
{
    gsize size, start = starts_with(bytes, UTF8_BOM) ? strlen(UTF8_BOM) : 0;
    const char *data = g_bytes_get_data(bytes, &size);
    g_autoptr(BIO) text = BIO_new_mem_buf(size ? data + start : "", (int) (size - start));
    g_autoptr(GError) trouble = NULL;
    g_autofree char *other = NULL;
    guint count = 0;

    for (;;) {
        g_auto(PemBlock) block = {NULL};
        if (!next_block(text, &block, name, &trouble))
            break;
        if (!take_block(delivery, &block, name, &other, &count, error))
            return FALSE;
    }
    if (trouble != NULL) {
        g_propagate_error(error, g_steal_pointer(&trouble));
        return FALSE;
    }
    if (count == 0)
        refuse(bytes, name, gca_delivery_explain_text(bytes, other), error);
    return count > 0;
}

/* Told from text that begins with “0” by the length behind it. Names mean nothing: portals hand out
 * DER and PEM alike as .cer. */
static gboolean
is_der(GBytes *bytes)
{
    gsize size;
    const guint8 *data = g_bytes_get_data(bytes, &size);

    if (size < 2 || data[0] != DER_SEQUENCE)
        return FALSE;
    return (data[1] & DER_LONG_LENGTH) != 0 || data[1] == size - 2;
}

gboolean
gca_delivery_add(GcaDelivery *delivery, GBytes *bytes, const char *name, GError **error)
{
    if (!is_der(bytes))
        return add_pem(delivery, bytes, name, error);
    if (!add_der(delivery, bytes, name, error))
        return FALSE;
    delivery->has_der = TRUE;
    return TRUE;
}

static gboolean
add_file(GcaDelivery *delivery, GBytes *bytes, const char *name, GError **error)
{
    if (starts_with(bytes, ZIP_MAGIC))
        return gca_delivery_add_zip(delivery, bytes, name, error);
    return gca_delivery_add(delivery, bytes, name, error);
}

static GcaDelivery *
delivery_new(void)
{
    GcaDelivery *delivery = g_new0(GcaDelivery, 1);
    delivery->certificates = sk_X509_new_null();
    return delivery;
}

GcaDelivery *
gca_delivery_parse(GBytes *bytes, const char *name, GError **error)
{
    g_autoptr(GcaDelivery) delivery = delivery_new();

    if (!add_file(delivery, bytes, name, error))
        return NULL;
    return g_steal_pointer(&delivery);
}

GcaDelivery *
gca_delivery_read(const char *const *paths, GError **error)
{
    g_autoptr(GcaDelivery) delivery = delivery_new();

    for (guint i = 0; paths[i] != NULL; i++) {
        g_autoptr(GBytes) bytes = gca_file_read(paths[i], GCA_DELIVERY_LIMIT, error);
        if (bytes == NULL || !add_file(delivery, bytes, paths[i], error))
            return NULL;
    }
    if (sk_X509_num(delivery->certificates) == 0) {
        gca_error_set(error, GCA_ERROR_NO_CERT, _("No certificate was given."));
        return NULL;
    }
    return g_steal_pointer(&delivery);
}

void
gca_delivery_free(GcaDelivery *delivery)
{
    gca_x509_stack_free(delivery->certificates);
    g_free(delivery);
}

GcaX509Stack *
gca_delivery_get_certificates(const GcaDelivery *delivery)
{
    return delivery->certificates;
}

gboolean
gca_delivery_has_der(const GcaDelivery *delivery)
{
    return delivery->has_der;
}

static gboolean
is_leaf(X509 *certificate, GcaX509Stack *all)
{
    if ((X509_get_extension_flags(certificate) & EXFLAG_CA) != 0)
        return FALSE;
    if (!gca_server_chain_is_self_signed(certificate))
        return TRUE;
    /* a root of version 1 has no basicConstraints */
    for (int i = 0; i < sk_X509_num(all); i++) {
        X509 *other = sk_X509_value(all, i);
        if (X509_cmp(other, certificate) != 0 && gca_server_chain_is_issuer(certificate, other))
            return FALSE;
    }
    return TRUE;
}

GcaX509Stack *
gca_delivery_dup_leaves(const GcaDelivery *delivery)
{
    GcaX509Stack *all = delivery->certificates;
    GcaX509Stack *leaves = sk_X509_new_null();

    for (int i = 0; i < sk_X509_num(all); i++) {
        X509 *certificate = sk_X509_value(all, i);
        if (is_leaf(certificate, all) && X509_up_ref(certificate))
            sk_X509_push(leaves, certificate);
    }
    ERR_clear_error();
    return leaves;
}

void
gca_delivery_examine(const GcaDelivery *delivery, GPtrArray *findings)
{
    if (!delivery->has_der)
        gca_findings_add(findings, "form", _("form of the files"), GCA_FINDING_OK,
                         g_strdup(_("PEM, as web servers read it")), NULL, GCA_ERROR_BAD_DATA);
    else
        gca_findings_add(findings, "form", _("form of the files"), GCA_FINDING_WARNING,
                         g_strdup(_("A file is in DER or PKCS#7; Apache and nginx read PEM only.")),
                         _("Convert it: “openssl x509 -inform DER -in X -out Y” makes PEM (Y) of a "
                           "certificate in DER (X), “openssl pkcs7 -print_certs -inform DER -in X "
                           "-out Y” of PKCS#7. “gca-csr attach” does so by itself."),
                         GCA_ERROR_BAD_DATA);
}
