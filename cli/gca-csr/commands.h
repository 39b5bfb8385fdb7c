/* The commands of gca-csr. */
#pragma once

#include "cli/common/invocation.h"

G_BEGIN_DECLS

gboolean gca_csr_command_new(GcaInvocation *invocation, GError **error);
gboolean gca_csr_command_oid(GcaInvocation *invocation, GError **error);
gboolean gca_csr_command_attach(GcaInvocation *invocation, GError **error);
gboolean gca_csr_command_check(GcaInvocation *invocation, GError **error);
gboolean gca_csr_command_export(GcaInvocation *invocation, GError **error);
gboolean gca_csr_command_install(GcaInvocation *invocation, GError **error);
gboolean gca_csr_command_list(GcaInvocation *invocation, GError **error);

G_END_DECLS
