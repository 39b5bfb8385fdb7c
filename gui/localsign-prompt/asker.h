/* The connection of one question: who asks, what, and whether still. One line in, one line out. */
#pragma once

#include "gui/localsign-prompt/question.h"

G_BEGIN_DECLS

typedef struct _GcaAsker GcaAsker;

/* The question, once and owned by the receiver; or NULL where there is none (any more): with the
 * error, or without one where the asker has ended the connection. Nothing is called after NULL. */
typedef void (*GcaAskerFunc)(GcaConsentQuestion *question, const GError *error, gpointer data);

/* Takes `fd`, a connected stream socket of the Unix domain. USAGE if it is none, UNTRUSTED if
 * another user is at its other end. */
GcaAsker *gca_asker_new(int fd, GcaAskerFunc func, gpointer data, GError **error);

/* One answer, after the question. `pin` may be NULL. */
void gca_asker_answer(GcaAsker *asker, gboolean is_yes, GcaSecret *pin);

/* Ends the connection. */
void gca_asker_free(GcaAsker *asker);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaAsker, gca_asker_free)

G_END_DECLS
