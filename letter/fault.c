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

/* Cases share a contact: each sentence once. */
static void
add(GPtrArray *faults, char *sentence)
{
    if (g_ptr_array_find_with_equal_func(faults, sentence, g_str_equal, NULL))
        g_free(sentence);
    else
        g_ptr_array_add(faults, sentence);
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

static void
add_missing_fields(GPtrArray *faults, const GcaContact *contact)
{
    for (guint i = 0; i < G_N_ELEMENTS(needed); i++) {
        const char *nick = gca_contact_field_to_nick(needed[i].field);
        if (gca_contact_get(contact, needed[i].field) != NULL)
            continue;
        add(faults,
            g_strdup_printf(_("For “%s” of the form the contact's %s is missing: give it "
                              "(--contact-%s, or “%s” in the [contact] group of contact.ini)."),
                            needed[i].on_form, gca_contact_field_to_string(needed[i].field), nick,
                            nick));
    }
}

static void
add_postcode_fault(GPtrArray *faults, const GcaContact *contact)
{
    const char *postcode = gca_contact_get(contact, GCA_CONTACT_POSTCODE);

    if (postcode == NULL || strlen(postcode) == POSTCODE_DIGITS)
        return;
    g_autofree char *shown = gca_text_escape(postcode);
    add(faults, g_strdup_printf(_("The postcode “%s” has %u digits, the form asks for 5: give it "
                                  "anew (--contact-postcode, or “postcode” in contact.ini)."),
                                shown, (guint) strlen(postcode)));
}

static void
add_address_fault(GPtrArray *faults, const GcaContact *contact)
{
    const char *address = gca_contact_get(contact, GCA_CONTACT_ADDRESS);
    const char *why = address ? gca_address_find_fault(address) : NULL;

    if (why == NULL)
        return;
    g_autofree char *shown = gca_text_escape(address);
    add(faults, g_strdup_printf(_("The postal address “%s” does not fit the form: %s. Give it anew "
                                  "(--contact-address, or “address” in contact.ini)."),
                                shown, why));
}

static void
add_contact_faults(GPtrArray *faults, const GcaPaperCase *one)
{
    g_autofree char *doubt =
        gca_contact_dup_doubt(one->contact, one->agency_name ? one->agency_name : "");

    add_missing_fields(faults, one->contact);
    add_postcode_fault(faults, one->contact);
    add_address_fault(faults, one->contact);
    if (doubt != NULL)
        add(faults, g_strdup_printf(
                        _("%s Give it anew (--contact-name, or “name” in contact.ini)."), doubt));
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
        add(faults, g_strdup(_("The request names no domain for “網站名稱” of the form: make it "
                               "again (gca-csr --cn).")));
    if (why == NULL)
        return;
    g_autofree char *shown = gca_text_escape(domain);
    add(faults, g_strdup_printf(_("The domain “%s” cannot be used: %s. Make another request "
                                  "(gca-csr --cn)."),
                                shown, why));
}

static void
add_agency_faults(GPtrArray *faults, const GcaPaperCase *one)
{
    if (is_blank(one->agency_name))
        add(faults, g_strdup(_("The agency's full name is missing: give it (--agency).")));
    else if (!gca_text_is_plain(one->agency_name))
        add(faults, g_strdup(_("The agency's name holds a control or invisible character: give it "
                               "anew (--agency).")));
    if (is_blank(one->agency_oid)) {
        add(faults, g_strdup(_("The agency's OID is missing: the request was made without one. "
                               "Make it again (gca-csr --oid).")));
    } else if (!fits(OID_PATTERN, one->agency_oid)) {
        g_autofree char *shown = gca_text_escape(one->agency_oid);
        add(faults, g_strdup_printf(_("The agency's OID “%s” is not an OID, such as "
                                      "2.16.886.101.20003: make the request again (gca-csr "
                                      "--oid)."),
                                    shown));
    }
}

static void
add_case_faults(GPtrArray *faults, const GcaPaperCase *one)
{
    add_agency_faults(faults, one);
    gca_paper_add_domain_fault(faults, one->domain);
    if (is_blank(one->spki_sha256) || !fits(FINGERPRINT_PATTERN, one->spki_sha256))
        add(faults, g_strdup(_("The request's fingerprint, 64 hexadecimal digits, is missing: make "
                               "the request again with gca-csr.")));
}

GPtrArray *
gca_paper_list_faults(const GcaPaperWish *wish)
{
    GPtrArray *faults = g_ptr_array_new_with_free_func(g_free);

    if (wish->n_cases == 0)
        add(faults, g_strdup(_("No request folder is named: name at least one.")));
    if (is_blank(wish->addressee))
        add(faults, g_strdup(_("It is not known whom the letter goes to: the profile has no "
                               "“Addressee” in its [letter] group.")));
    else if (!gca_text_is_plain(wish->addressee))
        add(faults, g_strdup(_("“Addressee” in the profile's [letter] group holds a control or "
                               "invisible character.")));
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

    if (list->len == 0)
        return TRUE;
    g_ptr_array_add(list, NULL);
    g_autofree char *joined = g_strjoinv("\n", (char **) list->pdata);
    gca_error_set(error, GCA_ERROR_USAGE, "%s", joined);
    return FALSE;
}

gboolean
gca_paper_check(const GcaPaperWish *wish, GError **error)
{
    return gca_paper_accept(gca_paper_list_faults(wish), error);
}
