#include "config.h"

#include "acme/jws.h"

#include "acme/jwk.h"
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"

#include <glib/gi18n-lib.h>
#include <openssl/ecdsa.h>
#include <string.h>

#define HEADER_LIMIT 8192
#define NUMBER_MAX_BYTES 48
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ECDSA_SIG, ECDSA_SIG_free)

/* RFC 7518 section 3.1 */
typedef struct {
    const char *name, *digest, *group; /* `group`: NULL is RSA */
    gsize size;                        /* of r and of s */
} Algorithm;

static const Algorithm algorithms[] = {{"RS256", "SHA256", NULL, 0},
                                       {"ES256", "SHA256", "prime256v1", 32},
                                       {"ES384", "SHA384", "secp384r1", NUMBER_MAX_BYTES}};

static const Algorithm *
get_algorithm(EVP_PKEY *key)
{
    char group[32];

    if (EVP_PKEY_is_a(key, "RSA"))
        return &algorithms[0];
    if (!EVP_PKEY_is_a(key, "EC") || EVP_PKEY_get_group_name(key, group, sizeof group, NULL) != 1)
        return NULL;
    for (guint i = 1; i < G_N_ELEMENTS(algorithms); i++) {
        if (g_str_equal(algorithms[i].group, group))
            return &algorithms[i];
    }
    return NULL;
}

/* r and s of full size behind each other, RFC 7518 section 3.4; OpenSSL's is DER. */
static GBytes *
raw_of_der(const guint8 *der, gsize size, const Algorithm *algorithm)
{
    g_autoptr(ECDSA_SIG) signature = d2i_ECDSA_SIG(NULL, &der, (long) size);
    g_autofree guint8 *raw = g_malloc(2 * algorithm->size);
    int half = (int) algorithm->size;

    if (signature == NULL || BN_bn2binpad(ECDSA_SIG_get0_r(signature), raw, half) < 0 ||
        BN_bn2binpad(ECDSA_SIG_get0_s(signature), raw + half, half) < 0)
        return NULL;
    return g_bytes_new_take(g_steal_pointer(&raw), 2 * algorithm->size);
}

static GBytes *
der_of_raw(GBytes *raw, const Algorithm *algorithm)
{
    gsize size;
    const guint8 *data = g_bytes_get_data(raw, &size);
    if (size != 2 * algorithm->size)
        return NULL;

    g_autoptr(ECDSA_SIG) signature = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(data, (int) algorithm->size, NULL);
    BIGNUM *s = BN_bin2bn(data + algorithm->size, (int) algorithm->size, NULL);
    ECDSA_SIG_set0(signature, r, s);
    guint8 *der = NULL;
    int length = i2d_ECDSA_SIG(signature, &der);
    return length > 0 ? g_bytes_new_with_free_func(der, (gsize) length, gca_openssl_free, der)
                      : NULL;
}

static GBytes *
sign(EVP_PKEY *key, const Algorithm *algorithm, const char *input)
{
    g_autoptr(EVP_MD_CTX) context = EVP_MD_CTX_new();
    gsize size = 0;

    if (EVP_DigestSignInit_ex(context, NULL, algorithm->digest, NULL, NULL, key, NULL) != 1 ||
        EVP_DigestSign(context, NULL, &size, (const guint8 *) input, strlen(input)) != 1)
        return NULL;
    g_autofree guint8 *data = g_malloc(size);
    if (EVP_DigestSign(context, data, &size, (const guint8 *) input, strlen(input)) != 1)
        return NULL;
    return algorithm->group ? raw_of_der(data, size, algorithm)
                            : g_bytes_new_take(g_steal_pointer(&data), size);
}

static char *
encode_bytes(GBytes *bytes)
{
    gsize size;
    const void *data = g_bytes_get_data(bytes, &size);
    return gca_text_base64url(data, size);
}

json_t *
gca_jws_sign(EVP_PKEY *key, json_t *header, GBytes *payload, GError **error)
{
    const Algorithm *algorithm = get_algorithm(key);
    if (algorithm == NULL) {
        gca_error_set(error, GCA_ERROR_USAGE,
                      _("The account key is neither RSA nor of the curves P-256 and P-384."));
        return NULL;
    }
    g_autoptr(json_t) whole = json_copy(header);
    json_object_set_new(whole, "alg", json_string(algorithm->name));
    g_autoptr(GBytes) text = gca_json_encode_canonical(whole, error);
    if (text == NULL)
        return NULL;

    g_autofree char *protected = encode_bytes(text);
    g_autofree char *body = encode_bytes(payload);
    g_autofree char *input = g_strjoin(".", protected, body, NULL); /* RFC 7515 section 5.1 */
    g_autoptr(GBytes) signature = sign(key, algorithm, input);
    if (signature == NULL) {
        gca_error_set_openssl(error, GCA_ERROR_CRYPTO, _("The account key cannot sign."));
        return NULL;
    }
    g_autofree char *encoded = encode_bytes(signature);
    return json_pack("{s:s, s:s, s:s}", "protected", protected, "payload", body, "signature",
                     encoded);
}

static gboolean
fail_form(GError **error, const char *what)
{
    gca_error_set(error, GCA_ERROR_BAD_DATA, _("The JSON Web Signature is malformed: %s"), what);
    return FALSE;
}

/* The flattened form without the unprotected header that RFC 7515 section 7.2.2 allows. */
static gboolean
check_members(json_t *jws, GError **error)
{
    static const char *const names[] = {"protected", "payload", "signature"};

    if (!json_is_object(jws) || json_object_size(jws) != G_N_ELEMENTS(names))
        return fail_form(error, _("it must have protected, payload and signature alone."));
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GError) trouble = NULL;
        const char *text = gca_json_get_string(jws, names[i], &trouble);
        if (text == NULL)
            return fail_form(error, trouble->message);
    }
    return TRUE;
}

