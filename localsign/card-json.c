#include "config.h"

#include "localsign/card-json.h"

#include "flow/card-list.h"
#include "x509/certificate.h"
#include "x509/holder.h"

#include <openssl/err.h>

/* What a card or reader calls itself need not be UTF-8. */
void
gca_card_json_set_text(json_t *object, const char *name, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text ? text : "", -1);

    json_object_set_new(object, name, json_string(valid));
}

void
gca_card_json_set_base64(json_t *object, const char *name, GBytes *bytes)
{
    gsize size;
    const guint8 *data = g_bytes_get_data(bytes, &size);
    g_autofree char *text = g_base64_encode(data, size);

    gca_card_json_set_text(object, name, text);
}

void
gca_card_json_set_certificate(json_t *object, X509 *certificate)
{
    g_autoptr(GBytes) der = gca_certificate_encode(certificate);

    gca_card_json_set_base64(object, "certb64", der);
}

/* RFC 5280 section 4.2.1.3: in the order of the bits, as pages compare it. */
static char *
describe_usage(X509 *certificate)
{
    static const struct {
        guint32 bit;
        const char *name;
    } bits[] = {
        {X509v3_KU_DIGITAL_SIGNATURE, "digitalSignature"},
        {X509v3_KU_NON_REPUDIATION, "nonRepudiation"},
        {X509v3_KU_KEY_ENCIPHERMENT, "keyEncipherment"},
        {X509v3_KU_DATA_ENCIPHERMENT, "dataEncipherment"},
        {X509v3_KU_KEY_AGREEMENT, "keyAgreement"},
        {X509v3_KU_KEY_CERT_SIGN, "keyCertSign"},
        {X509v3_KU_CRL_SIGN, "cRLSign"},
    };
    guint32 usage = X509_get_key_usage(certificate);
    GString *text = g_string_new(NULL);

    for (guint i = 0; usage != UINT32_MAX && i < G_N_ELEMENTS(bits); i++) {
        if ((usage & bits[i].bit) != 0)
            g_string_append_printf(text, "%s%s", text->len > 0 ? "|" : "", bits[i].name);
    }
    ERR_clear_error();
    return g_string_free(text, FALSE);
}

/* How many of the holder's certificates have had their names. */
typedef struct {
    guint signing, encrypting, others;
} Named;

/* Pages know the holder's certificates as cert1 (to sign with) and cert2 (to encrypt with); what
 * else there may be follows. */
static char *
label_of(X509 *certificate, Named *named)
{
    gboolean is_root = (X509_get_extension_flags(certificate) & EXFLAG_SI) != 0;
    gboolean can_sign = gca_certificate_can_sign(certificate);

    if (X509_check_ca(certificate) > 0)
        return g_strdup(is_root ? "ROOTCACert" : "CACert");
    if (can_sign && named->signing++ == 0)
        return g_strdup("cert1");
    if (!can_sign && named->encrypting++ == 0)
        return g_strdup("cert2");
    return g_strdup_printf("cert%u", 3 + named->others++);
}

static void
set_name(json_t *object, const char *member, GcaName *name)
{
    g_autofree char *text = name ? gca_name_to_string(name) : NULL;

    gca_card_json_set_text(object, member, text);
}

/* In seconds since 1970, as pages compare it; left out where it is not well formed. */
static void
set_time(json_t *object, const char *member, const ASN1_TIME *time)
{
    g_autoptr(GDateTime) when = gca_asn1_time_to_date_time(time);

    if (when != NULL)
        json_object_set_new(object, member, json_integer(g_date_time_to_unix(when)));
}

static json_t *
certificate_to_json(X509 *certificate, Named *named)
{
    json_t *object = json_object();
    g_autoptr(GcaName) subject = gca_certificate_dup_subject(certificate, NULL);
    g_autoptr(GcaName) issuer = gca_certificate_dup_issuer(certificate, NULL);
    g_autoptr(BIGNUM) number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), NULL);
    g_autofree char *usage = describe_usage(certificate);
    g_autofree char *label = label_of(certificate, named);
    char *hex = number ? BN_bn2hex(number) : NULL;

    gca_card_json_set_certificate(object, certificate);
    gca_card_json_set_text(object, "label", label);
    gca_card_json_set_text(object, "usage", usage);
    gca_card_json_set_text(object, "sn", hex);
    set_name(object, "subjectDN", subject);
    set_name(object, "issuerDN", issuer);
    set_time(object, "notBeforeT", X509_get0_notBefore(certificate));
    set_time(object, "notAfterT", X509_get0_notAfter(certificate));
    OPENSSL_free(hex);
    return object;
}

static json_t *
token_to_json(const GcaCardEntry *entry, gboolean with_certificates)
{
    if (entry->trouble != NULL)
        return json_string("unknown token");
    json_t *token = json_object();
    json_t *certificates = json_array();
    Named named = {0};

    gca_card_json_set_text(token, "serialNumber", entry->number);
    gca_card_json_set_text(token, "label", entry->label ? entry->label : "HiCOS");
    for (int i = 0; i < sk_X509_num(entry->certificates); i++)
        json_array_append_new(certificates,
                              certificate_to_json(sk_X509_value(entry->certificates, i), &named));
    if (with_certificates)
        json_object_set(token, "certs", certificates);
    json_decref(certificates);
    return token;
}

/* Of the module that showed a card; none is opened to ask for its name, for it may take long. */
static char *
describe_library(GPtrArray *entries)
{
    for (guint i = 0; entries != NULL && i < entries->len; i++) {
        const GcaCardEntry *entry = g_ptr_array_index(entries, i);
        if (entry->module != NULL)
            return g_path_get_basename(entry->module);
    }
    return g_strdup(GETTEXT_PACKAGE);
}

static json_t *
slot_to_json(const GcaCardEntry *entry, gboolean with_certificates)
{
    json_t *slot = json_object();

    gca_card_json_set_text(slot, "slotDescription", entry->reader);
    if (entry->has_card)
        json_object_set_new(slot, "token", token_to_json(entry, with_certificates));
    return slot;
}

void
gca_card_json_set_list(json_t *object, GPtrArray *entries, gboolean with_certificates)
{
    g_autofree char *library = describe_library(entries);
    json_t *slots = json_array();

    gca_card_json_set_text(object, "libraryDescription", library);
    json_object_set_new(object, "libraryVersion", json_integer(0)); /* not known */
    for (guint i = 0; entries != NULL && i < entries->len; i++)
        json_array_append_new(slots,
                              slot_to_json(g_ptr_array_index(entries, i), with_certificates));
    json_object_set_new(object, "slots", slots);
}
