#include "config.h"

#include "gui/remembered.h"

#include "base/error.h"
#include "base/file.h"
#include "base/place.h"
#include "base/text.h"

#include <glib/gi18n.h>

#define FILE_NAME "wizard.ini"
#define FILE_LIMIT (1024 * 1024)
#define FILE_MODE 0600
#define GROUP_SUBJECT "subject"

/* A DN is no key of a key file: “=” and brackets stand in it. */
static char *
make_key(const char *profile, const char *dn)
{
    g_autofree char *text = g_strconcat(profile, "\n", dn, NULL);

    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
}

/* What is there, or nothing. */
static GKeyFile *
load(const char *path, GError **error)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) trouble = NULL;

    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return g_steal_pointer(&file);
    g_autoptr(GBytes) bytes = gca_file_read(path, FILE_LIMIT, error);
    if (bytes == NULL)
        return NULL;
    if (g_bytes_get_size(bytes) == 0 ||
        g_key_file_load_from_bytes(file, bytes, G_KEY_FILE_KEEP_COMMENTS, &trouble))
        return g_steal_pointer(&file);
    g_autofree char *shown = gca_text_escape(path);
    gca_error_set(error, GCA_ERROR_BAD_DATA, _("“%s” cannot be used: %s"), shown, trouble->message);
    return NULL;
}

char *
gca_remembered_dup_subject(const char *profile, const char *dn)
{
    g_autofree char *path = gca_place_state(FILE_NAME);
    g_autofree char *key = make_key(profile, dn);
    g_autoptr(GKeyFile) file = load(path, NULL);

    return file ? g_key_file_get_string(file, GROUP_SUBJECT, key, NULL) : NULL;
}

gboolean
gca_remembered_set_subject(const char *profile, const char *dn, const char *subject, GError **error)
{
    g_autofree char *path = gca_place_state(FILE_NAME);
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *key = make_key(profile, dn);
    g_autoptr(GKeyFile) file = load(path, error);
    if (file == NULL)
        return FALSE;

    if (subject != NULL)
        g_key_file_set_string(file, GROUP_SUBJECT, key, subject);
    else if (!g_key_file_remove_key(file, GROUP_SUBJECT, key, NULL))
        return TRUE; /* nothing was there */
    gsize size;
    char *text = g_key_file_to_data(file, &size, NULL);
    g_autoptr(GBytes) bytes = g_bytes_new_take(text, size);
    return gca_file_make_folder(folder, error) && gca_file_replace(path, bytes, FILE_MODE, error);
}
