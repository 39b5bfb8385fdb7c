#include "config.h"

#include "base/error.h"
#include "base/text.h"
#include "x509/certificate.h"
#include "x509/chain.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>

typedef CRL_DIST_POINTS CrlDistPoints;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(AUTHORITY_KEYID, AUTHORITY_KEYID_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CrlDistPoints, CRL_DIST_POINTS_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ISSUING_DIST_POINT, ISSUING_DIST_POINT_free)

static gboolean
refuse(X509 *issuer, const char *why, GError **error)
{
    g_autofree char *shown = gca_certificate_describe(issuer);
    gca_error_set(error, GCA_ERROR_CHECK_FAILED,
                  _("The revocation list (CRL) of “%s” cannot be used: %s."), shown, why);
    return FALSE;
}

/* One key identifier tells the generations of a CA that bear one name. */
static gboolean
is_of_key(X509_CRL *crl, X509 *issuer)
{
    g_autoptr(AUTHORITY_KEYID) id =
        X509_CRL_get_ext_d2i(crl, NID_authority_key_identifier, NULL, NULL);

    return id == NULL || X509_check_akid(issuer, id) == X509_V_OK;
}

static gboolean
have_common_name(const GENERAL_NAMES *a, const GENERAL_NAMES *b)
{
    for (int i = 0; i < sk_GENERAL_NAME_num(a); i++) {
        for (int j = 0; j < sk_GENERAL_NAME_num(b); j++) {
            if (GENERAL_NAME_cmp(sk_GENERAL_NAME_value(a, i), sk_GENERAL_NAME_value(b, j)) == 0)
                return TRUE;
        }
    }
    return FALSE;
}

static const GENERAL_NAMES *
full_name(const DIST_POINT_NAME *point)
{
    return point != NULL && point->type == 0 ? point->name.fullname : NULL;
}

/* RFC 5280 section 6.3.3 (b)(2): the certificate is in what the CRL is limited to. */
static gboolean
is_in_scope(const ISSUING_DIST_POINT *scope, X509 *certificate)
{
    gboolean is_ca = X509_check_ca(certificate) > 0;

    if ((scope->onlyuser > 0 && is_ca) || (scope->onlyCA > 0 && !is_ca))
        return FALSE;
    if (scope->distpoint == NULL)
        return TRUE;
    g_autoptr(CrlDistPoints) points =
        X509_get_ext_d2i(certificate, NID_crl_distribution_points, NULL, NULL);
    for (int i = 0; i < sk_DIST_POINT_num(points); i++) {
        const DIST_POINT *point = sk_DIST_POINT_value(points, i);
        if (have_common_name(full_name(point->distpoint), full_name(scope->distpoint)))
            return TRUE;
    }
    return FALSE;
}

/* Kinds of CRL that say nothing complete by themselves. */
static const char *
find_unsupported(X509_CRL *crl, const ISSUING_DIST_POINT *scope)
{
    if (X509_CRL_get_ext_by_NID(crl, NID_delta_crl, -1) >= 0)
        return _("it is a delta CRL, which lists changes only");
    if (scope == NULL)
        return NULL;
    if (scope->indirectCRL > 0)
        return _("it is an indirect CRL, which is not supported");
    if (scope->onlyattr > 0)
        return _("it is for attribute certificates only");
    if (scope->onlysomereasons != NULL)
        return _("it covers some reasons of revocation only");
    return NULL;
}

/* RFC 5280 sections 5.2 and 5.3: a CRL with a critical extension that is not understood must not be
 * used, wherever in it that stands. The issuing distribution point is dealt with by is_in_scope. */
static gboolean
has_unknown_critical(X509_CRL *crl)
{
    STACK_OF(X509_REVOKED) *entries = X509_CRL_get_REVOKED(crl);

    for (int i = 0; i < X509_CRL_get_ext_count(crl); i++) {
        X509_EXTENSION *extension = X509_CRL_get_ext(crl, i);
        int nid = OBJ_obj2nid(X509_EXTENSION_get_object(extension));
        if (X509_EXTENSION_get_critical(extension) && nid != NID_issuing_distribution_point &&
            nid != NID_authority_key_identifier && nid != NID_crl_number)
            return TRUE;
    }
    for (int i = 0; i < sk_X509_REVOKED_num(entries); i++) {
        X509_REVOKED *entry = sk_X509_REVOKED_value(entries, i);
        int index = -1;
        while ((index = X509_REVOKED_get_ext_by_critical(entry, 1, index)) >= 0) {
            X509_EXTENSION *extension = X509_REVOKED_get_ext(entry, index);
            if (OBJ_obj2nid(X509_EXTENSION_get_object(extension)) != NID_crl_reason)
                return TRUE;
        }
    }
    return FALSE;
}

