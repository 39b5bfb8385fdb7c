/* Questions that come in over a listening socket, one after another. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Waits at the socket that systemd has passed (sd_listen_fds(3)), and makes a process for each
 * connection, so that what was shown ends with its question; the next connection waits meanwhile.
 * The connection, in the process that is to ask; -1 without an error where none has come for some
 * seconds. USAGE if there is no such socket, or more than one. To be called before what a child
 * does not inherit: threads, locked memory. */
int gca_consent_queue_wait(GError **error);

G_END_DECLS
