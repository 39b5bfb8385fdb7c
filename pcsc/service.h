/* The PC/SC service itself: opening it and asking for its list of readers, which is distrusted.
 * Inside this folder only. */
#pragma once

#include <glib.h>
#include <winscard.h>

G_BEGIN_DECLS

/* Within GCA_PCSC_PATIENCE_MS. NO_READER where it does not run or refuses access. */
gboolean gca_service_open(SCARDCONTEXT *context, GError **error);

/* The names of the readers, char *; NULL with what the service answered. */
GPtrArray *gca_service_list(SCARDCONTEXT context, LONG *answer);

G_END_DECLS
