#include "config.h"

#include "csr/server-chain.h"

#include "csr/server-chain-private.h"
#include "x509/chain.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#define MAX_LENGTH 8

/* Better first. */
enum {
    RANK_VALID_CA,
    RANK_VALID_ROOT, /* before an expired cross-certificate of the same CA */
    RANK_INVALID_CA,
    RANK_INVALID_ROOT,
    N_RANKS
};

gboolean
gca_server_chain_is_issuer(X509 *issuer, X509 *certificate)
{
    ERR_set_mark();
    EVP_PKEY *key = X509_get0_pubkey(issuer);
    gboolean is_issuer = key != NULL && X509_check_issued(issuer, certificate) == X509_V_OK &&
                         X509_verify(certificate, key) == 1;
    ERR_pop_to_mark();
    return is_issuer;
}

gboolean
gca_server_chain_is_self_signed(X509 *certificate)
{
    ERR_set_mark();
    gboolean is_self_signed = X509_self_signed(certificate, 1) == 1;
    ERR_pop_to_mark();
    return is_self_signed;
}

gboolean
gca_server_chain_is_valid_now(X509 *certificate)
{
    return X509_cmp_timeframe(NULL, X509_get0_notBefore(certificate),
                              X509_get0_notAfter(certificate)) == 0;
}

static int
rank_of(X509 *issuer)
{
    gboolean is_root = gca_server_chain_is_self_signed(issuer);

    if (gca_server_chain_is_valid_now(issuer))
        return is_root ? RANK_VALID_ROOT : RANK_VALID_CA;
    return is_root ? RANK_INVALID_ROOT : RANK_INVALID_CA;
}

/* Two CAs that have certified each other would lead in a circle. The new key of a CA certified with
 * its old one bears the same name, but it is another key. */
static gboolean
has_been_passed(X509 *issuer, X509 *leaf, GcaX509Stack *chain)
{
    for (int i = -1; i < sk_X509_num(chain); i++) {
        X509 *passed = i < 0 ? leaf : sk_X509_value(chain, i);
        if (X509_NAME_cmp(X509_get_subject_name(passed), X509_get_subject_name(issuer)) == 0 &&
            EVP_PKEY_eq(X509_get0_pubkey(passed), X509_get0_pubkey(issuer)) == 1)
            return TRUE;
    }
    return FALSE;
}

/* The best issuer in `pool`, if it is better than `best`. */
static X509 *
find_issuer(GcaX509Stack *pool, X509 *best, X509 *leaf, GcaX509Stack *chain)
{
    int length = sk_X509_num(chain), best_rank = best != NULL ? rank_of(best) : N_RANKS;
    X509 *certificate = length > 0 ? sk_X509_value(chain, length - 1) : leaf;

    for (int i = 0; i < sk_X509_num(pool); i++) {
        X509 *issuer = sk_X509_value(pool, i);
        if (!gca_server_chain_is_issuer(issuer, certificate) ||
            has_been_passed(issuer, leaf, chain))
            continue;
        if (rank_of(issuer) < best_rank) {
            best = issuer;
            best_rank = rank_of(issuer);
        }
    }
    return best;
}

X509_STORE *
gca_server_chain_open_store(GcaX509Stack *anchors)
{
    X509_STORE *store = X509_STORE_new();

    ERR_set_mark();
    if (store == NULL || !X509_STORE_set_default_paths(store))
        g_error("out of memory");
    for (int i = 0; i < sk_X509_num(anchors); i++)
        X509_STORE_add_cert(store, sk_X509_value(anchors, i));
    ERR_pop_to_mark();
    return store;
}

/* The trusted certificate of this computer's store that has issued `certificate`, or NULL. */
static X509 *
find_trusted_issuer(X509 *certificate)
{
    g_autoptr(X509_STORE) store = gca_server_chain_open_store(NULL);
    g_autoptr(X509_STORE_CTX) context = X509_STORE_CTX_new();

    ERR_set_mark();
    g_autoptr(GcaX509Stack) found = NULL;
    if (context != NULL && X509_STORE_CTX_init(context, store, certificate, NULL))
        found = X509_STORE_CTX_get1_certs(context, X509_get_issuer_name(certificate));
    ERR_pop_to_mark();
    for (int i = 0; i < sk_X509_num(found); i++) {
        X509 *issuer = sk_X509_value(found, i);
        if (gca_server_chain_is_issuer(issuer, certificate) && X509_up_ref(issuer))
            return issuer;
    }
    return NULL;
}

GcaX509Stack *
gca_server_chain_build(X509 *leaf, GcaX509Stack *given, GcaX509Stack *known, X509 **end)
{
    GcaX509Stack *chain = sk_X509_new_null();
    X509 *top = leaf;

    while (sk_X509_num(chain) < MAX_LENGTH && !gca_server_chain_is_self_signed(top)) {
        X509 *issuer = find_issuer(given, NULL, leaf, chain);
        issuer = find_issuer(known, issuer, leaf, chain);
        if (issuer == NULL)
            break;
        top = issuer;
        if (!gca_server_chain_is_self_signed(issuer) && X509_up_ref(issuer))
            sk_X509_push(chain, issuer);
    }
    if (end == NULL)
        return chain;
    if (!gca_server_chain_is_self_signed(top))
        *end = find_trusted_issuer(top);
    else if (X509_up_ref(top))
        *end = top;
    return chain;
}

GcaX509Stack *
gca_server_chain_load_known(GError **error)
{
    return gca_chain_load_folders("chain", error);
}
