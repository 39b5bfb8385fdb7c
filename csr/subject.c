#include "config.h"

#include "csr/subject.h"

#include "base/error.h"
#include "base/text.h"
#include "profile/domain.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>

/* O by the profile's rule. */
static char *
fold_organization(const GcaName *agency, const GcaProfile *profile, gboolean *unconfirmed,
                  GError **error)
{
    g_autoptr(GcaName) folded = gca_profile_fold(profile, agency, unconfirmed, error);

    if (folded != NULL)
        return g_strdup(gca_name_find(folded, "O"));
    gca_error_set_hint(error,
                       _("Give the organisation as the certification authority writes it (on "
                         "the command line: --organization)."));
    return NULL;
}

static GcaName *
make_from_parts(const GcaSubjectWish *wish, const GcaProfile *profile, gboolean *unconfirmed,
                GError **error)
{
    const char *locality = wish->locality ? wish->locality : gca_profile_get_locality(profile);
    g_autofree char *organization =
        wish->organization ? g_strdup(wish->organization)
                           : fold_organization(wish->agency, profile, unconfirmed, error);

    if (organization == NULL)
        return NULL;
    GcaName *subject = gca_name_new();
    gca_name_add(subject, "C", gca_profile_get_country(profile));
    if (locality != NULL)
        gca_name_add(subject, "L", locality);
    gca_name_add(subject, "O", organization);
    return subject;
}

/* TRUE if `typed` is another way to write `cn`: upper case, an IDN in Chinese. */
static gboolean
means_cn(const char *typed, const GcaProfile *profile, const char *cn)
{
    g_auto(GStrv) names = gca_domains_parse_certificate(typed, NULL, profile, NULL);

    return names != NULL && g_str_equal(names[0], cn);
}

static GcaName *
make_from_text(const char *text, const GcaProfile *profile, const char *cn, GError **error)
{
    g_autoptr(GcaName) typed = gca_name_parse(text, error);

    if (typed == NULL) {
        gca_error_set_hint(error, _("Write it as C=…,L=…,O=…,CN=…"));
        return NULL;
    }
    GcaName *subject = gca_name_new();
    for (guint i = 0; i < gca_name_get_length(typed); i++) {
        const char *type = gca_name_get_type(typed, i), *value = gca_name_get_value(typed, i);
        gboolean is_cn = g_str_equal(type, "CN") && means_cn(value, profile, cn);
        gca_name_add(subject, type, is_cn ? cn : value);
    }
    return subject;
}

static gboolean
check_cn(const GcaName *subject, const char *cn, GError **error)
{
    const char *found = gca_name_find(subject, "CN");

    if (g_str_equal(found, cn))
        return TRUE;
    g_autofree char *shown = gca_text_escape(found), *wanted = gca_text_escape(cn);
    gca_error_set(error, GCA_ERROR_BAD_DATA,
                  _("The subject has “%s” as CN, but the certificate is asked for “%s”."), shown,
                  wanted);
    gca_error_set_hint(error, _("Leave CN out of the subject: it is taken from the name."));
    return FALSE;
}

GcaName *
gca_subject_make(const GcaSubjectWish *wish, const GcaProfile *profile, const char *cn,
                 gboolean *unconfirmed, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GcaName) subject = NULL;

    *unconfirmed = FALSE;
    if (wish->subject != NULL)
        subject = make_from_text(wish->subject, profile, cn, &trouble);
    else if ((subject = make_from_parts(wish, profile, unconfirmed, error)) == NULL)
        return NULL;
    if (subject != NULL && gca_name_find(subject, "CN") == NULL)
        gca_name_add(subject, "CN", cn);
    if (subject != NULL && gca_subject_check(subject, profile, &trouble) &&
        check_cn(subject, cn, &trouble))
        return g_steal_pointer(&subject);
    /* What is BAD_DATA in a request that somebody made is here what was asked for. */
    trouble->code = GCA_ERROR_USAGE;
    g_propagate_error(error, g_steal_pointer(&trouble));
    return NULL;
}

/* RFC 5280 appendix A.1: countryName and serialNumber are PrintableString and nothing else. */
static int
choose_string_type(const ASN1_OBJECT *type)
{
    int nid = OBJ_obj2nid(type);
    gboolean is_printable = nid == NID_countryName || nid == NID_serialNumber;

    return is_printable ? V_ASN1_PRINTABLESTRING : V_ASN1_UTF8STRING;
}

static gboolean
add_entry(X509_NAME *name, const char *type, const char *value)
{
    g_autoptr(ASN1_OBJECT) object = OBJ_txt2obj(type, 0);
    if (object == NULL)
        return FALSE;
    const guint8 *bytes = (const guint8 *) value;
    int kind = choose_string_type(object);

    if (kind == V_ASN1_PRINTABLESTRING && ASN1_PRINTABLE_type(bytes, -1) != kind)
        return FALSE;
    return X509_NAME_add_entry_by_OBJ(name, object, kind, bytes, -1, -1, 0);
}

X509_NAME *
gca_subject_encode(const GcaName *subject, GError **error)
{
    X509_NAME *name = X509_NAME_new();

    ERR_clear_error();
    for (guint i = 0; i < gca_name_get_length(subject); i++) {
        if (add_entry(name, gca_name_get_type(subject, i), gca_name_get_value(subject, i)))
            continue;
        g_autofree char *shown = gca_name_to_string(subject);
        gca_error_set_openssl(error, GCA_ERROR_CRYPTO,
                              _("The name “%s” cannot be written into a request."), shown);
        X509_NAME_free(name);
        return NULL;
    }
    return name;
}
