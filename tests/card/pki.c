#include "tests/card/pki.h"

#include <openssl/pem.h>
#include <stdio.h>

static char *
path_of(const char *dir, const char *name, const char *suffix)
{
    g_autofree char *file = g_strconcat(name, suffix, NULL);

    return g_build_filename(dir, file, NULL);
}

GByteArray *
pki_read_certificate(const char *dir, const char *name, GError **error)
{
    g_autofree char *path = path_of(dir, name, ".der");
    char *bytes;
    gsize length;

    if (!g_file_get_contents(path, &bytes, &length, error))
        return NULL;
    return g_byte_array_new_take((guint8 *) bytes, length);
}

EVP_PKEY *
pki_read_key(const char *dir, const char *name, GError **error)
{
    g_autofree char *path = path_of(dir, name, ".key.pem");
    EVP_PKEY *key = NULL;
    FILE *file = fopen(path, "re");

    if (file != NULL) {
        key = PEM_read_PrivateKey(file, NULL, NULL, NULL);
        fclose(file);
    }
    if (key == NULL)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s: not a readable key", path);
    return key;
}

static char *
find_keyx(const char *dir, const char *holder)
{
    g_autofree char *name = g_strconcat(holder, "-keyx", NULL);
    g_autofree char *path = path_of(dir, name, ".der");

    if (g_file_test(path, G_FILE_TEST_EXISTS))
        return g_steal_pointer(&name);
    return g_strdup("encryption");
}

char *
pki_find_name(const char *dir, const char *holder, const char *id)
{
    gboolean untrusted = g_str_has_prefix(holder, "untrusted");

    if (g_str_equal(id, "SIGN"))
        return g_strdup(holder);
    if (g_str_equal(id, "SIGN02"))
        return g_strdup("agency-secondary");
    if (g_str_equal(id, "KEYX"))
        return find_keyx(dir, holder);
    if (g_str_equal(id, "CACert"))
        return g_strdup(untrusted ? "untrusted" : "ca");
    if (g_str_equal(id, "ROOTCACert"))
        return g_strdup(untrusted ? "untrusted" : "root");
    return NULL;
}
