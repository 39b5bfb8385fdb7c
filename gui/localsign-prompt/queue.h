/* Questions that come in over a listening socket, shown one after another. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The socket that systemd has passed (sd_listen_fds(3)); -1: none. USAGE for more than one. */
int gca_consent_queue_get_socket(GError **error);

/* Answers with dialogs until none has come for some seconds. */
void gca_consent_queue_run(int socket);

/* Where nothing can be shown: ends every connection that comes within a few seconds, which is a
 * no. */
void gca_consent_queue_refuse(int socket);

G_END_DECLS
