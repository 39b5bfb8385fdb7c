#include "config.h"

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "flow/prereg-private.h"
#include "profile/domain.h"

#include <glib/gi18n-lib.h>

#define DOMAINS_FILE_LIMIT (1024 * 1024)

GcaPrereg *
gca_prereg_alloc(void)
{
    GcaPrereg *prereg = g_new0(GcaPrereg, 1);

    prereg->warnings = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(prereg->warnings, NULL);
    return prereg;
}

void
gca_prereg_free(GcaPrereg *prereg)
{
    g_clear_pointer(&prereg->account, gca_account_unref);
    g_clear_pointer(&prereg->account_key, EVP_PKEY_free);
    g_clear_pointer(&prereg->profile, gca_profile_unref);
    g_clear_pointer(&prereg->domains, g_strfreev);
    g_clear_pointer(&prereg->subject, gca_name_unref);
    g_clear_pointer(&prereg->request, gca_request_unref);
    g_ptr_array_unref(prereg->warnings);
    g_free(prereg->note);
    g_free(prereg);
}

void
gca_prereg_warn(GcaPrereg *prereg, char *sentence)
{
    g_ptr_array_insert(prereg->warnings, (int) prereg->warnings->len - 1, sentence);
}

/* Names from options first, then those of the file. */
static GStrv
gather_domains(const GcaPreregWish *wish, const GcaProfile *profile, GError **error)
{
    g_autoptr(GStrvBuilder) typed = g_strv_builder_new();

    if (wish->domains != NULL)
        g_strv_builder_addv(typed, (const char **) wish->domains);
    if (wish->domains_file != NULL) {
        g_autoptr(GBytes) content = gca_file_read(wish->domains_file, DOMAINS_FILE_LIMIT, error);
        if (content == NULL)
            return NULL;
        g_auto(GStrv) lines = gca_domains_split_file(content, wish->domains_file, error);
        if (lines == NULL)
            return NULL;
        g_strv_builder_addv(typed, (const char **) lines);
    }
    g_auto(GStrv) all = g_strv_builder_end(typed);
    return gca_domains_parse((const char *const *) all, profile, error);
}

void
gca_prereg_warn_of_account(GcaPrereg *prereg, const char *uri)
{
    g_autofree char *shown = gca_text_escape(uri);

    if (!gca_profile_fits_account(prereg->profile, uri))
        gca_prereg_warn(prereg,
                        g_strdup_printf(_("The account %s does not look like one of “%s” (profile "
                                          "“%s”). Check that it is meant."),
                                        shown, gca_profile_get_title(prereg->profile),
                                        gca_profile_get_name(prereg->profile)));
}

static void
warn_of_choice(GcaPrereg *prereg, const char *wanted)
{
    const char *uri = gca_account_get_uri(prereg->account);
    const char *name = gca_profile_get_name(prereg->profile);
    const char *doubt = gca_account_get_doubt(prereg->account);

    gca_prereg_warn_of_account(prereg, uri);
    if (wanted != NULL && !g_str_equal(wanted, name) &&
        gca_profile_fits_account(prereg->profile, uri))
        gca_prereg_warn(prereg, g_strdup_printf(_("The account belongs to profile “%s”; that one "
                                                  "is used, not “%s”."),
                                                name, wanted));
    if (doubt != NULL)
        gca_prereg_warn(prereg, g_strdup(doubt));
}

GcaPrereg *
gca_prereg_new(const GcaPreregWish *wish, GError **error)
{
    g_autoptr(GcaPrereg) prereg = gca_prereg_alloc();

    prereg->contact = wish->contact;
    prereg->account = gca_account_load(wish->account, error);
    if (prereg->account == NULL)
        return NULL;
    prereg->profile = gca_profile_find(gca_account_get_uri(prereg->account), wish->profile, error);
    if (prereg->profile == NULL)
        return NULL;
    prereg->domains = gather_domains(wish, prereg->profile, error);
    if (prereg->domains == NULL)
        return NULL;
    if (wish->subject != NULL) {
        prereg->subject = gca_name_parse(wish->subject, error);
        if (prereg->subject == NULL || !gca_request_accepts_subject(prereg->subject, error))
            return NULL;
    }
    if (!wish->without_proof && !gca_prereg_load_key(prereg, error))
        return NULL;
    warn_of_choice(prereg, wish->profile);
    return g_steal_pointer(&prereg);
}

const GcaProfile *
gca_prereg_get_profile(const GcaPrereg *prereg)
{
    return prereg->profile;
}

GcaAccount *
gca_prereg_get_account(const GcaPrereg *prereg)
{
    return prereg->account;
}

const char *const *
gca_prereg_get_warnings(const GcaPrereg *prereg)
{
    return (const char *const *) prereg->warnings->pdata;
}

const char *
gca_prereg_get_note(const GcaPrereg *prereg)
{
    return prereg->note;
}

const GcaRequest *
gca_prereg_get_request(const GcaPrereg *prereg)
{
    return prereg->request;
}

static void
warn_of_organization(GcaPrereg *prereg, const GcaOrganization *organization, gboolean unconfirmed)
{
    char *doubt = gca_contact_dup_doubt(prereg->contact, organization->name);

    if (unconfirmed)
        gca_prereg_warn(prereg, g_strdup(gca_profile_get_unconfirmed_note()));
    if (doubt != NULL)
        gca_prereg_warn(prereg, doubt);
    prereg->is_warned = TRUE;
}

static GcaName *
choose_subject(const GcaPrereg *prereg, const GcaOrganization *organization, gboolean *unconfirmed,
               GError **error)
{
    *unconfirmed = FALSE;
    if (prereg->subject != NULL)
        return gca_name_ref(prereg->subject);
    return gca_profile_fold(prereg->profile, organization->dn, unconfirmed, error);
}

gboolean
gca_prereg_bind(GcaPrereg *prereg, const GcaOrganization *organization, GError **error)
{
    gboolean unconfirmed;

    if (prereg->is_prepared)
        return gca_prereg_check_organization(prereg, organization, error);
    g_autoptr(GcaName) subject = choose_subject(prereg, organization, &unconfirmed, error);
    if (subject == NULL)
        return FALSE;
    GcaRequestFields fields = {
        .profile = gca_profile_get_name(prereg->profile),
        .account_uri = gca_account_get_uri(prereg->account),
        .thumbprint = gca_account_get_thumbprint(prereg->account),
        .account_key = prereg->account_key,
        .domains = (const char *const *) prereg->domains,
        .subject = subject,
        .organization_name = organization->name,
        .organization_dn = organization->dn,
        .organization_oid = organization->oid,
        .card_serial = organization->card_serial,
        .contact = prereg->contact,
    };
    GcaRequest *request = gca_request_new(&fields, error);
    if (request == NULL)
        return FALSE;
    g_clear_pointer(&prereg->request, gca_request_unref);
    prereg->request = request;
    if (!prereg->is_warned)
        warn_of_organization(prereg, organization, unconfirmed);
    return TRUE;
}
