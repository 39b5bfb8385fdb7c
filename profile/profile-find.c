#include "config.h"

#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "profile/internal.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define FOLDER "profiles"
#define SUFFIX ".profile"
#define DEFAULT_PROFILE "gtlsca"

static int
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *) a, *(const char *const *) b);
}

static void
add_names(GPtrArray *names, const char *folder)
{
    g_autofree char *path = g_build_filename(folder, FOLDER, NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *file;

    while (dir != NULL && (file = g_dir_read_name(dir)) != NULL) {
        if (*file == '.' || !g_str_has_suffix(file, SUFFIX))
            continue;
        g_autofree char *name = g_strndup(file, strlen(file) - strlen(SUFFIX));
        if (!g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
            g_ptr_array_add(names, g_steal_pointer(&name));
    }
}

/* Of all profiles there are, sorted; NULL-terminated. */
static char **
list_names(void)
{
    g_auto(GStrv) folders = gca_place_list_folders();
    GPtrArray *names = g_ptr_array_new();

    for (guint i = 0; folders[i] != NULL; i++)
        add_names(names, folders[i]);
    g_ptr_array_sort(names, compare_names);
    g_ptr_array_add(names, NULL);
    return (char **) g_ptr_array_free(names, FALSE);
}

static char *
find_path(const char *name)
{
    if (*name == '\0' || *name == '.' || strchr(name, '/') != NULL)
        return NULL;
    g_autofree char *file = g_strconcat(FOLDER "/", name, SUFFIX, NULL);
    return gca_place_find(file);
}

GcaProfile *
gca_profile_load(const char *name, GError **error)
{
    g_autofree char *path = find_path(name);

    if (path == NULL) {
        g_auto(GStrv) names = list_names();
        g_autofree char *joined = gca_text_list((const char *const *) names);
        g_autofree char *known = gca_text_escape(joined);
        g_autofree char *shown = gca_text_escape(name);
        gca_error_set(error, GCA_ERROR_USAGE,
                      _("There is no profile “%s”; the profiles there are: %s."), shown, known);
        return NULL;
    }
    return gca_profile_read(path, name, error);
}

GPtrArray *
gca_profile_list(GError **error)
{
    g_autoptr(GPtrArray) profiles =
        g_ptr_array_new_with_free_func((GDestroyNotify) gca_profile_unref);
    g_auto(GStrv) names = list_names();

    for (guint i = 0; names[i] != NULL; i++) {
        GcaProfile *profile = gca_profile_load(names[i], error);
        if (profile == NULL)
            return NULL;
        g_ptr_array_add(profiles, profile);
    }
    return g_steal_pointer(&profiles);
}

static GcaProfile *
load_configured(GError **error)
{
    g_autoptr(GError) trouble = NULL;
    g_autofree char *name = gca_place_get_setting("gca", "profile", &trouble);

    if (trouble != NULL) {
        g_propagate_error(error, g_steal_pointer(&trouble));
        return NULL;
    }
    GcaProfile *profile = gca_profile_load(name ? name : DEFAULT_PROFILE, error);
    if (profile == NULL && name != NULL)
        gca_error_set_hint(error, _("Look at “profile” in group [gca] of config.ini."));
    return profile;
}

GcaProfile *
gca_profile_find(const char *account_uri, const char *wanted, GError **error)
{
    g_autoptr(GcaProfile) preferred =
        wanted ? gca_profile_load(wanted, error) : load_configured(error);

    if (preferred == NULL)
        return NULL;
    if (account_uri == NULL || gca_profile_fits_account(preferred, account_uri))
        return g_steal_pointer(&preferred);
    g_autoptr(GPtrArray) profiles = gca_profile_list(error);
    if (profiles == NULL)
        return NULL;
    for (guint i = 0; i < profiles->len; i++) {
        GcaProfile *profile = g_ptr_array_index(profiles, i);
        if (gca_profile_fits_account(profile, account_uri))
            return gca_profile_ref(profile);
    }
    return g_steal_pointer(&preferred);
}
