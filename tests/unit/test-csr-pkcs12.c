#include "csr/pkcs12.h"
#include "test-csr-chain-fixture.h"

#include <glib/gstdio.h>
#include <openssl/pkcs12.h>

#define PASSPHRASE "Cs9 ~ correct horse"

static GcaSecret *
secret(const char *text, gsize size)
{
    GcaSecret *made = gca_secret_new(size);
    memcpy(gca_secret_get_data(made), text, size);
    return made;
}

static GBytes *
make(TestChain *chain, gboolean compat)
{
    g_autoptr(GcaX509Stack) upwards = make_stack(chain->ca, NULL);
    g_autoptr(GcaSecret) passphrase = secret(PASSPHRASE, strlen(PASSPHRASE));
    g_autoptr(GError) error = NULL;
    GBytes *bytes = gca_pkcs12_encode(get_key(SERVER_KEY), chain->server, upwards, "測試 " HOST,
                                      passphrase, compat, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(ERR_peek_error(), ==, 0);
    return bytes;
}

/* What the command says of a file with `bytes`, which stands for “FILE” in it. */
static char *
ask(GBytes *bytes, const char *const *command)
{
    g_autofree char *path = g_build_filename(g_get_tmp_dir(), "gca-test-p12-XXXXXX", NULL);
    g_autoptr(GPtrArray) line = g_ptr_array_new();
    g_autofree char *out = NULL, *err = NULL;
    g_autoptr(GError) error = NULL;
    gsize size;
    int status, fd = g_mkstemp(path);
    const char *data = g_bytes_get_data(bytes, &size);

    g_close(fd, NULL);
    g_assert_true(g_file_set_contents(path, data, (gssize) size, NULL));
    for (guint i = 0; command[i] != NULL; i++)
        g_ptr_array_add(line, g_str_equal(command[i], "FILE") ? path : (char *) command[i]);
    g_ptr_array_add(line, NULL);
    g_spawn_sync(NULL, (char **) line->pdata, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, &err,
                 &status, &error);
    g_unlink(path);
    g_assert_no_error(error);
    if (status != 0)
        g_error("%s: %s%s", command[0], out, err);
    return g_strconcat(out, err, NULL);
}

static void
assert_says(const char *text, const char *says)
{
    if (strstr(text, says) == NULL)
        g_error("“%s” does not say “%s”", text, says);
}

static char *
ask_openssl(GBytes *bytes)
{
    static const char *const command[] = {
        "openssl", "pkcs12", "-info", "-noenc", "-in", "FILE", "-passin", "pass:" PASSPHRASE, NULL};
    return ask(bytes, command);
}

static void
test_is_read_by_openssl(TestChain *chain, const void *data)
{
    g_autoptr(GBytes) bytes = make(chain, FALSE);
    g_autofree char *said = ask_openssl(bytes);

    assert_says(said, "MAC: sha256, Iteration 100000");
    assert_says(said, "PBES2, PBKDF2, AES-256-CBC, Iteration 100000, PRF hmacWithSHA256");
    assert_says(said, "BEGIN PRIVATE KEY");
    assert_says(said, HOST);
    g_assert_null(strstr(said, "3KeyTripleDES"));
}

/* OpenSSL 3 reads 3DES without its legacy provider, which is not loaded. */
static void
test_compat_is_read_by_openssl(TestChain *chain, const void *data)
{
    g_autoptr(GBytes) bytes = make(chain, TRUE);
    g_autofree char *said = ask_openssl(bytes);

    assert_says(said, "MAC: sha1, Iteration 100000");
    assert_says(said, "pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 100000");
    g_assert_null(strstr(said, "PBES2"));
    g_assert_null(strstr(said, "RC2"));
}

static void
test_is_read_by_java(TestChain *chain, const void *data)
{
    static const char *const command[] = {
        "keytool", "-J-Duser.language=en", "-list",    "-v", "-keystore", "FILE", "-storetype",
        "PKCS12",  "-storepass",           PASSPHRASE, NULL};

    for (int compat = 0; compat <= 1; compat++) {
        g_autoptr(GBytes) bytes = make(chain, compat);
        g_autofree char *said = ask(bytes, command);
        assert_says(said, "Entry type: PrivateKeyEntry");
        assert_says(said, "Certificate chain length: 2");
        assert_says(said, HOST);
    }
}

/* RFC 7292 appendix B: the key comes out as it went in. */
static void
test_key_comes_back(TestChain *chain, const void *data)
{
    g_autoptr(GBytes) bytes = make(chain, FALSE);
    gsize size;
    const guint8 *at = g_bytes_get_data(bytes, &size);
    PKCS12 *read = d2i_PKCS12(NULL, &at, (long) size);
    g_autoptr(EVP_PKEY) key = NULL;
    g_autoptr(X509) certificate = NULL;
    g_autoptr(GcaX509Stack) chain_read = NULL;

    g_assert_cmpint(PKCS12_parse(read, PASSPHRASE, &key, &certificate, &chain_read), ==, 1);
    g_assert_cmpint(EVP_PKEY_eq(key, get_key(SERVER_KEY)), ==, 1);
    g_assert_cmpint(X509_cmp(certificate, chain->server), ==, 0);
    g_assert_cmpint(sk_X509_num(chain_read), ==, 1);
    g_assert_cmpint(PKCS12_parse(read, "wrong", NULL, NULL, NULL), ==, 0);
    PKCS12_free(read);
    ERR_clear_error();
}

static void
refuse(TestChain *chain, EVP_PKEY *key, const char *passphrase, gsize size, GcaErrorCode code,
       const char *says)
{
    g_autoptr(GcaSecret) text = secret(passphrase, size);
    g_autoptr(GError) error = NULL;

    g_assert_null(gca_pkcs12_encode(key, chain->server, NULL, HOST, text, FALSE, &error));
    assert_refused(error, code, says);
}

static void
test_refuses_passphrases_others_cannot_type(TestChain *chain, const void *data)
{
    EVP_PKEY *key = get_key(SERVER_KEY);

    refuse(chain, key, "", 0, GCA_ERROR_USAGE, "at least 8");
    refuse(chain, key, "1234567", 7, GCA_ERROR_USAGE, "at least 8");
    refuse(chain, key, "密碼", strlen("密碼"), GCA_ERROR_USAGE, "ASCII");
    /* what stands behind a NUL would be left out */
    refuse(chain, key, "ab\0cd", 5, GCA_ERROR_USAGE, "ASCII");
}

static void
test_refuses_foreign_key(TestChain *chain, const void *data)
{
    refuse(chain, get_key(OTHER_KEY), PASSPHRASE, strlen(PASSPHRASE), GCA_ERROR_CRYPTO,
           "does not fit");
}

static void
test_refuses_endless_chain(TestChain *chain, const void *data)
{
    g_autoptr(GcaX509Stack) many = sk_X509_new_null();
    g_autoptr(GcaSecret) passphrase = secret(PASSPHRASE, strlen(PASSPHRASE));
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < 64; i++) {
        X509_up_ref(chain->ca);
        sk_X509_push(many, chain->ca);
    }
    g_assert_null(gca_pkcs12_encode(get_key(SERVER_KEY), chain->server, many, HOST, passphrase,
                                    FALSE, &error));
    assert_refused(error, GCA_ERROR_BAD_DATA, "too long");
}

static void
add(const char *name, void (*test)(TestChain *chain, const void *data))
{
    g_test_add(name, TestChain, NULL, test_chain_set_up, test, test_chain_tear_down);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("/csr/pkcs12/is-read-by-openssl", test_is_read_by_openssl);
    add("/csr/pkcs12/compat-is-read-by-openssl", test_compat_is_read_by_openssl);
    add("/csr/pkcs12/both-are-read-by-java", test_is_read_by_java);
    add("/csr/pkcs12/key-comes-back", test_key_comes_back);
    add("/csr/pkcs12/refuses-passphrases-others-cannot-type",
        test_refuses_passphrases_others_cannot_type);
    add("/csr/pkcs12/refuses-foreign-key", test_refuses_foreign_key);
    add("/csr/pkcs12/refuses-endless-chain", test_refuses_endless_chain);
    return g_test_run();
}
