/* The commands of gca-prereg. */
#pragma once

#include "cli/common/invocation.h"

G_BEGIN_DECLS

gboolean gca_prereg_command_sign(GcaInvocation *invocation, GError **error);
gboolean gca_prereg_command_verify(GcaInvocation *invocation, GError **error);

G_END_DECLS
