#include "config.h"

#include "acme/account-key.h"

#include "acme/account-private.h"
#include "acme/jwk.h"
#include "base/error.h"
#include "base/json.h"
#include "base/secret-file.h"
#include "base/text.h"

#include <glib/gi18n-lib.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <string.h>

#define RSA_MIN_BITS 2048 /* RFC 7518 section 3.3 */
#define RSA_MAX_BITS 16384

static void
set_not_a_key(GError **error, const char *path, const char *why)
{
    g_autofree char *shown = gca_text_escape(path);
    gca_error_set(error, GCA_ERROR_BAD_DATA, _("“%s” holds no usable account key: %s."), shown,
                  why);
}

/* Nobody is asked for a passphrase here. */
static int
refuse_passphrase(char *buffer, int size, int is_writing, void *data)
{
    *(gboolean *) data = TRUE;
    return -1;
}

static EVP_PKEY *
parse_pem(GBytes *bytes, const char *path, GError **error)
{
    gboolean is_encrypted = FALSE;
    g_autoptr(BIO) bio =
        BIO_new_mem_buf(g_bytes_get_data(bytes, NULL), (int) g_bytes_get_size(bytes));
    EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, refuse_passphrase, &is_encrypted);

    ERR_clear_error();
    if (key == NULL && is_encrypted)
        set_not_a_key(error, path, _("it is encrypted, which no ACME client does"));
    else if (key == NULL)
        set_not_a_key(error, path, _("its PEM is malformed or of an unknown kind"));
    return key;
}

static EVP_PKEY *
parse_json(GBytes *bytes, const char *path, gboolean is_public, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    json_t *jwk = gca_json_parse(bytes, path, &trouble);
    EVP_PKEY *key = NULL;

    if (jwk == NULL) {
        set_not_a_key(error, path, _("it is neither PEM nor JSON"));
        return NULL;
    }
    key = is_public ? gca_jwk_parse_public(jwk, &trouble) : gca_jwk_parse_private(jwk, &trouble);
    gca_jwk_free(jwk);
    if (key == NULL) {
        g_autofree char *shown = gca_text_escape(path);
        gca_error_set(error, GCA_ERROR_BAD_DATA, _("“%s” holds no usable account key: %s"), shown,
                      trouble->message);
    }
    return key;
}

static gboolean
is_known_curve(EVP_PKEY *key)
{
    char group[32];

    return EVP_PKEY_get_group_name(key, group, sizeof group, NULL) == 1 &&
           (g_str_equal(group, "prime256v1") || g_str_equal(group, "secp384r1"));
}

static gboolean
is_known_rsa(EVP_PKEY *key)
{
    g_autoptr(BIGNUM) e = NULL;

    return EVP_PKEY_get_bits(key) >= RSA_MIN_BITS && EVP_PKEY_get_bits(key) <= RSA_MAX_BITS &&
           EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e) == 1 &&
           gca_jwk_accepts_exponent(e);
}

/* What ACME servers take and we can sign with. */
static gboolean
is_known_kind(EVP_PKEY *key)
{
    if (EVP_PKEY_is_a(key, "RSA"))
        return is_known_rsa(key);
    return EVP_PKEY_is_a(key, "EC") && is_known_curve(key);
}

/* Public and private half and, of RSA, the numbers of the Chinese remainder theorem fit together: a
 * signature made with wrong ones can give the key away. */
static gboolean
is_consistent(EVP_PKEY *key)
{
    g_autoptr(EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    gboolean is_good = context != NULL && EVP_PKEY_check(context) == 1;

    ERR_clear_error();
    return is_good;
}

static EVP_PKEY *
load(const char *path, gboolean is_public, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GcaSecret) secret = gca_secret_read_whole(path, GCA_ACCOUNT_FILE_LIMIT, &trouble);
    if (secret == NULL) {
        if (gca_error_get_code(trouble) == GCA_ERROR_FILE)
            gca_error_set_hint(&trouble, _("The key can be used by the user that the ACME client "
                                           "runs as, mostly root: use sudo."));
        g_propagate_error(error, g_steal_pointer(&trouble));
        return NULL;
    }
    g_autoptr(GBytes) bytes =
        g_bytes_new_static(gca_secret_get_data(secret), gca_secret_get_size(secret));
    gboolean is_pem = g_strstr_len(gca_secret_get_data(secret),
                                   (gssize) gca_secret_get_size(secret), "-----BEGIN ") != NULL;
    g_autoptr(EVP_PKEY) key =
        is_pem ? parse_pem(bytes, path, error) : parse_json(bytes, path, is_public, error);
    if (key == NULL)
        return NULL;
    if (!is_known_kind(key))
        set_not_a_key(error, path,
                      _("it is neither RSA of 2048 bits or more, with an exponent of 65537 or "
                        "more, nor of the "
                        "curves P-256 and P-384"));
    else if (!is_public && !is_consistent(key))
        set_not_a_key(error, path, _("its parts do not fit together"));
    else
        return g_steal_pointer(&key);
    return NULL;
}

EVP_PKEY *
gca_account_key_load(const char *path, GError **error)
{
    return load(path, FALSE, error);
}

EVP_PKEY *
gca_account_key_load_public(const char *path, GError **error)
{
    return load(path, TRUE, error);
}

/* A number of the key in base64url; `size` bytes, 0: as few as there are (RFC 7518 section 2). */
static gboolean
add_number(json_t *jwk, const char *name, EVP_PKEY *key, const char *parameter, gsize size)
{
    g_autoptr(BIGNUM) number = NULL;
    if (EVP_PKEY_get_bn_param(key, parameter, &number) != 1)
        return FALSE;
    gsize length = size > 0 ? size : (gsize) BN_num_bytes(number);
    g_autofree guint8 *bytes = g_malloc(length);
    if (BN_bn2binpad(number, bytes, (int) length) < 0)
        return FALSE;
    g_autofree char *text = gca_text_base64url(bytes, length);
    return json_object_set_new(jwk, name, json_string(text)) == 0;
}

static gboolean
add_members(json_t *jwk, EVP_PKEY *key)
{
    if (EVP_PKEY_is_a(key, "RSA")) {
        json_object_set_new(jwk, "kty", json_string("RSA"));
        return add_number(jwk, "e", key, OSSL_PKEY_PARAM_RSA_E, 0) &&
               add_number(jwk, "n", key, OSSL_PKEY_PARAM_RSA_N, 0);
    }
    if (!EVP_PKEY_is_a(key, "EC") || !is_known_curve(key))
        return FALSE;
    gsize size = (gsize) EVP_PKEY_get_bits(key) / 8;
    json_object_set_new(jwk, "kty", json_string("EC"));
    json_object_set_new(jwk, "crv", json_string(size == 32 ? "P-256" : "P-384"));
    return add_number(jwk, "x", key, OSSL_PKEY_PARAM_EC_PUB_X, size) &&
           add_number(jwk, "y", key, OSSL_PKEY_PARAM_EC_PUB_Y, size);
}

json_t *
gca_account_key_to_jwk(EVP_PKEY *key, GError **error)
{
    g_autoptr(json_t) jwk = json_object();

    if (add_members(jwk, key))
        return g_steal_pointer(&jwk);
    gca_error_set_openssl(error, GCA_ERROR_CRYPTO, _("The key cannot be written as a JWK."));
    return NULL;
}
