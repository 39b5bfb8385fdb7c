/* JSON Web Signatures: RFC 7515 appendices A.2 and A.3, and what is refused. */
#include "acme/account-key.h"
#include "acme/jwk.h"
#include "acme/jws.h"
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "tests/unit/test-acme-rfc-keys.h"

#include <openssl/ecdsa.h>
#include <string.h>

static EVP_PKEY *
parse_key(const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) jwk = json_loads(text, 0, NULL);
    EVP_PKEY *key = gca_jwk_parse_private(jwk, &error);

    g_assert_no_error(error);
    return key;
}

static GBytes *
text_bytes(const char *text)
{
    return g_bytes_new(text, strlen(text));
}

static const char *
get(json_t *jws, const char *name)
{
    return json_string_value(json_object_get(jws, name));
}

/* RS256 gives the same bytes each time, so the RFC's signature itself. */
static void
test_rfc_a2(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(EVP_PKEY) key = parse_key(A2_KEY);
    g_autoptr(json_t) header = json_object();
    g_autoptr(GBytes) payload = text_bytes(RFC_PAYLOAD);
    g_autoptr(json_t) jws = gca_jws_sign(key, header, payload, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(json_object_size(jws), ==, 3);
    g_assert_cmpstr(get(jws, "protected"), ==, "eyJhbGciOiJSUzI1NiJ9");
    g_assert_cmpstr(get(jws, "payload"), ==,
                    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
                    "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ");
    g_assert_cmpstr(get(jws, "signature"), ==, A2_SIGNATURE);
}

/* r and s of 32 bytes each, which OpenSSL's own verification takes (RFC 7518 section 3.4) */
static void
test_rfc_a3(void)
{
    g_autoptr(EVP_PKEY) key = parse_key(A3_KEY);
    g_autoptr(json_t) header = json_object();
    g_autoptr(GBytes) payload = text_bytes(RFC_PAYLOAD);
    g_autoptr(json_t) jws = gca_jws_sign(key, header, payload, NULL);
    g_autoptr(GBytes) raw = gca_text_parse_base64url(get(jws, "signature"));
    const guint8 *bytes = g_bytes_get_data(raw, NULL);

    g_assert_cmpstr(get(jws, "protected"), ==, "eyJhbGciOiJFUzI1NiJ9");
    g_assert_cmpuint(g_bytes_get_size(raw), ==, 64);
    ECDSA_SIG *signature = ECDSA_SIG_new();
    ECDSA_SIG_set0(signature, BN_bin2bn(bytes, 32, NULL), BN_bin2bn(bytes + 32, 32, NULL));
    guint8 *der = NULL;
    int size = i2d_ECDSA_SIG(signature, &der);
    g_autofree char *input = g_strjoin(".", get(jws, "protected"), get(jws, "payload"), NULL);
    g_autoptr(EVP_MD_CTX) context = EVP_MD_CTX_new();
    EVP_DigestVerifyInit_ex(context, NULL, "SHA256", NULL, NULL, key, NULL);
    g_assert_cmpint(
        EVP_DigestVerify(context, der, (gsize) size, (const guint8 *) input, strlen(input)), ==, 1);
    OPENSSL_free(der);
    ECDSA_SIG_free(signature);
}

static json_t *
sign(EVP_PKEY *key, GBytes *payload)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) header = json_object();

    json_object_set_new(header, "jwk", gca_account_key_to_jwk(key, NULL));
    json_object_set_new(header, "url", json_string("https://ca.example.gov.tw/acct/1"));
    json_t *jws = gca_jws_sign(key, header, payload, &error);
    g_assert_no_error(error);
    return jws;
}

static EVP_PKEY *
make_key(const char *name)
{
    if (g_str_equal(name, "RS256"))
        return parse_key(A2_KEY);
    return EVP_EC_gen(g_str_equal(name, "ES256") ? "P-256" : "P-384");
}

/* data: alg */
static void
test_verify(gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(EVP_PKEY) key = make_key(data);
    g_autoptr(GBytes) payload = text_bytes("測試");
    g_autoptr(json_t) jws = sign(key, payload);
    g_autoptr(json_t) header = gca_jws_verify(jws, payload, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(get(header, "alg"), ==, data);
    g_assert_cmpstr(get(header, "url"), ==, "https://ca.example.gov.tw/acct/1");
}

/* Each bit of the signature and each of the header counts. */
static void
test_every_bit(gconstpointer data)
{
    static const char *const names[] = {"protected", "signature", "payload"};
    g_autoptr(EVP_PKEY) key = make_key(data);
    g_autoptr(GBytes) payload = text_bytes("測試");
    g_autoptr(json_t) jws = sign(key, payload);

    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GBytes) bytes = gca_text_parse_base64url(get(jws, names[i]));
        gsize size = g_bytes_get_size(bytes);
        for (gsize bit = 0; bit < 8 * size; bit++) {
            g_autofree guint8 *copy = g_memdup2(g_bytes_get_data(bytes, NULL), size);
            copy[bit / 8] ^= (guint8) (1 << bit % 8);
            g_autofree char *text = gca_text_base64url(copy, size);
            g_autoptr(json_t) changed = json_copy(jws);
            g_autoptr(GError) error = NULL;
            json_object_set_new(changed, names[i], json_string(text));
            g_assert_null(gca_jws_verify(changed, payload, &error));
            g_assert_true(gca_error_get_code(error) == GCA_ERROR_CHECK_FAILED ||
                          gca_error_get_code(error) == GCA_ERROR_BAD_DATA);
        }
    }
}

