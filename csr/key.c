#include "config.h"

#include "csr/key.h"

#include "base/error.h"
#include "base/secret-file.h"
#include "base/text.h"

#include <glib/gi18n-lib.h>
#include <openssl/encoder.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <time.h>

/* RFC 7914 section 2: 16 MiB and some 50 ms; OpenSSL reads up to 32 MiB */
#define SCRYPT_N 16384
#define SCRYPT_R 8
#define SCRYPT_P 1

G_DEFINE_AUTOPTR_CLEANUP_FUNC(OSSL_ENCODER_CTX, OSSL_ENCODER_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509_ALGOR, X509_ALGOR_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509_SIG, X509_SIG_free)

static gint64 generation_time; /* microseconds, of all threads */

static gint64
thread_cpu_time(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

EVP_PKEY *
gca_key_generate(guint bits, GError **error)
{
    gint64 start = thread_cpu_time();
    EVP_PKEY *key = EVP_RSA_gen(bits);
    __atomic_fetch_add(&generation_time, thread_cpu_time() - start, __ATOMIC_RELAXED);

    if (key == NULL)
        gca_error_set_openssl(error, GCA_ERROR_CRYPTO, _("No RSA key of %u bits can be made."),
                              bits);
    return key;
}

gint64
gca_key_get_generation_time(void)
{
    return __atomic_load_n(&generation_time, __ATOMIC_RELAXED);
}

/* What has been written to a BIO in the secure heap. */
static GBytes *
take_bytes(BIO *bio)
{
    char *data;
    long size = BIO_get_mem_data(bio, &data);

    return gca_secret_to_bytes(gca_secret_new_wiping(data, (gsize) size));
}

/* PKCS#8 (RFC 5958) by the encoder: EVP_PKEY2PKCS8 would free a copy without wiping it. */
static BIO *
encode_plain(EVP_PKEY *key, const char *form)
{
    g_autoptr(BIO) bio = BIO_new(BIO_s_secmem());
    g_autoptr(OSSL_ENCODER_CTX) encoder =
        OSSL_ENCODER_CTX_new_for_pkey(key, EVP_PKEY_KEYPAIR, form, "PrivateKeyInfo", NULL);

    if (bio == NULL || encoder == NULL || OSSL_ENCODER_to_bio(encoder, bio) != 1)
        return NULL;
    return g_steal_pointer(&bio);
}

static BIO *
encode_encrypted(EVP_PKEY *key, GcaSecret *passphrase)
{
    g_autoptr(BIO) plain = encode_plain(key, "DER");
    g_autoptr(BIO) bio = BIO_new(BIO_s_secmem());
    g_autoptr(PKCS8_PRIV_KEY_INFO) info = plain ? d2i_PKCS8_PRIV_KEY_INFO_bio(plain, NULL) : NULL;
    g_autoptr(X509_ALGOR) algorithm =
        PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), NULL, 0, NULL, SCRYPT_N, SCRYPT_R, SCRYPT_P);
    if (bio == NULL || info == NULL || algorithm == NULL)
        return NULL;
    g_autoptr(X509_SIG) encrypted = PKCS8_set0_pbe(
        gca_secret_get_data(passphrase), (int) gca_secret_get_size(passphrase), info, algorithm);
    if (encrypted == NULL)
        return NULL;
    algorithm = NULL; /* is part of it now */
    return PEM_write_bio_PKCS8(bio, encrypted) == 1 ? g_steal_pointer(&bio) : NULL;
}

GBytes *
gca_key_encode(EVP_PKEY *key, GcaSecret *passphrase, GError **error)
{
    g_autoptr(BIO) bio = passphrase ? encode_encrypted(key, passphrase) : encode_plain(key, "PEM");

    if (bio != NULL)
        return take_bytes(bio);
    gca_error_set_openssl(error, GCA_ERROR_CRYPTO, _("The private key cannot be written."));
    return NULL;
}

GBytes *
gca_key_read_file(const char *path, GError **error)
{
    g_autoptr(GcaSecret) secret = gca_secret_read_whole(path, GCA_KEY_FILE_LIMIT, error);

    return secret != NULL ? gca_secret_to_bytes(g_steal_pointer(&secret)) : NULL;
}

char *
gca_key_fingerprint(EVP_PKEY *key)
{
    guint8 *der = NULL;
    int size = i2d_PUBKEY(key, &der);
    g_autoptr(GBytes) bytes =
        g_bytes_new_with_free_func(der, size > 0 ? (gsize) size : 0, gca_openssl_free, der);

    return gca_text_sha256(bytes);
}

gboolean
gca_key_check(EVP_PKEY *key, const GcaProfile *profile, GError **error)
{
    guint bits = (guint) EVP_PKEY_get_bits(key);

    if (!EVP_PKEY_is_a(key, "RSA")) {
        const char *type = EVP_PKEY_get0_type_name(key);
        gca_error_set(error, GCA_ERROR_USAGE, _("The key is of type %s; %s takes RSA keys only."),
                      type ? type : "?", gca_profile_get_title(profile));
        return FALSE;
    }
    if (gca_profile_allows_key_bits(profile, bits))
        return TRUE;
    gca_error_set(error, GCA_ERROR_USAGE,
                  _("The key is of %u bits, which %s does not take; RSA keys of %u bits it does."),
                  bits, gca_profile_get_title(profile), gca_profile_get_key_bits(profile));
    return FALSE;
}
