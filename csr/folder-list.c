#include "config.h"

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "csr/csr.h"
#include "csr/folder.h"
#include "csr/key.h"

#include <dirent.h>
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <string.h>
#include <sys/stat.h>

#define LOOK_LIMIT 10000 /* sub-folders that are searched for a key */

static void
fail_errno(GError **error, const char *path)
{
    int saved = errno;
    g_autofree char *shown = gca_text_escape(path);

    gca_error_set(error, GCA_ERROR_FILE, _("The folder “%s” cannot be looked into: %s."), shown,
                  g_strerror(saved));
    gca_error_set_native(error, "open", g_strerror(saved), (gulong) saved);
}

/* TRUE if `path` is a request folder or cannot be told from one; the error says the latter. */
static gboolean
is_one(const char *path, GError **error)
{
    g_autofree char *file = g_build_filename(path, GCA_FOLDER_REQUEST, NULL);
    struct stat st;

    if (lstat(file, &st) == 0)
        return TRUE;
    if (errno == ENOENT || errno == ENOTDIR)
        return FALSE;
    fail_errno(error, path);
    return TRUE;
}

/* A folder must not be there twice, nor one from elsewhere. */
static gboolean
is_link(const char *path, GError **error)
{
    struct stat st;

    if (lstat(path, &st) != 0 || !S_ISLNK(st.st_mode))
        return FALSE;
    g_autofree char *shown = gca_text_escape(path);
    gca_error_set(error, GCA_ERROR_USAGE, _("“%s” is a symbolic link; it was not followed."),
                  shown);
    return TRUE;
}

/* Adds the folder, or what is wrong with it. */
static void
take(const char *path, gboolean is_inner, GPtrArray *folders, GPtrArray *troubles)
{
    g_autoptr(GError) error = NULL;
    GcaRequestFolder *folder = NULL;

    if (!is_one(path, &error))
        return;
    if (error == NULL && !(is_inner && is_link(path, &error)))
        folder = gca_request_folder_load(path, &error);
    if (folder != NULL)
        g_ptr_array_add(folders, folder);
    else if (troubles != NULL)
        g_ptr_array_add(troubles, g_strdup(error->message));
}

static int
compare(gconstpointer a, gconstpointer b)
{
    const GcaRequestFolder *first = *(GcaRequestFolder *const *) a;
    const GcaRequestFolder *second = *(GcaRequestFolder *const *) b;
    int order = g_date_time_compare(gca_request_folder_get_created(first),
                                    gca_request_folder_get_created(second));

    return order != 0
               ? order
               : strcmp(gca_request_folder_get_path(first), gca_request_folder_get_path(second));
}

GPtrArray *
gca_request_folder_list(const char *parent, GPtrArray *troubles, GError **error)
{
    DIR *dir = opendir(parent);
    if (dir == NULL) {
        fail_errno(error, parent);
        return NULL;
    }

    GPtrArray *folders = g_ptr_array_new_with_free_func((GDestroyNotify) gca_request_folder_free);
    const struct dirent *entry;
    take(parent, FALSE, folders, troubles);
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.') /* the hidden ones are not whole, see base/staging.h */
            continue;
        g_autofree char *path = g_build_filename(parent, entry->d_name, NULL);
        take(path, TRUE, folders, troubles);
    }
    closedir(dir);
    g_ptr_array_sort(folders, compare);
    return folders;
}

static gboolean
is_key(EVP_PKEY *key, const char *spki_sha256)
{
    g_autofree char *fingerprint = key != NULL ? gca_key_fingerprint(key) : NULL;
    return g_strcmp0(fingerprint, spki_sha256) == 0;
}

static gboolean
has_request_of(const char *folder, const char *spki_sha256)
{
    g_autofree char *path = g_build_filename(folder, GCA_FOLDER_CSR, NULL);
    g_autoptr(GBytes) bytes = gca_file_read(path, GCA_CSR_FILE_LIMIT, NULL);
    g_autoptr(X509_REQ) csr = bytes != NULL ? gca_csr_parse(bytes, path, NULL) : NULL;

    return csr != NULL && is_key(X509_REQ_get0_pubkey(csr), spki_sha256);
}

/* An encrypted one cannot be told; its passphrase is not asked for on the search. */
static gboolean
has_private_key(const char *folder, const char *spki_sha256)
{
    g_autofree char *path = g_build_filename(folder, GCA_FOLDER_KEY, NULL);
    g_autoptr(GBytes) pem = gca_key_read_file(path, NULL);
    g_autoptr(EVP_PKEY) key = pem != NULL ? gca_key_parse(pem, path, NULL, NULL) : NULL;

    return is_key(key, spki_sha256);
}

/* TRUE for a folder with the key whose request.json is missing or of no use. */
static gboolean
is_remnant(const char *folder, const char *spki_sha256)
{
    g_autoptr(GcaRequestFolder) whole = gca_request_folder_load(folder, NULL);
    if (whole != NULL)
        return FALSE;
    ERR_set_mark();
    gboolean has_key = has_request_of(folder, spki_sha256) || has_private_key(folder, spki_sha256);
    ERR_pop_to_mark();
    return has_key;
}

static gboolean
is_folder(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0 && S_ISDIR(st.st_mode); /* no symbolic link, see is_link */
}

char *
gca_request_folder_find_key(const char *parent, const char *spki_sha256)
{
    g_autofree char *found = is_remnant(parent, spki_sha256) ? g_strdup(parent) : NULL;
    DIR *dir = found == NULL ? opendir(parent) : NULL;
    const struct dirent *entry;

    for (guint n = 0; dir != NULL && found == NULL && n < LOOK_LIMIT;) {
        if ((entry = readdir(dir)) == NULL)
            break;
        g_autofree char *path = g_build_filename(parent, entry->d_name, NULL);
        if (entry->d_name[0] == '.' || !is_folder(path))
            continue;
        n++;
        if (is_remnant(path, spki_sha256))
            found = g_steal_pointer(&path);
    }
    if (dir != NULL)
        closedir(dir);
    return g_steal_pointer(&found);
}
