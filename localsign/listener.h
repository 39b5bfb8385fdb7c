/* Listening sockets on loopback: our own, or those that systemd hands over (sd_listen_fds(3)). */
#pragma once

#include <glib.h>
#include <netinet/in.h>

G_BEGIN_DECLS

typedef struct {
    int fd;
    struct sockaddr_in6 address; /* AF_INET: a struct sockaddr_in */
    guint16 port;
} GcaListener;

/* GcaListener, whose descriptors are closed with it unless -1. */
GArray *gca_listeners_new(void);

/* 127.0.0.1 and ::1 at `port`; without IPv6 the first alone. BUSY with whose program has it. */
gboolean gca_listeners_open(GArray *listeners, guint16 port, GError **error);

/* The number of sockets that $LISTEN_FDS says are ours, from 3 on; 0 where there are none. USAGE
 * for anything else than such numbers. */
gboolean gca_listeners_parse_environment(const char *pid, const char *fds, pid_t own, guint *count,
                                         GError **error);

/* Takes the socket `fd` of systemd. USAGE unless it listens on a loopback address. */
gboolean gca_listeners_adopt(GArray *listeners, int fd, GError **error);

/* "127.0.0.1:61161" */
char *gca_listener_to_string(const GcaListener *listener);

G_END_DECLS
