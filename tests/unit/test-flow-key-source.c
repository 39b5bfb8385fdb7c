#include "flow/key-source.h"
#include "tests/fake/p11/person.h"

#include <glib/gstdio.h>
#include <unistd.h>

#define PASSPHRASE "測試 pass"

typedef struct {
    char *folder, *log;
    TestPerson *person;
    const char *second; /* what the person answers to the second question */
} Desk;

static EVP_PKEY *
test_key(void)
{
    static EVP_PKEY *key; /* made once: it takes time */

    if (key == NULL)
        key = EVP_RSA_gen(2048);
    return key;
}

static char *
path_of(const Desk *desk, const char *name)
{
    return g_build_filename(desk->folder, name, NULL);
}

static void
answer_differently(gpointer data)
{
    Desk *desk = data;

    if (desk->person->n_asked == 2 && desk->second != NULL)
        desk->person->pin = desk->second;
}

static Desk *
desk_new(void)
{
    Desk *desk = g_new0(Desk, 1);

    desk->folder = g_dir_make_tmp("gca-key-source-XXXXXX", NULL);
    desk->log = path_of(desk, "log");
    desk->person = g_object_new(TEST_TYPE_PERSON, NULL);
    desk->person->meanwhile = answer_differently;
    desk->person->data = desk;
    return desk;
}

static void
desk_free(Desk *desk)
{
    g_autoptr(GDir) dir = g_dir_open(desk->folder, 0, NULL);
    const char *name;

    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = path_of(desk, name);
        g_unlink(path);
    }
    g_assert_cmpint(g_rmdir(desk->folder), ==, 0);
    g_object_unref(desk->person);
    g_free(desk->folder);
    g_free(desk->log);
    g_free(desk);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Desk, desk_free)

static char *
write_file(const Desk *desk, const char *name, const char *text)
{
    char *path = path_of(desk, name);

    g_assert_true(g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    return path;
}

/* The key as a file, encrypted where there is a passphrase. */
static char *
write_key(const Desk *desk, const char *name, const char *passphrase)
{
    char *path = path_of(desk, name);
    FILE *file = fopen(path, "w");

    g_assert_true(PEM_write_PKCS8PrivateKey(file, test_key(), passphrase ? EVP_aes_256_cbc() : NULL,
                                            passphrase, passphrase ? (int) strlen(passphrase) : 0,
                                            NULL, NULL));
    fclose(file);
    return path;
}

static GcaKeySource *
open_source(Desk *desk, const char *place, const char *passphrase_file, GError **error)
{
    GcaPassphraseSource passphrase = {.file = passphrase_file, .fd = -1};
    GcaLoginOptions login = {.pin_fd = -1};

    return gca_key_source_open(place, g_getenv("GCA_FAKE_P11_MODULE"), &passphrase, &login,
                               GCA_INTERACTION(desk->person), NULL, error);
}

static void
assert_opens(Desk *desk, const char *place, const char *passphrase_file, const char *as)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaKeySource) source = open_source(desk, place, passphrase_file, &error);

    g_assert_no_error(error);
    g_assert_cmpint(EVP_PKEY_eq(gca_key_source_get_key(source), test_key()), ==, 1);
    g_assert_cmpstr(gca_key_source_get_place(source), ==, as);
}

static void
assert_refused(Desk *desk, const char *place, const char *passphrase_file, GcaErrorCode code)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(open_source(desk, place, passphrase_file, &error));
    g_assert_error(error, GCA_ERROR, (int) code);
}

/* ---- files ---- */

static void
test_plain_file(void)
{
    g_autoptr(Desk) desk = desk_new();
    g_autofree char *path = write_key(desk, "key.pem", NULL);
    g_autofree char *before = g_get_current_dir();

    assert_opens(desk, path, NULL, path);
    assert_opens(desk, path, "/nonexistent", path); /* a passphrase that is not needed */
    g_assert_cmpint(g_chdir(desk->folder), ==, 0);
    g_autofree char *here = g_get_current_dir(); /* the folder's name may go through a link */
    g_autofree char *absolute = g_build_filename(here, "key.pem", NULL);
    assert_opens(desk, "./key.pem", NULL, absolute);
    g_assert_cmpint(g_chdir(before), ==, 0);
    g_assert_cmpuint(desk->person->n_asked, ==, 0);
}

