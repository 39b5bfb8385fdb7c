#include "config.h"

#include "base/staging.h"

#include "base/file-private.h"
#include "base/log.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PREFIX ".gca-"
#define RANDOM "XXXXXX"
#define FOLDER_FLAGS (O_RDONLY | O_DIRECTORY | O_CLOEXEC)
#define TRIES_LIMIT 100
#define NUMBER_LIMIT 10000
#define FILES_LIMIT 16 /* a folder with more is none of ours */

/* Who has the lock of a hidden folder may rename or remove it, and nobody else. */
struct _GcaStaging {
    char *parent;
    char *name;       /* the hidden one; NULL: published */
    GPtrArray *files; /* in it, char *: no descriptor may be left to look */
    int parent_fd;
    int fd; /* locked */
};

static void
close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* TRUE if `name` is still the folder that `fd` is. */
static gboolean
is_named(int parent_fd, const char *name, int fd)
{
    struct stat here, there;

    return fstat(fd, &here) == 0 && fstatat(parent_fd, name, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
           here.st_dev == there.st_dev && here.st_ino == there.st_ino;
}

/* The names in the folder; NULL if it holds what a hidden folder does not. */
static GPtrArray *
list_files(int fd)
{
    int again = openat(fd, ".", FOLDER_FLAGS);
    DIR *folder = again >= 0 ? fdopendir(again) : NULL;
    if (folder == NULL) {
        close_fd(&again);
        return NULL;
    }

    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    const struct dirent *entry;
    struct stat st;
    while (names != NULL && (entry = readdir(folder)) != NULL) {
        if (g_str_equal(entry->d_name, ".") || g_str_equal(entry->d_name, ".."))
            continue;
        if (names->len == FILES_LIMIT ||
            fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode))
            g_clear_pointer(&names, g_ptr_array_unref);
        else
            g_ptr_array_add(names, g_strdup(entry->d_name));
    }
    closedir(folder);
    return names;
}

static void
remove_folder(int parent_fd, const char *name, int fd, GPtrArray *files)
{
    for (guint i = 0; i < files->len; i++)
        unlinkat(fd, g_ptr_array_index(files, i), 0);
    unlinkat(parent_fd, name, AT_REMOVEDIR);
}

/* Where the file system has no locks there is no sweeping either, for that wants the same lock. */
static void
lock(int fd)
{
    while (flock(fd, LOCK_EX) != 0 && errno == EINTR)
        ;
}

/* Makes, opens and locks a hidden folder. FALSE with errno; TRUE without a name if a sweep has
 * taken it for a dead run's before it was locked. */
static gboolean
make_hidden(GcaStaging *staging)
{
    g_autofree char *path = g_build_filename(staging->parent, PREFIX RANDOM, NULL);
    if (g_mkdtemp_full(path, 0700) == NULL)
        return FALSE;

    const char *name = path + strlen(path) - strlen(PREFIX RANDOM);
    /* the umask may have kept out ourselves */
    if (fchmodat(staging->parent_fd, name, 0700, AT_SYMLINK_NOFOLLOW) != 0)
        gca_log("staging", "chmod: %s", g_strerror(errno));
    staging->fd = openat(staging->parent_fd, name, FOLDER_FLAGS | O_NOFOLLOW);
    if (staging->fd < 0) {
        int saved = errno;
        unlinkat(staging->parent_fd, name, AT_REMOVEDIR);
        errno = saved;
        return saved == ENOENT;
    }
    lock(staging->fd);
    if (is_named(staging->parent_fd, name, staging->fd))
        staging->name = g_strdup(name);
    else
        close_fd(&staging->fd);
    return TRUE;
}

GcaStaging *
gca_staging_new(const char *parent, GError **error)
{
    g_autoptr(GcaStaging) staging = g_new0(GcaStaging, 1);

    staging->parent = g_canonicalize_filename(parent, NULL);
    staging->files = g_ptr_array_new_with_free_func(g_free);
    staging->fd = -1;
    staging->parent_fd = open(staging->parent, FOLDER_FLAGS);
    if (staging->parent_fd < 0) {
        gca_file_fail(error, "open", _("The folder cannot be opened"), parent);
        return NULL;
    }
    for (guint tries = 0; staging->name == NULL; tries++) {
        errno = EAGAIN;
        if (tries == TRIES_LIMIT || !make_hidden(staging)) {
            gca_file_fail(error, "mkdir", _("No folder can be made in this one"), parent);
            return NULL;
        }
    }
    return g_steal_pointer(&staging);
}

