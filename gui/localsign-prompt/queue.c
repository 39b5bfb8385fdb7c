#include "config.h"

#include "gui/localsign-prompt/queue.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define FIRST_SOCKET 3 /* SD_LISTEN_FDS_START */
#define IDLE_SECONDS 10

/* LISTEN_PID is that of the process which is meant, so that its children do not take the socket. */
static int
get_socket(GError **error)
{
    const char *pid = g_getenv("LISTEN_PID");
    const char *count = g_getenv("LISTEN_FDS");

    if (pid == NULL || count == NULL || g_ascii_strtoll(pid, NULL, 10) != getpid()) {
        gca_error_set(error, GCA_ERROR_USAGE,
                      _("gca-localsign starts this program; --fd names the socket."));
        return -1;
    }
    if (!g_str_equal(count, "1")) {
        gca_error_set(error, GCA_ERROR_USAGE, _("One socket is expected from systemd, not “%s”."),
                      count);
        return -1;
    }
    g_unsetenv("LISTEN_PID");
    g_unsetenv("LISTEN_FDS");
    fcntl(FIRST_SOCKET, F_SETFD, FD_CLOEXEC);
    g_unix_set_fd_nonblocking(FIRST_SOCKET, TRUE, NULL);
    return FIRST_SOCKET;
}

/* How the child ends is its own matter: it complains itself. */
static void
wait_for(pid_t child)
{
    while (child > 0 && waitpid(child, NULL, 0) < 0 && errno == EINTR)
        continue;
}

int
gca_consent_queue_wait(GError **error)
{
    int socket = get_socket(error);
    GPollFD waiting = {.fd = socket, .events = G_IO_IN};

    while (socket >= 0 && g_poll(&waiting, 1, IDLE_SECONDS * 1000) != 0) {
        int fd = accept4(socket, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0)
            continue;
        pid_t child = fork();
        if (child == 0) {
            close(socket);
            return fd;
        }
        close(fd); /* its end is the child's to make */
        wait_for(child);
    }
    return -1;
}
