/* Private keys of accounts as the clients keep them. */
#include "acme/account-key.h"
#include "acme/jwk.h"
#include "base/error.h"
#include "base/json.h"
#include "tests/unit/test-acme-rfc-keys.h"

#include <glib/gstdio.h>
#include <openssl/pem.h>
#include <string.h>
#include <sys/stat.h>

/* that of RFC 7517 appendix A.2 */
#define OTHER_D "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE"

typedef struct {
    char *folder, *path;
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer data)
{
    fixture->folder = g_dir_make_tmp("gca-key-XXXXXX", NULL);
    fixture->path = g_build_filename(fixture->folder, "account.key", NULL);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    g_remove(fixture->path);
    g_rmdir(fixture->folder);
    g_free(fixture->path);
    g_free(fixture->folder);
}

static void
put(Fixture *fixture, const char *content)
{
    g_assert_true(g_file_set_contents(fixture->path, content, -1, NULL));
}

/* By OpenSSL's own tool, as the clients do. */
static void
make(Fixture *fixture, const char *command)
{
    g_autofree char *line = g_strdup_printf("%s > '%s' 2>/dev/null", command, fixture->path);
    const char *argv[] = {"sh", "-c", line, NULL};
    int status;

    g_assert_true(g_spawn_sync(NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, &status, NULL));
    g_assert_cmpint(status, ==, 0);
}

static void
assert_refused(Fixture *fixture, GcaErrorCode code, const char *words)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(gca_account_key_load(fixture->path, &error));
    g_assert_error(error, GCA_ERROR, (int) code);
    g_assert_nonnull(strstr(error->message, fixture->path));
    if (words != NULL)
        g_assert_nonnull(strstr(error->message, words));
    g_assert_null(strstr(error->message, "PRIVATE"));
}

/* data: a JWK; what is loaded signs what its public half takes */
static void
test_jwk(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(EVP_MD_CTX) signing = EVP_MD_CTX_new();
    guint8 signature[512];
    gsize size = sizeof signature;

    put(fixture, data);
    g_autoptr(EVP_PKEY) key = gca_account_key_load(fixture->path, &error);
    g_assert_no_error(error);
    g_autoptr(json_t) jwk = gca_account_key_to_jwk(key, &error);
    g_assert_no_error(error);
    g_assert_null(json_object_get(jwk, "d"));
    g_autoptr(EVP_PKEY) public = gca_jwk_parse_public(jwk, &error);
    g_assert_no_error(error);
    g_assert_cmpint(EVP_DigestSignInit_ex(signing, NULL, "SHA256", NULL, NULL, key, NULL), ==, 1);
    g_assert_cmpint(EVP_DigestSign(signing, signature, &size, (const guint8 *) "x", 1), ==, 1);
    EVP_MD_CTX_reset(signing);
    g_assert_cmpint(EVP_DigestVerifyInit_ex(signing, NULL, "SHA256", NULL, NULL, public, NULL), ==,
                    1);
    g_assert_cmpint(EVP_DigestVerify(signing, signature, size, (const guint8 *) "x", 1), ==, 1);
}

/* The first character of one member is another one: the numbers do not fit together any more. */
static void
test_jwk_changed(Fixture *fixture, gconstpointer data)
{
    g_autofree char *changed = g_strdup(A2_KEY);
    char *at = strstr(changed, data);

    g_assert_nonnull(at);
    at[30] = at[30] == 'A' ? 'B' : 'A';
    put(fixture, changed);
    assert_refused(fixture, GCA_ERROR_BAD_DATA, NULL);
}

/* data: the member left out */
static void
test_jwk_without(Fixture *fixture, gconstpointer data)
{
    g_autoptr(json_t) jwk = json_loads(A2_KEY, 0, NULL);

    g_assert_cmpint(json_object_del(jwk, data), ==, 0);
    char *text = json_dumps(jwk, 0);
    put(fixture, text);
    free(text);
    assert_refused(fixture, GCA_ERROR_BAD_DATA, data);
}

/* data: JWK or PEM, what is said */
static void
test_refused(Fixture *fixture, gconstpointer data)
{
    const char *const *row = data;

    put(fixture, row[0]);
    assert_refused(fixture, GCA_ERROR_BAD_DATA, row[1]);
}

