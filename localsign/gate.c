#include "config.h"

#include "localsign/gate.h"

#include "base/error.h"
#include "base/log.h"
#include "localsign/drain.h"
#include "localsign/peer.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEADERS_MS 1000
/* Those that are being closed are still counted by the library. */
#define DAEMON_CALLERS (2 * GCA_GATE_CALLERS)
/* Of more than 32 KiB the library gets pages of their own, which go back to the system with the
 * connection: nothing of what was sent and never looked at, a PIN perhaps, stays in the heap. */
#define CALLER_MEMORY (40 * 1024)

struct _GcaGate {
    struct MHD_Daemon *daemon;
    GSource *source;
    struct sockaddr_in6 address;
    guint16 port;
    GQueue callers; /* of GcaCaller *, oldest first; not those being closed */
    GcaDrains *drains;
    gint64 last_busy; /* when the last one went */
};

struct _GcaCaller {
    GcaGate *gate;
    int fd;
    guint timer;
    gboolean is_heard, is_leaving, sends_more;
};

/* ---- callers ---- */

/* The library sees the end of the connection and lets it go. */
static void
send_away(GcaCaller *caller)
{
    if (!caller->is_leaving)
        g_queue_remove(&caller->gate->callers, caller);
    caller->is_leaving = TRUE;
    shutdown(caller->fd, SHUT_RDWR);
}

static gboolean
on_time_over(gpointer data)
{
    GcaCaller *caller = data;

    caller->timer = 0;
    send_away(caller);
    return G_SOURCE_REMOVE;
}

static GcaCaller *
find_oldest_incomplete(GcaGate *gate)
{
    for (GList *at = gate->callers.head; at != NULL; at = at->next) {
        if (!((GcaCaller *) at->data)->is_heard)
            return at->data;
    }
    return NULL;
}

static GcaCaller *
caller_new(GcaGate *gate, struct MHD_Connection *connection)
{
    GcaCaller *caller = g_new0(GcaCaller, 1);

    caller->gate = gate;
    caller->fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    caller->timer = g_timeout_add(HEADERS_MS, on_time_over, caller);
    g_queue_push_tail(&gate->callers, caller);
    GcaCaller *oldest =
        gate->callers.length > GCA_GATE_CALLERS ? find_oldest_incomplete(gate) : NULL;
    if (oldest != NULL)
        send_away(oldest);
    return caller;
}

static void
caller_free(GcaCaller *caller)
{
    caller->gate->last_busy = g_get_monotonic_time();
    if (!caller->is_leaving)
        g_queue_remove(&caller->gate->callers, caller);
    if (!caller->is_leaving && caller->sends_more)
        gca_drains_add(caller->gate->drains, caller->fd);
    if (caller->timer != 0)
        g_source_remove(caller->timer);
    g_free(caller);
}

static void
on_connection(void *data, struct MHD_Connection *connection, void **context,
              enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        *context = caller_new(data, connection);
    else if (*context != NULL)
        caller_free(*context);
}

static enum MHD_Result
on_accept(void *data, const struct sockaddr *client, socklen_t size)
{
    GcaGate *gate = data;
    g_autoptr(GError) error = NULL;
    uid_t user = 0;

    if (gate->callers.length >= GCA_GATE_CALLERS && find_oldest_incomplete(gate) == NULL)
        return MHD_NO;
    if (!gca_peer_find_user(client, (const struct sockaddr *) &gate->address, &user, &error)) {
        gca_log("gate", "%s",
                gca_error_get_detail(error) ? gca_error_get_detail(error) : error->message);
        return MHD_NO;
    }
    return user == getuid() ? MHD_YES : MHD_NO;
}