static void
test_encrypted_file(void)
{
    g_autoptr(Desk) desk = desk_new();
    g_autofree char *path = write_key(desk, "key.pem", PASSPHRASE);
    g_autofree char *right = write_file(desk, "right", PASSPHRASE "\n");
    g_autofree char *wrong = write_file(desk, "wrong", "other\n");

    assert_opens(desk, path, right, path);
    assert_refused(desk, path, wrong, GCA_ERROR_PIN_WRONG);
    assert_refused(desk, path, "/nonexistent", GCA_ERROR_FILE);
    g_assert_cmpuint(desk->person->n_asked, ==, 0);

    desk->person->pin = PASSPHRASE;
    assert_opens(desk, path, NULL, path);
    g_assert_cmpuint(desk->person->n_asked, ==, 1);
    g_assert_cmpint(desk->person->prompt.tries_left, ==, GCA_TRIES_UNKNOWN);
    desk->person->pin = "other";
    assert_refused(desk, path, NULL, GCA_ERROR_PIN_WRONG);
    desk->person->pin = NULL;
    assert_refused(desk, path, NULL, GCA_ERROR_CANCELLED);
    g_assert_cmpuint(desk->person->n_asked, ==, 3); /* never again by itself */
}

/* The least that a new one must have is not asked of one there is. */
static void
test_short_passphrase_of_old_key(void)
{
    g_autoptr(Desk) desk = desk_new();
    g_autofree char *path = write_key(desk, "key.pem", "abc");

    desk->person->pin = "abc";
    assert_opens(desk, path, NULL, path);
}

static void
test_no_key(void)
{
    g_autoptr(Desk) desk = desk_new();
    g_autofree char *other = write_file(desk, "other", "測試\n");
    g_autofree char *missing = path_of(desk, "missing");

    assert_refused(desk, other, NULL, GCA_ERROR_BAD_DATA);
    assert_refused(desk, missing, NULL, GCA_ERROR_FILE);
    assert_refused(desk, desk->folder, NULL, GCA_ERROR_USAGE);
}

/* ---- tokens ---- */

/* A token with a certificate beside its key, as after an earlier application. */
static void
script_token(const Desk *desk, const char *words)
{
    g_autofree char *key = write_key(desk, "token-key.pem", NULL);
    g_autofree char *certificate = path_of(desk, "token-cert.pem");
    g_autoptr(X509) made = certificate_new(test_key(), "測試");
    FILE *file = fopen(certificate, "w");

    g_assert_true(PEM_write_X509(file, made));
    fclose(file);
    g_autofree char *script =
        g_strdup_printf("log=%s,key=%s,cert=%s,label=HSM%s", desk->log, key, certificate, words);
    g_setenv("GCA_FAKE_P11", script, TRUE);
    g_unlink(desk->log);
}

static guint
count_logins(const Desk *desk)
{
    g_autofree char *text = NULL;
    guint n = 0;

    if (!g_file_get_contents(desk->log, &text, NULL, NULL))
        return 0;
    for (const char *at = text; (at = strstr(at, "C_Login")) != NULL; at++)
        n++;
    return n;
}

static void
test_token(void)
{
    g_autoptr(Desk) desk = desk_new();

    script_token(desk, ",pin=aB-3456");
    desk->person->pin = "aB-3456";
    assert_opens(desk, "pkcs11:token=HSM;object=cert1", NULL, "pkcs11:token=HSM;object=cert1");
    g_assert_cmpuint(desk->person->n_asked, ==, 1);
    g_assert_cmpuint(count_logins(desk), ==, 1);
}

static void
test_pin_source(void)
{
    g_autoptr(Desk) desk = desk_new();
    g_autofree char *pin = write_file(desk, "pin", "123456\n");
    g_autofree char *uri = g_strdup_printf("pkcs11:id=SIGN?pin-source=file:%s", pin);

    script_token(desk, "");
    assert_opens(desk, uri, NULL, "pkcs11:id=%53%49%47%4E");
    g_assert_cmpuint(desk->person->n_asked, ==, 0);
}

static void
test_wrong_pin(void)
{
    g_autoptr(Desk) desk = desk_new();

    script_token(desk, "");
    desk->person->pin = "654321";
    assert_refused(desk, "pkcs11:object=cert1", NULL, GCA_ERROR_PIN_WRONG);
    g_assert_cmpuint(desk->person->n_asked, ==, 1);
    g_assert_cmpuint(count_logins(desk), ==, 1);
}

