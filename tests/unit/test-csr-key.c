/* Keys exchanged with the openssl program, and what is given in place of one. */
#include "base/error.h"
#include "csr/key.h"

#include <glib/gstdio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#define PASSPHRASE "測試 pass phrase"
#define OTHER "another one"

typedef struct {
    char *folder;
    EVP_PKEY *key;
    GcaSecret *passphrase, *other;
} Fixture;

static GcaSecret *
secret_of(const char *text)
{
    g_autofree char *copy = g_strdup(text);
    return gca_secret_new_wiping(copy, strlen(copy));
}

static void
set_up(Fixture *fixture, const void *data)
{
    static EVP_PKEY *key;

    if (key == NULL)
        key = gca_key_generate(2048, NULL);
    fixture->folder = g_dir_make_tmp("gca-test-XXXXXX", NULL);
    fixture->key = key;
    fixture->passphrase = secret_of(PASSPHRASE);
    fixture->other = secret_of(OTHER);
}

static void
tear_down(Fixture *fixture, const void *data)
{
    g_autoptr(GDir) folder = g_dir_open(fixture->folder, 0, NULL);
    const char *name;

    while ((name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *path = g_build_filename(fixture->folder, name, NULL);
        g_assert_cmpint(g_remove(path), ==, 0);
    }
    g_assert_cmpint(g_rmdir(fixture->folder), ==, 0);
    g_free(fixture->folder);
    gca_secret_unref(fixture->passphrase);
    gca_secret_unref(fixture->other);
    g_assert_cmpuint(ERR_peek_error(), ==, 0); /* for whoever looks at the queue next */
}

static void
put(const Fixture *fixture, const char *name, GBytes *bytes)
{
    g_autofree char *path = g_build_filename(fixture->folder, name, NULL);
    gsize size;
    const char *data = g_bytes_get_data(bytes, &size);

    g_assert_true(g_file_set_contents(path, data, (gssize) size, NULL));
}

/* Runs the line in the fixture's folder; TRUE if it exits with 0. */
static gboolean
run(const Fixture *fixture, const char *line)
{
    const char *arguments[] = {"sh", "-c", line, NULL};
    g_autofree char *output = NULL;
    int status;

    g_assert_true(g_spawn_sync(fixture->folder, (char **) arguments, NULL,
                               G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
                               &output, NULL, &status, NULL));
    return g_spawn_check_wait_status(status, NULL);
}

static GBytes *
get(const Fixture *fixture, const char *name)
{
    g_autofree char *path = g_build_filename(fixture->folder, name, NULL);
    GBytes *bytes = gca_key_read_file(path, NULL);

    g_assert_nonnull(bytes);
    return bytes;
}

static void
assert_same_key(GBytes *pem, GcaSecret *passphrase, EVP_PKEY *expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(EVP_PKEY) key = gca_key_parse(pem, "k.pem", passphrase, &error);

    g_assert_no_error(error);
    g_assert_cmpint(EVP_PKEY_eq(key, expected), ==, 1);
}

static void
assert_refused(GBytes *pem, GcaSecret *passphrase, GcaErrorCode code, const char *words)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(gca_key_parse(pem, "k.pem", passphrase, &error));
    g_assert_error(error, GCA_ERROR, (int) code);
    g_assert_nonnull(strstr(error->message, "k.pem"));
    g_assert_nonnull(strstr(error->message, words));
}

static void
test_generation_is_timed(Fixture *fixture, const void *data)
{
    gint64 before = gca_key_get_generation_time();
    g_autoptr(EVP_PKEY) key = gca_key_generate(2048, NULL);

    g_assert_true(EVP_PKEY_is_a(key, "RSA"));
    g_assert_cmpint(EVP_PKEY_get_bits(key), ==, 2048);
    g_assert_cmpint(gca_key_get_generation_time(), >, before + 1000);
}

/* RFC 7468 section 10 */
static void
test_plain_is_pkcs8(Fixture *fixture, const void *data)
{
    g_autoptr(GBytes) pem = gca_key_encode(fixture->key, NULL, NULL);
    const char *text = g_bytes_get_data(pem, NULL);

    g_assert_true(g_str_has_prefix(text, "-----BEGIN PRIVATE KEY-----\n"));
    g_assert_true(g_str_has_suffix(text, "-----END PRIVATE KEY-----\n"));
    g_assert_false(gca_key_is_encrypted(pem));
    put(fixture, "k.pem", pem);
    g_assert_true(run(fixture, "openssl pkey -in k.pem -check -noout"));
    assert_same_key(pem, NULL, fixture->key);
    assert_same_key(pem, fixture->passphrase, fixture->key); /* which is not needed */
}

