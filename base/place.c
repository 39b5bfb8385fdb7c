#include "config.h"

#include "base/place.h"

#include "base/error.h"
#include "base/text.h"

#include <glib/gi18n-lib.h>

#define FOLDER "gca-toolkit"

char *
gca_place_user(const char *name)
{
    return g_build_filename(g_get_user_config_dir(), FOLDER, name, NULL);
}

char *
gca_place_state(const char *name)
{
    return g_build_filename(g_get_user_state_dir(), FOLDER, name, NULL);
}

char *
gca_place_data(const char *name)
{
    return g_build_filename(g_get_user_data_dir(), FOLDER, name, NULL);
}

char **
gca_place_list_folders(void)
{
    const char *packaged = g_getenv("GCA_DATADIR");
    char **folders = g_new0(char *, 4);

    folders[0] = g_build_filename(g_get_user_config_dir(), FOLDER, NULL);
    folders[1] = g_strdup(GCA_SYSCONFDIR);
    folders[2] = g_strdup(packaged ? packaged : GCA_DATADIR);
    return folders;
}

char *
gca_place_find(const char *name)
{
    g_auto(GStrv) folders = gca_place_list_folders();

    for (guint i = 0; folders[i] != NULL; i++) {
        g_autofree char *path = g_build_filename(folders[i], name, NULL);
        if (g_file_test(path, G_FILE_TEST_EXISTS))
            return g_steal_pointer(&path);
    }
    return NULL;
}

char *
gca_place_get_setting(const char *group, const char *key, GError **error)
{
    g_auto(GStrv) folders = gca_place_list_folders();

    for (guint i = 0; folders[i] != NULL; i++) {
        g_autofree char *path = g_build_filename(folders[i], "config.ini", NULL);
        g_autoptr(GKeyFile) file = g_key_file_new();
        g_autoptr(GError) trouble = NULL;
        if (!g_file_test(path, G_FILE_TEST_EXISTS))
            continue;
        if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, &trouble)) {
            g_autofree char *shown = gca_text_escape(path);
            gca_error_set(error, GCA_ERROR_BAD_DATA, _("“%s” is not a configuration file: %s"),
                          shown, trouble->message);
            return NULL;
        }
        char *value = g_key_file_get_string(file, group, key, NULL);
        if (value != NULL)
            return value;
    }
    return NULL;
}
