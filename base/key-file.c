#include "config.h"

#include "base/key-file.h"

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

#include <glib/gi18n-lib.h>

#define LIMIT (1024 * 1024)
#define MODE 0600

GKeyFile *
gca_key_file_load(const char *path, GError **error)
{
    const GKeyFileFlags flags = G_KEY_FILE_KEEP_COMMENTS | G_KEY_FILE_KEEP_TRANSLATIONS;
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) trouble = NULL;

    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return g_steal_pointer(&file);
    g_autoptr(GBytes) bytes = gca_file_read(path, LIMIT, error);
    if (bytes == NULL)
        return NULL;
    if (g_bytes_get_size(bytes) == 0 || g_key_file_load_from_bytes(file, bytes, flags, &trouble))
        return g_steal_pointer(&file);
    g_autofree char *shown = gca_text_escape(path);
    g_autofree char *reason = gca_text_escape(trouble->message);
    gca_error_set(error, GCA_ERROR_BAD_DATA, _("“%s” cannot be used: %s"), shown, reason);
    return NULL;
}

gboolean
gca_key_file_save(GKeyFile *file, const char *path, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);
    gsize size;
    char *text = g_key_file_to_data(file, &size, NULL);
    g_autoptr(GBytes) bytes = g_bytes_new_take(text, size);

    return gca_file_make_folder(folder, error) && gca_file_replace(path, bytes, MODE, error);
}
