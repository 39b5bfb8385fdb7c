#include "config.h"

#include "base/error.h"
#include "base/text.h"
#include "letter/address-private.h"
#include "letter/paper-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define POSTCODE_DIGITS 5
#define OID_PATTERN "^[0-2](\\.(0|[1-9][0-9]{0,19})){2,20}$"
#define DOMAIN_PATTERN "^(?=.{1,253}$)[a-z0-9-]{1,63}(\\.[a-z0-9-]{1,63})+$"
#define FINGERPRINT_PATTERN "^[0-9a-f]{64}$"

/* As the form calls the fields that it needs. */
static const struct {
    GcaContactField field;
    const char *on_form;
} needed[] = {
    {GCA_CONTACT_NAME, "姓名"},
    {GCA_CONTACT_PURPOSE, "憑證用途"},
    {GCA_CONTACT_EMAIL, "公務電子郵件信箱"},
    {GCA_CONTACT_POSTCODE, "公務通訊地址"},
    {GCA_CONTACT_ADDRESS, "公務通訊地址"},
    {GCA_CONTACT_PHONE, "公務電話"},
};

static void
fault_free(gpointer data)
{
    GcaPaperFault *fault = data;

    g_free(fault->sentence);
    g_free(fault);
}

static gboolean
is_same(gconstpointer a, gconstpointer b)
{
    return g_str_equal(((const GcaPaperFault *) a)->sentence,
                       ((const GcaPaperFault *) b)->sentence);
}

/* Takes `sentence`, NULL for nothing. Cases share a contact: each sentence once. */
static void
add_of_field(GPtrArray *faults, GcaPaperItem item, GcaContactField field, char *sentence)
{
    GcaPaperFault *fault = g_new(GcaPaperFault, 1);

    *fault = (GcaPaperFault){item, field, sentence};
    if (sentence == NULL || g_ptr_array_find_with_equal_func(faults, fault, is_same, NULL))
        fault_free(fault);
    else
        g_ptr_array_add(faults, fault);
}

static void
add(GPtrArray *faults, GcaPaperItem item, char *sentence)
{
    add_of_field(faults, item, GCA_CONTACT_N_FIELDS, sentence);
}

GPtrArray *
gca_paper_faults_new(void)
{
    return g_ptr_array_new_with_free_func(fault_free);
}

static gboolean
is_blank(const char *text)
{
    return text == NULL || *text == '\0';
}

static gboolean
fits(const char *pattern, const char *text)
{
    return g_regex_match_simple(pattern, text, G_REGEX_DOLLAR_ENDONLY, 0);
}

/* ---- contact ---- */

static char *
dup_missing(GcaContactField field)
{
    for (guint i = 0; i < G_N_ELEMENTS(needed); i++) {
        if (needed[i].field == field)
            return g_strdup_printf(_("For “%s” of the form the contact's %s is missing."),
                                   needed[i].on_form, gca_contact_field_to_string(field));
    }
    return NULL;
}

static char *
dup_postcode_fault(const char *postcode)
{
    return strlen(postcode) == POSTCODE_DIGITS
               ? NULL
               : g_strdup_printf(_("The postcode “%s” has %u digits; the form asks for 5."),
                                 postcode, (guint) strlen(postcode));
}

static char *
dup_address_fault(const char *address)
{
    const char *why = gca_address_find_fault(address);

    if (why == NULL)
        return NULL;
    g_autofree char *shown = gca_text_escape(address);
    return g_strdup_printf(_("The postal address “%s” does not fit the form: %s."), shown, why);
}

char *
gca_paper_dup_contact_fault(const GcaContact *contact, GcaContactField field,
                            const char *agency_name)
{
    const char *value = gca_contact_get(contact, field);

    if (value == NULL)
        return dup_missing(field);
    if (field == GCA_CONTACT_POSTCODE)
        return dup_postcode_fault(value);
    if (field == GCA_CONTACT_ADDRESS)
        return dup_address_fault(value);
    return field == GCA_CONTACT_NAME
               ? gca_contact_dup_doubt(contact, agency_name ? agency_name : "")
               : NULL;
}

static void
add_contact_faults(GPtrArray *faults, const GcaPaperCase *one)
{
    for (int i = 0; i < GCA_CONTACT_N_FIELDS; i++) {
        GcaContactField field = (GcaContactField) i;
        add_of_field(faults, GCA_PAPER_CONTACT, field,
                     gca_paper_dup_contact_fault(one->contact, field, one->agency_name));
    }
}

