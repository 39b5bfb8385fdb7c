/* The commands of gca-letter. */
#pragma once

#include "cli/common/invocation.h"

G_BEGIN_DECLS

gboolean gca_letter_command_form(GcaInvocation *invocation, GError **error);
gboolean gca_letter_command_letter(GcaInvocation *invocation, GError **error);
gboolean gca_letter_command_code_sheet(GcaInvocation *invocation, GError **error);

G_END_DECLS
