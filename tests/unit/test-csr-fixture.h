/* Certificate requests as others make them: with OpenSSL, right or wrong as a test needs it. */
#pragma once

#include "test-x509-fixture.h"

#include <openssl/pem.h>

#define GOOD_DN "CN=www.example.gov.tw,O=甲院-乙部測試署,L=臺灣,C=TW"
#define GOOD_SAN "subjectAltName = DNS:www.example.gov.tw\n"

/* What is not given: GOOD_DN, GOOD_SAN, a shared RSA key, SHA-256. */
typedef struct {
    const char *subject;
    const char *extensions; /* as in openssl.cnf */
    EVP_PKEY *key;
    const EVP_MD *digest;
    const char *challenge;
    long version;
    gboolean asks_twice; /* a second extensionRequest */
} Asked;

static inline void
add_requested(X509_REQ *csr, const char *extensions)
{
    g_autoptr(CONF) config = load_config(extensions);
    X509V3_CTX context;
    char section[] = "extensions";

    X509V3_set_ctx(&context, NULL, NULL, csr, NULL, 0);
    X509V3_set_nconf(&context, config);
    g_assert_cmpint(X509V3_EXT_REQ_add_nconf(config, &context, section, csr), ==, 1);
}

static inline GBytes *
encode_der(X509_REQ *csr)
{
    guint8 *der = NULL;
    int size = i2d_X509_REQ(csr, &der);

    g_assert_cmpint(size, >, 0);
    return g_bytes_new_with_free_func(der, (gsize) size, gca_openssl_free, der);
}

static inline X509_REQ *
make_request(const Asked *asked)
{
    X509_REQ *csr = X509_REQ_new();
    EVP_PKEY *key = asked->key ? asked->key : get_key(0);
    const guint8 *challenge = (const guint8 *) asked->challenge;

    X509_REQ_set_version(csr, asked->version);
    set_name(X509_REQ_get_subject_name(csr), asked->subject ? asked->subject : GOOD_DN);
    X509_REQ_set_pubkey(csr, key);
    if (challenge != NULL)
        g_assert_true(X509_REQ_add1_attr_by_NID(csr, NID_pkcs9_challengePassword, MBSTRING_UTF8,
                                                challenge, -1));
    add_requested(csr, asked->extensions ? asked->extensions : GOOD_SAN);
    if (asked->asks_twice)
        add_requested(csr, GOOD_SAN);
    g_assert_cmpint(X509_REQ_sign(csr, key, asked->digest ? asked->digest : EVP_sha256()), >, 0);
    return csr;
}

static inline GBytes *
encode_key(EVP_PKEY *key)
{
    g_autoptr(BIO) bio = BIO_new(BIO_s_mem());
    char *pem;

    g_assert_true(PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL));
    gsize size = (gsize) BIO_get_mem_data(bio, &pem);
    return g_bytes_new(pem, size);
}
