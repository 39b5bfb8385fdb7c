/* Which other programs use card readers: pcscd does not say who holds one. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "scdaemon (1234), firefox (99)": processes below `proc` ("/proc") that have the PC/SC library
 * mapped, but for pcscd and this one, made safe to show; NULL if none can be seen. A guess: only
 * processes that the user may look into are seen, and they need not hold the reader now. */
char *gca_occupant_describe(const char *proc);

G_END_DECLS
