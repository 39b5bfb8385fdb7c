#include "config.h"

#include "acme/account.h"
#include "base/text.h"
#include "prereg/proof.h"
#include "prereg/report-private.h"
#include "profile/domain.h"
#include "profile/profile.h"
#include "x509/chain.h"

#include <glib/gi18n-lib.h>

#define MAX_CLOCK_LEAD (5 * G_TIME_SPAN_MINUTE)

/* What is left for the reader to compare although the check holds; NULL: nothing. */
typedef char *(*Remark)(const GcaReport *report, const GcaReportWish *wish);

/* FALSE where the check cannot be made or was not asked for; a failure is in `error`. */
typedef gboolean (*Check)(GcaReport *report, const GcaReportWish *wish, GError **error);

static gboolean
check_signer(GcaReport *report, const GcaReportWish *wish, GError **error)
{
    report->signer = gca_signed_data_find_signer(report->message, error);
    return TRUE;
}

static gboolean
check_algorithms(GcaReport *report, const GcaReportWish *wish, GError **error)
{
    if (report->signer == NULL)
        return FALSE;
    gca_signed_data_check_algorithms(report->message, error);
    return TRUE;
}

static gboolean
check_attributes(GcaReport *report, const GcaReportWish *wish, GError **error)
{
    if (report->signer == NULL)
        return FALSE;
    gca_signed_data_check_attributes(report->message, error);
    return TRUE;
}

static gboolean
check_signing_certificate(GcaReport *report, const GcaReportWish *wish, GError **error)
{
    if (report->signer == NULL)
        return FALSE;
    gca_signed_data_check_signing_certificate(report->message, error);
    return TRUE;
}

static gboolean
check_signature(GcaReport *report, const GcaReportWish *wish, GError **error)
{
    if (report->signer == NULL)
        return FALSE;
    gca_signed_data_check_signature(report->message, error);
    return TRUE;
}

static gboolean
check_content(GcaReport *report, const GcaReportWish *wish, GError **error)
{
    report->request = gca_request_parse(gca_signed_data_get_content(report->message), error);
    return TRUE;
}

/* When the message says it was signed; the present where it does not say. */
static GDateTime *
get_moment(const GcaReport *report, const GcaReportWish *wish)
{
    return report->signing_time ? report->signing_time : wish->now;
}

static gboolean
check_holder(GcaReport *report, const GcaReportWish *wish, GError **error)
{
    if (report->signer == NULL)
        return FALSE;
    report->holder = wish->pool ? gca_certificate_pool_get_holder(wish->pool, report->signer, error)
                                : gca_holder_new(report->signer, error);
    if (report->holder != NULL)
        gca_holder_check_signing(report->holder, get_moment(report, wish), error);
    return TRUE;
}

static gboolean
check_organization(GcaReport *report, const GcaReportWish *wish, GError **error)
{
    if (report->request == NULL || report->holder == NULL)
        return FALSE;
    g_autofree char *dn = gca_name_to_string(gca_holder_get_dn(report->holder));
    const char *said = gca_request_get_organization_dn(report->request);
    const char *said_oid = gca_request_get_organization_oid(report->request);
    const char *oid = gca_holder_get_oid(report->holder);

    if (!g_str_equal(dn, said)) {
        g_autofree char *shown = gca_text_escape(said);
        gca_error_set(error, GCA_ERROR_CHECK_FAILED,
                      _("The request speaks for “%s”, but “%s” has signed it."), shown, dn);
    } else if (g_strcmp0(oid, said_oid) != 0) {
        gca_error_set(
            error, GCA_ERROR_CHECK_FAILED,
            _("The request gives the organisation's OID as “%s”, the signer's certificate "
              "as “%s”."),
            said_oid ? said_oid : _("not known"), oid ? oid : _("not known"));
    }
    return TRUE;
}

static gboolean
check_time(GcaReport *report, const GcaReportWish *wish, GError **error)
{
    if (report->signer == NULL)
        return FALSE;
    if (report->signing_time == NULL) {
        report->signing_time = gca_signed_data_dup_signing_time(report->message, error);
        return TRUE; /* asked again for the reason */
    }
    GDateTime *created = report->request ? gca_request_get_created(report->request) : NULL;
    g_autofree char *signed_at = gca_text_moment(report->signing_time);

    if (g_date_time_difference(report->signing_time, wish->now) > MAX_CLOCK_LEAD) {
        gca_error_set(error, GCA_ERROR_CHECK_FAILED,
                      _("The request is signed as of %s, which is in the future."), signed_at);
    } else if (created != NULL && g_date_time_compare(report->signing_time, created) < 0) {
        g_autofree char *created_at = gca_text_moment(created);
        gca_error_set(error, GCA_ERROR_CHECK_FAILED,
                      _("The request is signed as of %s, before it was made (%s)."), signed_at,
                      created_at);
    }
    return TRUE;
}

static gboolean
check_account(GcaReport *report, const GcaReportWish *wish, GError **error)
{
    if (wish->account_uri == NULL || report->request == NULL)
        return FALSE;
    const char *uri = gca_request_get_account_uri(report->request);

    if (!gca_account_uri_equal(uri, wish->account_uri)) {
        g_autofree char *wanted = gca_text_escape(wish->account_uri);
        gca_error_set(error, GCA_ERROR_CHECK_FAILED,
                      _("The request is for the account “%s”, not for “%s”."), uri, wanted);
        return TRUE;
    }
    const char *key = gca_request_get_thumbprint(report->request);
    if (key != NULL && wish->thumbprint != NULL && !g_str_equal(key, wish->thumbprint))
        gca_error_set(error, GCA_ERROR_CHECK_FAILED,
                      _("The request is for another key of the account: its thumbprint is “%s”, "
                        "not “%s”."),
                      key, wish->thumbprint);
    return TRUE;
}