/* RFC 7914 section 7, RFC 7468 section 11 */
static void
test_encrypted_is_scrypt(Fixture *fixture, const void *data)
{
    g_autoptr(GBytes) pem = gca_key_encode(fixture->key, fixture->passphrase, NULL);
    g_autoptr(GBytes) again = gca_key_encode(fixture->key, fixture->passphrase, NULL);

    g_assert_false(g_bytes_equal(pem, again)); /* salt and IV are random */
    g_assert_true(gca_key_is_encrypted(pem));
    put(fixture, "k.pem", pem);
    g_assert_true(run(fixture, "grep -q '^-----BEGIN ENCRYPTED PRIVATE KEY-----$' k.pem"));
    g_assert_true(run(fixture, "openssl pkey -in k.pem -passin 'pass:" PASSPHRASE "' -noout"));
    g_assert_false(run(fixture, "openssl pkey -in k.pem -passin 'pass:" OTHER "' -noout"));
    g_assert_true(run(fixture, "openssl asn1parse -in k.pem > dump && grep -q :scrypt dump && "
                               "grep -q :aes-256-cbc dump && grep -q 'INTEGER *:4000$' dump"));
    assert_same_key(pem, fixture->passphrase, fixture->key);
}

static void
test_reads_what_others_write(Fixture *fixture, const void *data)
{
    static const char *const lines[] = {
        "openssl pkcs8 -topk8 -in k.pem -passout 'pass:" PASSPHRASE "' -out out",
        "openssl pkcs8 -topk8 -v1 PBE-SHA1-3DES -in k.pem -passout 'pass:" PASSPHRASE "' -out out",
        "openssl rsa -in k.pem -traditional -out out",
        "openssl rsa -in k.pem -traditional -aes128 -passout 'pass:" PASSPHRASE "' -out out",
        "(printf '\\357\\273\\277'; cat k.pem) > out", /* BOM */
        "sed 's/$/\\r/' k.pem > out",
        "(echo Bag Attributes; cat k.pem) > out",
        "openssl req -x509 -key k.pem -subj /CN=a > out && cat k.pem >> out",
    };
    g_autoptr(GBytes) plain = gca_key_encode(fixture->key, NULL, NULL);

    put(fixture, "k.pem", plain);
    for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_test_message("%s", lines[i]);
        g_assert_true(run(fixture, lines[i]));
        g_autoptr(GBytes) pem = get(fixture, "out");
        g_assert_cmpint(gca_key_is_encrypted(pem), ==, strstr(lines[i], "passout") != NULL);
        assert_same_key(pem, fixture->passphrase, fixture->key);
    }
}

/* Often enough for one whose padding looks right by chance (1 in 256). */
static void
test_wrong_passphrase(Fixture *fixture, const void *data)
{
    static const char *const lines[] = {
        "openssl pkcs8 -topk8 -iter 1 -in k.pem -passout 'pass:" PASSPHRASE "' -out out",
        "openssl rsa -in k.pem -traditional -aes128 -passout 'pass:" PASSPHRASE "' -out out",
    };
    g_autoptr(GBytes) plain = gca_key_encode(fixture->key, NULL, NULL);

    put(fixture, "k.pem", plain);
    for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_assert_true(run(fixture, lines[i]));
        g_autoptr(GBytes) pem = get(fixture, "out");
        for (guint try = 0; try < 2000; try++) {
            g_autofree char *text = g_strdup_printf("wrong %u", try);
            g_autoptr(GcaSecret) wrong = secret_of(text);
            assert_refused(pem, wrong, GCA_ERROR_PIN_WRONG, "passphrase");
        }
        assert_refused(pem, NULL, GCA_ERROR_USAGE, "encrypted");
    }
}

/* The table's hint speaks of cards that are blocked after three tries. */
static void
test_hint_fits_a_passphrase(Fixture *fixture, const void *data)
{
    g_autoptr(GBytes) pem = gca_key_encode(fixture->key, fixture->passphrase, NULL);
    g_autoptr(GError) error = NULL;

    g_assert_null(gca_key_parse(pem, "k.pem", fixture->other, &error));
    g_assert_null(strstr(gca_error_get_hint(error), "card"));
    g_assert_null(strstr(error->message, OTHER));
    g_assert_null(strstr(gca_error_get_detail(error), OTHER));
}

