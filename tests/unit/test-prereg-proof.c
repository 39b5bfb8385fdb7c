/* The proof by the account's key (docs/prereg-request.md): a flattened JWS, RFC 7515 section 7.2.2,
 * read here with OpenSSL and jansson alone. */
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "prereg/proof.h"

#include <string.h>

#define URI "https://ca.example:443/acct/AaBb-1"

typedef struct {
    const char *name, *algorithm;
    EVP_PKEY *(*make)(void);
} Kind;

static EVP_PKEY *
make_rsa(void)
{
    return EVP_RSA_gen(2048);
}

static EVP_PKEY *
make_p256(void)
{
    return EVP_EC_gen("P-256");
}

static EVP_PKEY *
make_p384(void)
{
    return EVP_EC_gen("P-384");
}

static GBytes *
sha256(const char *data, gsize size)
{
    guint8 hash[32];
    g_assert_cmpint(EVP_Digest(data, size, hash, NULL, EVP_sha256(), NULL), ==, 1);
    return g_bytes_new(hash, sizeof hash);
}

static json_t *
decode_header(json_t *proof)
{
    g_autoptr(GBytes) bytes =
        gca_text_parse_base64url(json_string_value(json_object_get(proof, "protected")));
    json_t *header = json_loadb(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), 0, NULL);
    g_assert_nonnull(header);
    return header;
}

/* RFC 7638 section 3: the required members in order of their names, without white space. */
static char *
thumbprint_of(json_t *jwk)
{
    g_autofree char *text =
        json_object_get(jwk, "n") != NULL
            ? g_strdup_printf("{\"e\":\"%s\",\"kty\":\"RSA\",\"n\":\"%s\"}",
                              json_string_value(json_object_get(jwk, "e")),
                              json_string_value(json_object_get(jwk, "n")))
            : g_strdup_printf("{\"crv\":\"%s\",\"kty\":\"EC\",\"x\":\"%s\",\"y\":\"%s\"}",
                              json_string_value(json_object_get(jwk, "crv")),
                              json_string_value(json_object_get(jwk, "x")),
                              json_string_value(json_object_get(jwk, "y")));
    g_autoptr(GBytes) hash = sha256(text, strlen(text));
    return gca_text_base64url(g_bytes_get_data(hash, NULL), 32);
}

static char *
thumbprint_of_key(EVP_PKEY *key)
{
    g_autoptr(json_t) form = json_pack("{s:{s:s}}", "account", "uri", URI);
    g_autoptr(json_t) proof = gca_proof_make(key, form, NULL);
    g_autoptr(json_t) header = decode_header(proof);
    return thumbprint_of(json_object_get(header, "jwk"));
}

static GcaRequest *
make_request(EVP_PKEY *key, const char *thumbprint, GError **error)
{
    static const char *const domains[] = {"www.agency-test.gov.tw", NULL};
    g_autoptr(GcaName) dn = gca_name_parse("C=TW,O=行政院,OU=測試署", NULL);
    g_autoptr(GcaContact) contact = gca_contact_new();
    GcaRequestFields fields = {
        .profile = "test",
        .account_uri = URI,
        .thumbprint = thumbprint,
        .account_key = key,
        .domains = domains,
        .subject = dn,
        .organization_name = "行政院 測試署",
        .organization_dn = dn,
        .contact = contact,
    };
    return gca_request_new(&fields, error);
}

static json_t *
form_of(const GcaRequest *request)
{
    GBytes *content = gca_request_get_content(request);
    return json_loadb(g_bytes_get_data(content, NULL), g_bytes_get_size(content), 0, NULL);
}

static void
test_covers(gconstpointer data)
{
    const Kind *kind = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(EVP_PKEY) key = kind->make();
    g_autofree char *thumbprint = thumbprint_of_key(key);
    g_autoptr(GcaRequest) request = make_request(key, thumbprint, &error);
    g_assert_no_error(error);
    g_assert_true(gca_request_has_proof(request));
    g_assert_true(gca_proof_check(request, &error));
    g_assert_no_error(error);

    /* the payload is SHA-256 of the form without the member, as RFC 8785 writes it */
    g_autoptr(json_t) form = form_of(request);
    g_autoptr(json_t) proof = json_incref(json_object_get(form, "proof"));
    json_object_del(form, "proof");
    char *text = json_dumps(form, JSON_COMPACT | JSON_SORT_KEYS);
    g_autoptr(GBytes) expected = sha256(text, strlen(text));
    g_autoptr(GBytes) payload =
        gca_text_parse_base64url(json_string_value(json_object_get(proof, "payload")));
    free(text);
    g_assert_true(g_bytes_equal(payload, expected));

    g_autoptr(json_t) header = decode_header(proof);
    g_assert_cmpuint(json_object_size(header), ==, 3);
    g_assert_cmpstr(json_string_value(json_object_get(header, "alg")), ==, kind->algorithm);
    g_assert_cmpstr(json_string_value(json_object_get(header, "url")), ==, URI);
    g_assert_null(json_object_get(json_object_get(header, "jwk"), "d"));
}

