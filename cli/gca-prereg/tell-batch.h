/* What is said of a batch before and after it is signed. */
#pragma once

#include "cli/gca-prereg/batch.h"
#include "flow/prereg-batch.h"

G_BEGIN_DECLS

/* Each CA's once. */
void gca_tell_batch_trust_notes(GcaInvocation *invocation, GPtrArray *rows);

/* All that will be signed, with what is to be minded, and what is left out. */
void gca_tell_batch(GcaInvocation *invocation, GPtrArray *rows, const GcaBatchManner *manner);

/* The answer: what has become of each row; and what comes next. */
void gca_tell_batch_report(GcaInvocation *invocation, GPtrArray *rows);

G_END_DECLS