static gboolean
check_content(X509_CRL *crl, X509 *issuer, GError **error)
{
    int digest = NID_undef;

    if (has_unknown_critical(crl))
        return refuse(issuer, _("it has a critical extension that is not understood here"), error);
    if (!(X509_get_key_usage(issuer) & X509v3_KU_CRL_SIGN))
        return refuse(issuer, _("its issuer's certificate is not for signing CRLs"), error);
    OBJ_find_sigid_algs(X509_CRL_get_signature_nid(crl), &digest, NULL);
    if (digest != NID_sha256 && digest != NID_sha384 && digest != NID_sha512)
        return refuse(issuer, _("it is signed with a digest that is not one of SHA-2"), error);
    EVP_PKEY *key = X509_get0_pubkey(issuer);
    if (key != NULL && X509_CRL_verify(crl, key) > 0)
        return TRUE;
    ERR_clear_error();
    return refuse(issuer, _("its signature does not verify"), error);
}

/* One issued after `when` is fine, even better: it knows what was found out since. */
static gboolean
check_next_update(X509_CRL *crl, X509 *issuer, GDateTime *when, GError **error)
{
    const ASN1_TIME *time = X509_CRL_get0_nextUpdate(crl);
    g_autoptr(GDateTime) next = time != NULL ? gca_asn1_time_to_date_time(time) : NULL;

    if (next == NULL)
        return refuse(issuer, _("it does not say until when it holds"), error);
    if (g_date_time_compare(next, when) >= 0)
        return TRUE;
    g_autofree char *day = gca_text_day(next);
    g_autofree char *why = g_strdup_printf(_("it held until %s only"), day);
    return refuse(issuer, why, error);
}

static gboolean
check_entry(X509_CRL *crl, X509 *certificate, X509 *issuer, GDateTime *when, GError **error)
{
    X509_REVOKED *entry;

    if (X509_CRL_get0_by_cert(crl, &entry, certificate) <= 0)
        return TRUE;
    g_autoptr(GDateTime) since =
        gca_asn1_time_to_date_time(X509_REVOKED_get0_revocationDate(entry));
    if (since == NULL)
        return refuse(issuer, _("it has a malformed date"), error);
    if (g_date_time_compare(since, when) > 0)
        return TRUE;
    g_autofree char *shown = gca_certificate_describe(certificate);
    g_autofree char *moment = gca_text_moment(since);
    gca_error_set(error, GCA_ERROR_CHECK_FAILED,
                  _("The certificate of “%s” has been revoked since %s."), shown, moment);
    return FALSE;
}

/* Sets `found` if the CRL is one that covers `certificate`. */
static gboolean
find_cover(X509_CRL *crl, X509 *certificate, X509 *issuer, gboolean *found, GError **error)
{
    int is_critical = 0;

    *found = FALSE;
    if (X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_issuer_name(certificate)) != 0 ||
        !is_of_key(crl, issuer))
        return TRUE;
    g_autoptr(ISSUING_DIST_POINT) scope =
        X509_CRL_get_ext_d2i(crl, NID_issuing_distribution_point, &is_critical, NULL);
    /* -1: there is none */
    if (scope == NULL && is_critical != -1) {
        ERR_clear_error();
        return refuse(issuer, _("its extension issuingDistributionPoint is malformed"), error);
    }
    const char *why = find_unsupported(crl, scope);
    if (why != NULL)
        return refuse(issuer, why, error);
    *found = scope == NULL || is_in_scope(scope, certificate);
    return TRUE;
}

/* All CRLs that cover the certificate are heard: one that has ended still tells of a revocation,
 * but not that there was none. */
static gboolean
check_certificate(X509 *certificate, X509 *issuer, GcaX509CrlStack *crls, GDateTime *when,
                  gboolean is_needed, GError **error)
{
    g_autoptr(GError) ended = NULL;
    guint n_current = 0;

    for (int i = 0; i < sk_X509_CRL_num(crls); i++) {
        X509_CRL *crl = sk_X509_CRL_value(crls, i);
        gboolean found;
        if (!find_cover(crl, certificate, issuer, &found, error))
            return FALSE;
        if (!found)
            continue;
        if (!check_content(crl, issuer, error) ||
            !check_entry(crl, certificate, issuer, when, error))
            return FALSE;
        if (check_next_update(crl, issuer, when, ended == NULL ? &ended : NULL))
            n_current++;
    }
    if (n_current > 0 || (ended == NULL && !is_needed))
        return TRUE;
    if (ended == NULL) {
        g_autofree char *shown = gca_certificate_describe(certificate);
        gca_error_set(&ended, GCA_ERROR_CHECK_FAILED,
                      _("No revocation list (CRL) covers the certificate of “%s”."), shown);
    }
    g_propagate_error(error, g_steal_pointer(&ended));
    return FALSE;
}

gboolean
gca_chain_check_crls(GcaX509Stack *chain, GcaX509CrlStack *crls, GDateTime *when, GError **error)
{
    int n = sk_X509_num(chain);

    /* The last one is trusted as it is; if that is the leaf, only a CRL of its own covers it. */
    for (int i = 0; i == 0 || i + 1 < n; i++) {
        X509 *certificate = sk_X509_value(chain, i);
        X509 *issuer = sk_X509_value(chain, MIN(i + 1, n - 1));
        if (!check_certificate(certificate, issuer, crls, when, i == 0, error))
            return FALSE;
    }
    return TRUE;
}
