/* A token of SoftHSM2, a real PKCS#11 module, made by its own tools in a folder of its own. */
#pragma once

#include <glib.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#define SOFTHSM_PIN "123456"

typedef struct {
    char *folder;
    const char *label;
} SoftHsm;

static inline const char *
softhsm_get_module(void)
{
    static const char *const places[] = {"/usr/lib/softhsm/libsofthsm2.so",
                                         "/usr/lib64/pkcs11/libsofthsm2.so"};

    for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
        if (g_file_test(places[i], G_FILE_TEST_EXISTS))
            return places[i];
    }
    g_error("SoftHSM2 is not installed");
}

static inline void
softhsm_run(const char *const *argv)
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

/* The one token that the module shows from now on; `label` is borrowed. */
static inline SoftHsm
softhsm_enter(const char *label)
{
    const char *const init[] = {"softhsm2-util", "--init-token", "--free", "--label",   label,
                                "--so-pin",      "12345678",     "--pin",  SOFTHSM_PIN, NULL};
    SoftHsm token = {g_dir_make_tmp("gca-softhsm-XXXXXX", NULL), label};
    g_autofree char *path = g_build_filename(token.folder, "softhsm2.conf", NULL);
    g_autofree char *text =
        g_strdup_printf("directories.tokendir = %s\nlog.level = ERROR\n", token.folder);

    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_setenv("SOFTHSM2_CONF", path, TRUE);
    softhsm_run(init);
    return token;
}

static inline void
softhsm_import_key(const SoftHsm *token, EVP_PKEY *key, const char *id)
{
    g_autofree char *pem = g_build_filename(token->folder, "key.pem", NULL);
    const char *const argv[] = {"softhsm2-util", "--import", pem,    "--token", token->label,
                                "--label",       "key",      "--id", id,        "--pin",
                                SOFTHSM_PIN,     NULL};
    FILE *file = fopen(pem, "w");

    g_assert_true(PEM_write_PKCS8PrivateKey(file, key, NULL, NULL, 0, NULL, NULL));
    fclose(file);
    softhsm_run(argv);
}

static inline void
softhsm_import_certificate(const SoftHsm *token, X509 *certificate, const char *id)
{
    g_autofree char *der = g_build_filename(token->folder, "certificate.der", NULL);
    const char *const argv[] = {"pkcs11-tool",
                                "--module",
                                softhsm_get_module(),
                                "--login",
                                "--token-label",
                                token->label,
                                "--pin",
                                SOFTHSM_PIN,
                                "--write-object",
                                der,
                                "--type",
                                "cert",
                                "--id",
                                id,
                                NULL};
    FILE *file = fopen(der, "w");

    g_assert_true(i2d_X509_fp(file, certificate));
    fclose(file);
    softhsm_run(argv);
}

static inline void
softhsm_leave(SoftHsm *token)
{
    const char *const remove[] = {"rm", "-r", token->folder, NULL};

    softhsm_run(remove);
    g_free(token->folder);
}
