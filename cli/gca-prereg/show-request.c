#include "config.h"

#include "cli/gca-prereg/show-request.h"

#include "base/text.h"
#include "cli/common/output.h"
#include "prereg/request-form.h"
#include "profile/domain.h"

#include <glib/gi18n.h>

static void
add_requester(GString *out, const GcaRequest *request)
{
    gca_output_add_outside_field(out, _("Agency"), gca_request_get_organization_name(request));
    gca_output_add_outside_field(out, _("DN"), gca_request_get_organization_dn(request));
    gca_output_add_outside_field(out, _("OID"), gca_request_get_organization_oid(request));
    gca_output_add_outside_field(out, _("Card number"), gca_request_get_card_serial(request));
}

void
gca_show_add_wish(GString *out, const GcaRequest *request, guint max_characters)
{
    const char *const *domains = gca_request_get_domains(request);
    g_autofree char *names = gca_domains_to_string(domains);
    g_autofree char *count = gca_domains_describe_count(domains, max_characters);
    g_autofree char *dn = gca_name_to_string(gca_request_get_subject(request));
    g_autofree char *subject = g_strconcat(dn, ",CN=", _("<domain>"), NULL);
    const char *proof =
        gca_request_has_proof(request) ? _("made with the account's key") : _("none");

    gca_output_add_outside_field(out, _("CA profile"), gca_request_get_profile(request));
    gca_output_add_outside_field(out, _("Account"), gca_request_get_account_uri(request));
    gca_output_add_outside_field(out, _("Account key"), gca_request_get_thumbprint(request));
    gca_output_add_field(out, _("Proof"), proof);
    gca_output_add_field(out, _("Domains"), names);
    gca_output_add_field(out, _("Characters"), count);
    gca_output_add_field(out, _("Subject"), subject);
}

static void
add_contact(GString *out, const GcaRequest *request)
{
    g_autofree char *contact = gca_contact_to_string(gca_request_get_contact(request));
    gca_output_add_field(out, _("Contact"), contact);
}

char *
gca_show_request(const GcaRequest *request, guint max_characters)
{
    GString *out = g_string_new(NULL);
    g_autofree char *created = gca_text_moment(gca_request_get_created(request));
    const char *nonce = json_string_value(json_object_get(gca_request_get_form(request), "nonce"));

    add_requester(out, request);
    gca_show_add_wish(out, request, max_characters);
    add_contact(out, request);
    gca_output_add_field(out, _("Made at"), created);
    gca_output_add_field(out, _("Nonce"), nonce);
    return g_string_free(out, FALSE);
}

void
gca_show_add_requester(GString *out, const GcaRequest *request)
{
    add_requester(out, request);
    add_contact(out, request);
}

json_t *
gca_request_to_json(const GcaRequest *request)
{
    return json_incref(gca_request_get_form(request));
}
