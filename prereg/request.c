#include "config.h"

#include "prereg/request.h"

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "cms/signed-data.h"
#include "prereg/proof.h"
#include "prereg/report.h"
#include "prereg/request-form.h"

#include <glib/gi18n-lib.h>
#include <openssl/rand.h>

struct _GcaRequest {
    gatomicrefcount refs;
    GBytes *content;
    json_t *form; /* what the content says */
    char **domains;
    GcaName *subject;
    GcaContact *contact;
    GDateTime *created;
};

/* Text that is not UTF-8 becomes null, which the rules refuse, and is never just left out. */
static json_t *
or_null(json_t *value)
{
    return value ? value : json_null();
}

static json_t *
encode_domains(const char *const *domains)
{
    json_t *list = json_array();

    for (; *domains != NULL; domains++)
        json_array_append_new(list, or_null(json_string(*domains)));
    return list;
}

static json_t *
encode_subject(const GcaName *subject)
{
    json_t *list = json_array();

    for (guint i = 0; i < gca_name_get_length(subject); i++)
        json_array_append_new(list, or_null(json_pack("[s, s]", gca_name_get_type(subject, i),
                                                      gca_name_get_value(subject, i))));
    return list;
}

gboolean
gca_request_accepts_subject(const GcaName *subject, GError **error)
{
    g_autoptr(json_t) list = encode_subject(subject);
    g_autoptr(GError) trouble = NULL;

    if (gca_name_find(subject, "CN") != NULL) {
        gca_error_set(error, GCA_ERROR_BAD_DATA,
                      _("Leave CN out of the subject: the site's name is added by itself."));
        return FALSE;
    }
    if (gca_request_check_subject(list, "subject", &trouble))
        return TRUE;
    g_autofree char *shown = gca_name_to_string(subject);
    gca_error_set(error, GCA_ERROR_BAD_DATA, _("The subject “%s” cannot be used. %s"), shown,
                  trouble->message);
    return FALSE;
}

static json_t *
encode_contact(const GcaContact *contact)
{
    json_t *object = json_object();

    for (guint i = 0; i < GCA_CONTACT_N_FIELDS; i++) {
        const char *value = gca_contact_get(contact, (GcaContactField) i);
        if (value != NULL)
            json_object_set_new(object, gca_contact_field_to_nick((GcaContactField) i),
                                or_null(json_string(value)));
    }
    return object;
}

static json_t *
encode_organization(const GcaRequestFields *fields)
{
    g_autofree char *dn = gca_name_to_string(fields->organization_dn);

    return json_pack("{s:s, s:s, s:s*}", "name", fields->organization_name, "dn", dn, "oid",
                     fields->organization_oid);
}

static json_t *
encode_form(const GcaRequestFields *fields, const char *created, const char *nonce)
{
    json_t *form = json_pack("{s:s, s:i, s:s, s:{s:s, s:s*}, s:o, s:o, s:o, s:s, s:s}", "type",
                             GCA_REQUEST_TYPE, "version", GCA_REQUEST_VERSION, "profile",
                             fields->profile, "account", "uri", fields->account_uri, "thumbprint",
                             fields->thumbprint, "domains", encode_domains(fields->domains),
                             "subject", encode_subject(fields->subject), "organization",
                             encode_organization(fields), "created", created, "nonce", nonce);

    if (form != NULL && fields->card_serial != NULL)
        json_object_set_new(form, "card",
                            or_null(json_pack("{s:s}", "serial", fields->card_serial)));
    if (form != NULL && !gca_contact_is_empty(fields->contact))
        json_object_set_new(form, "contact", encode_contact(fields->contact));
    return form;
}

static gboolean
add_proof(json_t *form, EVP_PKEY *account_key, GError **error)
{
    json_t *proof = gca_proof_make(account_key, form, error);
    return proof != NULL && json_object_set_new(form, "proof", proof) == 0;
}

GcaRequest *
gca_request_new(const GcaRequestFields *fields, GError **error)
{
    guint8 random[GCA_REQUEST_NONCE_SIZE];
    if (RAND_bytes(random, sizeof random) != 1) {
        gca_error_set_openssl(error, GCA_ERROR_CRYPTO, _("There are no random numbers to be had."));
        return NULL;
    }
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *created = gca_text_time(now);
    g_autofree char *nonce = gca_text_base64url(random, sizeof random);
    g_autoptr(json_t) form = encode_form(fields, created, nonce);
    if (form == NULL) {
        gca_error_set(error, GCA_ERROR_BAD_DATA,
                      _("The request cannot be made: a text in it is not UTF-8."));
        return NULL;
    }
    if (fields->account_key != NULL && !add_proof(form, fields->account_key, error))
        return NULL;

    /* One set of rules: what is made here must pass where it is read. */
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GBytes) content = gca_json_encode_canonical(form, &trouble);
    GcaRequest *request = content ? gca_request_parse(content, &trouble) : NULL;
    if (request == NULL)
        gca_error_set(error, GCA_ERROR_BAD_DATA, _("The request cannot be made. %s"),
                      trouble->message);
    return request;
}

static char **
decode_domains(json_t *list)
{
    char **domains = g_new0(char *, json_array_size(list) + 1);
    gsize i;
    json_t *element;

    json_array_foreach(list, i, element)
    {
        domains[i] = g_strdup(json_string_value(element));
    }
    return domains;
}

