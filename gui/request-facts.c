#include "config.h"

#include "gui/request-facts.h"

#include "base/text.h"
#include "profile/domain.h"

#include <glib/gi18n.h>

/* One a line, with the form that people type where it differs. */
static char *
list_domains(const char *const *domains)
{
    GString *list = g_string_new(NULL);

    for (guint i = 0; domains[i] != NULL; i++) {
        g_autofree char *typed = gca_domain_to_unicode(domains[i]);
        g_autofree char *shown = gca_text_escape(typed);
        g_string_append_printf(list, "%s%s", i > 0 ? "\n" : "", domains[i]);
        if (!g_str_equal(typed, domains[i]))
            g_string_append_printf(list, " (%s)", shown);
    }
    return g_string_free(list, FALSE);
}

static char *
count_characters(const char *const *domains, const GcaProfile *profile)
{
    gsize count = gca_domains_count_characters(domains);
    guint limit = profile ? gca_profile_get_max_characters(profile) : 0;

    if (limit == 0)
        return g_strdup_printf("%zu", count);
    return g_strdup_printf(_("%zu of %u allowed"), count, limit);
}

static char *
list_contact(const GcaContact *contact)
{
    if (gca_contact_is_empty(contact))
        return g_strdup(_("none given"));

    GString *list = g_string_new(NULL);
    for (int field = 0; field < GCA_CONTACT_N_FIELDS; field++) {
        const char *value = gca_contact_get(contact, (GcaContactField) field);
        if (value == NULL)
            continue;
        g_autofree char *shown = gca_text_escape(value);
        g_string_append_printf(list, _("%s%s: %s"), list->len ? "\n" : "",
                               gca_contact_field_to_string((GcaContactField) field), shown);
    }
    return g_string_free(list, FALSE);
}

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
    g_autofree char *names = list_domains(domains);
    g_autofree char *count = count_characters(domains, profile);
    g_autofree char *dn = gca_name_to_string(gca_request_get_subject(request));
    g_autofree char *subject = g_strconcat(dn, ",CN=", _("<domain>"), NULL);
    g_autofree char *contact = list_contact(gca_request_get_contact(request));

    gca_fact_list_add_outside(list, _("Agency"), gca_request_get_organization_name(request));
    gca_fact_list_add_outside(list, _("OID"), gca_request_get_organization_oid(request));
    gca_fact_list_add_outside(list, _("Card number"), gca_request_get_card_serial(request));
    add_account(list, request, profile, no_proof);
    gca_fact_list_add(list, _("Domains"), names);
    gca_fact_list_add(list, _("Characters"), count);
    gca_fact_list_add(list, _("Subject"), subject);
    gca_fact_list_add(list, _("Contact"), contact);
}
