/* The findings of an examination, as every tool shows them. */
#pragma once

#include "base/finding.h"
#include "cli/common/invocation.h"

G_BEGIN_DECLS

/* A line or two for each; nothing with --json. */
void gca_show_findings(const GcaInvocation *invocation, GPtrArray *findings);

json_t *gca_findings_to_json(GPtrArray *findings);

/* The first failure gives the exit status: those behind it often follow from it. */
gboolean gca_findings_conclude(GPtrArray *findings, GError **error);

G_END_DECLS
