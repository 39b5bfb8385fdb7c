#include "config.h"

#include "acme/account.h"
#include "base/error.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_DEPTH 8       /* certbot: accounts, host, path of the directory, id */
#define MAX_ENTRIES 20000 /* looked at in one search */

typedef struct {
    GHashTable *seen; /* "device:inode" of folders and accounts: links neither loop nor double */
    GPtrArray *found;
    GPtrArray *unreadable; /* or NULL */
    guint entries;
} Search;

static void walk(Search *search, const char *folder, guint depth);

static gboolean
is_new(Search *search, const struct stat *st)
{
    return g_hash_table_add(search->seen,
                            g_strdup_printf("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT,
                                            (guint64) st->st_dev, (guint64) st->st_ino));
}

static void
note(Search *search, const char *sentence)
{
    if (search->unreadable != NULL)
        g_ptr_array_add(search->unreadable, g_strdup(sentence));
}

/* The reason and what would help, where it is a matter of the file. */
static void
note_error(Search *search, const GError *error)
{
    GcaErrorCode code = gca_error_get_code(error);
    gboolean is_of_file = code == GCA_ERROR_FILE || code == GCA_ERROR_BAD_DATA;
    const char *hint = is_of_file ? gca_error_get_hint(error) : NULL;
    g_autofree char *text = g_strjoin(hint ? " " : "", error->message, hint, NULL);

    note(search, text);
}

static void
take(Search *search, const char *path)
{
    g_autoptr(GError) error = NULL;
    GcaAccount *account = gca_account_load(path, &error);

    if (account != NULL)
        g_ptr_array_add(search->found, account);
    else
        note_error(search, error);
}

/* dehydrated asks the server for the URI when it needs it first. */
static void
note_without_uri(Search *search, const char *path)
{
    g_autofree char *shown = gca_text_escape(path);
    g_autofree char *text =
        g_strdup_printf(_("“%s” is an account of dehydrated without its URI (account_id.json); "
                          "“dehydrated --account” adds it."),
                        shown);

    note(search, text);
}

static gboolean
has_neighbour(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);

    return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* acme.sh keeps an account.json too, without the URI. */
static gboolean
is_account(const char *folder, const char *name)
{
    if (g_str_equal(name, "account.json"))
        return !has_neighbour(folder, "ca.conf");
    return g_str_equal(name, "regr.json") || g_str_equal(name, "ca.conf") ||
           g_str_equal(name, "account_id.json");
}

static void
look_at_file(Search *search, const char *folder, const char *name, const char *path,
             const struct stat *st)
{
    if (is_account(folder, name) && is_new(search, st))
        take(search, path);
    else if (g_str_equal(name, "registration_info.json") &&
             !has_neighbour(folder, "account_id.json"))
        note_without_uri(search, path);
}

static void
look_at(Search *search, const char *folder, const char *name, guint depth)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    struct stat st;

    if (stat(path, &st) != 0)
        return; /* a link that leads nowhere, or gone since */
    if (S_ISDIR(st.st_mode)) {
        if (depth < MAX_DEPTH && is_new(search, &st))
            walk(search, path, depth + 1);
    } else {
        look_at_file(search, folder, name, path, &st);
    }
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *) a, *(char *const *) b);
}

/* The names in `folder`, sorted; NULL with errno. */
static GPtrArray *
list_names(Search *search, const char *folder)
{
    DIR *directory = opendir(folder);
    if (directory == NULL)
        return NULL;

    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    struct dirent *entry;
    while (search->entries < MAX_ENTRIES && (entry = readdir(directory)) != NULL) {
        if (g_str_equal(entry->d_name, ".") || g_str_equal(entry->d_name, ".."))
            continue;
        search->entries++;
        g_ptr_array_add(names, g_strdup(entry->d_name));
    }
    closedir(directory);
    g_ptr_array_sort(names, compare_names);
    return names;
}

static void
set_folder_error(GError **error, const char *folder)
{
    int saved = errno;
    g_autofree char *shown = gca_text_escape(folder);
    gca_error_set(error, GCA_ERROR_FILE, _("The folder “%s” cannot be listed: %s."), shown,
                  g_strerror(saved));
    gca_error_set_native(error, "opendir", g_strerror(saved), (gulong) saved);
    if (saved == EACCES)
        gca_error_set_hint(error, _("Use sudo, or let the file's owner pass it on through "
                                    "standard input (“-”)."));
}

static void
look_at_all(Search *search, const char *folder, GPtrArray *names, guint depth)
{
    for (guint i = 0; i < names->len; i++)
        look_at(search, folder, g_ptr_array_index(names, i), depth);
}

static void
walk(Search *search, const char *folder, guint depth)
{
    g_autoptr(GPtrArray) names = list_names(search, folder);

    if (names != NULL) {
        look_at_all(search, folder, names, depth);
    } else {
        g_autoptr(GError) error = NULL;
        set_folder_error(&error, folder);
        note_error(search, error);
    }
}

static int
compare_paths(gconstpointer a, gconstpointer b)
{
    return strcmp(gca_account_get_path(*(GcaAccount *const *) a),
                  gca_account_get_path(*(GcaAccount *const *) b));
}

GPtrArray *
gca_account_find_some(const char *folder, GPtrArray *unreadable, gboolean *is_partial,
                      GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify) gca_account_unref);
    Search search = {.seen = seen, .found = found, .unreadable = unreadable};
    struct stat st;

    g_autoptr(GPtrArray) names = list_names(&search, folder);
    if (names == NULL || stat(folder, &st) != 0) {
        set_folder_error(error, folder);
        return NULL;
    }
    is_new(&search, &st);
    look_at_all(&search, folder, names, 0);
    *is_partial = search.entries >= MAX_ENTRIES;
    g_ptr_array_sort(found, compare_paths);
    return g_steal_pointer(&found);
}

GPtrArray *
gca_account_find(const char *folder, GPtrArray *unreadable, GError **error)
{
    gboolean is_partial;
    g_autoptr(GPtrArray) found = gca_account_find_some(folder, unreadable, &is_partial, error);
    if (found == NULL || !is_partial)
        return g_steal_pointer(&found);

    g_autofree char *shown = gca_text_escape(folder);
    gca_error_set(error, GCA_ERROR_USAGE,
                  _("There are too many files below “%s” to look for an ACME account there; "
                    "name the account's own folder."),
                  shown);
    return NULL;
}