static void
test_other_things_are_named(Fixture *fixture, const void *data)
{
    static const struct {
        const char *line, *words;
    } cases[] = {
        {"openssl req -x509 -key k.pem -subj /CN=a > out", "a certificate, not"},
        {"openssl req -new -key k.pem -subj /CN=a > out", "a certificate request"},
        {"openssl pkey -in k.pem -pubout > out", "a public key"},
        {"openssl rsa -in k.pem -RSAPublicKey_out > out", "a public key"},
        {"openssl req -x509 -key k.pem -subj /CN=a | openssl crl2pkcs7 -nocrl -certfile /dev/stdin "
         "> out",
         "PKCS#7"},
        {"openssl pkey -in k.pem -outform DER > out", "binary"},
        {": > out", "empty"},
        {"echo hello > out", "no private key"},
        {"cat k.pem k.pem > out", "several"},
        {"head -5 k.pem > out", "damaged"},
        {"sed '4s/^..../!!!!/' k.pem > out", "damaged"},
        {"(head -3 k.pem; tail -n +5 k.pem) > out", "damaged"},
        {"printf '%s\\n' '-----BEGIN OPENSSH PRIVATE KEY-----' b3BlbnNzaC1rZXktdjEA "
         "'-----END OPENSSH PRIVATE KEY-----' > out",
         "not known"},
        {"sed 's/PRIVATE/ENCRYPTED PRIVATE/' k.pem > out", "not known"},
        {"echo '-----BEGIN DH PARAMETERS-----\nMAYCAQMCAQI=\n-----END DH PARAMETERS-----' > out",
         "something else"},
        /* one byte behind the DER */
        {"(openssl pkey -in k.pem -outform DER; printf x) | (echo '-----BEGIN PRIVATE KEY-----'; "
         "openssl base64; echo '-----END PRIVATE KEY-----') > out",
         "damaged"},
    };
    g_autoptr(GBytes) plain = gca_key_encode(fixture->key, NULL, NULL);

    put(fixture, "k.pem", plain);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].line);
        g_assert_true(run(fixture, cases[i].line));
        g_autoptr(GBytes) bytes = get(fixture, "out");
        assert_refused(bytes, fixture->passphrase, GCA_ERROR_BAD_DATA, cases[i].words);
    }
}

static void
test_files_that_are_none(Fixture *fixture, const void *data)
{
    g_autofree char *fifo = g_build_filename(fixture->folder, "fifo", NULL);
    g_autofree char *big = g_build_filename(fixture->folder, "big", NULL);
    g_autofree char *missing = g_build_filename(fixture->folder, "missing", NULL);
    g_autofree char *content = g_strnfill(GCA_KEY_FILE_LIMIT + 1, 'x');
    const struct {
        const char *path;
        GcaErrorCode code;
    } cases[] = {{fixture->folder, GCA_ERROR_USAGE},
                 {fifo, GCA_ERROR_USAGE},
                 {"/dev/zero", GCA_ERROR_USAGE},
                 {big, GCA_ERROR_BAD_DATA},
                 {missing, GCA_ERROR_FILE}};

    g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
    g_assert_true(g_file_set_contents(big, content, -1, NULL));
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(gca_key_read_file(cases[i].path, &error));
        g_assert_error(error, GCA_ERROR, (int) cases[i].code);
        g_assert_nonnull(strstr(error->message, cases[i].path));
    }
    g_assert_true(g_file_set_contents(big, content, GCA_KEY_FILE_LIMIT, NULL));
    g_autoptr(GBytes) bytes = get(fixture, "big");
    g_assert_cmpuint(g_bytes_get_size(bytes), ==, GCA_KEY_FILE_LIMIT);
}

/* RFC 5280 section 4.1: the digest of the whole SubjectPublicKeyInfo, as openssl writes it. */
static void
test_fingerprint(Fixture *fixture, const void *data)
{
    g_autoptr(GBytes) plain = gca_key_encode(fixture->key, NULL, NULL);
    g_autofree char *fingerprint = gca_key_fingerprint(fixture->key);
    g_autofree char *line = g_strdup_printf(
        "openssl pkey -in k.pem -pubout -outform DER | sha256sum | grep -q '^%s '", fingerprint);

    put(fixture, "k.pem", plain);
    g_assert_cmpuint(strlen(fingerprint), ==, 64);
    g_assert_true(run(fixture, line));
}

static void
assert_check(EVP_PKEY *key, const char *profile_name, const char *words)
{
    g_autoptr(GcaProfile) profile = gca_profile_load(profile_name, NULL);
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(gca_key_check(key, profile, &error), ==, words == NULL);
    if (words != NULL) {
        g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
        g_assert_nonnull(strstr(error->message, words));
    }
}

