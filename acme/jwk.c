#include "config.h"

#include "acme/jwk.h"

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"

#include <glib/gi18n-lib.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <string.h>

#define RSA_MIN_BYTES 256 /* RFC 7518 section 3.3 asks for 2048 bits */
#define RSA_MAX_BYTES 2048
#define EXPONENT_MAX_BYTES 8
#define EXPONENT_MIN_BITS 17 /* 65537 is the least odd number of these */

typedef struct {
    const char *name;  /* RFC 7518 section 6.2.1.1 */
    const char *group; /* OpenSSL's */
    gsize size;        /* of a coordinate */
} Curve;

static const Curve curves[] = {{"P-256", "prime256v1", 32}, {"P-384", "secp384r1", 48}};

G_DEFINE_AUTOPTR_CLEANUP_FUNC(OSSL_PARAM, OSSL_PARAM_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OSSL_PARAM_BLD, OSSL_PARAM_BLD_free)

/* The bytes of a base64url member, between `min` and `max` of them. */
static GBytes *
get_bytes(json_t *jwk, const char *name, gsize min, gsize max, GError **error)
{
    const char *text = gca_json_get_string(jwk, name, error);
    if (text == NULL)
        return NULL;

    g_autoptr(GBytes) bytes = gca_text_parse_base64url(text);
    if (bytes == NULL || g_bytes_get_size(bytes) < min || g_bytes_get_size(bytes) > max) {
        gca_error_set(error, GCA_ERROR_BAD_DATA,
                      _("The member “%s” of the key is not base64url of a fitting length."), name);
        return NULL;
    }
    return g_steal_pointer(&bytes);
}

/* Base64urlUInt: the fewest octets (RFC 7518 section 2), else one key had many thumbprints. */
static BIGNUM *
get_number(json_t *jwk, const char *name, gsize min, gsize max, GError **error)
{
    g_autoptr(GBytes) bytes = get_bytes(jwk, name, min, max, error);
    if (bytes == NULL)
        return NULL;

    gsize size;
    const guint8 *data = g_bytes_get_data(bytes, &size);
    if (data[0] == 0) {
        gca_error_set(error, GCA_ERROR_BAD_DATA,
                      _("The number “%s” of the key begins with a zero byte."), name);
        return NULL;
    }
    return BN_bin2bn(data, (int) size, NULL);
}

static EVP_PKEY *
make_key(const char *type, OSSL_PARAM_BLD *builder, GError **error)
{
    g_autoptr(OSSL_PARAM) params = OSSL_PARAM_BLD_to_param(builder);
    g_autoptr(EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    EVP_PKEY *key = NULL;

    if (params == NULL || context == NULL || EVP_PKEY_fromdata_init(context) <= 0 ||
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params) <= 0)
        gca_error_set_openssl(error, GCA_ERROR_BAD_DATA, _("The JSON Web Key is not a valid key."));
    return key;
}

gboolean
gca_jwk_accepts_exponent(const BIGNUM *e)
{
    return BN_is_odd(e) && BN_num_bits(e) >= EXPONENT_MIN_BITS;
}

static EVP_PKEY *
parse_rsa(json_t *jwk, GError **error)
{
    g_autoptr(BIGNUM) n = get_number(jwk, "n", RSA_MIN_BYTES, RSA_MAX_BYTES, error);
    if (n == NULL)
        return NULL;
    g_autoptr(BIGNUM) e = get_number(jwk, "e", 1, EXPONENT_MAX_BYTES, error);
    if (e == NULL)
        return NULL;
    if (!gca_jwk_accepts_exponent(e)) {
        gca_error_set(error, GCA_ERROR_BAD_DATA,
                      _("The public exponent of the key is even or below 65537."));
        return NULL;
    }

    g_autoptr(OSSL_PARAM_BLD) builder = OSSL_PARAM_BLD_new();
    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n);
    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e);
    return make_key("RSA", builder, error);
}

