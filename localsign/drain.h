/* Closing in stages (RFC 9112 section 9.6): a connection that is closed with bytes unread is reset,
 * and whoever still sends may lose the answer. So what comes behind an early answer is thrown away
 * for a while. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _GcaDrains GcaDrains;

/* At most `limit` connections at a time: one more closes the oldest. */
GcaDrains *gca_drains_new(guint limit);
void gca_drains_free(GcaDrains *drains);

/* Of the connection `fd`, which has been answered and may be closed by the caller after this. */
void gca_drains_add(GcaDrains *drains, int fd);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaDrains, gca_drains_free)

G_END_DECLS
