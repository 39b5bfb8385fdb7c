#include "config.h"

#include "localsign/listener.h"

#include "base/error.h"
#include "localsign/peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <pwd.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 256
#define MAX_SOCKETS 16

static void
clear(gpointer data)
{
    GcaListener *listener = data;

    if (listener->fd >= 0)
        close(listener->fd);
}

GArray *
gca_listeners_new(void)
{
    GArray *listeners = g_array_new(FALSE, TRUE, sizeof(GcaListener));

    g_array_set_clear_func(listeners, clear);
    return listeners;
}

static struct sockaddr_in *
as_v4(GcaListener *listener)
{
    return (struct sockaddr_in *) (void *) &listener->address;
}

static void
set_address(GcaListener *listener, int family, guint16 port)
{
    memset(&listener->address, 0, sizeof listener->address);
    listener->port = port;
    if (family == AF_INET) {
        as_v4(listener)->sin_family = AF_INET;
        as_v4(listener)->sin_port = htons(port);
        as_v4(listener)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    } else {
        listener->address.sin6_family = AF_INET6;
        listener->address.sin6_port = htons(port);
        listener->address.sin6_addr = in6addr_loopback;
    }
}

char *
gca_listener_to_string(const GcaListener *listener)
{
    gboolean is_v4 = listener->address.sin6_family == AF_INET;

    return g_strdup_printf(is_v4 ? "127.0.0.1:%u" : "[::1]:%u", listener->port);
}

/* ---- our own ---- */

static gboolean
fail_taken(GcaListener *listener, GError **error)
{
    g_autofree char *where = gca_listener_to_string(listener);
    struct sockaddr_in6 nobody = {.sin6_family = listener->address.sin6_family};
    uid_t user = 0;
    /* The kernel looks for a listener where there is no such connection. */
    gboolean is_known = gca_peer_find_user((struct sockaddr *) &listener->address,
                                           (struct sockaddr *) &nobody, &user, NULL);
    const struct passwd *entry = is_known ? getpwuid(user) : NULL;

    if (is_known && user == getuid())
        gca_error_set(error, GCA_ERROR_BUSY,
                      _("Another program of yours listens at %s already: the vendor's component "
                        "(HiPKI), or this service."),
                      where);
    else if (entry != NULL)
        gca_error_set(error, GCA_ERROR_BUSY, _("A program of the user “%s” listens at %s already."),
                      entry->pw_name, where);
    else
        gca_error_set(error, GCA_ERROR_BUSY, _("Another program listens at %s already."), where);
    gca_error_set_hint(error, _("End that program; web sites look for the service at this place "
                                "only."));
    return FALSE;
}

static gboolean
fail(GcaListener *listener, const char *call, GError **error)
{
    int number = errno;
    g_autofree char *where = gca_listener_to_string(listener);

    if (number == EADDRINUSE)
        return fail_taken(listener, error);
    gca_error_set(error, GCA_ERROR_INTERNAL, _("It is not possible to listen at %s: %s."), where,
                  g_strerror(number));
    gca_error_set_native(error, call, g_strerror(number), (gulong) number);
    return FALSE;
}

/* TRUE without a socket where this computer has no such addresses. */
static gboolean
open_one(GArray *listeners, int family, guint16 port, GError **error)
{
    GcaListener listener = {.fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    const int yes = 1;
    socklen_t size = family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);

    set_address(&listener, family, port);
    if (listener.fd < 0)
        return family == AF_INET6 || fail(&listener, "socket", error);
    /* Connections of the last run that are still being closed do not count (tcp(7)). */
    setsockopt(listener.fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (family == AF_INET6)
        setsockopt(listener.fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes);
    if (bind(listener.fd, (struct sockaddr *) &listener.address, size) == 0 &&
        listen(listener.fd, BACKLOG) == 0) {
        g_array_append_val(listeners, listener);
        return TRUE;
    }
    gboolean is_absent = family == AF_INET6 && errno == EADDRNOTAVAIL;
    gboolean is_fine = is_absent || fail(&listener, "bind", error);
    close(listener.fd);
    return is_fine;
}

gboolean
gca_listeners_open(GArray *listeners, guint16 port, GError **error)
{
    return open_one(listeners, AF_INET, port, error) && open_one(listeners, AF_INET6, port, error);
}

/* ---- systemd's ---- */

static gboolean
parse_number(const char *text, guint64 max, guint64 *value)
{
    return g_ascii_string_to_unsigned(text, 10, 0, max, value, NULL);
}

gboolean
gca_listeners_parse_environment(const char *pid, const char *fds, pid_t own, guint *count,
                                GError **error)
{
    guint64 meant = 0, n = 0;

    *count = 0;
    if (pid == NULL && fds == NULL)
        return TRUE;
    if (pid == NULL || fds == NULL || !parse_number(pid, G_MAXINT, &meant) ||
        !parse_number(fds, MAX_SOCKETS, &n)) {
        gca_error_set(error, GCA_ERROR_USAGE, "%s",
                      _("What LISTEN_PID and LISTEN_FDS say of sockets cannot be understood."));
        return FALSE;
    }
    /* It was meant for a process above us. */
    *count = meant == (guint64) own ? (guint) n : 0;
    return TRUE;
}

static gboolean
is_loopback(GcaListener *listener)
{
    if (listener->address.sin6_family == AF_INET)
        return as_v4(listener)->sin_addr.s_addr == htonl(INADDR_LOOPBACK);
    return listener->address.sin6_family == AF_INET6 &&
           IN6_IS_ADDR_LOOPBACK(&listener->address.sin6_addr);
}

gboolean
gca_listeners_adopt(GArray *listeners, int fd, GError **error)
{
    GcaListener listener = {.fd = fd};
    socklen_t size = sizeof listener.address, number_size = sizeof(int);
    int listens = 0, type = 0;

    if (getsockname(fd, (struct sockaddr *) &listener.address, &size) != 0 ||
        getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &number_size) != 0 || !listens ||
        getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &number_size) != 0 || type != SOCK_STREAM ||
        !is_loopback(&listener)) {
        gca_error_set(error, GCA_ERROR_USAGE,
                      _("Socket %d does not listen at 127.0.0.1 or ::1: web sites of this computer "
                        "alone may be served."),
                      fd);
        return FALSE;
    }
    listener.port = ntohs(listener.address.sin6_family == AF_INET ? as_v4(&listener)->sin_port
                                                                  : listener.address.sin6_port);
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    g_array_append_val(listeners, listener);
    return TRUE;
}
