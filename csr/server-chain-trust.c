#include "config.h"

#include "csr/server-chain-private.h"
#include "x509/certificate.h"
#include "x509/chain.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>

/* 112 bits, as browsers ask for: no SHA-1, no RSA below 2048 (OpenSSL's security level 2) */
#define AUTH_LEVEL 2

/* What the examination of the certificate itself tells. */
static gboolean
is_told_elsewhere(int depth, int reason)
{
    return depth == 0 &&
           (reason == X509_V_ERR_INVALID_PURPOSE || reason == X509_V_ERR_EE_KEY_TOO_SMALL ||
            reason == X509_V_ERR_CA_MD_TOO_WEAK);
}

/* Goes on after each breach, so that all are told. */
static int
note_breach(int is_ok, X509_STORE_CTX *context)
{
    const GcaChainCase *look = X509_STORE_CTX_get_app_data(context);
    int reason = X509_STORE_CTX_get_error(context);
    X509 *culprit = X509_STORE_CTX_get_current_cert(context);

    if (is_ok || is_told_elsewhere(X509_STORE_CTX_get_error_depth(context), reason))
        return 1;
    g_autofree char *name = gca_certificate_describe(culprit != NULL ? culprit : look->leaf);
    g_autofree char *source = gca_chain_case_tell_source(look, NULL),
                    *why = gca_chain_explain(reason);
    g_autoptr(GError) trouble = NULL;
    gca_error_set(&trouble, GCA_ERROR_CHECK_FAILED, _("“%s” does not hold in this chain: %s."),
                  name, why);
    gca_error_set_native(&trouble, "X509_verify_cert", X509_verify_cert_error_string(reason),
                         (gulong) reason);
    gca_error_set_hint(&trouble, source);
    gca_findings_add_error(look->findings, "chain", _("chain"), trouble);
    return 1;
}

/* Dates are judged by note_validity and the examination of the leaf, which name them. */
static gboolean
verify(const GcaChainCase *look, X509_STORE *store, X509_STORE_CTX_verify_cb callback)
{
    g_autoptr(X509_STORE_CTX) context = X509_STORE_CTX_new();

    if (context == NULL || !X509_STORE_CTX_init(context, store, look->leaf, look->path))
        g_error("out of memory");
    X509_VERIFY_PARAM *rules = X509_STORE_CTX_get0_param(context);
    X509_VERIFY_PARAM_set_auth_level(rules, AUTH_LEVEL);
    X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME);
    X509_STORE_CTX_set_purpose(context, X509_PURPOSE_SSL_SERVER);
    X509_STORE_CTX_set_app_data(context, (void *) look);
    X509_STORE_CTX_set_verify_cb(context, callback);
    gboolean is_verified = X509_verify_cert(context) > 0;
    ERR_clear_error();
    return is_verified;
}

gboolean
gca_chain_case_note_breaches(const GcaChainCase *look)
{
    g_autoptr(X509_STORE) store = X509_STORE_new();
    guint before = look->findings->len;

    if (look->end == NULL && sk_X509_num(look->path) == 0)
        return FALSE;
    if (store == NULL ||
        !X509_STORE_add_cert(store, look->end ? look->end : gca_chain_case_get_top(look)))
        g_error("out of memory");
    verify(look, store, note_breach);
    return look->findings->len > before;
}

static int
note_nothing(int is_ok, X509_STORE_CTX *context)
{
    return is_ok || is_told_elsewhere(X509_STORE_CTX_get_error_depth(context),
                                      X509_STORE_CTX_get_error(context));
}

gboolean
gca_chain_case_is_trusted(const GcaChainCase *look, GcaX509Stack *anchors)
{
    g_autoptr(X509_STORE) store = gca_server_chain_open_store(anchors);
    return verify(look, store, note_nothing);
}

static void
warn_of_end(const GcaChainCase *look, char *text, const char *fix)
{
    gca_findings_add(look->findings, "trust", _("trust"), GCA_FINDING_WARNING, text, fix,
                     GCA_ERROR_UNTRUSTED);
}

static void
note_untrusted_root(const GcaChainCase *look)
{
    g_autofree char *name = gca_certificate_describe(look->end);

    warn_of_end(look,
                g_strdup_printf(_("The chain ends at the root “%s”, which this computer does not "
                                  "trust; others may."),
                                name),
                _("If you trust it, have its certificate trusted, too, for this check."));
}

static void
note_unknown_end(const GcaChainCase *look)
{
    X509 *top = gca_chain_case_get_top(look);
    g_autofree char *name = gca_certificate_describe(top),
                    *issuer = gca_chain_case_describe_issuer(top);
    g_autofree char *source = gca_chain_case_tell_source(look, top);
    g_autofree char *fix = g_strdup_printf(
        _("If “%s” is no root, its certificate is missing in the chain; if it is "
          "one that you trust, have its certificate trusted, too, for this check. %s"),
        issuer, source);

    warn_of_end(look,
                g_strdup_printf(_("The chain ends at “%s”, whose issuer “%s” this computer does "
                                  "not trust; others may."),
                                name, issuer),
                fix);
}

static void
note_break(const GcaChainCase *look, GcaX509Stack *known)
{
    X509 *top = gca_chain_case_get_top(look);
    g_autofree char *name = gca_certificate_describe(top),
                    *issuer = gca_chain_case_describe_issuer(top);
    g_autofree char *remedy = gca_chain_case_tell_remedy(look, known, top);

    gca_chain_case_fail(
        look, "chain-issuer", _("issuer"),
        g_strdup_printf(_("The chain breaks off at “%s”: the certificate of its issuer, “%s”, is "
                          "not sent."),
                        name, issuer),
        remedy);
}

static void
note_untrusted(const GcaChainCase *look, GcaX509Stack *known)
{
    g_autoptr(GcaX509Stack) further =
        gca_server_chain_build(gca_chain_case_get_top(look), NULL, known, NULL);

    if (look->end != NULL)
        note_untrusted_root(look);
    else if (sk_X509_num(further) > 0)
        note_break(look, known);
    else
        note_unknown_end(look);
}

void
gca_chain_case_note_trust(const GcaChainCase *look, GcaX509Stack *known, gboolean trusted)
{
    if (!trusted) {
        note_untrusted(look, known);
        return;
    }
    g_autofree char *issuer = gca_chain_case_describe_issuer(gca_chain_case_get_top(look));
    gca_findings_add(look->findings, "trust", _("trust"), GCA_FINDING_OK,
                     g_strdup_printf(_("its issuer “%s” is trusted"), issuer), NULL,
                     GCA_ERROR_UNTRUSTED);
}
