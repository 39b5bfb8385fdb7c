/* What a DNS message says of a name's CAA records. For acme/resolver.c and its tests. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The CAA records (GcaCaaRecord *) in the answer `message` (RFC 1035 section 4.1) to a question for
 * those of `domain`: at the name itself, or where its aliases lead (RFC 8659 section 3). Empty: the
 * server says that there are none. NULL: nothing can be told from it, be it malformed, a chain of
 * aliases without end, or one that a server which is not recursive leaves to be followed. */
GPtrArray *gca_caa_answer_parse(const guint8 *message, gsize size, const char *domain);

G_END_DECLS