/* ---- case ---- */

/* Why a name cannot stand on the form, or NULL. */
static const char *
find_domain_fault(const char *domain)
{
    if (strchr(domain, '*') != NULL)
        return _("a wildcard name cannot be applied for by letter");
    if (g_hostname_is_ip_address(domain))
        return _("it is an IP address; the form asks for a name registered to the agency");
    if (!fits(DOMAIN_PATTERN, domain))
        return _("it is not a host name");
    return NULL;
}

void
gca_paper_add_domain_fault(GPtrArray *faults, const char *domain)
{
    const char *why = is_blank(domain) ? NULL : find_domain_fault(domain);

    if (is_blank(domain))
        add(faults, GCA_PAPER_DOMAIN,
            g_strdup(_("The request names no domain for “網站名稱” of the form.")));
    if (why == NULL)
        return;
    g_autofree char *shown = gca_text_escape(domain);
    add(faults, GCA_PAPER_DOMAIN,
        g_strdup_printf(_("The domain “%s” cannot be used: %s."), shown, why));
}

static void
add_agency_faults(GPtrArray *faults, const GcaPaperCase *one)
{
    if (is_blank(one->agency_name))
        add(faults, GCA_PAPER_AGENCY, g_strdup(_("The agency's full name is missing.")));
    else if (!gca_text_is_plain(one->agency_name))
        add(faults, GCA_PAPER_AGENCY,
            g_strdup(_("The agency's name holds a control or invisible character.")));
    if (is_blank(one->agency_oid)) {
        add(faults, GCA_PAPER_OID,
            g_strdup(_("The agency's OID is missing: the request was made without one.")));
    } else if (!fits(OID_PATTERN, one->agency_oid)) {
        g_autofree char *shown = gca_text_escape(one->agency_oid);
        add(faults, GCA_PAPER_OID,
            g_strdup_printf(_("The agency's OID “%s” is not an OID, such as "
                              "2.16.886.101.20003."),
                            shown));
    }
}

static void
add_case_faults(GPtrArray *faults, const GcaPaperCase *one)
{
    add_agency_faults(faults, one);
    gca_paper_add_domain_fault(faults, one->domain);
    if (is_blank(one->spki_sha256) || !fits(FINGERPRINT_PATTERN, one->spki_sha256))
        add(faults, GCA_PAPER_REQUEST,
            g_strdup(_("The request's fingerprint, 64 hexadecimal digits, is missing.")));
}

GPtrArray *
gca_paper_list_faults(const GcaPaperWish *wish)
{
    GPtrArray *faults = gca_paper_faults_new();

    if (wish->n_cases == 0)
        add(faults, GCA_PAPER_REQUEST, g_strdup(_("No request folder is named.")));
    if (is_blank(wish->addressee))
        add(faults, GCA_PAPER_ADDRESSEE,
            g_strdup(_("It is not known whom the letter goes to: the profile has no “Addressee” "
                       "in its [letter] group.")));
    else if (!gca_text_is_plain(wish->addressee))
        add(faults, GCA_PAPER_ADDRESSEE,
            g_strdup(_("“Addressee” in the profile's [letter] group holds a control or invisible "
                       "character.")));
    for (gsize i = 0; i < wish->n_cases; i++) {
        add_case_faults(faults, &wish->cases[i]);
        add_contact_faults(faults, &wish->cases[i]);
    }
    return faults;
}

gboolean
gca_paper_accept(GPtrArray *faults, GError **error)
{
    g_autoptr(GPtrArray) list = faults;
    g_autoptr(GString) lines = g_string_new(NULL);

    if (list->len == 0)
        return TRUE;
    for (guint i = 0; i < list->len; i++) {
        const GcaPaperFault *fault = list->pdata[i];
        g_string_append_printf(lines, i > 0 ? "\n%s" : "%s", fault->sentence);
    }
    gca_error_set(error, GCA_ERROR_USAGE, "%s", lines->str);
    return FALSE;
}

gboolean
gca_paper_check(const GcaPaperWish *wish, GError **error)
{
    return gca_paper_accept(gca_paper_list_faults(wish), error);
}