static void
test_refused_before_pin(void)
{
    const struct {
        const char *uri;
        GcaErrorCode code;
    } rows[] = {
        {"pkcs11:token=other;object=cert1", GCA_ERROR_NO_CARD},
        {"pkcs11:object=cert1?pin-value=123456", GCA_ERROR_USAGE},
        {"pkcs11:object=cert1?pin-source=|id", GCA_ERROR_USAGE},
        {"pkcs11:object=%zz", GCA_ERROR_USAGE},
        {"PKCS11:object", GCA_ERROR_USAGE},
        {"pkcs11:object=cert1;type=cert", GCA_ERROR_USAGE},
    };
    g_autoptr(Desk) desk = desk_new();

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        script_token(desk, "");
        assert_refused(desk, rows[i].uri, NULL, rows[i].code);
        g_assert_cmpuint(count_logins(desk), ==, 0);
    }
    g_assert_cmpuint(desk->person->n_asked, ==, 0);
}

/* ---- passphrases ---- */

static GcaSecret *
get_new(Desk *desk, const GcaPassphraseSource *source, const char *first, const char *second,
        GError **error)
{
    desk->person->pin = first;
    desk->person->n_asked = 0;
    desk->second = second;
    return gca_passphrase_get(source, "Passphrase of the new key", TRUE,
                              GCA_INTERACTION(desk->person), NULL, error);
}

static void
test_new_is_asked_twice(void)
{
    const GcaPassphraseSource nowhere = {.fd = -1};
    g_autoptr(Desk) desk = desk_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaSecret) passphrase = get_new(desk, &nowhere, PASSPHRASE, NULL, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(gca_secret_get_data(passphrase), ==, PASSPHRASE);
    g_assert_cmpuint(desk->person->n_asked, ==, 2);
    g_assert_cmpuint(desk->person->prompt.min_length, ==, 4);
}

static void
test_new_is_refused(void)
{
    const struct {
        const char *first, *second;
        guint n_asked;
    } rows[] = {
        {"first one", "other one", 2},
        {"測試測", NULL, 1},
        {"", NULL, 1},
        {"abcd\xFF", NULL, 1},
    };
    const GcaPassphraseSource nowhere = {.fd = -1};
    g_autoptr(Desk) desk = desk_new();

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(get_new(desk, &nowhere, rows[i].first, rows[i].second, &error));
        g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
        g_assert_cmpuint(desk->person->n_asked, ==, rows[i].n_asked);
        g_assert_null(rows[i].second ? strstr(error->message, rows[i].second) : NULL);
    }
}

static void
test_new_from_file_or_descriptor(void)
{
    g_autoptr(Desk) desk = desk_new();
    g_autofree char *path = write_file(desk, "passphrase", PASSPHRASE "\n");
    g_autofree char *brief = write_file(desk, "short", "abc\n");
    const GcaPassphraseSource file = {.file = path, .fd = -1},
                              too_short = {.file = brief, .fd = -1};
    g_autoptr(GError) error = NULL;
    int ends[2];

    g_assert_cmpint(pipe(ends), ==, 0);
    g_assert_cmpint(write(ends[1], "abcd\n", 5), ==, 5);
    const GcaPassphraseSource descriptor = {.fd = ends[0]};
    g_autoptr(GcaSecret) of_file = get_new(desk, &file, NULL, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(GcaSecret) of_descriptor = get_new(desk, &descriptor, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(gca_secret_get_data(of_file), ==, PASSPHRASE);
    g_assert_cmpstr(gca_secret_get_data(of_descriptor), ==, "abcd");
    g_assert_null(get_new(desk, &too_short, NULL, NULL, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
    g_assert_cmpuint(desk->person->n_asked, ==, 0);
    close(ends[0]);
    close(ends[1]);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flow/key-source/plain-file-asks-nothing", test_plain_file);
    g_test_add_func("/flow/key-source/encrypted-file-asks-once", test_encrypted_file);
    g_test_add_func("/flow/key-source/old-passphrase-may-be-short",
                    test_short_passphrase_of_old_key);
    g_test_add_func("/flow/key-source/what-is-no-key-is-refused", test_no_key);
    g_test_add_func("/flow/key-source/token-gets-one-pin-with-letters", test_token);
    g_test_add_func("/flow/key-source/pin-source-is-used-and-not-kept", test_pin_source);
    g_test_add_func("/flow/key-source/wrong-pin-is-sent-once", test_wrong_pin);
    g_test_add_func("/flow/key-source/refused-before-the-pin", test_refused_before_pin);
    g_test_add_func("/flow/passphrase/new-is-asked-twice", test_new_is_asked_twice);
    g_test_add_func("/flow/passphrase/new-is-refused", test_new_is_refused);
    g_test_add_func("/flow/passphrase/new-from-file-or-descriptor",
                    test_new_from_file_or_descriptor);
    return g_test_run();
}
