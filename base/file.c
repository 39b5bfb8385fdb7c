#include "config.h"

#include "base/file.h"

#include "base/error.h"
#include "base/file-private.h"
#include "base/log.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_STEP 4096
#define TRIES_LIMIT 100

typedef int GcaFd;
static void
fd_clear(GcaFd *fd)
{
    if (*fd >= 0)
        close(*fd);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GcaFd, fd_clear)

gboolean
gca_file_fail(GError **error, const char *call, const char *what, const char *path)
{
    int saved = errno;
    g_autofree char *shown = gca_text_escape(path);

    gca_error_set(error, GCA_ERROR_FILE, _("%s: %s (“%s”)."), what, g_strerror(saved), shown);
    gca_error_set_native(error, call, g_strerror(saved), (gulong) saved);
    return FALSE;
}

gboolean
gca_file_wait(int fd, GcaCancel *cancel, GError **error)
{
    GPollFD fds[2] = {{.fd = fd, .events = G_IO_IN},
                      {.fd = gca_cancel_get_fd(cancel), .events = G_IO_IN}};

    while (g_poll(fds, cancel ? 2 : 1, -1) < 0 && errno == EINTR)
        ;
    return gca_cancel_check(cancel, error);
}

GBytes *
gca_file_read_fd(int fd, const char *name, gsize limit, GcaCancel *cancel, GError **error)
{
    g_autoptr(GByteArray) data = g_byte_array_new();

    for (;;) {
        guint8 buffer[READ_STEP];
        if (!gca_file_wait(fd, cancel, error))
            return NULL;
        ssize_t n = read(fd, buffer, sizeof buffer);
        if (n < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (n < 0) {
            gca_file_fail(error, "read", _("The file cannot be read"), name);
            return NULL;
        }
        if (n == 0)
            return g_byte_array_free_to_bytes(g_steal_pointer(&data));
        if (data->len + (gsize) n > limit) {
            g_autofree char *shown = gca_text_escape(name);
            gca_error_set(error, GCA_ERROR_BAD_DATA,
                          _("“%s” is larger than the %zu bytes that such a file may have."), shown,
                          limit);
            return NULL;
        }
        g_byte_array_append(data, buffer, (guint) n);
    }
}

static const char *
odd_type(mode_t mode)
{
    if (S_ISDIR(mode))
        return _("a folder");
    if (S_ISFIFO(mode))
        return _("a pipe (FIFO)");
    return _("a device or socket");
}

gboolean
gca_file_check_regular(mode_t mode, const char *path, GError **error)
{
    if (S_ISREG(mode))
        return TRUE;
    g_autofree char *shown = gca_text_escape(path);
    gca_error_set(error, GCA_ERROR_USAGE, _("“%s” is %s, not a file."), shown, odd_type(mode));
    return FALSE;
}

GBytes *
gca_file_read(const char *path, gsize limit, GError **error)
{
    if (g_str_equal(path, "-"))
        return gca_file_read_fd(STDIN_FILENO, _("standard input"), limit, NULL, error);

    /* O_NONBLOCK: opening a FIFO must not wait for a writer */
    g_auto(GcaFd) fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0) {
        gboolean is_refused = errno == EACCES || errno == EPERM;
        gca_file_fail(error, "open", _("The file cannot be opened"), path);
        if (is_refused)
            gca_error_set_hint(error, _("Use sudo, or let the file's owner pass it on through "
                                        "standard input (“-”)."));
        return NULL;
    }
    if (!gca_file_check_regular(st.st_mode, path, error))
        return NULL;
    return gca_file_read_fd(fd, path, limit, NULL, error);
}