void
gca_staging_free(GcaStaging *staging)
{
    if (staging->name != NULL)
        remove_folder(staging->parent_fd, staging->name, staging->fd, staging->files);
    close_fd(&staging->fd); /* the lock with it */
    close_fd(&staging->parent_fd);
    g_ptr_array_unref(staging->files);
    g_free(staging->name);
    g_free(staging->parent);
    g_free(staging);
}

gboolean
gca_staging_add(GcaStaging *staging, const char *name, GBytes *bytes, int mode, GError **error)
{
    g_return_val_if_fail(staging->name != NULL && strchr(name, '/') == NULL, FALSE);

    int fd = openat(staging->fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0)
        g_ptr_array_add(staging->files, g_strdup(name));
    gboolean is_written = fd >= 0 && gca_file_write_all(fd, bytes) &&
                          fchmod(fd, (mode_t) mode) == 0 && fsync(fd) == 0;
    if (!is_written) {
        int saved = errno;
        g_autofree char *path = g_build_filename(staging->parent, staging->name, name, NULL);
        errno = saved;
        gca_file_fail(error, "write", _("The file cannot be written"), path);
    }
    close_fd(&fd);
    return is_written;
}

/* As rename, but never over anything. */
static gboolean
rename_new(int folder_fd, const char *from, const char *to)
{
    struct stat st;

    if (renameat2(folder_fd, from, folder_fd, to, RENAME_NOREPLACE) == 0)
        return TRUE;
    if (errno != EINVAL && errno != ENOSYS)
        return FALSE;
    /* NFS has no such rename; the plain one would take the place of an empty folder at most */
    if (fstatat(folder_fd, to, &st, AT_SYMLINK_NOFOLLOW) == 0) {
        errno = EEXIST;
        return FALSE;
    }
    return renameat(folder_fd, from, folder_fd, to) == 0;
}

static gboolean
is_taken(int code)
{
    return code == EEXIST || code == ENOTEMPTY || code == ENOTDIR;
}

/* The name given, to be freed; NULL with errno. */
static char *
rename_to_free_name(GcaStaging *staging, const char *name)
{
    for (guint number = 1; number < NUMBER_LIMIT; number++) {
        g_autofree char *numbered =
            number == 1 ? g_strdup(name) : g_strdup_printf("%s-%u", name, number);
        if (rename_new(staging->parent_fd, staging->name, numbered))
            return g_steal_pointer(&numbered);
        if (!is_taken(errno))
            return NULL;
    }
    return NULL;
}

/* Some file systems know nothing of it for folders. */
static gboolean
sync_folder(int fd)
{
    return fsync(fd) == 0 || errno == EINVAL;
}

char *
gca_staging_publish(GcaStaging *staging, const char *name, GError **error)
{
    g_return_val_if_fail(staging->name != NULL && strchr(name, '/') == NULL, NULL);

    g_autofree char *given = sync_folder(staging->fd) ? rename_to_free_name(staging, name) : NULL;
    if (given == NULL) {
        gca_file_fail(error, "rename", _("The folder was not made"), name);
        return NULL;
    }
    g_clear_pointer(&staging->name, g_free);
    g_autofree char *path = g_build_filename(staging->parent, given, NULL);
    if (!sync_folder(staging->parent_fd)) {
        gca_file_fail(error, "fsync", _("The folder may not have reached the disk"), path);
        return NULL;
    }
    return g_steal_pointer(&path);
}

static gboolean
is_hidden_name(const char *name)
{
    if (!g_str_has_prefix(name, PREFIX) || strlen(name) != strlen(PREFIX RANDOM))
        return FALSE;
    for (name += strlen(PREFIX); g_ascii_isalnum(*name); name++)
        ;
    return *name == '\0';
}

static void
sweep_one(int parent_fd, const char *name)
{
    int fd = openat(parent_fd, name, FOLDER_FLAGS | O_NOFOLLOW);
    struct stat st;

    /* Published since it was listed, it has another name; not locked yet, its maker makes another.
     */
    if (fd >= 0 && fstat(fd, &st) == 0 && st.st_uid == geteuid() &&
        flock(fd, LOCK_EX | LOCK_NB) == 0 && is_named(parent_fd, name, fd)) {
        g_autoptr(GPtrArray) files = list_files(fd);
        if (files != NULL)
            remove_folder(parent_fd, name, fd, files);
    }
    close_fd(&fd);
}

void
gca_staging_sweep(const char *parent)
{
    DIR *folder = opendir(parent);
    if (folder == NULL)
        return;

    const struct dirent *entry;
    while ((entry = readdir(folder)) != NULL) {
        if (is_hidden_name(entry->d_name))
            sweep_one(dirfd(folder), entry->d_name);
    }
    closedir(folder);
}
