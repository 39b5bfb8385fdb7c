#include "config.h"

#include "base/secret-file.h"

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <openssl/crypto.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE_LIMIT 256

static void
set_errno_error(GError **error, const char *call, const char *name)
{
    int saved = errno;
    g_autofree char *shown = gca_text_escape(name);

    gca_error_set(error, GCA_ERROR_FILE, _("The PIN or passphrase cannot be read from “%s”: %s."),
                  shown, g_strerror(saved));
    gca_error_set_native(error, call, g_strerror(saved), (gulong) saved);
}

/* Cuts the end of the line off; more than one line is BAD_DATA. */
static gboolean
strip_line_end(GcaSecret *line, const char *name, GError **error)
{
    const char *data = gca_secret_get_data(line);
    gsize size = gca_secret_get_size(line);
    const char *end = memchr(data, '\n', size);

    if (end != NULL && end + 1 != data + size) {
        g_autofree char *shown = gca_text_escape(name);
        gca_error_set(error, GCA_ERROR_BAD_DATA,
                      _("“%s” holds more than one line; it must hold the PIN or passphrase alone."),
                      shown);
        return FALSE;
    }
    if (end != NULL)
        size--;
    if (end != NULL && size > 0 && data[size - 1] == '\r')
        size--;
    gca_secret_truncate(line, size);
    return TRUE;
}

/* Reads one line straight into a secret: no buffer on the way would have to be wiped. */
GcaSecret *
gca_secret_read_fd(int fd, const char *name, GcaCancel *cancel, GError **error)
{
    g_autoptr(GcaSecret) line = gca_secret_new(LINE_LIMIT);
    char *data = gca_secret_get_data(line);
    gsize used = 0;

    while (used < LINE_LIMIT && memchr(data, '\n', used) == NULL) {
        if (!gca_file_wait(fd, cancel, error))
            return NULL;
        ssize_t n = read(fd, data + used, LINE_LIMIT - used);
        if (n < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (n < 0) {
            set_errno_error(error, "read", name);
            return NULL;
        }
        if (n == 0)
            break;
        used += (gsize) n;
    }
    if (used == LINE_LIMIT) {
        g_autofree char *shown = gca_text_escape(name);
        gca_error_set(error, GCA_ERROR_BAD_DATA, _("“%s” is too long to be a PIN or passphrase."),
                      shown);
        return NULL;
    }
    gca_secret_truncate(line, used);
    return strip_line_end(line, name, error) ? g_steal_pointer(&line) : NULL;
}

GcaSecret *
gca_secret_read_file(const char *path, GcaInteraction *interaction, GcaCancel *cancel,
                     GError **error)
{
    /* O_NONBLOCK: opening a FIFO must not wait for a writer */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat st;
    GcaSecret *pin = NULL;
    g_autofree char *shown = gca_text_escape(path);

    if (fd < 0 || fstat(fd, &st) != 0) {
        set_errno_error(error, "open", path);
    } else if (!S_ISREG(st.st_mode)) {
        gca_error_set(error, GCA_ERROR_USAGE, _("“%s” is not a regular file."), shown);
        gca_error_set_hint(error, _("Put it into a regular file; what comes through a pipe is read "
                                    "with --pin-fd or --passphrase-fd on the command line."));
    } else {
        if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
            gca_interaction_notice(interaction, GCA_NOTICE_WARNING,
                                   _("Other users may read “%s”; make it yours alone "
                                     "with “chmod 600”."),
                                   shown);
        pin = gca_secret_read_fd(fd, path, cancel, error);
    }
    if (fd >= 0)
        close(fd);
    return pin;
}

static void
set_whole_error(GError **error, const char *call, const char *name)
{
    int saved = errno;
    g_autofree char *shown = gca_text_escape(name);

    gca_error_set(error, GCA_ERROR_FILE, _("The file “%s” cannot be read: %s."), shown,
                  g_strerror(saved));
    gca_error_set_native(error, call, g_strerror(saved), (gulong) saved);
    if (saved == EACCES || saved == EPERM)
        gca_error_set_hint(error, _("Use sudo, or let the file's owner pass it on through "
                                    "standard input (“-”)."));
}

static void
set_size_error(GError **error, const char *name, gsize limit)
{
    g_autofree char *shown = gca_text_escape(name);

    gca_error_set(error, GCA_ERROR_BAD_DATA,
                  _("“%s” is larger than the %zu bytes that such a file may have."), shown, limit);
}

/* read(2) until `size` bytes are there or the end; -1 with errno. */
static ssize_t
read_up_to(int fd, char *data, gsize size)
{
    gsize used = 0;

    while (used < size) {
        ssize_t n = read(fd, data + used, size - used);
        if (n < 0 && errno == EAGAIN && gca_file_wait(fd, NULL, NULL))
            continue;
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        used += (gsize) n;
    }
    return (ssize_t) used;
}

/* Room for `size` bytes, of which more than `limit` are too many. */
static GcaSecret *
read_whole(int fd, const char *name, gsize size, gsize limit, GError **error)
{
    g_autoptr(GcaSecret) secret = gca_secret_new(size);
    ssize_t used = read_up_to(fd, gca_secret_get_data(secret), size);

    if (used >= 0 && (gsize) used == limit) {
        char more;
        ssize_t n = read_up_to(fd, &more, 1);
        OPENSSL_cleanse(&more, 1);
        if (n > 0)
            set_size_error(error, name, limit);
        if (n > 0)
            return NULL;
        used = n < 0 ? n : used;
    }
    if (used < 0) {
        set_whole_error(error, "read", name);
        return NULL;
    }
    gca_secret_truncate(secret, (gsize) used);
    return g_steal_pointer(&secret);
}

static GcaSecret *
read_limited(int fd, const char *path, off_t size, gsize limit, GError **error)
{
    if (size >= 0 && (guint64) size <= limit)
        return read_whole(fd, path, (gsize) size, limit, error);
    set_size_error(error, path, limit);
    return NULL;
}

GcaSecret *
gca_secret_read_whole(const char *path, gsize limit, GError **error)
{
    if (g_str_equal(path, "-"))
        return read_whole(STDIN_FILENO, _("standard input"), limit, limit, error);

    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat st;
    GcaSecret *secret = NULL;

    if (fd < 0 || fstat(fd, &st) != 0)
        set_whole_error(error, "open", path);
    else if (gca_file_check_regular(st.st_mode, path, error))
        secret = read_limited(fd, path, st.st_size, limit, error);
    if (fd >= 0)
        close(fd);
    return secret;
}
