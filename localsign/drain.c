#include "config.h"

#include "localsign/drain.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <sys/socket.h>
#include <unistd.h>

#define TIME_MS 2000
#define MOST_BYTES (1024 * 1024)
#define PIECE (64 * 1024)

typedef struct {
    GcaDrains *drains;
    int fd;
    guint watch, timer;
    gsize taken;
} Drain;

struct _GcaDrains {
    GQueue open; /* of Drain *, oldest first */
    guint limit;
};

static void
drain_free(Drain *drain)
{
    g_queue_remove(&drain->drains->open, drain);
    g_clear_handle_id(&drain->watch, g_source_remove);
    g_clear_handle_id(&drain->timer, g_source_remove);
    close(drain->fd);
    g_free(drain);
}

static gboolean
on_time_over(gpointer data)
{
    Drain *drain = data;

    drain->timer = 0;
    drain_free(drain);
    return G_SOURCE_REMOVE;
}

/* tcp(7): with MSG_TRUNC they are not even copied, so there is nothing to wipe. */
static gboolean
on_bytes(int fd, GIOCondition condition, gpointer data)
{
    Drain *drain = data;
    ssize_t n = recv(fd, NULL, PIECE, MSG_TRUNC | MSG_DONTWAIT);

    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return G_SOURCE_CONTINUE;
    drain->taken += (gsize) MAX(n, 0);
    if (n > 0 && drain->taken < MOST_BYTES)
        return G_SOURCE_CONTINUE;
    drain->watch = 0;
    drain_free(drain);
    return G_SOURCE_REMOVE;
}

GcaDrains *
gca_drains_new(guint limit)
{
    GcaDrains *drains = g_new0(GcaDrains, 1);

    drains->limit = limit;
    return drains;
}

void
gca_drains_free(GcaDrains *drains)
{
    while (!g_queue_is_empty(&drains->open))
        drain_free(g_queue_peek_head(&drains->open));
    g_free(drains);
}

void
gca_drains_add(GcaDrains *drains, int fd)
{
    int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);

    if (own < 0)
        return;
    shutdown(own, SHUT_WR);
    if (drains->open.length >= drains->limit)
        drain_free(g_queue_peek_head(&drains->open));
    Drain *drain = g_new0(Drain, 1);
    *drain = (Drain){.drains = drains, .fd = own};
    drain->watch = g_unix_fd_add(own, G_IO_IN | G_IO_HUP | G_IO_ERR, on_bytes, drain);
    drain->timer = g_timeout_add(TIME_MS, on_time_over, drain);
    g_queue_push_tail(&drains->open, drain);
}
