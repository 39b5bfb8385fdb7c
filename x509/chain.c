#include "config.h"

#include "x509/chain.h"

#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "x509/certificate.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>

/* 112 bits: refuses SHA-1 signatures and RSA below 2048 (OpenSSL's security level 2) */
#define AUTH_LEVEL 2

/* There is no chain at all, rather than one that does not hold. */
static gboolean
is_untrusted(int reason)
{
    switch (reason) {
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_UNTRUSTED:
    case X509_V_ERR_CERT_CHAIN_TOO_LONG:
        return TRUE;
    default:
        return FALSE;
    }
}

/* NULL for those that have no words of ours. */
static const char *
get_reason(int reason)
{
    switch (reason) {
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return _("it was not yet valid then");
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return _("it had expired by then");
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
        return _("its issuer's signature does not verify");
    case X509_V_ERR_CA_MD_TOO_WEAK:
        return _("it is signed with a digest too weak to be relied on, such as SHA-1");
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
        return _("its key is too weak to be relied on (shorter than 2048 bits of RSA)");
    case X509_V_ERR_INVALID_CA:
    case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
        return _("it stands there as an issuer's but is not that of a CA");
    case X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION:
        return _("it has a critical extension that is not understood here");
    default:
        return NULL;
    }
}

char *
gca_chain_explain(int reason)
{
    const char *words = get_reason(reason);

    if (words != NULL)
        return g_strdup(words);
    return g_strdup_printf(_("it breaks a rule of RFC 5280 (%s)"),
                           X509_verify_cert_error_string(reason));
}

static void
set_reason(X509_STORE_CTX *context, X509 *leaf, GDateTime *when, GError **error)
{
    int reason = X509_STORE_CTX_get_error(context);
    X509 *culprit = X509_STORE_CTX_get_current_cert(context);
    g_autofree char *shown = gca_certificate_describe(culprit != NULL ? culprit : leaf);

    if (is_untrusted(reason)) {
        gca_error_set(error, GCA_ERROR_UNTRUSTED,
                      _("No trusted CA is known that issued the certificate of “%s”."), shown);
    } else {
        g_autofree char *moment = gca_text_moment(when), *why = gca_chain_explain(reason);
        gca_error_set(error, GCA_ERROR_CHECK_FAILED,
                      _("The certificate of “%s” does not hold as of %s: %s."), shown, moment, why);
    }
    gca_error_set_native(error, "X509_verify_cert", X509_verify_cert_error_string(reason),
                         (gulong) reason);
}

static void
set_rules(X509_VERIFY_PARAM *rules, GDateTime *when)
{
    X509_VERIFY_PARAM_set_time(rules, (time_t) g_date_time_to_unix(when));
    X509_VERIFY_PARAM_set_auth_level(rules, AUTH_LEVEL);
    /* an anchor need not be self-signed; what the leaf is for is checked elsewhere */
    X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_PARTIAL_CHAIN);
    X509_VERIFY_PARAM_set_purpose(rules, X509_PURPOSE_ANY);
}

static GcaX509Stack *
build_to_anchor(X509 *leaf, X509 *anchor, GcaX509Stack *others, GDateTime *when, GError **error)
{
    g_autoptr(X509_STORE) store = X509_STORE_new();
    g_autoptr(X509_STORE_CTX) context = X509_STORE_CTX_new();
    GcaX509Stack *chain = NULL;

    if (store == NULL || context == NULL || !X509_STORE_add_cert(store, anchor) ||
        !X509_STORE_CTX_init(context, store, leaf, others)) {
        gca_error_set_openssl(error, GCA_ERROR_CRYPTO, _("The chain cannot be built."));
        return NULL;
    }
    set_rules(X509_STORE_CTX_get0_param(context), when);
    if (X509_verify_cert(context) > 0)
        chain = X509_STORE_CTX_get1_chain(context);
    else
        set_reason(context, leaf, when, error);
    ERR_clear_error();
    return chain;
}

/* One anchor at a time: the generations of the GCA bear one name, and OpenSSL would try only the
 * first that bears it. A chain that fails its checks says more than one that is not there. */
GcaX509Stack *
gca_chain_build(X509 *leaf, GcaX509Stack *anchors, GcaX509Stack *others, GDateTime *when,
                GError **error)
{
    g_autoptr(GError) worst = NULL;

    for (int i = 0; i < sk_X509_num(anchors); i++) {
        g_autoptr(GError) trouble = NULL;
        GcaX509Stack *chain =
            build_to_anchor(leaf, sk_X509_value(anchors, i), others, when, &trouble);
        if (chain != NULL)
            return chain;
        if (worst != NULL && gca_error_get_code(worst) != GCA_ERROR_UNTRUSTED)
            continue;
        g_clear_error(&worst);
        worst = g_steal_pointer(&trouble);
    }
    if (worst == NULL)
        gca_error_set(&worst, GCA_ERROR_UNTRUSTED, _("No CA certificate is trusted here yet."));
    g_propagate_error(error, g_steal_pointer(&worst));
    return NULL;
}

static gboolean
is_certificate_name(const char *name)
{
    static const char *const endings[] = {".cer", ".crt", ".der", ".pem"};

    for (guint i = 0; i < G_N_ELEMENTS(endings); i++) {
        if (g_str_has_suffix(name, endings[i]))
            return TRUE;
    }
    return FALSE;
}

static gboolean
load_file(const char *path, GcaX509Stack *list, GError **error)
{
    g_autoptr(GcaX509Stack) found = gca_certificate_load(path, error);

    return found != NULL &&
           X509_add_certs(list, found, X509_ADD_FLAG_UP_REF | X509_ADD_FLAG_NO_DUP);
}

/* A folder that is not there holds nothing; one that cannot be read is an error. */
static gboolean
load_folder(const char *folder, GcaX509Stack *list, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, &trouble);
    const char *name;

    if (g_error_matches(trouble, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return TRUE;
    if (dir == NULL) {
        g_autofree char *shown = gca_text_escape(folder);
        gca_error_set(error, GCA_ERROR_FILE,
                      _("The folder “%s” of CA certificates cannot be read: %s."), shown,
                      trouble->message);
        return FALSE;
    }
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (is_certificate_name(name) && !load_file(path, list, error))
            return FALSE;
    }
    return TRUE;
}

GcaX509Stack *
gca_chain_load_folders(const char *name, GError **error)
{
    g_autoptr(GcaX509Stack) list = sk_X509_new_null();
    g_auto(GStrv) folders = gca_place_list_folders();

    for (guint i = 0; folders[i] != NULL; i++) {
        g_autofree char *folder = g_build_filename(folders[i], name, NULL);
        if (!load_folder(folder, list, error))
            return NULL;
    }
    return g_steal_pointer(&list);
}

GcaX509Stack *
gca_chain_load_anchors(GError **error)
{
    return gca_chain_load_folders("card-ca", error);
}