GcaCaller *
gca_caller_of(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

GcaGate *
gca_caller_get_gate(const GcaCaller *caller)
{
    return caller->gate;
}

int
gca_caller_get_fd(const GcaCaller *caller)
{
    return caller->fd;
}

void
gca_caller_mark_heard(GcaCaller *caller)
{
    caller->is_heard = TRUE;
}

void
gca_caller_expect_more(GcaCaller *caller)
{
    caller->sends_more = TRUE;
}

void
gca_caller_set_time(GcaCaller *caller, guint seconds)
{
    if (caller->timer != 0)
        g_source_remove(caller->timer);
    caller->timer = seconds > 0 ? g_timeout_add_seconds(seconds, on_time_over, caller) : 0;
}

/* ---- the daemon in the main loop ---- */

typedef struct {
    GSource parent;
    struct MHD_Daemon *daemon;
    gpointer tag;
} Source;

static gboolean
prepare(GSource *source, int *timeout)
{
    MHD_UNSIGNED_LONG_LONG wait;

    *timeout = -1;
    if (MHD_get_timeout(((Source *) source)->daemon, &wait) == MHD_YES)
        *timeout = (int) MIN(wait, G_MAXINT);
    return *timeout == 0;
}

static gboolean
check(GSource *source)
{
    MHD_UNSIGNED_LONG_LONG wait;
    Source *self = (Source *) source;

    return g_source_query_unix_fd(source, self->tag) != 0 ||
           (MHD_get_timeout(self->daemon, &wait) == MHD_YES && wait == 0);
}

static gboolean
dispatch(GSource *source, GSourceFunc func, gpointer data)
{
    g_source_set_ready_time(source, -1);
    MHD_run(((Source *) source)->daemon);
    return G_SOURCE_CONTINUE;
}

static GSource *
attach(struct MHD_Daemon *daemon)
{
    static GSourceFuncs funcs = {.prepare = prepare, .check = check, .dispatch = dispatch};
    GSource *source = g_source_new(&funcs, sizeof(Source));
    int fd = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;

    ((Source *) source)->daemon = daemon;
    ((Source *) source)->tag = g_source_add_unix_fd(source, fd, G_IO_IN);
    g_source_attach(source, NULL);
    return source;
}

static G_GNUC_PRINTF(2, 0) void on_log(void *data, const char *format, va_list args)
{
    /* It says what a request was like: that stays out of logs. */
}

GcaGate *
gca_gate_open(GcaListener *listener, MHD_AccessHandlerCallback handle,
              MHD_RequestCompletedCallback complete, gpointer data, GError **error)
{
    GcaGate *gate = g_new0(GcaGate, 1);
    unsigned int flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;

    if (listener->address.sin6_family == AF_INET6)
        flags |= MHD_USE_IPv6;
    gate->address = listener->address;
    gate->port = listener->port;
    gate->daemon = MHD_start_daemon(
        flags, 0, on_accept, gate, handle, data, MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL,
        MHD_OPTION_LISTEN_SOCKET, listener->fd, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned int) DAEMON_CALLERS, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t) CALLER_MEMORY,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_NOTIFY_CONNECTION, on_connection, gate,
        MHD_OPTION_NOTIFY_COMPLETED, complete, data, MHD_OPTION_END);
    if (gate->daemon == NULL) {
        gca_error_set(error, GCA_ERROR_INTERNAL, "%s", _("The web service cannot be started."));
        g_free(gate);
        return NULL;
    }
    gate->drains = gca_drains_new(GCA_GATE_CALLERS);
    listener->fd = -1;
    gate->source = attach(gate->daemon);
    return gate;
}

void
gca_gate_wake(GcaGate *gate)
{
    g_source_set_ready_time(gate->source, 0);
}

void
gca_gate_close(GcaGate *gate)
{
    g_source_destroy(gate->source);
    g_source_unref(gate->source);
    MHD_stop_daemon(gate->daemon);
    gca_drains_free(gate->drains);
    g_free(gate);
}

guint16
gca_gate_get_port(const GcaGate *gate)
{
    return gate->port;
}

gint64
gca_gate_get_last_busy(const GcaGate *gate)
{
    return gate->callers.length > 0 ? g_get_monotonic_time() : gate->last_busy;
}
