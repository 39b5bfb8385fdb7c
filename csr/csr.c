#include "config.h"

#include "csr/csr.h"

#include "base/error.h"
#include "base/text.h"
#include "csr/csr-private.h"
#include "csr/subject.h"
#include "x509/certificate.h"

#include <arpa/inet.h>
#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#define IPV4_BYTES 4
#define IPV6_BYTES 16

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GENERAL_NAME, GENERAL_NAME_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509_EXTENSION, X509_EXTENSION_free)

/* RFC 5280 section 4.2.1.6: octets in network byte order. FALSE if `text` is no address. */
static gboolean
set_address(GENERAL_NAME *name, const char *text)
{
    guint8 bytes[IPV6_BYTES];
    int size = IPV4_BYTES;

    if (inet_pton(AF_INET, text, bytes) != 1) {
        size = IPV6_BYTES;
        if (inet_pton(AF_INET6, text, bytes) != 1)
            return FALSE;
    }
    g_autoptr(ASN1_OCTET_STRING) octets = ASN1_OCTET_STRING_new();
    ASN1_OCTET_STRING_set(octets, bytes, size);
    GENERAL_NAME_set0_value(name, GEN_IPADD, g_steal_pointer(&octets));
    return TRUE;
}

/* IA5String; FALSE if `text` has other characters. */
static gboolean
set_domain(GENERAL_NAME *name, const char *text)
{
    ASN1_STRING *string = NULL;

    if (ASN1_mbstring_copy(&string, (const guint8 *) text, -1, MBSTRING_UTF8, B_ASN1_IA5STRING) < 0)
        return FALSE;
    GENERAL_NAME_set0_value(name, GEN_DNS, string);
    return TRUE;
}

static X509_EXTENSION *
make_alternatives(const char *const *names)
{
    g_autoptr(GENERAL_NAMES) all = GENERAL_NAMES_new();

    for (guint i = 0; names[i] != NULL; i++) {
        g_autoptr(GENERAL_NAME) name = GENERAL_NAME_new();
        if ((!set_address(name, names[i]) && !set_domain(name, names[i])) ||
            !sk_GENERAL_NAME_push(all, name))
            return NULL;
        g_steal_pointer(&name);
    }
    return X509V3_EXT_i2d(NID_subject_alt_name, FALSE, all);
}

static gboolean
add_alternatives(X509_REQ *csr, const char *const *names)
{
    g_autoptr(GcaExtensionStack) extensions = sk_X509_EXTENSION_new_null();
    g_autoptr(X509_EXTENSION) alternatives = make_alternatives(names);

    if (alternatives == NULL || !sk_X509_EXTENSION_push(extensions, alternatives))
        return FALSE;
    g_steal_pointer(&alternatives);
    return X509_REQ_add_extensions(csr, extensions);
}

/* Read anew, so that the key is the one that stands in the request: a module may hold a public key
 * that is not the private one's. X509_REQ_dup fails with a module's key. */
static gboolean
is_signed_by_own_key(X509_REQ *csr)
{
    guint8 *der = NULL;
    int size = i2d_X509_REQ(csr, &der);
    const guint8 *at = der;
    g_autoptr(X509_REQ) read = size > 0 ? d2i_X509_REQ(NULL, &at, size) : NULL;

    OPENSSL_free(der);
    return read != NULL && X509_REQ_verify(read, X509_REQ_get0_pubkey(read)) == 1;
}

X509_REQ *
gca_csr_new(EVP_PKEY *key, const GcaName *subject, const char *const *names, GError **error)
{
    g_autoptr(X509_NAME) encoded = gca_subject_encode(subject, error);
    g_autoptr(X509_REQ) csr = X509_REQ_new();

    if (encoded == NULL)
        return NULL;
    ERR_clear_error();
    if (!X509_REQ_set_version(csr, X509_REQ_VERSION_1) ||
        !X509_REQ_set_subject_name(csr, encoded) || !X509_REQ_set_pubkey(csr, key) ||
        !add_alternatives(csr, names)) {
        gca_error_set_openssl(error, GCA_ERROR_CRYPTO, _("The request cannot be put together."));
        return NULL;
    }
    if (X509_REQ_sign(csr, key, EVP_sha256()) <= 0) {
        gca_error_set_openssl(error, GCA_ERROR_CRYPTO,
                              _("The request cannot be signed with this key."));
        return NULL;
    }
    if (!is_signed_by_own_key(csr)) {
        gca_error_set_openssl(error, GCA_ERROR_CRYPTO,
                              _("The key's signature does not fit its public half."));
        return NULL;
    }
    return g_steal_pointer(&csr);
}

GBytes *
gca_csr_encode(X509_REQ *csr)
{
    g_autoptr(BIO) bio = BIO_new(BIO_s_mem());
    char *pem;

    if (!PEM_write_bio_X509_REQ(bio, csr))
        g_error("a request cannot be encoded");
    gsize size = (gsize) BIO_get_mem_data(bio, &pem);
    return g_bytes_new(pem, size);
}

GcaName *
gca_csr_dup_subject(X509_REQ *csr, GError **error)
{
    return gca_x509_name_to_name(X509_REQ_get_subject_name(csr), error);
}

GcaExtensionStack *
gca_csr_dup_extensions(X509_REQ *csr)
{
    GcaExtensionStack *extensions = X509_REQ_get_extensions(csr);

    ERR_clear_error();
    return extensions;
}

GENERAL_NAMES *
gca_csr_dup_alternatives(X509_REQ *csr)
{
    g_autoptr(GcaExtensionStack) extensions = gca_csr_dup_extensions(csr);
    GENERAL_NAMES *names =
        extensions ? X509V3_get_d2i(extensions, NID_subject_alt_name, NULL, NULL) : NULL;

    ERR_clear_error();
    return names;
}

char *
gca_general_name_to_text(const GENERAL_NAME *name)
{
    int type;
    const ASN1_STRING *value = GENERAL_NAME_get0_value(name, &type);
    char text[INET6_ADDRSTRLEN];

    if (type != GEN_DNS && type != GEN_IPADD)
        return NULL;
    const guint8 *data = ASN1_STRING_get0_data(value);
    int size = ASN1_STRING_length(value);
    if (type == GEN_DNS)
        return gca_text_escape_bytes(data, (gsize) size);
    if (size != IPV4_BYTES && size != IPV6_BYTES)
        return NULL;
    int family = size == IPV4_BYTES ? AF_INET : AF_INET6;
    return g_strdup(inet_ntop(family, data, text, sizeof text));
}

char **
gca_csr_dup_names(X509_REQ *csr)
{
    g_autoptr(GENERAL_NAMES) alternatives = gca_csr_dup_alternatives(csr);
    GPtrArray *names = g_ptr_array_new();

    for (int i = 0; i < sk_GENERAL_NAME_num(alternatives); i++) {
        char *name = gca_general_name_to_text(sk_GENERAL_NAME_value(alternatives, i));
        if (name != NULL)
            g_ptr_array_add(names, name);
    }
    g_ptr_array_add(names, NULL);
    return (char **) g_ptr_array_free(names, FALSE);
}
