#include "config.h"

#include "base/error.h"
#include "base/file.h"
#include "base/openssl-auto.h"
#include "base/text.h"
#include "http/trust-private.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#define FILE_LIMIT (8 * 1024 * 1024)

/* CAs hand out DER as well as PEM: NULL if `bytes` is not one certificate in DER and no more. */
static X509 *
parse_der(GBytes *bytes)
{
    gsize size;
    const guint8 *data = g_bytes_get_data(bytes, &size);
    const guint8 *end = data;
    g_autoptr(X509) certificate = d2i_X509(NULL, &end, (long) size);

    return certificate != NULL && end == data + size ? g_steal_pointer(&certificate) : NULL;
}

/* The number of certificates that went over to `out`; -1: one of them is damaged. */
static int
copy_pem(GBytes *bytes, BIO *out)
{
    g_autoptr(BIO) in =
        BIO_new_mem_buf(g_bytes_get_data(bytes, NULL), (int) g_bytes_get_size(bytes));

    for (int count = 0;; count++) {
        g_autoptr(X509) certificate = PEM_read_bio_X509(in, NULL, NULL, NULL);
        if (certificate == NULL)
            return ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE ? count : -1;
        if (!PEM_write_bio_X509(out, certificate))
            return -1;
    }
}

static gboolean
add_file(BIO *out, const char *path, GError **error)
{
    g_autoptr(GBytes) bytes = gca_file_read(path, FILE_LIMIT, error);
    if (bytes == NULL)
        return FALSE;
    g_autoptr(X509) der = parse_der(bytes);
    ERR_clear_error();
    int count = der != NULL ? PEM_write_bio_X509(out, der) : copy_pem(bytes, out);
    if (count > 0) {
        ERR_clear_error();
        return TRUE;
    }
    g_autofree char *shown = gca_text_escape(path);
    gca_error_set_openssl(error, GCA_ERROR_BAD_DATA,
                          count == 0 ? _("The file “%s” holds no CA certificate.")
                                     : _("The CA certificates in “%s” cannot be read."),
                          shown);
    gca_error_set_hint(error, _("It has to hold certificates between lines “-----BEGIN "
                                "CERTIFICATE-----” and “-----END CERTIFICATE-----” (PEM), or one "
                                "certificate in DER."));
    return FALSE;
}

gboolean
gca_http_check_ca(const char *ca, GError **error)
{
    g_autoptr(BIO) nowhere = BIO_new(BIO_s_null());

    return add_file(nowhere, ca, error);
}

/* What libcurl was built to use. */
static char *
dup_system_file(void)
{
    g_autoptr(CURL) easy = gca_curl()->easy_init();
    char *path = NULL;

    if (easy != NULL)
        gca_curl()->easy_getinfo(easy, CURLINFO_CAINFO, &path);
    return path != NULL && g_file_test(path, G_FILE_TEST_EXISTS) ? g_strdup(path) : NULL;
}

static GBytes *
take_bytes(BIO *out)
{
    char *data;
    long size = BIO_get_mem_data(out, &data);
    return g_bytes_new(data, (gsize) size);
}

GBytes *
gca_http_trust_load(const char *const *extras, gboolean *is_system, GError **error)
{
    const char *named = g_getenv("SSL_CERT_FILE");
    *is_system = named == NULL || *named == '\0';
    g_autofree char *path = *is_system ? dup_system_file() : g_strdup(named);
    g_autoptr(BIO) out = BIO_new(BIO_s_mem());

    if (path != NULL && !add_file(out, path, error)) {
        if (!*is_system)
            gca_error_set_hint(error, _("The environment variable SSL_CERT_FILE names this file."));
        return NULL;
    }
    for (const char *const *extra = extras; extra != NULL && *extra != NULL; extra++) {
        if (!add_file(out, *extra, error))
            return NULL;
    }
    if (BIO_pending(out) == 0) {
        gca_error_set(error, GCA_ERROR_UNTRUSTED, _("This system has no list of trusted CAs."));
        gca_error_set_hint(error, _("Install the package “ca-certificates”, or name the CA’s "
                                    "certificate with --tls-ca FILE."));
        return NULL;
    }
    return take_bytes(out);
}

static int
client_index(void)
{
    static gsize index;

    if (g_once_init_enter(&index))
        g_once_init_leave(&index, (gsize) SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, NULL) + 1);
    return (int) index - 1;
}

static char *
dup_issuer(X509 *certificate)
{
    g_autoptr(BIO) out = BIO_new(BIO_s_mem());
    char *text;

    X509_NAME_print_ex(out, X509_get_issuer_name(certificate), 0,
                       XN_FLAG_RFC2253 & ~(unsigned long) ASN1_STRFLGS_ESC_MSB);
    long size = BIO_get_mem_data(out, &text);
    return gca_text_escape_bytes(text, (gsize) size);
}

/* Watches only: what OpenSSL has decided stays. */
static int
on_verify(int is_good, X509_STORE_CTX *context)
{
    SSL *ssl = X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx());
    GcaHttpClient *client = SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), client_index());
    X509 *certificate = X509_STORE_CTX_get_current_cert(context);

    if (!is_good && certificate != NULL) {
        g_free(client->issuer);
        client->issuer = dup_issuer(certificate);
    }
    return is_good;
}

static CURLcode
on_ssl_context(CURL *easy, void *context, void *client)
{
    if (!SSL_CTX_set_ex_data(context, client_index(), client))
        return CURLE_OUT_OF_MEMORY;
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, on_verify);
    return CURLE_OK;
}

/* libcurl tells that a certificate is refused, but not whose it is: a firewall that opens what is
 * encrypted is known by its issuer. */
CURLcode
gca_http_trust_watch(CURL *easy, GcaHttpClient *client)
{
    const GcaCurl *curl = gca_curl();
    CURLcode code = curl->easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, on_ssl_context);

    return code != CURLE_OK ? code : curl->easy_setopt(easy, CURLOPT_SSL_CTX_DATA, client);
}
