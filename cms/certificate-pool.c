#include "config.h"

#include "cms/certificate-pool.h"

#include "x509/certificate.h"

#include <openssl/err.h>
#include <openssl/provider.h>

#define MAX_CERTIFICATES 1024 /* a run that meets more begins anew */

struct _GcaCertificatePool {
    GHashTable *known;   /* GBytes of the whole certificate to X509 */
    GHashTable *holders; /* X509, which the holder keeps alive, to GcaHolder */
    OSSL_LIB_CTX *bare;  /* has no decoders */
    OSSL_PROVIDER *null; /* of `bare`, so that it does not load the default one */
};

GcaCertificatePool *
gca_certificate_pool_new(void)
{
    GcaCertificatePool *pool = g_new0(GcaCertificatePool, 1);

    pool->known = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref,
                                        (GDestroyNotify) X509_free);
    pool->holders = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify) gca_holder_unref);
    pool->bare = OSSL_LIB_CTX_new();
    pool->null = pool->bare != NULL ? OSSL_PROVIDER_load(pool->bare, "null") : NULL;
    if (pool->null == NULL) /* it is built in */
        g_error("no memory left");
    return pool;
}

void
gca_certificate_pool_free(GcaCertificatePool *pool)
{
    g_hash_table_unref(pool->holders);
    g_hash_table_unref(pool->known);
    OSSL_PROVIDER_unload(pool->null);
    OSSL_LIB_CTX_free(pool->bare);
    g_free(pool);
}

/* OpenSSL 3.0 decodes each public key as soon as it meets it, and asks all decoders of all
 * providers for that: a fifth of all that is done for a request, and half of it with two CA
 * certificates in it. Where there is no decoder it leaves the key for later. */
CMS_ContentInfo *
gca_certificate_pool_read(GcaCertificatePool *pool, const guint8 **at, long size)
{
    OSSL_LIB_CTX *before = OSSL_LIB_CTX_set0_default(pool->bare); /* of this thread */
    CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, at, size);

    OSSL_LIB_CTX_set0_default(before);
    return cms;
}

/* Borrowed; NULL where it cannot be read a second time. */
static X509 *
find(GcaCertificatePool *pool, X509 *certificate)
{
    g_autoptr(GBytes) der = gca_certificate_encode(certificate);
    X509 *found = g_hash_table_lookup(pool->known, der);
    if (found != NULL)
        return found;

    gsize size;
    const guint8 *at = g_bytes_get_data(der, &size);
    found = d2i_X509(NULL, &at, (long) size);
    if (found == NULL) {
        ERR_clear_error();
        return NULL;
    }
    if (g_hash_table_size(pool->known) >= MAX_CERTIFICATES) {
        g_hash_table_remove_all(pool->holders);
        g_hash_table_remove_all(pool->known);
    }
    g_hash_table_insert(pool->known, g_steal_pointer(&der), found);
    return found;
}

void
gca_certificate_pool_exchange(GcaCertificatePool *pool, GcaX509Stack *certificates)
{
    for (int i = 0; i < sk_X509_num(certificates); i++) {
        X509 *own = sk_X509_value(certificates, i), *found = find(pool, own);
        if (found == NULL) /* stays without a key, so that it is good for nothing */
            continue;
        X509_up_ref(found);
        sk_X509_set(certificates, i, found);
        X509_free(own);
    }
}

GcaHolder *
gca_certificate_pool_get_holder(GcaCertificatePool *pool, X509 *certificate, GError **error)
{
    GcaHolder *holder = g_hash_table_lookup(pool->holders, certificate);

    if (holder == NULL) {
        holder = gca_holder_new(certificate, error);
        if (holder == NULL)
            return NULL;
        g_hash_table_insert(pool->holders, certificate, holder);
    }
    return gca_holder_ref(holder);
}
