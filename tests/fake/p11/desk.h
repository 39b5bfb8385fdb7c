/* A desk for tests of pkcs11/: two key pairs, the scripted module with its log, and a person. */
#pragma once

#include "tests/fake/p11/person.h"

#include <glib/gstdio.h>

typedef struct {
    char *folder, *log;
    EVP_PKEY *key, *other_key;
    X509 *certificate, *other_certificate;
    TestPerson *person;
    GcaModule *module;
    GcaToken *token;
} Desk;

/* Writes `key` or `certificate` as the file `name` of the desk's folder. */
static void
write_pem(const Desk *desk, const char *name, EVP_PKEY *key, X509 *certificate)
{
    g_autofree char *path = g_build_filename(desk->folder, name, NULL);
    FILE *file = fopen(path, "w");

    g_assert_nonnull(file);
    if (key != NULL)
        g_assert_true(PEM_write_PKCS8PrivateKey(file, key, NULL, NULL, 0, NULL, NULL));
    else
        g_assert_true(PEM_write_X509(file, certificate));
    fclose(file);
}

static Desk *
desk_new(void)
{
    static EVP_PKEY *keys[2]; /* made once: it takes time */
    Desk *desk = g_new0(Desk, 1);

    for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (keys[i] == NULL)
            keys[i] = EVP_RSA_gen(2048);
    }

    desk->folder = g_dir_make_tmp("gca-desk-XXXXXX", NULL);
    desk->log = g_build_filename(desk->folder, "log", NULL);
    desk->key = keys[0];
    desk->other_key = keys[1];
    desk->certificate = certificate_new(desk->key, "sign");
    desk->other_certificate = certificate_new(desk->other_key, "keyx");
    desk->person = g_object_new(TEST_TYPE_PERSON, NULL);
    write_pem(desk, "key", desk->key, NULL);
    write_pem(desk, "cert", NULL, desk->certificate);
    write_pem(desk, "other-key", desk->other_key, NULL);
    write_pem(desk, "other-cert", NULL, desk->other_certificate);
    return desk;
}

static void
desk_close(Desk *desk)
{
    g_clear_pointer(&desk->token, gca_token_free);
    g_clear_pointer(&desk->module, gca_module_close);
}

static void
desk_free(Desk *desk)
{
    const char *names[] = {"key", "cert", "other-key", "other-cert", "log", "pin"};

    desk_close(desk);
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(desk->folder, names[i], NULL);
        g_unlink(path);
    }
    g_assert_cmpint(g_rmdir(desk->folder), ==, 0);
    X509_free(desk->certificate);
    X509_free(desk->other_certificate);
    g_object_unref(desk->person);
    g_free(desk->folder);
    g_free(desk->log);
    g_free(desk);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Desk, desk_free)

/* Opens the scripted module with `words` added to the script; what was open is closed. */
static void
desk_open(Desk *desk, const char *words)
{
    const char *at = desk->folder;
    g_autofree char *script =
        g_strdup_printf("log=%s/log,key=%s/key,cert=%s/cert,other-key=%s/other-key,"
                        "other-cert=%s/other-cert,%s",
                        at, at, at, at, at, words);
    g_autoptr(GError) error = NULL;

    desk_close(desk);
    g_unlink(desk->log);
    g_setenv("GCA_FAKE_P11", script, TRUE);
    desk->module = gca_module_open(g_getenv("GCA_FAKE_P11_MODULE"), &error);
    g_assert_no_error(error);
}

static void
desk_find(Desk *desk, const char *words)
{
    GcaTokenWish wish = {0};
    g_autoptr(GError) error = NULL;

    desk_open(desk, words);
    desk->token = gca_token_find(desk->module, &wish, &error);
    g_assert_no_error(error);
}

static gboolean
desk_login(Desk *desk, const char *pin, GError **error)
{
    GcaLoginOptions options = {.pin_fd = -1, .unblock_place = "the counter"};

    desk->person->pin = pin;
    return gca_token_login(desk->token, &options, GCA_INTERACTION(desk->person), NULL, error);
}

/* How many lines of the log begin with `call`. */
static guint
desk_count(const Desk *desk, const char *call)
{
    g_autofree char *text = NULL;
    guint n = 0;

    if (!g_file_get_contents(desk->log, &text, NULL, NULL))
        return 0;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++)
        n += g_str_has_prefix(lines[i], call);
    return n;
}