static GBytes *
decode_member(json_t *jws, const char *name, GError **error)
{
    json_t *member = json_object_get(jws, name);
    const char *text = json_string_value(member);
    GBytes *bytes =
        strlen(text) == json_string_length(member) ? gca_text_parse_base64url(text) : NULL;
    if (bytes == NULL) {
        g_autofree char *what = g_strdup_printf(_("“%s” is not base64url."), name);
        fail_form(error, what);
    }
    return bytes;
}

/* crit (RFC 7515 section 4.1.11) is refused with all else that is not known here: what must be
 * understood is not. */
static gboolean
check_header(json_t *header, GError **error)
{
    static const char *const known[] = {"alg", "jwk", "nonce", "url", NULL};
    const char *name;
    json_t *member;

    if (!json_is_object(header))
        return fail_form(error, _("its header is no object."));
    json_object_foreach(header, name, member)
    {
        if (!g_strv_contains(known, name)) {
            g_autofree char *shown = gca_text_escape(name);
            g_autofree char *what = g_strdup_printf(_("its header holds “%s”."), shown);
            return fail_form(error, what);
        }
    }
    return TRUE;
}

/* The required members only (RFC 7638 section 3.2): above all, no private one. */
static EVP_PKEY *
parse_key(json_t *header, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    json_t *jwk = json_object_get(header, "jwk");
    EVP_PKEY *key = json_is_object(jwk) ? gca_jwk_parse_public(jwk, &trouble) : NULL;

    if (key == NULL)
        fail_form(error, trouble ? trouble->message : _("its header holds no key."));
    else if (json_object_size(jwk) != (EVP_PKEY_is_a(key, "RSA") ? 3 : 4))
        fail_form(error, _("its key has more than the public members."));
    else
        return key;
    EVP_PKEY_free(key);
    return NULL;
}

/* RFC 8259 section 8.1: not on the network; what parses our files passes it over. */
static gboolean
has_mark(GBytes *bytes)
{
    gsize size;
    const char *data = g_bytes_get_data(bytes, &size);

    return size >= strlen(BYTE_ORDER_MARK) &&
           memcmp(data, BYTE_ORDER_MARK, strlen(BYTE_ORDER_MARK)) == 0;
}

static json_t *
parse_header(json_t *jws, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GBytes) bytes = decode_member(jws, "protected", error);
    if (bytes == NULL)
        return NULL;
    if (g_bytes_get_size(bytes) > HEADER_LIMIT) {
        fail_form(error, _("its header is too large."));
        return NULL;
    }
    if (has_mark(bytes)) {
        fail_form(error, _("its header begins with a byte order mark."));
        return NULL;
    }
    g_autoptr(json_t) header = gca_json_parse(bytes, "protected", &trouble);
    if (header == NULL)
        fail_form(error, trouble->message);
    return header != NULL && check_header(header, error) ? g_steal_pointer(&header) : NULL;
}

static gboolean
check_signature(json_t *jws, EVP_PKEY *key, const Algorithm *algorithm, GError **error)
{
    g_autoptr(GBytes) raw = decode_member(jws, "signature", error);
    if (raw == NULL)
        return FALSE;

    g_autofree char *input = g_strjoin(".", json_string_value(json_object_get(jws, "protected")),
                                       json_string_value(json_object_get(jws, "payload")), NULL);
    g_autoptr(GBytes) der = algorithm->group ? der_of_raw(raw, algorithm) : g_bytes_ref(raw);
    g_autoptr(EVP_MD_CTX) context = EVP_MD_CTX_new();
    if (der != NULL &&
        EVP_DigestVerifyInit_ex(context, NULL, algorithm->digest, NULL, NULL, key, NULL) == 1 &&
        EVP_DigestVerify(context, g_bytes_get_data(der, NULL), g_bytes_get_size(der),
                         (const guint8 *) input, strlen(input)) == 1)
        return TRUE;
    gca_error_set_openssl(error, GCA_ERROR_CHECK_FAILED,
                          _("The signature was not made with the key that is named beside it."));
    return FALSE;
}

static gboolean
check_algorithm(json_t *header, const Algorithm *algorithm, GError **error)
{
    const char *name = json_string_value(json_object_get(header, "alg"));

    if (algorithm != NULL && g_strcmp0(name, algorithm->name) == 0)
        return TRUE;
    g_autofree char *shown = gca_text_escape(name ? name : "");
    gca_error_set(error, GCA_ERROR_CHECK_FAILED,
                  _("The signature's algorithm “%s” does not fit its key."), shown);
    return FALSE;
}

json_t *
gca_jws_verify(json_t *jws, GBytes *payload, GError **error)
{
    if (!check_members(jws, error))
        return NULL;
    g_autoptr(json_t) header = parse_header(jws, error);
    g_autoptr(EVP_PKEY) key = header ? parse_key(header, error) : NULL;
    if (key == NULL)
        return NULL;
    const Algorithm *algorithm = get_algorithm(key);
    g_autoptr(GBytes) signed_bytes = decode_member(jws, "payload", error);
    if (signed_bytes == NULL || !check_algorithm(header, algorithm, error))
        return NULL;
    if (!g_bytes_equal(signed_bytes, payload)) {
        gca_error_set(error, GCA_ERROR_CHECK_FAILED,
                      _("The signature is for something else than what it stands beside."));
        return NULL;
    }
    return check_signature(jws, key, algorithm, error) ? g_steal_pointer(&header) : NULL;
}
