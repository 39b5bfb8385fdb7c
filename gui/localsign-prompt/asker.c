#include "config.h"

#include "gui/localsign-prompt/asker.h"

#include "base/error.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PIECE 16384
#define QUESTION_SECONDS 5 /* a connection that asks nothing does not keep others waiting */

struct _GcaAsker {
    int fd;
    GcaAskerFunc func;
    gpointer data;
    GByteArray *line; /* NULL after the question */
    guint watch;
    guint timeout;
};

static void
stop(GcaAsker *self)
{
    g_clear_handle_id(&self->watch, g_source_remove);
    g_clear_handle_id(&self->timeout, g_source_remove);
}

/* Last: the receiver may free `self`. */
static gboolean
end(GcaAsker *self, const GError *error)
{
    stop(self);
    self->func(NULL, error, self->data);
    return G_SOURCE_REMOVE;
}

static gboolean
end_with(GcaAsker *self, const char *sentence)
{
    g_autoptr(GError) error = NULL;

    gca_error_set(&error, GCA_ERROR_BAD_DATA, "%s", sentence);
    return end(self, error);
}

static gboolean
on_late(gpointer data)
{
    return end_with(data, _("gca-localsign has not sent a complete question in time."));
}

/* `size` bytes of `line` are the question, and nothing may follow its end. */
static gboolean
take_question(GcaAsker *self, gsize size)
{
    g_autoptr(GError) error = NULL;

    if (size + 1 != self->line->len)
        return end_with(self, _("gca-localsign has sent more than one question."));
    g_clear_handle_id(&self->timeout, g_source_remove);
    g_byte_array_set_size(self->line, (guint) size);
    g_autoptr(GBytes) line = g_byte_array_free_to_bytes(g_steal_pointer(&self->line));
    GcaConsentQuestion *question = gca_consent_question_parse(line, &error);
    if (question == NULL)
        return end(self, error);
    self->func(question, NULL, self->data);
    return G_SOURCE_CONTINUE; /* no touch of `self`: it may be gone, its watch with it */
}

static gboolean
take(GcaAsker *self, const guint8 *piece, gsize size)
{
    const guint8 *newline = memchr(piece, '\n', size);
    gsize before = self->line->len;

    if (before + size > GCA_CONSENT_LINE_LIMIT)
        return end_with(self, _("The question of gca-localsign is too long."));
    g_byte_array_append(self->line, piece, (guint) size);
    return newline ? take_question(self, before + (gsize) (newline - piece)) : G_SOURCE_CONTINUE;
}

static gboolean
on_readable(int fd, GIOCondition condition, gpointer data)
{
    GcaAsker *self = data;
    guint8 piece[PIECE];
    ssize_t size = recv(fd, piece, sizeof piece, 0);

    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return G_SOURCE_CONTINUE;
    if (size <= 0)
        return end(self, NULL);
    if (self->line == NULL)
        return end_with(self, _("gca-localsign has sent more than one question."));
    return take(self, piece, (gsize) size);
}

static gboolean
check_peer(int fd, GError **error)
{
    struct sockaddr_storage address;
    socklen_t address_size = sizeof address;
    int type = 0;
    socklen_t type_size = sizeof type;
    struct ucred peer;
    socklen_t peer_size = sizeof peer;

    if (getsockname(fd, (struct sockaddr *) &address, &address_size) < 0 ||
        address.ss_family != AF_UNIX ||
        getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &type_size) < 0 || type != SOCK_STREAM ||
        getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &peer_size) < 0) {
        gca_error_set(error, GCA_ERROR_USAGE, _("Descriptor %d is not a connected Unix socket."),
                      fd);
        return FALSE;
    }
    if (peer.uid == getuid())
        return TRUE;
    gca_error_set(error, GCA_ERROR_UNTRUSTED, _("Another user (number %u) asks; that is refused."),
                  peer.uid);
    return FALSE;
}

GcaAsker *
gca_asker_new(int fd, GcaAskerFunc func, gpointer data, GError **error)
{
    if (!check_peer(fd, error)) {
        close(fd);
        return NULL;
    }
    GcaAsker *self = g_new0(GcaAsker, 1);

    g_unix_set_fd_nonblocking(fd, TRUE, NULL);
    self->fd = fd;
    self->func = func;
    self->data = data;
    self->line = g_byte_array_new();
    self->watch = g_unix_fd_add(fd, G_IO_IN | G_IO_HUP | G_IO_ERR, on_readable, self);
    self->timeout = g_timeout_add_seconds(QUESTION_SECONDS, on_late, self);
    return self;
}

/* A new socket's buffer takes the line whole: a PIN has GCA_SECRET_BUFFER_SIZE bytes at most. */
void
gca_asker_answer(GcaAsker *self, gboolean is_yes, GcaSecret *pin)
{
    g_autoptr(GcaSecret) line = gca_consent_answer_encode(is_yes, pin);

    stop(self);
    if (send(self->fd, gca_secret_get_data(line), gca_secret_get_size(line), MSG_NOSIGNAL) < 0)
        g_message("the answer cannot be sent: %s", g_strerror(errno));
}

void
gca_asker_free(GcaAsker *self)
{
    stop(self);
    close(self->fd);
    g_clear_pointer(&self->line, g_byte_array_unref);
    g_free(self);
}
