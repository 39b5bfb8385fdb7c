#include "config.h"

#include "base/error.h"
#include "pkcs11/ckr.h"
#include "pkcs11/internal.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <string.h>

static gboolean
has_id(const PKCS11_KEY *key, GBytes *id)
{
    return id != NULL && g_bytes_get_size(id) == key->id_len &&
           memcmp(g_bytes_get_data(id, NULL), key->id, key->id_len) == 0;
}

static gboolean
card_has_gone(void)
{
    gulong queued = ERR_peek_error();
    return ERR_GET_LIB(queued) == ERR_get_CKR_code() &&
           gca_ckr_to_code((gulong) ERR_GET_REASON(queued)) == GCA_ERROR_CARD_REMOVED;
}

/* The first key of `public_key` among those with, or without, the wanted CKA_ID. */
static EVP_PKEY *
match(PKCS11_KEY *keys, unsigned int n, EVP_PKEY *public_key, GBytes *id, gboolean with_id)
{
    for (unsigned int i = 0; i < n && !card_has_gone(); i++) {
        if (has_id(&keys[i], id) != with_id)
            continue;
        g_autoptr(EVP_PKEY) key = PKCS11_get_private_key(&keys[i]);
        if (key != NULL && EVP_PKEY_eq(key, public_key) == 1)
            return g_steal_pointer(&key);
    }
    return NULL;
}

EVP_PKEY *
gca_token_find_key(GcaToken *token, X509 *certificate, GBytes *id, GError **error)
{
    EVP_PKEY *public_key = X509_get0_pubkey(certificate);
    PKCS11_KEY *keys;
    unsigned int n;

    if (!gca_token_prepare(token, error))
        return NULL;
    ERR_clear_error();
    if (PKCS11_enumerate_keys(token->slot->token, &keys, &n) != 0) {
        gca_token_set_error(token, "C_FindObjects", error);
        return NULL;
    }
    EVP_PKEY *key = match(keys, n, public_key, id, TRUE);
    if (key == NULL)
        key = match(keys, n, public_key, id, FALSE);

    if (key == NULL && card_has_gone())
        gca_token_set_error(token, "C_GetAttributeValue", error);
    else if (key == NULL)
        gca_error_set(error, GCA_ERROR_NO_KEY,
                      _("The card shows no private key that belongs to its certificate."));
    ERR_clear_error();
    return key;
}
