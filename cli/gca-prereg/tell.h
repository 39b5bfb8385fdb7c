/* What the commands say of a request before and after it is made. */
#pragma once

#include "cli/common/invocation.h"
#include "flow/prereg.h"

#include <jansson.h>

G_BEGIN_DECLS

/* The CA's note on its own standing, where the profile has one. */
void gca_tell_trust_note(GcaInvocation *invocation, const GcaProfile *profile);

/* The request in full, below `heading`, with what is to be minded; the request is left out only
 * where nobody is asked and nobody wants to read. */
void gca_tell_request(GcaInvocation *invocation, const GcaPrereg *prereg, const char *heading,
                      gboolean will_ask);

/* The signed message, for people; and what comes next. */
void gca_tell_signed(GcaInvocation *invocation, const GcaPrereg *prereg, GBytes *message,
                     const char *path);

/* The same for --json. */
json_t *gca_signed_to_json(const GcaPrereg *prereg, GBytes *message, const char *path);

/* Known before a PIN is spent: an existing file, a folder that cannot be written to. `path` may be
 * NULL for the current folder. */
gboolean gca_target_check(const char *path, GError **error);

G_END_DECLS
