#include "config.h"

#include "cli/gca-prereg/demand.h"

#include "profile/domain.h"
#include "x509/certificate.h"
#include "x509/chain.h"

void
gca_demand_options_clear(GcaDemandOptions *options)
{
    g_strfreev(options->ca);
    g_strfreev(options->crl);
    g_strfreev(options->domains);
    g_free(options->account);
}

void
gca_demand_free(GcaDemand *demand)
{
    g_clear_pointer(&demand->account, gca_account_unref);
    g_clear_pointer(&demand->wish.anchors, gca_x509_stack_free);
    g_clear_pointer(&demand->wish.crls, gca_x509_crl_stack_free);
    g_clear_pointer(&demand->wish.profiles, g_ptr_array_unref);
    g_clear_pointer(&demand->domains, g_strfreev);
    g_free(demand);
}

/* The certificates of all `paths`; the card-ca folders' where none is named. */
static GcaX509Stack *
load_anchors(const char *const *paths, GError **error)
{
    if (paths == NULL)
        return gca_chain_load_anchors(error);

    g_autoptr(GcaX509Stack) all = sk_X509_new_null();
    for (guint i = 0; paths[i] != NULL; i++) {
        g_autoptr(GcaX509Stack) some = gca_certificate_load(paths[i], error);
        if (some == NULL)
            return NULL;
        while (sk_X509_num(some) > 0)
            sk_X509_push(all, sk_X509_shift(some));
    }
    return g_steal_pointer(&all);
}

static GcaX509CrlStack *
load_crls(const char *const *paths, GError **error)
{
    g_autoptr(GcaX509CrlStack) all = sk_X509_CRL_new_null();

    for (guint i = 0; paths[i] != NULL; i++) {
        g_autoptr(GcaX509CrlStack) some = gca_crl_load(paths[i], error);
        if (some == NULL)
            return NULL;
        while (sk_X509_CRL_num(some) > 0)
            sk_X509_CRL_push(all, sk_X509_CRL_shift(some));
    }
    return g_steal_pointer(&all);
}

/* By the rules of the account's profile, or of the one that is named. */
static gboolean
load_account(GcaDemand *demand, GcaInvocation *invocation, const GcaDemandOptions *options,
             GError **error)
{
    if (options->account != NULL) {
        demand->account = gca_account_load(options->account, error);
        if (demand->account == NULL)
            return FALSE;
        demand->wish.account_uri = gca_account_get_uri(demand->account);
        demand->wish.thumbprint = gca_account_get_thumbprint(demand->account);
    }
    g_autoptr(GcaProfile) profile =
        gca_invocation_find_profile(invocation, demand->wish.account_uri, error);
    if (profile == NULL)
        return FALSE;
    if (options->domains == NULL)
        return TRUE;
    demand->domains = gca_domains_parse((const char *const *) options->domains, profile, error);
    demand->wish.domains = (const char *const *) demand->domains;
    return demand->domains != NULL;
}

GcaDemand *
gca_demand_load(GcaInvocation *invocation, const GcaDemandOptions *options, GError **error)
{
    g_autoptr(GcaDemand) demand = g_new0(GcaDemand, 1);
    GcaReportWish *wish = &demand->wish;

    if (!load_account(demand, invocation, options, error))
        return NULL;
    wish->anchors = load_anchors((const char *const *) options->ca, error);
    if (wish->anchors == NULL)
        return NULL;
    if (options->crl != NULL &&
        (wish->crls = load_crls((const char *const *) options->crl, error)) == NULL)
        return NULL;
    /* where one of them is broken, those that are asked for are read by name */
    wish->profiles = gca_profile_list(NULL);
    return g_steal_pointer(&demand);
}
