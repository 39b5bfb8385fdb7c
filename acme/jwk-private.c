/* The private half of a JWK: all of it in the secure heap, from the text to the key. */
#include "config.h"

#include "acme/jwk.h"
#include "base/error.h"
#include "base/json.h"
#include "base/secret.h"

#include <glib/gi18n-lib.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <string.h>

#define NUMBER_MAX_BYTES 2048
#define TEXT_MAX ((NUMBER_MAX_BYTES * 4 + 2) / 3)

G_DEFINE_AUTOPTR_CLEANUP_FUNC(OSSL_PARAM, OSSL_PARAM_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OSSL_PARAM_BLD, OSSL_PARAM_BLD_free)
static inline void
wiped_number_free(BIGNUM *number)
{
    BN_clear_free(number);
}
typedef BIGNUM WipedNumber;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WipedNumber, wiped_number_free)

/* RFC 7518 section 6.3.2; RSA with more than two primes ("oth") is not taken. */
static const struct {
    const char *name, *parameter;
} rsa_members[] = {
    {"d", OSSL_PKEY_PARAM_RSA_D},          {"p", OSSL_PKEY_PARAM_RSA_FACTOR1},
    {"q", OSSL_PKEY_PARAM_RSA_FACTOR2},    {"dp", OSSL_PKEY_PARAM_RSA_EXPONENT1},
    {"dq", OSSL_PKEY_PARAM_RSA_EXPONENT2}, {"qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1},
};

static int
value_of(char digit)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const char *at = digit != '\0' ? strchr(digits, digit) : NULL;

    return at != NULL ? (int) (at - digits) : -1;
}

/* Strict base64url: no padding, no other character, no bit set behind the last byte. */
static gboolean
is_base64url(const char *text, gsize size)
{
    static const int unused_bits[] = {0, -1, 0x0f, 0x03};
    int unused = unused_bits[size % 4];

    if (size == 0 || size > TEXT_MAX || unused < 0)
        return FALSE;
    for (gsize i = 0; i < size; i++) {
        if (value_of(text[i]) < 0)
            return FALSE;
    }
    return (value_of(text[size - 1]) & unused) == 0;
}

static GcaSecret *
decode(const char *text, gsize size)
{
    g_autoptr(GcaSecret) secret = gca_secret_new(size + 3);
    char *data = gca_secret_get_data(secret);
    gsize length = 0;

    memcpy(data, text, size);
    for (gsize i = size; i % 4 != 0; i++)
        data[i] = '=';
    data[(size + 3) / 4 * 4] = '\0';
    g_strdelimit(g_strdelimit(data, "-", '+'), "_", '/');
    g_base64_decode_inplace(data, &length);
    gca_secret_truncate(secret, length);
    return g_steal_pointer(&secret);
}

static BIGNUM *
get_number(json_t *jwk, const char *name, GError **error)
{
    const char *text = gca_json_get_string(jwk, name, error);
    if (text == NULL)
        return NULL;
    gsize size = json_string_length(json_object_get(jwk, name));
    if (!is_base64url(text, size)) {
        gca_error_set(error, GCA_ERROR_BAD_DATA,
                      _("The member “%s” of the key is not base64url of a fitting length."), name);
        return NULL;
    }
    g_autoptr(GcaSecret) secret = decode(text, size);
    BIGNUM *number = BN_secure_new();
    if (number != NULL)
        BN_bin2bn((const guint8 *) gca_secret_get_data(secret), (int) gca_secret_get_size(secret),
                  number);
    return number;
}

static gboolean
push_public_number(OSSL_PARAM_BLD *builder, EVP_PKEY *key, const char *parameter, BIGNUM **number)
{
    return EVP_PKEY_get_bn_param(key, parameter, number) == 1 &&
           OSSL_PARAM_BLD_push_BN(builder, parameter, *number) == 1;
}

/* The builder borrows numbers until it is read out. */
static EVP_PKEY *
build_key(const char *type, OSSL_PARAM_BLD *builder)
{
    g_autoptr(OSSL_PARAM) params = OSSL_PARAM_BLD_to_param(builder);
    g_autoptr(EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    EVP_PKEY *key = NULL;

    if (params != NULL && context != NULL && EVP_PKEY_fromdata_init(context) > 0)
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_KEYPAIR, params);
    return key;
}

static EVP_PKEY *
parse_rsa(json_t *jwk, EVP_PKEY *public, GError **error)
{
    g_autoptr(OSSL_PARAM_BLD) builder = OSSL_PARAM_BLD_new();
    g_autoptr(GPtrArray) kept = g_ptr_array_new_with_free_func((GDestroyNotify) BN_clear_free);
    g_autoptr(BIGNUM) n = NULL;
    g_autoptr(BIGNUM) e = NULL;

    if (json_object_get(jwk, "oth") != NULL) {
        gca_error_set(error, GCA_ERROR_BAD_DATA,
                      _("The key has more than two primes, which is not supported."));
        return NULL;
    }
    for (guint i = 0; i < G_N_ELEMENTS(rsa_members); i++) {
        BIGNUM *number = get_number(jwk, rsa_members[i].name, error);
        if (number == NULL)
            return NULL;
        g_ptr_array_add(kept, number);
        OSSL_PARAM_BLD_push_BN(builder, rsa_members[i].parameter, number);
    }
    if (!push_public_number(builder, public, OSSL_PKEY_PARAM_RSA_N, &n) ||
        !push_public_number(builder, public, OSSL_PKEY_PARAM_RSA_E, &e))
        return NULL;
    return build_key("RSA", builder);
}

static EVP_PKEY *
parse_ec(json_t *jwk, EVP_PKEY *public, GError **error)
{
    g_autoptr(OSSL_PARAM_BLD) builder = OSSL_PARAM_BLD_new();
    g_autoptr(WipedNumber) d = get_number(jwk, "d", error);
    char group[32];
    guint8 point[2 * 48 + 1];
    gsize size;

    if (d == NULL)
        return NULL;
    if (EVP_PKEY_get_group_name(public, group, sizeof group, NULL) != 1 ||
        EVP_PKEY_get_octet_string_param(public, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point,
                                        &size) != 1)
        return NULL;
    OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, group, 0);
    OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point, size);
    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, d);
    return build_key("EC", builder);
}

EVP_PKEY *
gca_jwk_parse_private(json_t *jwk, GError **error)
{
    g_autoptr(EVP_PKEY) public = gca_jwk_parse_public(jwk, error);
    g_autoptr(GError) trouble = NULL;
    if (public == NULL)
        return NULL;

    EVP_PKEY *key = EVP_PKEY_is_a(public, "RSA") ? parse_rsa(jwk, public, &trouble)
                                                 : parse_ec(jwk, public, &trouble);
    if (key == NULL && trouble != NULL)
        g_propagate_error(error, g_steal_pointer(&trouble));
    else if (key == NULL)
        gca_error_set(error, GCA_ERROR_BAD_DATA, _("The JSON Web Key is not a valid key."));
    ERR_clear_error(); /* what OpenSSL says of it may hold parts of the key */
    return key;
}
