/* The findings of an examination, as every tool shows them. */
#pragma once

#include "base/finding.h"
#include "cli/common/invocation.h"

G_BEGIN_DECLS

/* A line or two for each; nothing with --json. */
void gca_show_findings(const GcaInvocation *invocation, GPtrArray *findings);

json_t *gca_findings_to_json(GPtrArray *findings);

G_END_DECLS
