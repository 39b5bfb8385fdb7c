/* Whose program is at the other end of a loopback connection. */
#pragma once

#include <glib.h>
#include <sys/socket.h>
#include <sys/types.h>

G_BEGIN_DECLS

/* The user that owns the socket at `client` which is connected to ours at `server`; both AF_INET or
 * both AF_INET6 (sock_diag(7)). UNTRUSTED where there is none (any more); INTERNAL with errno. */
gboolean gca_peer_find_user(const struct sockaddr *client, const struct sockaddr *server,
                            uid_t *user, GError **error);

G_END_DECLS
