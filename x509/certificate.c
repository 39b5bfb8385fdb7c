#include "config.h"

#include "x509/certificate.h"

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <string.h>

#define DER_SEQUENCE 0x30

/* Adds what one DER value or PEM block holds to a list. */
typedef gboolean (*TakeFunc)(gpointer list, GBytes *der, const char *name, GError **error);

X509 *
gca_certificate_parse(GBytes *der, const char *name, GError **error)
{
    gsize size;
    const guint8 *data = g_bytes_get_data(der, &size), *at = data;
    g_autofree char *shown = gca_text_escape(name);

    g_autoptr(X509) certificate = size <= G_MAXINT ? d2i_X509(NULL, &at, (long) size) : NULL;
    if (certificate == NULL) {
        gca_error_set_openssl(error, GCA_ERROR_BAD_DATA, _("“%s” is not a certificate."), shown);
        return NULL;
    }
    if (at != data + size) {
        gca_error_set(error, GCA_ERROR_BAD_DATA,
                      _("“%s” holds %zu more bytes behind the certificate."), shown,
                      (gsize) (data + size - at));
        return NULL;
    }
    return g_steal_pointer(&certificate);
}

static gboolean
take_certificate(gpointer list, GBytes *der, const char *name, GError **error)
{
    X509 *certificate = gca_certificate_parse(der, name, error);

    return certificate != NULL && sk_X509_push(list, certificate) > 0;
}

static gboolean
take_crl(gpointer list, GBytes *der, const char *name, GError **error)
{
    gsize size;
    const guint8 *data = g_bytes_get_data(der, &size), *at = data;

    g_autoptr(X509_CRL) crl = size <= G_MAXINT ? d2i_X509_CRL(NULL, &at, (long) size) : NULL;
    if (crl == NULL || at != data + size) {
        g_autofree char *shown = gca_text_escape(name);
        gca_error_set_openssl(error, GCA_ERROR_BAD_DATA,
                              _("“%s” is not a certificate revocation list (CRL)."), shown);
        return FALSE;
    }
    return sk_X509_CRL_push(list, g_steal_pointer(&crl)) > 0;
}

/* One PEM block labelled `label`; FALSE without error behind the last one. */
static gboolean
next_block(BIO *text, const char *label, const char *name, GBytes **der, GError **error)
{
    char *found = NULL, *header = NULL;
    guint8 *data = NULL;
    long size = 0;
    gboolean fits = FALSE;

    ERR_clear_error();
    if (PEM_read_bio(text, &found, &header, &data, &size)) {
        fits = g_str_equal(found, label) && *header == '\0';
        if (fits) {
            *der = g_bytes_new(data, (gsize) size);
        } else {
            g_autofree char *shown = gca_text_escape(name), *what = gca_text_escape(found);
            gca_error_set(error, GCA_ERROR_BAD_DATA, _("“%s” holds “%s” where “%s” is expected."),
                          shown, what, label);
        }
        /* it may have been a private key */
        OPENSSL_clear_free(data, (size_t) size);
    } else if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) {
        g_autofree char *shown = gca_text_escape(name);
        gca_error_set_openssl(error, GCA_ERROR_BAD_DATA, _("“%s” is damaged PEM."), shown);
    }
    ERR_clear_error();
    OPENSSL_free(found);
    OPENSSL_free(header);
    return fits;
}

/* Portals hand out DER named .cer, and an AIA address of GTLSCA once gave PEM: the bytes decide. */
static gboolean
load(const char *path, gsize limit, const char *label, TakeFunc take, gpointer list, GError **error)
{
    gsize size;
    g_autoptr(GBytes) bytes = gca_file_read(path, limit, error);
    if (bytes == NULL)
        return FALSE;
    const guint8 *data = g_bytes_get_data(bytes, &size);
    if (size > 0 && data[0] == DER_SEQUENCE)
        return take(list, bytes, path, error);

    g_autoptr(BIO) text = BIO_new_mem_buf(size ? data : (const void *) "", (int) size);
    g_autoptr(GError) trouble = NULL;
    for (;;) {
        g_autoptr(GBytes) der = NULL;
        if (!next_block(text, label, path, &der, &trouble))
            break;
        if (!take(list, der, path, error))
            return FALSE;
    }
    if (trouble != NULL) {
        g_propagate_error(error, g_steal_pointer(&trouble));
        return FALSE;
    }
    if (OPENSSL_sk_num(list) > 0)
        return TRUE;
    g_autofree char *shown = gca_text_escape(path);
    gca_error_set(error, GCA_ERROR_BAD_DATA, _("“%s” holds neither DER nor PEM “%s”."), shown,
                  label);
    return FALSE;
}

GcaX509Stack *
gca_certificate_load(const char *path, GError **error)
{
    g_autoptr(GcaX509Stack) list = sk_X509_new_null();

    if (!load(path, GCA_CERTIFICATE_FILE_LIMIT, PEM_STRING_X509, take_certificate, list, error))
        return NULL;
    return g_steal_pointer(&list);
}

GcaX509CrlStack *
gca_crl_load(const char *path, GError **error)
{
    g_autoptr(GcaX509CrlStack) list = sk_X509_CRL_new_null();

    if (!load(path, GCA_CRL_FILE_LIMIT, PEM_STRING_X509_CRL, take_crl, list, error))
        return NULL;
    return g_steal_pointer(&list);
}

GBytes *
gca_certificate_encode(X509 *certificate)
{
    guint8 *der = NULL;
    int size = i2d_X509(certificate, &der);

    if (size <= 0)
        g_error("a certificate cannot be encoded");
    return g_bytes_new_with_free_func(der, (gsize) size, gca_openssl_free, der);
}

char *
gca_certificate_fingerprint(X509 *certificate)
{
    g_autoptr(GBytes) der = gca_certificate_encode(certificate);
    return gca_text_sha256(der);
}

GDateTime *
gca_asn1_time_to_date_time(const ASN1_TIME *time)
{
    /* RFC 5280 section 4.1.2.5, RFC 5652 section 11.3: seconds and Z, no fraction, no offset */
    gboolean is_utc = ASN1_STRING_type(time) == V_ASN1_UTCTIME;
    int length = is_utc ? (int) strlen("YYMMDDhhmmssZ") : (int) strlen("YYYYMMDDhhmmssZ");
    struct tm tm;

    if (ASN1_STRING_length(time) != length || ASN1_STRING_get0_data(time)[length - 1] != 'Z' ||
        !ASN1_TIME_to_tm(time, &tm)) {
        ERR_clear_error();
        return NULL;
    }
    return g_date_time_new_utc(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
                               tm.tm_sec);
}

GDateTime *
gca_certificate_dup_not_before(X509 *certificate)
{
    return gca_asn1_time_to_date_time(X509_get0_notBefore(certificate));
}

GDateTime *
gca_certificate_dup_not_after(X509 *certificate)
{
    return gca_asn1_time_to_date_time(X509_get0_notAfter(certificate));
}