/* A signature over a header of our choice. */
static json_t *
sign_header(EVP_PKEY *key, const char *text, GBytes *payload)
{
    g_autoptr(json_t) header = json_loads(text, 0, NULL);

    g_assert_nonnull(header);
    return gca_jws_sign(key, header, payload, NULL);
}

/* data: header, code as text, words */
static void
test_header_refused(gconstpointer data)
{
    const char *const *row = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(EVP_PKEY) key = parse_key(A3_KEY);
    g_autoptr(GBytes) payload = text_bytes("x");
    g_autoptr(json_t) jws = sign_header(key, row[0], payload);

    g_assert_null(gca_jws_verify(jws, payload, &error));
    g_assert_cmpstr(gca_error_info(gca_error_get_code(error))->name, ==, row[1]);
    g_assert_nonnull(strstr(error->message, row[2]));
}

/* "none" and HS256 with the public key as the MAC's key: the old ways around a JWS */
static void
test_other_algorithm(gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(EVP_PKEY) key = parse_key(A3_KEY);
    g_autoptr(GBytes) payload = text_bytes("x");
    g_autoptr(json_t) jws = sign(key, payload);
    g_autofree char *header =
        g_strdup_printf("{\"alg\":\"%s\",\"jwk\":{" A3_PUBLIC "}}", (const char *) data);
    g_autofree char *encoded = gca_text_base64url(header, strlen(header));

    json_object_set_new(jws, "protected", json_string(encoded));
    g_assert_null(gca_jws_verify(jws, payload, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_CHECK_FAILED);
    g_assert_nonnull(strstr(error->message, data));
}

/* With e = 1 the padded digest itself is the signature: anybody can make it (RFC 8017
 * section 8.2.2). */
static void
test_exponent_of_1(void)
{
    static const guint8 digest_info[] = {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                         0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20};
    g_autoptr(GError) error = NULL;
    g_autoptr(EVP_PKEY) key = parse_key(A2_KEY);
    g_autoptr(GBytes) payload = text_bytes("x");
    g_autoptr(json_t) jws = sign(key, payload);
    g_autoptr(json_t) jwk = gca_account_key_to_jwk(key, NULL);
    json_object_set_new(jwk, "e", json_string("AQ"));
    g_autoptr(json_t) header = json_pack("{s:s, s:O}", "alg", "RS256", "jwk", jwk);
    g_autoptr(GBytes) text = gca_json_encode_canonical(header, NULL);
    g_autofree char *protected =
        gca_text_base64url(g_bytes_get_data(text, NULL), g_bytes_get_size(text));
    g_autofree char *input = g_strjoin(".", protected, get(jws, "payload"), NULL);
    guint8 block[256] = {0, 1};

    memset(block + 2, 0xff, sizeof block - 2);
    block[sizeof block - 32 - sizeof digest_info - 1] = 0;
    memcpy(block + sizeof block - 32 - sizeof digest_info, digest_info, sizeof digest_info);
    EVP_Digest(input, strlen(input), block + sizeof block - 32, NULL, EVP_sha256(), NULL);
    g_autofree char *signature = gca_text_base64url(block, sizeof block);
    json_object_set_new(jws, "protected", json_string(protected));
    json_object_set_new(jws, "signature", json_string(signature));
    g_assert_null(gca_jws_verify(jws, payload, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
    g_assert_nonnull(strstr(error->message, "exponent"));
}

/* RFC 8259 section 8.1: what signs with one is refused, though the signature is good. */
static void
test_byte_order_mark(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(EVP_PKEY) key = parse_key(A2_KEY);
    g_autoptr(GBytes) payload = text_bytes("x");
    g_autoptr(json_t) jws = sign(key, payload);
    g_autoptr(GBytes) header = gca_text_parse_base64url(get(jws, "protected"));
    gsize size = g_bytes_get_size(header), length = 256;
    g_autofree char *marked = g_strdup_printf("\xef\xbb\xbf%.*s", (int) size,
                                              (const char *) g_bytes_get_data(header, NULL));
    g_autofree char *protected = gca_text_base64url(marked, size + 3);
    g_autofree char *input = g_strjoin(".", protected, get(jws, "payload"), NULL);
    g_autoptr(EVP_MD_CTX) context = EVP_MD_CTX_new();
    guint8 raw[256];

    EVP_DigestSignInit_ex(context, NULL, "SHA256", NULL, NULL, key, NULL);
    g_assert_cmpint(EVP_DigestSign(context, raw, &length, (const guint8 *) input, strlen(input)),
                    ==, 1);
    g_autofree char *signature = gca_text_base64url(raw, length);
    json_object_set_new(jws, "protected", json_string(protected));
    json_object_set_new(jws, "signature", json_string(signature));
    g_assert_null(gca_jws_verify(jws, payload, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
    g_assert_nonnull(strstr(error->message, "byte order mark"));
}

static void
test_other_payload(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(EVP_PKEY) key = parse_key(A3_KEY);
    g_autoptr(GBytes) payload = text_bytes("x");
    g_autoptr(GBytes) other = text_bytes("y");
    g_autoptr(json_t) jws = sign(key, payload);

    g_assert_null(gca_jws_verify(jws, other, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_CHECK_FAILED);
}

/* data: what is merged into a good one; null takes a member away */
static void
test_form_refused(gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(EVP_PKEY) key = parse_key(A3_KEY);
    g_autoptr(GBytes) payload = text_bytes("x");
    g_autoptr(json_t) jws = sign(key, payload);
    g_autoptr(json_t) change = json_loads(data, JSON_ALLOW_NUL, NULL);
    const char *name;
    json_t *member;

    json_object_foreach(change, name, member)
    {
        if (json_is_null(member))
            json_object_del(jws, name);
        else
            json_object_set(jws, name, member);
    }
    g_assert_null(gca_jws_verify(jws, payload, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
}

static void
test_no_object(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) payload = text_bytes("x");
    g_autoptr(json_t) list = json_array();

    g_assert_null(gca_jws_verify(list, payload, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
}

static void
test_key_refused(gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(EVP_PKEY) key = EVP_EC_gen(data);
    g_autoptr(json_t) header = json_object();
    g_autoptr(GBytes) payload = text_bytes("x");

    g_assert_null(gca_jws_sign(key, header, payload, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
}

static void
add_headers(void)
{
    static const struct {
        const char *path, *row[3];
    } rows[] = {
        {"/jws/verify/refuses-crit",
         {"{\"crit\":[\"exp\"],\"jwk\":{" A3_PUBLIC "}}", "bad-data", "“crit”"}},
        {"/jws/verify/refuses-b64", {"{\"b64\":0,\"jwk\":{" A3_PUBLIC "}}", "bad-data", "“b64”"}},
        {"/jws/verify/refuses-kid", {"{\"kid\":\"1\"}", "bad-data", "“kid”"}},
        {"/jws/verify/refuses-no-key", {"{}", "bad-data", "no key"}},
        {"/jws/verify/refuses-key-that-is-none", {"{\"jwk\":\"x\"}", "bad-data", "no key"}},
        {"/jws/verify/refuses-symmetric-key",
         {"{\"jwk\":{\"kty\":\"oct\",\"k\":\"AA\"}}", "bad-data", "oct"}},
        {"/jws/verify/refuses-private-key", {"{\"jwk\":" A3_KEY "}", "bad-data", "public"}},
        {"/jws/verify/refuses-key-of-another-kind",
         {"{\"jwk\":{" A2_PUBLIC "}}", "check-failed", "ES256"}},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
        g_test_add_data_func(rows[i].path, rows[i].row, test_header_refused);
}

int
main(int argc, char **argv)
{
    static const char *const names[] = {"RS256", "ES256", "ES384"};

    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/jws/sign/rfc-7515-a.2", test_rfc_a2);
    g_test_add_func("/jws/sign/rfc-7515-a.3", test_rfc_a3);
    g_test_add_data_func("/jws/sign/refuses-p-521", "P-521", test_key_refused);
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_strconcat("/jws/verify/", names[i], NULL);
        g_test_add_data_func(path, names[i], test_verify);
    }
    g_test_add_data_func("/jws/verify/every-bit-counts", "ES256", test_every_bit);
    add_headers();
    g_test_add_data_func("/jws/verify/refuses-none", "none", test_other_algorithm);
    g_test_add_data_func("/jws/verify/refuses-mac", "HS256", test_other_algorithm);
    g_test_add_data_func("/jws/verify/refuses-other-digest", "ES384", test_other_algorithm);
    g_test_add_func("/jws/verify/refuses-exponent-of-1", test_exponent_of_1);
    g_test_add_func("/jws/verify/refuses-byte-order-mark", test_byte_order_mark);
    g_test_add_func("/jws/verify/refuses-other-payload", test_other_payload);
    g_test_add_data_func("/jws/verify/refuses-unprotected-header", "{\"header\":{}}",
                         test_form_refused);
    g_test_add_data_func("/jws/verify/refuses-no-signature", "{\"signature\":null}",
                         test_form_refused);
    g_test_add_data_func("/jws/verify/refuses-number", "{\"payload\":7}", test_form_refused);
    g_test_add_data_func("/jws/verify/refuses-padding", "{\"payload\":\"eA==\"}",
                         test_form_refused);
    g_test_add_data_func("/jws/verify/refuses-nul", "{\"payload\":\"eA\\u0000\"}",
                         test_form_refused);
    g_test_add_func("/jws/verify/refuses-list", test_no_object);
    return g_test_run();
}
