/* What the receiver keeps: one file a message, however often it comes. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Keeps the message, notes its arrival, and gives its receipt, the same each time; `*is_new` the
 * first time. FILE. */
GBytes *store_take(const char *folder, const char *sha256, GBytes *message, gboolean *is_new,
                   GError **error);

G_END_DECLS