gboolean
gca_file_write_all(int fd, GBytes *bytes)
{
    gsize size;
    const guint8 *data = g_bytes_get_data(bytes, &size);

    while (size > 0) {
        ssize_t n = write(fd, data, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return FALSE;
        data += n;
        size -= (gsize) n;
    }
    return TRUE;
}

static gboolean
sync_folder(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_auto(GcaFd) fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd >= 0 && fsync(fd) == 0;
}

/* What is written and synced, and has no name yet or a hidden one. */
typedef struct {
    GcaFd fd;
    char *folder;
    char *hidden; /* NULL: none, so that a run that is killed leaves nothing behind */
} Neighbour;

static void
neighbour_free(gpointer data)
{
    Neighbour *neighbour = data;
    int saved = errno;

    if (neighbour == NULL)
        return;
    if (neighbour->hidden != NULL)
        unlink(neighbour->hidden);
    fd_clear(&neighbour->fd);
    g_free(neighbour->folder);
    g_free(neighbour->hidden);
    g_free(neighbour);
    errno = saved;
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Neighbour, neighbour_free)

/* Never over anything; open(2) tells of this way to name an O_TMPFILE. */
static gboolean
link_nameless(int fd, const char *path)
{
    g_autofree char *place = g_strdup_printf("/proc/self/fd/%d", fd);
    return linkat(AT_FDCWD, place, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0;
}

/* -1 where the file system has no such files, or there is no /proc to name them by. */
static int
open_nameless(const char *folder)
{
    int fd = open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
    g_autofree char *place = g_strdup_printf("/proc/self/fd/%d", fd);

    if (fd < 0 || access(place, F_OK) == 0)
        return fd;
    close(fd);
    return -1;
}

/* NULL on failure, with errno. */
static Neighbour *
write_neighbour(const char *path, GBytes *bytes, int mode)
{
    g_autoptr(Neighbour) neighbour = g_new0(Neighbour, 1);

    neighbour->folder = g_path_get_dirname(path);
    neighbour->fd = open_nameless(neighbour->folder);
    if (neighbour->fd < 0) {
        g_autofree char *hidden = g_build_filename(neighbour->folder, ".gca-XXXXXX", NULL);
        neighbour->fd = g_mkstemp_full(hidden, O_WRONLY | O_CLOEXEC | O_EXCL, 0600);
        if (neighbour->fd < 0)
            return NULL;
        neighbour->hidden = g_steal_pointer(&hidden);
    }
    if (!gca_file_write_all(neighbour->fd, bytes) || fchmod(neighbour->fd, (mode_t) mode) != 0 ||
        fsync(neighbour->fd) != 0)
        return NULL;
    return g_steal_pointer(&neighbour);
}

/* Only a name can be renamed over another. */
static gboolean
name_hidden(Neighbour *neighbour)
{
    for (guint tries = 0; neighbour->hidden == NULL; tries++) {
        g_autofree char *name = g_strdup_printf(".gca-%06x", g_random_int() & 0xffffff);
        g_autofree char *hidden = g_build_filename(neighbour->folder, name, NULL);
        if (link_nameless(neighbour->fd, hidden))
            neighbour->hidden = g_steal_pointer(&hidden);
        else if (errno != EEXIST || tries == TRIES_LIMIT)
            return FALSE;
    }
    return TRUE;
}

/* The name appears with the whole file, or is left to whoever has it. */
static gboolean
publish(const Neighbour *neighbour, const char *path)
{
    if (neighbour->hidden == NULL)
        return link_nameless(neighbour->fd, path);
    return renameat2(AT_FDCWD, neighbour->hidden, AT_FDCWD, path, RENAME_NOREPLACE) == 0 ||
           (errno == EINVAL && link(neighbour->hidden, path) == 0);
}

gboolean
gca_file_create(const char *path, GBytes *bytes, int mode, GError **error)
{
    g_autoptr(Neighbour) neighbour = write_neighbour(path, bytes, mode);

    if (neighbour == NULL)
        return gca_file_fail(error, "write", _("The file cannot be written"), path);
    if (!publish(neighbour, path)) {
        gboolean is_taken = errno == EEXIST;
        gca_file_fail(error, "rename", _("The file was not written"), path);
        if (is_taken)
            gca_error_set_hint(error, _("Nothing is ever written over: take another name, or move "
                                        "that file away."));
        return FALSE;
    }
    if (!sync_folder(path))
        return gca_file_fail(error, "fsync", _("The file may not have reached the disk"), path);
    return TRUE;
}

gboolean
gca_file_replace(const char *path, GBytes *bytes, int mode, GError **error)
{
    return gca_file_replace_set(&path, &bytes, 1, mode, error);
}

/* Adds a neighbour for each; a folder in its place would be found too late, by rename. */
static gboolean
prepare(GPtrArray *set, const char *path, GBytes *bytes, int mode)
{
    struct stat st;

    if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
        errno = EISDIR;
        return FALSE;
    }
    Neighbour *neighbour = bytes != NULL ? write_neighbour(path, bytes, mode) : NULL;
    g_ptr_array_add(set, neighbour);
    return bytes == NULL || neighbour != NULL;
}

static gboolean
take_place(Neighbour *neighbour, const char *path)
{
    if (neighbour == NULL)
        return unlink(path) == 0 || errno == ENOENT;
    if (rename(neighbour->hidden, path) != 0)
        return FALSE;
    g_clear_pointer(&neighbour->hidden, g_free);
    return TRUE;
}

gboolean
gca_file_replace_set(const char *const *paths, GBytes *const *bytes, gsize n, int mode,
                     GError **error)
{
    g_autoptr(GPtrArray) set = g_ptr_array_new_with_free_func(neighbour_free);

    for (gsize i = 0; i < n; i++) {
        if (!prepare(set, paths[i], bytes[i], mode))
            return gca_file_fail(error, "write", _("The file cannot be written"), paths[i]);
    }
    for (gsize i = 0; i < n; i++) {
        if (bytes[i] != NULL && !name_hidden(g_ptr_array_index(set, i)))
            return gca_file_fail(error, "link", _("The file cannot be written"), paths[i]);
    }
    for (gsize i = 0; i < n; i++) {
        if (!take_place(g_ptr_array_index(set, i), paths[i]))
            return gca_file_fail(error, "rename", _("The file was not written"), paths[i]);
    }
    if (!sync_folder(paths[0]))
        return gca_file_fail(error, "fsync", _("The file may not have reached the disk"), paths[0]);
    return TRUE;
}

gboolean
gca_file_append_line(const char *path, const char *line, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *text = g_strconcat(line, "\n", NULL);
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));

    if (!gca_file_make_folder(folder, error))
        return FALSE;
    /* O_NONBLOCK: opening a FIFO must not wait for a reader */
    const int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    g_auto(GcaFd) fd = open(path, flags, 0600);
    off_t end = -1;
    if (fd >= 0 && flock(fd, LOCK_EX) == 0)
        end = lseek(fd, 0, SEEK_END);
    if (end >= 0 && gca_file_write_all(fd, bytes) && fsync(fd) == 0)
        return TRUE;
    int saved = errno;
    /* half a line would spoil the next one */
    if (end >= 0 && ftruncate(fd, end) != 0)
        gca_log("file", "half a line is left in %s", path);
    errno = saved;
    return gca_file_fail(error, "append", _("The file cannot be added to"), path);
}

gboolean
gca_file_make_folder(const char *path, GError **error)
{
    if (g_mkdir_with_parents(path, 0700) != 0)
        return gca_file_fail(error, "mkdir", _("The folder cannot be made"), path);
    return TRUE;
}
