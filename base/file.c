#include "config.h"

#include "base/file.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define READ_STEP 4096

typedef int GcaFd;
static void
fd_clear(GcaFd *fd)
{
    if (*fd >= 0)
        close(*fd);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GcaFd, fd_clear)

/* FILE with errno; `what` is the translated beginning of the sentence. */
static gboolean
fail_errno(GError **error, const char *call, const char *what, const char *path)
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
            fail_errno(error, "read", _("The file cannot be read"), name);
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
        fail_errno(error, "open", _("The file cannot be opened"), path);
        if (is_refused)
            gca_error_set_hint(error, _("Use sudo, or let the file's owner pass it on through "
                                        "standard input (“-”)."));
        return NULL;
    }
    if (!S_ISREG(st.st_mode)) {
        g_autofree char *shown = gca_text_escape(path);
        gca_error_set(error, GCA_ERROR_USAGE, _("“%s” is %s, not a file."), shown,
                      odd_type(st.st_mode));
        return NULL;
    }
    return gca_file_read_fd(fd, path, limit, NULL, error);
}

static gboolean
write_all(int fd, GBytes *bytes)
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

/* Writes a nameless-to-others neighbour of `path`, complete and synced. NULL on failure, with
 * errno. */
static char *
write_neighbour(const char *path, GBytes *bytes, int mode)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *temporary = g_build_filename(folder, ".gca-XXXXXX", NULL);
    g_auto(GcaFd) fd = g_mkstemp_full(temporary, O_WRONLY | O_CLOEXEC | O_EXCL, 0600);

    if (fd < 0)
        return NULL;
    if (write_all(fd, bytes) && fchmod(fd, (mode_t) mode) == 0 && fsync(fd) == 0)
        return g_steal_pointer(&temporary);
    int saved = errno;
    unlink(temporary);
    errno = saved;
    return NULL;
}

gboolean
gca_file_create(const char *path, GBytes *bytes, int mode, GError **error)
{
    g_autofree char *temporary = write_neighbour(path, bytes, mode);
    if (temporary == NULL)
        return fail_errno(error, "write", _("The file cannot be written"), path);

    /* RENAME_NOREPLACE: the name appears with the whole file, or is left to whoever has it. */
    if (renameat2(AT_FDCWD, temporary, AT_FDCWD, path, RENAME_NOREPLACE) != 0 &&
        (errno != EINVAL || link(temporary, path) != 0)) {
        int saved = errno;
        unlink(temporary);
        errno = saved;
        fail_errno(error, "rename", _("The file was not written"), path);
        if (saved == EEXIST)
            gca_error_set_hint(error, _("Nothing is ever written over: take another name, or move "
                                        "that file away."));
        return FALSE;
    }
    unlink(temporary);
    if (!sync_folder(path))
        return fail_errno(error, "fsync", _("The file may not have reached the disk"), path);
    return TRUE;
}

gboolean
gca_file_replace(const char *path, GBytes *bytes, int mode, GError **error)
{
    g_autofree char *temporary = write_neighbour(path, bytes, mode);
    if (temporary == NULL)
        return fail_errno(error, "write", _("The file cannot be written"), path);
    if (rename(temporary, path) != 0) {
        int saved = errno;
        unlink(temporary);
        errno = saved;
        return fail_errno(error, "rename", _("The file was not written"), path);
    }
    if (!sync_folder(path))
        return fail_errno(error, "fsync", _("The file may not have reached the disk"), path);
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
    if (end >= 0 && write_all(fd, bytes) && fsync(fd) == 0)
        return TRUE;
    int saved = errno;
    /* half a line would spoil the next one */
    if (end >= 0 && ftruncate(fd, end) != 0)
        gca_log("file", "half a line is left in %s", path);
    errno = saved;
    return fail_errno(error, "append", _("The file cannot be added to"), path);
}

gboolean
gca_file_make_folder(const char *path, GError **error)
{
    if (g_mkdir_with_parents(path, 0700) != 0)
        return fail_errno(error, "mkdir", _("The folder cannot be made"), path);
    return TRUE;
}
