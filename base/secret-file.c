#include "config.h"

#include "base/secret-file.h"

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
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
        gca_error_set_hint(
            error, _("What comes through a pipe is read with --pin-fd or --passphrase-fd."));
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
