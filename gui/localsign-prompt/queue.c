#include "config.h"

#include "gui/localsign-prompt/queue.h"

#include "base/error.h"
#include "gui/localsign-prompt/session.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <gtk/gtk.h>
#include <sys/socket.h>
#include <unistd.h>

#define FIRST_SOCKET 3 /* SD_LISTEN_FDS_START */
#define IDLE_SECONDS 10
#define REFUSING_SECONDS 3

typedef struct {
    int socket;
    guint watch;
    guint idle;
} Queue;

static void wait_for_next(Queue *queue);

static void
on_done(const GError *error, gpointer data)
{
    if (error != NULL)
        gca_consent_complain(error);
    wait_for_next(data);
}

/* The next connection waits in the kernel's queue as long as a dialog is open. */
static gboolean
on_connection(int socket, GIOCondition condition, gpointer data)
{
    Queue *queue = data;
    int fd = accept4(socket, NULL, NULL, SOCK_CLOEXEC);

    if (fd < 0)
        return G_SOURCE_CONTINUE;
    queue->watch = 0;
    g_clear_handle_id(&queue->idle, g_source_remove);
    gca_consent_session_start(fd, on_done, queue);
    return G_SOURCE_REMOVE;
}

static gboolean
on_idle(gpointer data)
{
    ((Queue *) data)->idle = 0;
    gtk_main_quit();
    return G_SOURCE_REMOVE;
}

static void
wait_for_next(Queue *queue)
{
    queue->watch = g_unix_fd_add(queue->socket, G_IO_IN, on_connection, queue);
    queue->idle = g_timeout_add_seconds(IDLE_SECONDS, on_idle, queue);
}

void
gca_consent_queue_run(int socket)
{
    Queue queue = {.socket = socket};

    g_unix_set_fd_nonblocking(socket, TRUE, NULL);
    wait_for_next(&queue);
    gtk_main();
    g_clear_handle_id(&queue.watch, g_source_remove);
    g_clear_handle_id(&queue.idle, g_source_remove);
}

/* systemd gives a socket up for good whose program ends twenty times in two seconds: so not at
 * once. */
void
gca_consent_queue_refuse(int socket)
{
    gint64 end = g_get_monotonic_time() + REFUSING_SECONDS * G_USEC_PER_SEC;
    gint64 left;

    g_unix_set_fd_nonblocking(socket, TRUE, NULL);
    while ((left = end - g_get_monotonic_time()) > 0) {
        GPollFD waiting = {.fd = socket, .events = G_IO_IN};
        if (g_poll(&waiting, 1, (int) (left / 1000) + 1) <= 0)
            continue;
        int fd = accept4(socket, NULL, NULL, SOCK_CLOEXEC);
        if (fd >= 0)
            close(fd);
    }
}

/* LISTEN_PID is that of the process which is meant, so that its children do not take the socket. */
int
gca_consent_queue_get_socket(GError **error)
{
    const char *pid = g_getenv("LISTEN_PID");
    const char *count = g_getenv("LISTEN_FDS");

    if (pid == NULL || count == NULL || g_ascii_strtoll(pid, NULL, 10) != getpid())
        return -1;
    if (!g_str_equal(count, "1")) {
        gca_error_set(error, GCA_ERROR_USAGE, _("One socket is expected from systemd, not “%s”."),
                      count);
        return -1;
    }
    g_unsetenv("LISTEN_PID");
    g_unsetenv("LISTEN_FDS");
    fcntl(FIRST_SOCKET, F_SETFD, FD_CLOEXEC);
    return FIRST_SOCKET;
}
