/* The commands of gca-prereg. */
#pragma once

#include "cli/common/invocation.h"

G_BEGIN_DECLS

/* Those that need a card, behind the one without a name. */
extern const GcaCommand gca_prereg_desk_commands[];
extern const guint gca_prereg_n_desk_commands;

gboolean gca_prereg_command_accounts(GcaInvocation *invocation, GError **error);
gboolean gca_prereg_command_bind(GcaInvocation *invocation, GError **error);
gboolean gca_prereg_command_caa(GcaInvocation *invocation, GError **error);
gboolean gca_prereg_command_outbox(GcaInvocation *invocation, GError **error);
gboolean gca_prereg_command_prepare(GcaInvocation *invocation, GError **error);
gboolean gca_prereg_command_sign(GcaInvocation *invocation, GError **error);
gboolean gca_prereg_command_status(GcaInvocation *invocation, GError **error);
gboolean gca_prereg_command_submit(GcaInvocation *invocation, GError **error);
gboolean gca_prereg_command_verify(GcaInvocation *invocation, GError **error);

G_END_DECLS
