#include "config.h"

#include "base/secret.h"

#include <jansson.h>
#include <malloc.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#define SECURE_HEAP_BYTES (1024 * 1024) /* a dozen threads with RSA 4096 */
#define SECURE_HEAP_BLOCK 16

struct _GcaSecret {
    gatomicrefcount refs;
    gsize size;
    gsize allocated;
    char *data; /* in the secure heap, which is locked in memory and left out of core files */
};

/* JSON may hold private keys (an ACME account's), and jansson frees its buffers as they are. */
static void
free_wiped(void *data)
{
    if (data != NULL)
        OPENSSL_cleanse(data, malloc_usable_size(data));
    free(data);
}

void
gca_secret_protect_process(void)
{
    const struct rlimit no_core = {0, 0};

    json_set_alloc_funcs(malloc, free_wiped);
    setrlimit(RLIMIT_CORE, &no_core);
    prctl(PR_SET_DUMPABLE, 0);
    CRYPTO_secure_malloc_init(SECURE_HEAP_BYTES, SECURE_HEAP_BLOCK);
}

GcaSecret *
gca_secret_new(gsize size)
{
    GcaSecret *secret = g_new0(GcaSecret, 1);
    g_atomic_ref_count_init(&secret->refs);
    secret->size = size;
    secret->allocated = size + 1;
    secret->data = OPENSSL_secure_zalloc(secret->allocated);
    if (secret->data == NULL)
        g_error("no secure memory left");
    return secret;
}

GcaSecret *
gca_secret_new_wiping(void *data, gsize size)
{
    GcaSecret *secret = gca_secret_new(size);
    memcpy(secret->data, data, size);
    OPENSSL_cleanse(data, size);
    return secret;
}

GcaSecret *
gca_secret_ref(GcaSecret *secret)
{
    g_atomic_ref_count_inc(&secret->refs);
    return secret;
}

void
gca_secret_unref(GcaSecret *secret)
{
    if (!g_atomic_ref_count_dec(&secret->refs))
        return;
    OPENSSL_secure_clear_free(secret->data, secret->allocated);
    g_free(secret);
}

char *
gca_secret_get_data(GcaSecret *secret)
{
    return secret->data;
}

gsize
gca_secret_get_size(const GcaSecret *secret)
{
    return secret->size;
}

void
gca_secret_truncate(GcaSecret *secret, gsize size)
{
    g_return_if_fail(size <= secret->size);
    OPENSSL_cleanse(secret->data + size, secret->size - size);
    secret->size = size;
}

gboolean
gca_secret_equal(const GcaSecret *a, const GcaSecret *b)
{
    return a->size == b->size && CRYPTO_memcmp(a->data, b->data, a->size) == 0;
}

GBytes *
gca_secret_to_bytes(GcaSecret *secret)
{
    return g_bytes_new_with_free_func(gca_secret_get_data(secret), gca_secret_get_size(secret),
                                      (GDestroyNotify) gca_secret_unref, secret);
}
