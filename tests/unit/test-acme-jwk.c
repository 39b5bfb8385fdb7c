/* JSON Web Keys: the examples of RFC 7638 and RFC 7517, and what is no key. */
#include "acme/jwk.h"
#include "base/error.h"
#include "base/json.h"

#include <string.h>

/* RFC 7638 section 3.1 */
#define RFC_N                                                                                      \
    "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECP" \
    "ebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY" \
    "368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0f" \
    "M4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
#define RFC_RSA                                                                                    \
    "{\"kty\":\"RSA\",\"n\":\"" RFC_N "\",\"e\":\"AQAB\",\"alg\":\"RS256\",\"kid\":\"2011-04-"     \
    "29\"}"

/* RFC 7517 appendix A.1 */
#define RFC_X "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4"
#define RFC_Y "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"
#define RFC_EC                                                                                     \
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" RFC_X "\",\"y\":\"" RFC_Y                         \
    "\",\"use\":\"enc\",\"kid\":\"1\"}"

static json_t *
parse(const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    json_t *value = gca_json_parse(bytes, "test", &error);
    g_assert_no_error(error);
    return value;
}

static void
test_thumbprint(gconstpointer data)
{
    const char *const *row = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) jwk = parse(row[0]);
    g_autofree char *thumbprint = gca_jwk_thumbprint(jwk, &error);
    g_autofree char *id = gca_jwk_certbot_id(jwk, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(thumbprint, ==, row[1]);
    g_assert_cmpstr(id, ==, row[2]);
}

static void
test_parse_public(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) jwk = parse(RFC_RSA);
    g_autoptr(EVP_PKEY) key = gca_jwk_parse_public(jwk, &error);

    g_assert_no_error(error);
    g_assert_true(EVP_PKEY_is_a(key, "RSA"));
    g_assert_cmpint(EVP_PKEY_get_bits(key), ==, 2048);
}

/* RFC 8017 section 3.1 has no greatest one. */
static void
test_large_exponent(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) jwk = parse("{\"kty\":\"RSA\",\"n\":\"" RFC_N "\",\"e\":\"AQAAAAE\"}");
    g_autoptr(EVP_PKEY) key = gca_jwk_parse_public(jwk, &error);

    g_assert_no_error(error);
    g_assert_nonnull(key);
}

static void
test_refuses(gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) jwk = parse(data);

    g_assert_null(gca_jwk_thumbprint(jwk, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
}

static void
test_wipes(void)
{
    json_t *jwk = parse("{\"kty\":\"RSA\",\"d\":\"c2VjcmV0\",\"more\":[1]}");
    json_t *member = json_incref(json_object_get(jwk, "d"));

    gca_jwk_free(jwk);
    g_assert_cmpuint(json_string_length(member), ==, 8);
    for (gsize i = 0; i < 8; i++)
        g_assert_cmpint(json_string_value(member)[i], ==, 0);
    json_decref(member);
}

int
main(int argc, char **argv)
{
    /* folder names: MD5 of the PEM that python3-cryptography (certbot's library) makes */
    static const char *const rsa[] = {RFC_RSA, "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
                                      "2674c2e26af3eb7de09813275bf2d854"};
    static const char *const ec[] = {RFC_EC, "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s",
                                     "66731e33a2db46ceffceefbedf96a98b"};
    g_test_init(&argc, &argv, NULL);

    g_test_add_data_func("/jwk/thumbprint/rsa-of-rfc7638", rsa, test_thumbprint);
    g_test_add_data_func("/jwk/thumbprint/ec-of-rfc7517", ec, test_thumbprint);
    g_test_add_func("/jwk/parse/gives-the-public-key", test_parse_public);
    g_test_add_data_func("/jwk/refuses/no-type", "{\"n\":\"AQAB\"}", test_refuses);
    g_test_add_data_func("/jwk/refuses/array", "[]", test_refuses);
    g_test_add_data_func("/jwk/refuses/unknown-type", "{\"kty\":\"OKP\",\"x\":\"AQAB\"}",
                         test_refuses);
    g_test_add_data_func("/jwk/refuses/short-modulus",
                         "{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}", test_refuses);
    g_test_add_data_func("/jwk/refuses/padded-exponent",
                         "{\"kty\":\"RSA\",\"n\":\"" RFC_N "\",\"e\":\"AQ==\"}", test_refuses);
    g_test_add_data_func("/jwk/refuses/leading-zero",
                         "{\"kty\":\"RSA\",\"n\":\"" RFC_N "\",\"e\":\"AAEAAQ\"}", test_refuses);
    g_test_add_data_func("/jwk/refuses/no-exponent", "{\"kty\":\"RSA\",\"n\":\"" RFC_N "\"}",
                         test_refuses);
    g_test_add_data_func("/jwk/refuses/exponent-1",
                         "{\"kty\":\"RSA\",\"n\":\"" RFC_N "\",\"e\":\"AQ\"}", test_refuses);
    g_test_add_data_func("/jwk/refuses/exponent-3",
                         "{\"kty\":\"RSA\",\"n\":\"" RFC_N "\",\"e\":\"Aw\"}", test_refuses);
    g_test_add_data_func("/jwk/refuses/exponent-65535",
                         "{\"kty\":\"RSA\",\"n\":\"" RFC_N "\",\"e\":\"__8\"}", test_refuses);
    g_test_add_data_func("/jwk/refuses/even-exponent",
                         "{\"kty\":\"RSA\",\"n\":\"" RFC_N "\",\"e\":\"AQAC\"}", test_refuses);
    g_test_add_func("/jwk/parse/takes-larger-exponents", test_large_exponent);
    g_test_add_data_func(
        "/jwk/refuses/point-off-curve",
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" RFC_Y "\",\"y\":\"" RFC_X "\"}", test_refuses);
    g_test_add_data_func("/jwk/refuses/short-coordinate",
                         "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQAB\",\"y\":\"" RFC_Y "\"}",
                         test_refuses);
    g_test_add_data_func(
        "/jwk/refuses/unknown-curve",
        "{\"kty\":\"EC\",\"crv\":\"P-192\",\"x\":\"" RFC_X "\",\"y\":\"" RFC_Y "\"}", test_refuses);
    g_test_add_func("/jwk/free/wipes-private-members", test_wipes);
    return g_test_run();
}
