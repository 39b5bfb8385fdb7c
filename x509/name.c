#include "config.h"

#include "base/error.h"
#include "base/text.h"
#include "x509/certificate.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <string.h>

char *
gca_asn1_object_to_text(const ASN1_OBJECT *object)
{
    int length = OBJ_obj2txt(NULL, 0, object, 1);
    if (length <= 0 || length > GCA_OID_LENGTH_LIMIT) {
        ERR_clear_error();
        return NULL;
    }
    g_autofree char *text = g_malloc((gsize) length + 1);
    OBJ_obj2txt(text, length + 1, object, 1);
    return g_steal_pointer(&text);
}

/* The short name where GcaName has one, the dotted OID otherwise; NULL if that is absurdly long. */
static char *
type_to_text(const ASN1_OBJECT *object)
{
    static const int named[] = {
        NID_countryName, NID_localityName,        NID_organizationName, NID_organizationalUnitName,
        NID_commonName,  NID_stateOrProvinceName, NID_serialNumber};
    int nid = OBJ_obj2nid(object);

    for (guint i = 0; i < G_N_ELEMENTS(named); i++) {
        if (nid == named[i])
            return g_strdup(OBJ_nid2sn(nid));
    }
    return gca_asn1_object_to_text(object);
}

char *
gca_asn1_string_to_text(const ASN1_STRING *string)
{
    guint8 *utf8 = NULL;
    int length = ASN1_STRING_to_UTF8(&utf8, string);
    char *text = NULL;

    /* a NUL inside would hide what follows it */
    if (length >= 0 && g_utf8_validate_len((const char *) utf8, (gsize) length, NULL))
        text = g_strndup((const char *) utf8, (gsize) length);
    else
        ERR_clear_error();
    OPENSSL_free(utf8);
    return text;
}

GcaName *
gca_x509_name_to_name(const X509_NAME *x509_name, GError **error)
{
    g_autoptr(GcaName) name = gca_name_new();
    int last_rdn = -1;

    for (int i = 0; i < X509_NAME_entry_count(x509_name); i++) {
        const X509_NAME_ENTRY *entry = X509_NAME_get_entry(x509_name, i);
        g_autofree char *type = type_to_text(X509_NAME_ENTRY_get_object(entry));
        g_autofree char *value = gca_asn1_string_to_text(X509_NAME_ENTRY_get_data(entry));
        if (type == NULL || value == NULL) {
            gca_error_set(error, GCA_ERROR_BAD_DATA,
                          _("The value of “%s” in the certificate's name is not readable text."),
                          type != NULL ? type : "?");
            return NULL;
        }
        if (X509_NAME_ENTRY_set(entry) == last_rdn) {
            gca_error_set(error, GCA_ERROR_BAD_DATA,
                          _("The certificate's name has several values in one place (“%s”), which "
                            "is not used here."),
                          type);
            return NULL;
        }
        last_rdn = X509_NAME_ENTRY_set(entry);
        gca_name_add(name, type, value);
    }
    return g_steal_pointer(&name);
}

GcaName *
gca_certificate_dup_subject(X509 *certificate, GError **error)
{
    return gca_x509_name_to_name(X509_get_subject_name(certificate), error);
}

GcaName *
gca_certificate_dup_issuer(X509 *certificate, GError **error)
{
    return gca_x509_name_to_name(X509_get_issuer_name(certificate), error);
}

char *
gca_certificate_describe(X509 *certificate)
{
    g_autoptr(GcaName) subject = gca_certificate_dup_subject(certificate, NULL);

    if (subject != NULL && gca_name_get_length(subject) > 0)
        return gca_name_to_string(subject);
    g_autofree char *fingerprint = gca_certificate_fingerprint(certificate);
    return g_strconcat("SHA-256 ", fingerprint, NULL);
}
