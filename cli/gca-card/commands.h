/* The commands of gca-card. */
#pragma once

#include "cli/common/invocation.h"

G_BEGIN_DECLS

gboolean gca_card_list(GcaInvocation *invocation, GError **error);
gboolean gca_card_show(GcaInvocation *invocation, GError **error);
gboolean gca_card_verify_pin(GcaInvocation *invocation, GError **error);
gboolean gca_card_doctor(GcaInvocation *invocation, GError **error);
gboolean gca_card_trust(GcaInvocation *invocation, GError **error);

G_END_DECLS
