#include "config.h"

#include "cms/bare-signature.h"

#include "base/error.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>

static gboolean
check_key(EVP_PKEY *key, X509 *signer, GError **error)
{
    EVP_PKEY *public_key = X509_get0_pubkey(signer);

    if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) {
        gca_error_set(error, GCA_ERROR_CRYPTO, _("Only an RSA key can sign; this is another."));
        return FALSE;
    }
    if (public_key != NULL && EVP_PKEY_eq(public_key, key) == 1)
        return TRUE;
    gca_error_set(error, GCA_ERROR_NO_KEY,
                  _("The private key does not belong to the signer's certificate."));
    return FALSE;
}

static guint8 *
sign(EVP_PKEY *key, const EVP_MD *digest, const guint8 *data, gsize size, gsize *signature_size)
{
    g_autoptr(EVP_MD_CTX) context = EVP_MD_CTX_new();
    g_autofree guint8 *signature = NULL;

    if (context == NULL || EVP_DigestSignInit(context, NULL, digest, NULL, key) <= 0 ||
        EVP_DigestSign(context, NULL, signature_size, data, size) <= 0)
        return NULL;
    signature = g_malloc(*signature_size);
    if (EVP_DigestSign(context, signature, signature_size, data, size) <= 0)
        return NULL;
    return g_steal_pointer(&signature);
}

static gboolean
verifies(EVP_PKEY *key, const EVP_MD *digest, const guint8 *data, gsize size,
         const guint8 *signature, gsize signature_size)
{
    g_autoptr(EVP_MD_CTX) context = EVP_MD_CTX_new();

    return context != NULL && EVP_DigestVerifyInit(context, NULL, digest, NULL, key) > 0 &&
           EVP_DigestVerify(context, signature, signature_size, data, size) == 1;
}

GBytes *
gca_bare_signature_make(GBytes *message, const char *digest, EVP_PKEY *key, X509 *signer,
                        GError **error)
{
    const EVP_MD *md = EVP_get_digestbyname(digest);
    gsize size, signature_size;
    const guint8 *data = g_bytes_get_data(message, &size);

    g_return_val_if_fail(md != NULL, NULL);
    if (!check_key(key, signer, error))
        return NULL;
    ERR_clear_error();
    g_autofree guint8 *signature = sign(key, md, data, size, &signature_size);
    if (signature == NULL) {
        char text[256];
        ERR_error_string_n(ERR_peek_error(), text, sizeof text);
        gca_error_set(error, GCA_ERROR_CRYPTO, _("The signature could not be made."));
        gca_error_add_detail(error, "%s", text);
        return NULL;
    }
    if (!verifies(X509_get0_pubkey(signer), md, data, size, signature, signature_size)) {
        gca_error_set_openssl(error, GCA_ERROR_CRYPTO,
                              _("The signature that the card gave does not verify."));
        return NULL;
    }
    return g_bytes_new_take(g_steal_pointer(&signature), signature_size);
}
