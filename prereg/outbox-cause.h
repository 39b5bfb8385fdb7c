/* Why a try to hand a request in has failed, kept so that it can be told in any language. */
#pragma once

#include "base/error.h"

#include <jansson.h>

G_BEGIN_DECLS

typedef struct _GcaOutboxCause GcaOutboxCause;

/* A try that was begun: as long as nothing takes its place, its answer is not known. */
GcaOutboxCause *gca_outbox_cause_new_begun(void);

/* The receiver, or something before it, has answered with `status` and no receipt. `said` is what
 * it says of it, and `location` where it sends us on to; from outside, either may be NULL. */
GcaOutboxCause *gca_outbox_cause_new_answer(guint status, const char *said, const char *location);

/* All else, as it was told. */
GcaOutboxCause *gca_outbox_cause_new_error(const GError *error);
GcaOutboxCause *gca_outbox_cause_ref(GcaOutboxCause *cause);
void gca_outbox_cause_unref(GcaOutboxCause *cause);

/* A translated sentence, safe to show: the one that was told, where it was in the language of now,
 * else what the table of base/error.c has for its code. */
char *gca_outbox_cause_to_string(const GcaOutboxCause *cause, gboolean is_refused);

/* As <sha256>.json has it. */
json_t *gca_outbox_cause_encode(const GcaOutboxCause *cause);

/* The same read; a text is a sentence of an earlier version. FALSE: it is neither. */
gboolean gca_outbox_cause_parse(json_t *value, GcaOutboxCause **cause);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaOutboxCause, gca_outbox_cause_unref)

G_END_DECLS
