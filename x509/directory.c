#include "config.h"

#include "x509/directory.h"

#include "base/error.h"
#include "x509/certificate.h"

#include <glib/gi18n-lib.h>
#include <openssl/asn1t.h>
#include <openssl/err.h>

#define SUBJECT_TYPE "2.16.886.1.100.2.1"
#define CARD_RANK "2.16.886.1.100.2.2"
#define ORGANIZATION_OID "2.16.886.1.100.2.102"

typedef STACK_OF(X509_ATTRIBUTE) AttributeStack;

/* clang-format off */
/* SubjectDirectoryAttributes ::= SEQUENCE SIZE (1..MAX) OF Attribute */
ASN1_ITEM_TEMPLATE(Attributes) =
    ASN1_EX_TEMPLATE_TYPE(ASN1_TFLG_SEQUENCE_OF, 0, attributes, X509_ATTRIBUTE)
static_ASN1_ITEM_TEMPLATE_END(Attributes);
/* clang-format on */

static void
attributes_free(AttributeStack *attributes)
{
    sk_X509_ATTRIBUTE_pop_free(attributes, X509_ATTRIBUTE_free);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AttributeStack, attributes_free)

/* NULL if `text` is not a dotted OID as OpenSSL would write it. */
static char *
check_oid(const char *text)
{
    g_autoptr(ASN1_OBJECT) object = OBJ_txt2obj(text, 1);
    g_autofree char *again = object != NULL ? gca_asn1_object_to_text(object) : NULL;

    ERR_clear_error();
    return g_strcmp0(again, text) == 0 ? g_steal_pointer(&again) : NULL;
}

/* Real certificates have an OBJECT IDENTIFIER; a character string is understood too. */
static char *
read_oid(const ASN1_TYPE *value)
{
    switch (ASN1_TYPE_get(value)) {
    case V_ASN1_OBJECT:
        return gca_asn1_object_to_text(value->value.object);
    case V_ASN1_PRINTABLESTRING:
    case V_ASN1_UTF8STRING:
    case V_ASN1_IA5STRING:
    case V_ASN1_T61STRING:
    case V_ASN1_VISIBLESTRING:
    case V_ASN1_BMPSTRING:
    case V_ASN1_UNIVERSALSTRING: {
        g_autofree char *text = gca_asn1_string_to_text(value->value.asn1_string);
        return text != NULL ? check_oid(text) : NULL;
    }
    default:
        return NULL;
    }
}

static char *
read_rank(const ASN1_TYPE *value)
{
    switch (ASN1_TYPE_get(value)) {
    case V_ASN1_PRINTABLESTRING:
    case V_ASN1_UTF8STRING:
        return gca_asn1_string_to_text(value->value.asn1_string);
    default:
        return NULL;
    }
}

/* Every attribute we know is single-valued and stands there once. */
static gboolean
take(X509_ATTRIBUTE *attribute, const char *type, char *(*read)(const ASN1_TYPE *), char **text,
     GError **error)
{
    if (*text != NULL || X509_ATTRIBUTE_count(attribute) != 1) {
        gca_error_set(error, GCA_ERROR_BAD_DATA,
                      _("The certificate must have exactly one value of the subject directory "
                        "attribute “%s”."),
                      type);
        return FALSE;
    }
    *text = read(X509_ATTRIBUTE_get0_type(attribute, 0));
    if (*text == NULL)
        gca_error_set(error, GCA_ERROR_BAD_DATA,
                      _("The certificate's subject directory attribute “%s” is malformed."), type);
    return *text != NULL;
}

static gboolean
take_known(X509_ATTRIBUTE *attribute, GcaDirectory *directory, GError **error)
{
    g_autofree char *type = gca_asn1_object_to_text(X509_ATTRIBUTE_get0_object(attribute));

    if (g_strcmp0(type, SUBJECT_TYPE) == 0)
        return take(attribute, type, read_oid, &directory->subject_type, error);
    if (g_strcmp0(type, CARD_RANK) == 0)
        return take(attribute, type, read_rank, &directory->rank, error);
    if (g_strcmp0(type, ORGANIZATION_OID) == 0)
        return take(attribute, type, read_oid, &directory->organization_oid, error);
    return TRUE;
}

/* NULL without error where there is no such extension. */
static AttributeStack *
parse_extension(X509 *certificate, GError **error)
{
    int index = X509_get_ext_by_NID(certificate, NID_subject_directory_attributes, -1);
    if (index < 0)
        return NULL;

    const ASN1_OCTET_STRING *der = X509_EXTENSION_get_data(X509_get_ext(certificate, index));
    const guint8 *at = ASN1_STRING_get0_data(der), *end = at + ASN1_STRING_length(der);
    g_autoptr(AttributeStack) attributes =
        (AttributeStack *) ASN1_item_d2i(NULL, &at, end - at, ASN1_ITEM_rptr(Attributes));
    gboolean is_repeated =
        X509_get_ext_by_NID(certificate, NID_subject_directory_attributes, index) >= 0;
    if (attributes != NULL && at == end && !is_repeated)
        return g_steal_pointer(&attributes);
    gca_error_set_openssl(error, GCA_ERROR_BAD_DATA,
                          _("The certificate's extension subjectDirectoryAttributes (2.5.29.9) is "
                            "malformed or there twice."));
    return NULL;
}

gboolean
gca_directory_read(X509 *certificate, GcaDirectory *directory, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    g_autoptr(AttributeStack) attributes = parse_extension(certificate, &trouble);

    *directory = (GcaDirectory){NULL, NULL, NULL};
    for (int i = 0; i < sk_X509_ATTRIBUTE_num(attributes) && trouble == NULL; i++)
        take_known(sk_X509_ATTRIBUTE_value(attributes, i), directory, &trouble);
    if (trouble == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&trouble));
    gca_directory_clear(directory);
    return FALSE;
}

void
gca_directory_clear(GcaDirectory *directory)
{
    g_clear_pointer(&directory->subject_type, g_free);
    g_clear_pointer(&directory->rank, g_free);
    g_clear_pointer(&directory->organization_oid, g_free);
}
