/* The least that libp11 and OpenSSL need to sign a file with a card: the measure for our own number
 * of C_* calls. usage: minimal-sign MODULE PIN FILE OUT, with pkcs11-spy.so as MODULE. The
 * PIN in argv is that of a test token. */
#include <libp11.h>
#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>

static void
need(int fine, const char *what)
{
    if (fine)
        return;
    fprintf(stderr, "minimal-sign: %s\n", what);
    ERR_print_errors_fp(stderr);
    exit(1);
}

/* A certificate for which the token has the private key. */
static X509 *
find(PKCS11_TOKEN *token, EVP_PKEY **key)
{
    PKCS11_CERT *certificates;
    unsigned int n;

    need(PKCS11_enumerate_certs(token, &certificates, &n) == 0, "certificates");
    for (unsigned int i = 0; i < n; i++) {
        PKCS11_KEY *found = PKCS11_find_key(&certificates[i]);
        if (found == NULL)
            continue;
        *key = PKCS11_get_private_key(found);
        if (*key != NULL)
            return certificates[i].x509;
    }
    return NULL;
}

static void
sign(X509 *certificate, EVP_PKEY *key, const char *from, const char *to)
{
    BIO *in = BIO_new_file(from, "rb"), *out = BIO_new_file(to, "wb");

    need(in != NULL && out != NULL, "files");
    CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, CMS_BINARY | CMS_PARTIAL);
    need(cms != NULL && CMS_add1_signer(cms, certificate, key, EVP_sha256(), CMS_BINARY) != NULL,
         "signer");
    need(CMS_final(cms, in, NULL, CMS_BINARY), "CMS_final");
    need(i2d_CMS_bio(out, cms), "write");
    CMS_ContentInfo_free(cms);
    BIO_free(in);
    BIO_free(out);
}

int
main(int argc, char **argv)
{
    PKCS11_CTX *ctx = PKCS11_CTX_new();
    PKCS11_SLOT *slots, *slot;
    unsigned int n;
    EVP_PKEY *key = NULL;

    need(argc >= 5, "usage: minimal-sign MODULE PIN FILE OUT");
    need(PKCS11_CTX_load(ctx, argv[1]) == 0, "module");
    need(PKCS11_enumerate_slots(ctx, &slots, &n) == 0, "slots");
    slot = PKCS11_find_token(ctx, slots, n);
    need(slot != NULL && slot->token->initialized, "token");
    need(PKCS11_login(slot, 0, argv[2]) == 0, "PIN");
    X509 *certificate = find(slot->token, &key);
    need(certificate != NULL, "certificate and key");
    sign(certificate, key, argv[3], argv[4]);

    EVP_PKEY_free(key);
    PKCS11_release_all_slots(ctx, slots, n);
    PKCS11_CTX_unload(ctx);
    PKCS11_CTX_free(ctx);
    return 0;
}