static gboolean
check_proof(GcaReport *report, const GcaReportWish *wish, GError **error)
{
    if (report->request == NULL || !gca_request_has_proof(report->request))
        return FALSE;
    gca_proof_check(report->request, error);
    return TRUE;
}

static GcaProfile *
find_profile(const char *name, GPtrArray *profiles)
{
    if (profiles == NULL)
        return gca_profile_load(name, NULL);
    for (guint i = 0; i < profiles->len; i++) {
        GcaProfile *profile = g_ptr_array_index(profiles, i);
        if (g_str_equal(gca_profile_get_name(profile), name))
            return gca_profile_ref(profile);
    }
    return NULL;
}

/* By the rules of the request's profile, where it is known here: no suffix, address or wildcard. */
static gboolean
are_allowed(GcaRequest *request, GPtrArray *profiles, GError **error)
{
    g_autoptr(GcaProfile) profile = find_profile(gca_request_get_profile(request), profiles);
    if (profile == NULL)
        return TRUE;
    g_auto(GStrv) parsed = gca_domains_parse(gca_request_get_domains(request), profile, error);
    return parsed != NULL;
}

static gboolean
check_domains(GcaReport *report, const GcaReportWish *wish, GError **error)
{
    if (report->request == NULL)
        return FALSE;
    const char *const *domains = gca_request_get_domains(report->request);

    if (!are_allowed(report->request, wish->profiles, error))
        return TRUE;
    for (guint i = 0; wish->domains != NULL && wish->domains[i] != NULL; i++) {
        if (g_strv_contains(domains, wish->domains[i]))
            continue;
        g_autofree char *wanted = gca_text_escape(wish->domains[i]);
        gca_error_set(error, GCA_ERROR_CHECK_FAILED,
                      _("The request does not name the domain “%s”."), wanted);
        break;
    }
    return TRUE;
}

static gboolean
check_chain(GcaReport *report, const GcaReportWish *wish, GError **error)
{
    if (report->signer == NULL)
        return FALSE;
    report->chain = gca_chain_build(report->signer, wish->anchors,
                                    gca_signed_data_get_certificates(report->message),
                                    get_moment(report, wish), error);
    return TRUE;
}

static gboolean
check_revocation(GcaReport *report, const GcaReportWish *wish, GError **error)
{
    if (wish->crls == NULL || report->chain == NULL)
        return FALSE;
    gca_chain_check_crls(report->chain, wish->crls, get_moment(report, wish), error);
    return TRUE;
}

/* Anybody can make a key and prove that: whether it is the account's, only who knows the account's
 * key can tell. */
static char *
remark_key(const GcaReport *report, const GcaReportWish *wish)
{
    if (wish->account_uri != NULL && wish->thumbprint != NULL)
        return NULL;
    return g_strdup_printf(_("by the key “%s”; compare it with the CA's record of this account"),
                           gca_request_get_thumbprint(report->request));
}

/* The name is free text: one that was prepared elsewhere may say anything. */
static char *
remark_name(const GcaReport *report, const GcaReportWish *wish)
{
    const char *name = gca_holder_get_organization(report->holder);
    const char *said = gca_request_get_organization_name(report->request);
    if (g_str_equal(said, name))
        return NULL;

    g_autofree char *shown = gca_text_escape(said);
    g_autofree char *shown_name = gca_text_escape(name);
    return g_strdup_printf(_("it calls itself “%s”, but the certificate says “%s”"), shown,
                           shown_name);
}

/* In the order in which a reader would ask: is it whole, who, what, for whom, to be trusted? */
static const struct {
    const char *name;
    const char *title;
    Check check;
    const char *absent; /* told of a request that has nothing of the kind */
    Remark remark;      /* told of one that it holds of */
} checks[] = {
    {"signer", N_("One signer, with certificate"), check_signer},
    {"algorithms", N_("SHA-256 and RSA"), check_algorithms},
    {"attributes", N_("Signed attributes"), check_attributes},
    {"signing-certificate-v2", N_("Certificate bound to the signature"), check_signing_certificate},
    {"signature", N_("Signature"), check_signature},
    {"content", N_("Form of the request"), check_content},
    {"holder", N_("Card of an agency or unit, valid when it signed"), check_holder},
    {"organization", N_("Organisation is the signer's"), check_organization, NULL, remark_name},
    {"time", N_("Time of signing"), check_time},
    {"account", N_("ACME account"), check_account},
    {"proof", N_("Proof by the account's key"), check_proof,
     N_("not proven: the request does not show that the account's key took part"), remark_key},
    {"domains", N_("Domain names"), check_domains},
    {"chain", N_("Issued by a trusted CA"), check_chain},
    {"revocation", N_("Not revoked"), check_revocation},
};

void
gca_report_run_checks(GcaReport *report, const GcaReportWish *wish)
{
    report->signing_time = gca_signed_data_dup_signing_time(report->message, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(checks); i++) {
        g_autofree char *remark = NULL;
        GError *error = NULL;
        gboolean is_made = checks[i].check(report, wish, &error);
        if (is_made && error == NULL && checks[i].remark != NULL)
            remark = checks[i].remark(report, wish);
        if (is_made)
            gca_report_add_check(report, checks[i].name, _(checks[i].title), remark, error);
        else if (checks[i].absent != NULL && report->request != NULL)
            gca_report_add_note(report, checks[i].name, _(checks[i].title), _(checks[i].absent));
    }
}