static void
test_check_by_profile(Fixture *fixture, const void *data)
{
    g_autoptr(EVP_PKEY) small = gca_key_generate(1024, NULL);
    g_autoptr(EVP_PKEY) odd = gca_key_generate(2056, NULL);
    g_autoptr(EVP_PKEY) ec = EVP_EC_gen("P-256");

    assert_check(fixture->key, "gtlsca", NULL);
    assert_check(small, "gtlsca", "1024");
    assert_check(odd, "gtlsca", "2056");
    assert_check(ec, "gtlsca", "EC");
}

/* As in the programs. A process that is not dumpable cannot look for leaks. */
static void
enter_secure_heap(void)
{
    gca_secret_protect_process();
    prctl(PR_SET_DUMPABLE, 1);
    g_assert_true(CRYPTO_secure_malloc_initialized());
}

static gboolean
is_subprocess(void)
{
    if (g_test_subprocess())
        return TRUE;
    g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
    g_test_trap_assert_passed();
    return FALSE;
}

/* The largest one that is taken: one block, and a key with as many certificates behind it. */
static void
test_largest_file_fits_the_secure_heap(Fixture *fixture, const void *data)
{
    if (!is_subprocess())
        return;
    enter_secure_heap();
    g_autoptr(GBytes) pem = gca_key_encode(fixture->key, NULL, NULL);
    gsize size;
    const char *text = g_bytes_get_data(pem, &size);
    g_autoptr(GString) block = g_string_new("-----BEGIN PRIVATE KEY-----\n");
    g_autoptr(GString) full = g_string_new_len(text, (gssize) size);

    while (block->len < GCA_KEY_FILE_LIMIT - 100)
        g_string_append(block,
                        "MIIJQwIBADANBgkqhkiG9w0BAQEFAASCCS0wggkpAgEAAoICAQC7VJTUt9Us8cKj\n");
    g_string_append(block, "-----END PRIVATE KEY-----\n");
    while (full->len < GCA_KEY_FILE_LIMIT)
        g_string_append_c(full, '\n');
    g_autoptr(GBytes) one = g_bytes_new(block->str, block->len);
    g_autoptr(GBytes) two = g_bytes_new(full->str, full->len);
    put(fixture, "block", one);
    put(fixture, "full", two);
    g_autoptr(GBytes) first = get(fixture, "block"), second = get(fixture, "full");
    assert_refused(first, NULL, GCA_ERROR_BAD_DATA, "cannot be read");
    assert_same_key(second, NULL, fixture->key);
}

static gpointer
encrypt_often(gpointer data)
{
    GBytes *plain = data;

    for (guint i = 0; i < 2; i++) {
        g_autoptr(GcaSecret) passphrase = secret_of(PASSPHRASE);
        g_autoptr(EVP_PKEY) key = gca_key_parse(plain, "k.pem", NULL, NULL);
        g_autoptr(GBytes) encrypted = gca_key_encode(key, passphrase, NULL);
        assert_same_key(encrypted, passphrase, key);
    }
    return NULL;
}

static void
test_many_threads_fit_the_secure_heap(Fixture *fixture, const void *data)
{
    GThread *threads[16];

    if (!is_subprocess())
        return;
    enter_secure_heap();
    g_autoptr(EVP_PKEY) key = gca_key_generate(4096, NULL);
    g_autoptr(GBytes) plain = gca_key_encode(key, NULL, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
        threads[i] = g_thread_new("key", encrypt_often, plain);
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
        g_thread_join(threads[i]);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, function) g_test_add(name, Fixture, NULL, set_up, function, tear_down)
    ADD("/csr/key/generation-is-timed", test_generation_is_timed);
    ADD("/csr/key/plain-is-pkcs8", test_plain_is_pkcs8);
    ADD("/csr/key/encrypted-is-scrypt-and-openssl-reads-it", test_encrypted_is_scrypt);
    ADD("/csr/key/reads-what-others-write", test_reads_what_others_write);
    ADD("/csr/key/wrong-passphrase-is-never-taken-for-damage", test_wrong_passphrase);
    ADD("/csr/key/hint-fits-a-passphrase", test_hint_fits_a_passphrase);
    ADD("/csr/key/what-is-given-in-place-of-a-key-is-named", test_other_things_are_named);
    ADD("/csr/key/folder-fifo-device-and-missing-are-told-apart", test_files_that_are_none);
    ADD("/csr/key/fingerprint-is-of-the-subject-public-key-info", test_fingerprint);
    ADD("/csr/key/check-by-profile-refuses-other-types-and-sizes", test_check_by_profile);
    ADD("/csr/key/largest-file-fits-the-secure-heap", test_largest_file_fits_the_secure_heap);
    ADD("/csr/key/many-threads-fit-the-secure-heap", test_many_threads_fit_the_secure_heap);
    return g_test_run();
}