static GcaName *
decode_subject(json_t *list)
{
    GcaName *subject = gca_name_new();
    gsize i;
    json_t *pair;

    json_array_foreach(list, i, pair)
    {
        gca_name_add(subject, json_string_value(json_array_get(pair, 0)),
                     json_string_value(json_array_get(pair, 1)));
    }
    return subject;
}

static GcaContact *
decode_contact(json_t *object)
{
    GcaContact *contact = gca_contact_new();

    for (guint i = 0; i < GCA_CONTACT_N_FIELDS; i++) {
        const char *nick = gca_contact_field_to_nick((GcaContactField) i);
        gca_contact_set(contact, (GcaContactField) i,
                        json_string_value(json_object_get(object, nick)), NULL);
    }
    return contact;
}

GcaRequest *
gca_request_parse(GBytes *content, GError **error)
{
    json_t *form = gca_request_parse_form(content, error);
    if (form == NULL)
        return NULL;

    GcaRequest *request = g_new0(GcaRequest, 1);
    g_atomic_ref_count_init(&request->refs);
    request->content = g_bytes_ref(content);
    request->form = form;
    request->domains = decode_domains(json_object_get(form, "domains"));
    request->subject = decode_subject(json_object_get(form, "subject"));
    request->contact = decode_contact(json_object_get(form, "contact"));
    request->created = gca_text_parse_time(json_string_value(json_object_get(form, "created")));
    return request;
}

GcaRequest *
gca_request_ref(GcaRequest *request)
{
    g_atomic_ref_count_inc(&request->refs);
    return request;
}

void
gca_request_unref(GcaRequest *request)
{
    if (!g_atomic_ref_count_dec(&request->refs))
        return;
    g_bytes_unref(request->content);
    json_decref(request->form);
    g_strfreev(request->domains);
    gca_name_unref(request->subject);
    gca_contact_free(request->contact);
    g_date_time_unref(request->created);
    g_free(request);
}

/* The text at `group`.`name`, or NULL. */
static const char *
get_text(const GcaRequest *request, const char *group, const char *name)
{
    return json_string_value(json_object_get(json_object_get(request->form, group), name));
}

json_t *
gca_request_get_form(const GcaRequest *request)
{
    return request->form;
}

GBytes *
gca_request_get_content(const GcaRequest *request)
{
    return request->content;
}

const char *
gca_request_get_profile(const GcaRequest *request)
{
    return json_string_value(json_object_get(request->form, "profile"));
}

const char *
gca_request_get_account_uri(const GcaRequest *request)
{
    return get_text(request, "account", "uri");
}

const char *
gca_request_get_thumbprint(const GcaRequest *request)
{
    return get_text(request, "account", "thumbprint");
}

const char *const *
gca_request_get_domains(const GcaRequest *request)
{
    return (const char *const *) request->domains;
}

const GcaName *
gca_request_get_subject(const GcaRequest *request)
{
    return request->subject;
}

const char *
gca_request_get_organization_name(const GcaRequest *request)
{
    return get_text(request, "organization", "name");
}

const char *
gca_request_get_organization_dn(const GcaRequest *request)
{
    return get_text(request, "organization", "dn");
}

const char *
gca_request_get_organization_oid(const GcaRequest *request)
{
    return get_text(request, "organization", "oid");
}

const char *
gca_request_get_card_serial(const GcaRequest *request)
{
    return get_text(request, "card", "serial");
}

const GcaContact *
gca_request_get_contact(const GcaRequest *request)
{
    return request->contact;
}

gboolean
gca_request_has_proof(const GcaRequest *request)
{
    return json_object_get(request->form, "proof") != NULL;
}

GDateTime *
gca_request_get_created(const GcaRequest *request)
{
    return request->created;
}

/* What was signed, read as its receiver will read it. Trust is the receiver's own question. */
static gboolean
read_back(const GcaRequest *request, GBytes *der, GError **error)
{
    const GcaReportWish wish = {.account_uri = gca_request_get_account_uri(request),
                                .domains = gca_request_get_domains(request)};
    g_autoptr(GcaReport) report = gca_report_new(der, &wish, error);
    if (report == NULL)
        return FALSE;

    const GError *verdict = gca_report_get_verdict(report);
    if (verdict != NULL && gca_error_get_code(verdict) != GCA_ERROR_UNTRUSTED) {
        g_propagate_error(error, g_error_copy(verdict));
        return FALSE;
    }
    GcaRequest *again = gca_report_get_request(report);
    if (again == NULL || !g_bytes_equal(again->content, request->content)) {
        gca_error_set(error, GCA_ERROR_CHECK_FAILED,
                      _("What was signed is not what was to be signed."));
        return FALSE;
    }
    return TRUE;
}

GBytes *
gca_request_sign(const GcaRequest *request, EVP_PKEY *key, X509 *signer, GcaX509Stack *others,
                 GError **error)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autoptr(GBytes) der = gca_signed_data_sign(request->content, key, signer, others, now, error);
    if (der == NULL)
        return NULL;
    if (!read_back(request, der, error)) {
        gca_error_add_detail(error, "read back");
        return NULL;
    }
    return g_steal_pointer(&der);
}
