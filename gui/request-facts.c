#include "config.h"

#include "gui/request-facts.h"

#include "profile/domain.h"

#include <glib/gi18n.h>

static void
add_account(GcaFactList *list, const GcaRequest *request, const GcaProfile *profile,
            const char *no_proof)
{
    const char *title = profile ? gca_profile_get_title(profile) : gca_request_get_profile(request);
    const char *proof = gca_request_has_proof(request) ? _("made with the account's key")
                        : no_proof != NULL             ? no_proof
                                                       : _("none");

    gca_fact_list_add_outside(list, _("CA profile"), title);
    gca_fact_list_add_outside(list, _("Account"), gca_request_get_account_uri(request));
    gca_fact_list_add_outside(list, _("Account key"), gca_request_get_thumbprint(request));
    gca_fact_list_add(list, _("Proof"), proof);
}

void
gca_request_facts_add(GcaFactList *list, const GcaRequest *request, const GcaProfile *profile,
                      const char *no_proof)
{
    const char *const *domains = gca_request_get_domains(request);
    guint limit = profile ? gca_profile_get_max_characters(profile) : 0;
    g_autofree char *names = gca_domains_to_string(domains);
    g_autofree char *count = gca_domains_describe_count(domains, limit);
    g_autofree char *dn = gca_name_to_string(gca_request_get_subject(request));
    g_autofree char *subject = g_strconcat(dn, ",CN=", _("<domain>"), NULL);
    g_autofree char *contact = gca_contact_to_string(gca_request_get_contact(request));

    gca_fact_list_add_outside(list, _("Agency"), gca_request_get_organization_name(request));
    gca_fact_list_add_outside(list, _("OID"), gca_request_get_organization_oid(request));
    gca_fact_list_add_outside(list, _("Card number"), gca_request_get_card_serial(request));
    add_account(list, request, profile, no_proof);
    gca_fact_list_add(list, _("Domains"), names);
    gca_fact_list_add(list, _("Characters"), count);
    gca_fact_list_add(list, _("Subject"), subject);
    gca_fact_list_add(list, _("Contact"), contact);
}