/* data: command, thumbprint's key type */
static void
test_pem(Fixture *fixture, gconstpointer data)
{
    const char *const *row = data;
    g_autoptr(GError) error = NULL;

    make(fixture, row[0]);
    g_autoptr(EVP_PKEY) key = gca_account_key_load(fixture->path, &error);
    g_assert_no_error(error);
    g_autoptr(json_t) jwk = gca_account_key_to_jwk(key, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(json_string_value(json_object_get(jwk, "crv")), ==, row[1]);
    g_autoptr(EVP_PKEY) public = gca_jwk_parse_public(jwk, &error);
    g_assert_no_error(error);
    g_assert_cmpint(EVP_PKEY_eq(key, public), ==, 1);
}

static void
test_pem_refused(Fixture *fixture, gconstpointer data)
{
    const char *const *row = data;

    make(fixture, row[0]);
    assert_refused(fixture, GCA_ERROR_BAD_DATA, row[1]);
}

/* Coordinates that begin with zero bytes keep their full size (RFC 7518 section 6.2.1.2). */
static void
test_short_coordinate(void)
{
    for (guint found = 0; found < 2;) {
        g_autoptr(EVP_PKEY) key = EVP_EC_gen("P-256");
        g_autoptr(BIGNUM) x = NULL;
        EVP_PKEY_get_bn_param(key, "qx", &x);
        if (BN_num_bytes(x) == 32)
            continue;
        found++;
        g_autoptr(json_t) jwk = gca_account_key_to_jwk(key, NULL);
        g_assert_cmpuint(json_string_length(json_object_get(jwk, "x")), ==, 43);
        g_autoptr(EVP_PKEY) again = gca_jwk_parse_public(jwk, NULL);
        g_assert_cmpint(EVP_PKEY_eq(key, again), ==, 1);
    }
}

static void
test_no_files(Fixture *fixture, gconstpointer data)
{
    assert_refused(fixture, GCA_ERROR_FILE, NULL);
    g_assert_cmpint(mkfifo(fixture->path, 0600), ==, 0);
    assert_refused(fixture, GCA_ERROR_USAGE, NULL);
    g_remove(fixture->path);
    g_autofree char *much = g_strnfill(16 * 1024, ' ');
    put(fixture, much);
    assert_refused(fixture, GCA_ERROR_BAD_DATA, NULL);
}

#define ADD(path, data, func) g_test_add(path, Fixture, data, set_up, func, tear_down)

static void
add_pem(void)
{
    static const struct {
        const char *path, *row[2];
    } taken[] = {
        {"/account-key/pem/acme.sh-ec", {"openssl ecparam -name prime256v1 -genkey", "P-256"}},
        {"/account-key/pem/acme.sh-ec-384", {"openssl ecparam -name secp384r1 -genkey", "P-384"}},
        {"/account-key/pem/pkcs1", {"openssl genrsa -traditional 2048", NULL}},
        {"/account-key/pem/pkcs8", {"openssl genrsa 2048", NULL}},
        {"/account-key/pem/sec1-ec", {"openssl ecparam -name prime256v1 -genkey -noout", "P-256"}},
    };
    static const struct {
        const char *path, *row[2];
    } refused[] = {
        {"/account-key/pem/refuses-1024-bits", {"openssl genrsa 1024", "2048"}},
        {"/account-key/pem/refuses-exponent-3", {"openssl genrsa -3 2048", "65537"}},
        {"/account-key/pem/refuses-ed25519", {"openssl genpkey -algorithm ed25519", "P-256"}},
        {"/account-key/pem/refuses-p-521",
         {"openssl ecparam -name secp521r1 -genkey -noout", "P-256"}},
        {"/account-key/pem/asks-nobody-for-a-passphrase",
         {"openssl genrsa -aes128 -passout pass:x 2048", "encrypted"}},
        {"/account-key/pem/refuses-public", {"openssl genrsa 2048 | openssl pkey -pubout", "PEM"}},
        {"/account-key/pem/refuses-cut-off", {"openssl genrsa 2048 | head -n 9", "PEM"}},
    };

    for (guint i = 0; i < G_N_ELEMENTS(taken); i++)
        ADD(taken[i].path, taken[i].row, test_pem);
    for (guint i = 0; i < G_N_ELEMENTS(refused); i++)
        ADD(refused[i].path, refused[i].row, test_pem_refused);
}

static void
add_refused(void)
{
    static const struct {
        const char *path, *row[2];
    } rows[] = {
        {"/account-key/jwk/refuses-ec-of-another-key",
         {"{" A3_PUBLIC ",\"d\":\"" OTHER_D "\"}", "fit"}},
        {"/account-key/jwk/refuses-ec-without-d", {"{" A3_PUBLIC "}", "“d”"}},
        {"/account-key/jwk/refuses-padding", {"{" A3_PUBLIC ",\"d\":\"" A3_D "=\"}", "“d”"}},
        {"/account-key/jwk/refuses-bits-behind-the-end",
         {"{" A3_PUBLIC ",\"d\":\"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LJ\"}", "“d”"}},
        {"/account-key/jwk/refuses-nul",
         {"{" A3_PUBLIC ",\"d\":\"" A3_D "\\u0000\"}", "account key"}},
        {"/account-key/jwk/refuses-empty-d", {"{" A3_PUBLIC ",\"d\":\"\"}", "“d”"}},
        {"/account-key/jwk/refuses-more-primes",
         {"{" A2_PUBLIC ",\"oth\":[],\"d\":\"AQ\"}", "primes"}},
        {"/account-key/refuses-neither", {"ACCOUNT_KEY", "neither PEM nor JSON"}},
        {"/account-key/refuses-empty", {"", "neither PEM nor JSON"}},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
        ADD(rows[i].path, rows[i].row, test_refused);
}

int
main(int argc, char **argv)
{
    static const char *const members[] = {"d", "p", "q", "dp", "dq", "qi"};

    g_test_init(&argc, &argv, NULL);
    ADD("/account-key/jwk/rsa", A2_KEY, test_jwk);
    ADD("/account-key/jwk/ec", A3_KEY, test_jwk);
    ADD("/account-key/jwk/refuses-changed-n", A2_N, test_jwk_changed);
    ADD("/account-key/jwk/refuses-changed-d", A2_D, test_jwk_changed);
    ADD("/account-key/jwk/refuses-changed-p", A2_P, test_jwk_changed);
    ADD("/account-key/jwk/refuses-changed-q", A2_Q, test_jwk_changed);
    ADD("/account-key/jwk/refuses-changed-dp", A2_DP, test_jwk_changed);
    ADD("/account-key/jwk/refuses-changed-dq", A2_DQ, test_jwk_changed);
    ADD("/account-key/jwk/refuses-changed-qi", A2_QI, test_jwk_changed);
    for (guint i = 0; i < G_N_ELEMENTS(members); i++) {
        g_autofree char *path = g_strconcat("/account-key/jwk/needs-", members[i], NULL);
        ADD(path, members[i], test_jwk_without);
    }
    add_refused();
    add_pem();
    g_test_add_func("/account-key/to-jwk/short-coordinates-are-padded", test_short_coordinate);
    ADD("/account-key/no-file", NULL, test_no_files);
    return g_test_run();
}