/* RFC 7515 section 5.2, by OpenSSL itself. */
static void
test_signature_is_rs256(void)
{
    g_autoptr(EVP_PKEY) key = make_rsa();
    g_autofree char *thumbprint = thumbprint_of_key(key);
    g_autoptr(GcaRequest) request = make_request(key, thumbprint, NULL);
    g_autoptr(json_t) form = form_of(request);
    json_t *proof = json_object_get(form, "proof");
    g_autofree char *input = g_strjoin(".", json_string_value(json_object_get(proof, "protected")),
                                       json_string_value(json_object_get(proof, "payload")), NULL);
    g_autoptr(GBytes) signature =
        gca_text_parse_base64url(json_string_value(json_object_get(proof, "signature")));
    g_autoptr(EVP_MD_CTX) context = EVP_MD_CTX_new();

    g_assert_cmpint(EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key), ==, 1);
    g_assert_cmpint(EVP_DigestVerify(context, g_bytes_get_data(signature, NULL),
                                     g_bytes_get_size(signature), (const guint8 *) input,
                                     strlen(input)),
                    ==, 1);
}

/* The request again with one of its texts changed; the proof stays. */
static GcaRequest *
alter(const GcaRequest *request, const char *part, const char *with)
{
    GBytes *content = gca_request_get_content(request);
    g_autofree char *text = g_strndup(g_bytes_get_data(content, NULL), g_bytes_get_size(content));
    g_auto(GStrv) parts = g_strsplit(text, part, 2);
    g_assert_nonnull(parts[1]);
    char *changed = g_strjoin(with, parts[0], parts[1], NULL);
    g_autoptr(GBytes) bytes = g_bytes_new_take(changed, strlen(changed));
    g_autoptr(GError) error = NULL;
    GcaRequest *other = gca_request_parse(bytes, &error);
    g_assert_no_error(error);
    return other;
}

static void
assert_refused(const GcaRequest *request, const char *words)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(gca_proof_check(request, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_CHECK_FAILED);
    g_assert_nonnull(strstr(error->message, words));
}

static void
test_refuses_changes(void)
{
    static const struct {
        const char *part, *with;
    } rows[] = {
        {"\"www.agency", "\"xww.agency"},       {"AaBb-1", "AaBb-0"},
        {"測試署\",\"name", "測試局\",\"name"}, {"profile\":\"test", "profile\":\"tess"},
        {"created\":\"20", "created\":\"21"},
    };
    g_autoptr(EVP_PKEY) key = make_p256();
    g_autofree char *thumbprint = thumbprint_of_key(key);
    g_autoptr(GcaRequest) request = make_request(key, thumbprint, NULL);

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GcaRequest) other = alter(request, rows[i].part, rows[i].with);
        assert_refused(other, "something else");
    }
}

static void
test_refuses_another_key(void)
{
    g_autoptr(EVP_PKEY) key = make_p256(), stranger = make_p256();
    g_autofree char *thumbprint = thumbprint_of_key(key);
    g_autoptr(GcaRequest) request = make_request(stranger, thumbprint, NULL);
    g_autoptr(GcaRequest) nameless = make_request(key, NULL, NULL);

    assert_refused(request, "another key");
    assert_refused(nameless, "another key");
}

static void
test_tells_that_there_is_none(void)
{
    g_autoptr(GcaRequest) request = make_request(NULL, NULL, NULL);

    g_assert_false(gca_request_has_proof(request));
    assert_refused(request, "no proof");
}

static void
test_refuses_other_kinds_of_key(void)
{
    g_autoptr(EVP_PKEY) key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    g_autoptr(GError) error = NULL;

    g_assert_null(make_request(key, NULL, &error));
    g_assert_nonnull(error);
}

int
main(int argc, char **argv)
{
    static const Kind kinds[] = {{"/proof/covers/rsa", "RS256", make_rsa},
                                 {"/proof/covers/p-256", "ES256", make_p256},
                                 {"/proof/covers/p-384", "ES384", make_p384}};

    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
        g_test_add_data_func(kinds[i].name, &kinds[i], test_covers);
    g_test_add_func("/proof/signature-is-rs256", test_signature_is_rs256);
    g_test_add_func("/proof/refuses-changes", test_refuses_changes);
    g_test_add_func("/proof/refuses-another-key", test_refuses_another_key);
    g_test_add_func("/proof/tells-that-there-is-none", test_tells_that_there_is_none);
    g_test_add_func("/proof/refuses-other-kinds-of-key", test_refuses_other_kinds_of_key);
    return g_test_run();
}
