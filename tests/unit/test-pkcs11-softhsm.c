/* Against SoftHSM2, a real module: a private token with an RSA and an EC key, made by its own
 * tools. */
#include "test-softhsm.h"
#include "tests/fake/p11/person.h"

#define LABEL "gca test"

typedef struct {
    SoftHsm hsm;
    EVP_PKEY *keys[2];
    X509 *certificates[2];
} Token;

static Token *
token_new(void)
{
    Token *token = g_new0(Token, 1);

    token->hsm = softhsm_enter(LABEL);
    token->keys[0] = EVP_RSA_gen(2048);
    token->keys[1] = EVP_EC_gen("P-256");
    for (guint i = 0; i < G_N_ELEMENTS(token->keys); i++) {
        const char *id = i ? "02" : "01";
        token->certificates[i] = certificate_new(token->keys[i], "holder");
        softhsm_import_key(&token->hsm, token->keys[i], id);
        softhsm_import_certificate(&token->hsm, token->certificates[i], id);
    }
    return token;
}

static void
token_free(Token *token)
{
    softhsm_leave(&token->hsm);
    for (guint i = 0; i < G_N_ELEMENTS(token->keys); i++) {
        EVP_PKEY_free(token->keys[i]);
        X509_free(token->certificates[i]);
    }
    g_free(token);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Token, token_free)

static void
assert_signs(GcaToken *token, X509 *certificate)
{
    static const unsigned char text[] = "to be signed";
    g_autoptr(GError) error = NULL;
    g_autoptr(EVP_PKEY) key = gca_token_find_key(token, certificate, NULL, &error);
    g_autoptr(EVP_MD_CTX) signing = EVP_MD_CTX_new();
    g_autoptr(EVP_MD_CTX) checking = EVP_MD_CTX_new();
    unsigned char signature[512];
    gsize size = sizeof signature;

    g_assert_no_error(error);
    g_assert_cmpint(EVP_DigestSignInit(signing, NULL, EVP_sha256(), NULL, key), ==, 1);
    g_assert_cmpint(EVP_DigestSign(signing, signature, &size, text, sizeof text), ==, 1);
    g_assert_cmpint(
        EVP_DigestVerifyInit(checking, NULL, EVP_sha256(), NULL, X509_get0_pubkey(certificate)), ==,
        1);
    g_assert_cmpint(EVP_DigestVerify(checking, signature, size, text, sizeof text), ==, 1);
}

static void
test_signs(void)
{
    g_autoptr(Token) made = token_new();
    g_autoptr(TestPerson) person = g_object_new(TEST_TYPE_PERSON, NULL);
    g_autoptr(GError) error = NULL;
    GcaTokenWish wish = {0}; /* the second slot, never initialised, is no candidate */
    GcaLoginOptions options = {.pin_fd = -1};

    g_autoptr(GcaModule) module = gca_module_open(softhsm_get_module(), &error);
    g_assert_no_error(error);
    g_autoptr(GcaToken) token = gca_token_find(module, &wish, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(gca_token_get_label(token), ==, LABEL);
    g_autoptr(GcaX509Stack) list = gca_token_list_certificates(token, &error);
    g_assert_cmpint(sk_X509_num(list), ==, 2);

    person->pin = "654321";
    g_assert_false(gca_token_login(token, &options, GCA_INTERACTION(person), NULL, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_PIN_WRONG);
    g_clear_error(&error);
    person->pin = SOFTHSM_PIN;
    gca_token_login(token, &options, GCA_INTERACTION(person), NULL, &error);
    g_assert_no_error(error);
    assert_signs(token, made->certificates[0]);
    assert_signs(token, made->certificates[1]);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pkcs11/softhsm/signs-with-rsa-and-ec", test_signs);
    return g_test_run();
}
