/* Against SoftHSM2, a real module: a private token with an RSA and an EC key, made by its own
 * tools. */
#include "tests/fake/p11/person.h"

#define PIN "123456"
#define LABEL "gca test"

typedef struct {
    char *folder;
    EVP_PKEY *keys[2];
    X509 *certificates[2];
} Token;

static char *softhsm; /* path of the module, or NULL */

static void
run(const char *const *argv)
{
    g_autofree char *out = NULL, *trouble = NULL;
    g_autoptr(GError) error = NULL;
    int status;

    g_spawn_sync(NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, &trouble,
                 &status, &error);
    g_assert_no_error(error);
    if (!g_spawn_check_wait_status(status, NULL))
        g_error("%s: %s%s", argv[0], out, trouble);
}

static void
write_config(const Token *token)
{
    g_autofree char *path = g_build_filename(token->folder, "softhsm2.conf", NULL);
    g_autofree char *text =
        g_strdup_printf("directories.tokendir = %s\nlog.level = ERROR\n", token->folder);

    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_setenv("SOFTHSM2_CONF", path, TRUE);
}

static void
import(const Token *token, EVP_PKEY *key, X509 *certificate, const char *id)
{
    g_autofree char *pem = g_build_filename(token->folder, "key.pem", NULL);
    g_autofree char *der = g_build_filename(token->folder, "certificate.der", NULL);
    const char *const key_argv[] = {"softhsm2-util", "--import", pem, "--token", LABEL, "--label",
                                    "key",           "--id",     id,  "--pin",   PIN,   NULL};
    const char *const certificate_argv[] = {
        "pkcs11-tool",    "--module", softhsm,  "--token-label", LABEL,  "--login", "--pin", PIN,
        "--write-object", der,        "--type", "cert",          "--id", id,        NULL};
    FILE *file = fopen(pem, "w");

    g_assert_true(PEM_write_PKCS8PrivateKey(file, key, NULL, NULL, 0, NULL, NULL));
    fclose(file);
    file = fopen(der, "w");
    g_assert_true(i2d_X509_fp(file, certificate));
    fclose(file);
    run(key_argv);
    run(certificate_argv);
}

static Token *
token_new(void)
{
    const char *const init[] = {"softhsm2-util", "--init-token", "--free", "--label", LABEL,
                                "--so-pin",      "12345678",     "--pin",  PIN,       NULL};
    Token *token = g_new0(Token, 1);

    token->folder = g_dir_make_tmp("gca-softhsm-XXXXXX", NULL);
    write_config(token);
    run(init);
    token->keys[0] = EVP_RSA_gen(2048);
    token->keys[1] = EVP_EC_gen("P-256");
    for (guint i = 0; i < G_N_ELEMENTS(token->keys); i++) {
        token->certificates[i] = certificate_new(token->keys[i], "holder");
        import(token, token->keys[i], token->certificates[i], i ? "02" : "01");
    }
    return token;
}

static void
token_free(Token *token)
{
    const char *const remove[] = {"rm", "-r", token->folder, NULL};

    run(remove);
    for (guint i = 0; i < G_N_ELEMENTS(token->keys); i++) {
        EVP_PKEY_free(token->keys[i]);
        X509_free(token->certificates[i]);
    }
    g_free(token->folder);
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

    g_autoptr(GcaModule) module = gca_module_open(softhsm, &error);
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
    person->pin = PIN;
    gca_token_login(token, &options, GCA_INTERACTION(person), NULL, &error);
    g_assert_no_error(error);
    assert_signs(token, made->certificates[0]);
    assert_signs(token, made->certificates[1]);
}

int
main(int argc, char **argv)
{
    const char *places[] = {"/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so"};

    for (guint i = 0; softhsm == NULL && i < G_N_ELEMENTS(places); i++) {
        if (g_file_test(places[i], G_FILE_TEST_EXISTS))
            softhsm = g_strdup(places[i]);
    }
    if (softhsm == NULL)
        g_error("SoftHSM2 is not installed");
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pkcs11/softhsm/signs-with-rsa-and-ec", test_signs);
    int status = g_test_run();
    g_free(softhsm);
    return status;
}