static const Curve *
get_curve(json_t *jwk, GError **error)
{
    const char *name = gca_json_get_string(jwk, "crv", error);
    if (name == NULL)
        return NULL;
    for (guint i = 0; i < G_N_ELEMENTS(curves); i++) {
        if (g_str_equal(curves[i].name, name))
            return &curves[i];
    }
    g_autofree char *shown = gca_text_escape(name);
    gca_error_set(error, GCA_ERROR_BAD_DATA, _("The curve “%s” of the key is not known."), shown);
    return NULL;
}

static EVP_PKEY *
parse_ec(json_t *jwk, GError **error)
{
    const Curve *curve = get_curve(jwk, error);
    if (curve == NULL)
        return NULL;
    /* both coordinates have the field's full size, RFC 7518 section 6.2.1.2 */
    g_autoptr(GBytes) x = get_bytes(jwk, "x", curve->size, curve->size, error);
    if (x == NULL)
        return NULL;
    g_autoptr(GBytes) y = get_bytes(jwk, "y", curve->size, curve->size, error);
    if (y == NULL)
        return NULL;

    g_autoptr(GByteArray) point = g_byte_array_new();
    g_byte_array_append(point, (const guint8 *) "\x04", 1); /* uncompressed, SEC 1 section 2.3.3 */
    g_byte_array_append(point, g_bytes_get_data(x, NULL), (guint) curve->size);
    g_byte_array_append(point, g_bytes_get_data(y, NULL), (guint) curve->size);

    g_autoptr(OSSL_PARAM_BLD) builder = OSSL_PARAM_BLD_new();
    OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, curve->group, 0);
    OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point->data, point->len);
    return make_key("EC", builder, error);
}

EVP_PKEY *
gca_jwk_parse_public(json_t *jwk, GError **error)
{
    const char *type = gca_json_get_string(jwk, "kty", error);

    if (type == NULL)
        return NULL;
    if (g_str_equal(type, "RSA"))
        return parse_rsa(jwk, error);
    if (g_str_equal(type, "EC"))
        return parse_ec(jwk, error);
    g_autofree char *shown = gca_text_escape(type);
    gca_error_set(error, GCA_ERROR_BAD_DATA,
                  _("The key is of type “%s”, which is neither RSA nor EC."), shown);
    return NULL;
}

char *
gca_jwk_thumbprint(json_t *jwk, GError **error)
{
    /* the required members of each type and no other, RFC 7638 section 3.2 */
    static const char *const rsa[] = {"e", "kty", "n", NULL};
    static const char *const ec[] = {"crv", "kty", "x", "y", NULL};
    g_autoptr(EVP_PKEY) key = gca_jwk_parse_public(jwk, error);
    if (key == NULL)
        return NULL;

    g_autoptr(json_t) needed = json_object();
    const char *const *names = EVP_PKEY_is_a(key, "RSA") ? rsa : ec;
    for (; *names != NULL; names++)
        json_object_set(needed, *names, json_object_get(jwk, *names));
    g_autoptr(GBytes) bytes = gca_json_encode_canonical(needed, error);
    if (bytes == NULL)
        return NULL;

    guint8 digest[32];
    gsize size = sizeof digest;
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sum, g_bytes_get_data(bytes, NULL), (gssize) g_bytes_get_size(bytes));
    g_checksum_get_digest(sum, digest, &size);
    return gca_text_base64url(digest, size);
}

char *
gca_jwk_certbot_id(json_t *jwk, GError **error)
{
    g_autoptr(EVP_PKEY) key = gca_jwk_parse_public(jwk, error);
    if (key == NULL)
        return NULL;

    g_autoptr(BIO) memory = BIO_new(BIO_s_mem());
    char *pem;
    if (!PEM_write_bio_PUBKEY(memory, key)) {
        gca_error_set_openssl(error, GCA_ERROR_CRYPTO, _("The public key cannot be encoded."));
        return NULL;
    }
    long size = BIO_get_mem_data(memory, &pem);
    return g_compute_checksum_for_data(G_CHECKSUM_MD5, (const guint8 *) pem, (gsize) size);
}

void
gca_jwk_free(json_t *jwk)
{
    const char *name;
    json_t *member;

    json_object_foreach(jwk, name, member)
    {
        if (json_is_string(member))
            OPENSSL_cleanse((char *) json_string_value(member), json_string_length(member));
    }
    json_decref(jwk);
}
