/* One question, from the connection to the answer. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _GcaConsentSession GcaConsentSession;

/* Called once, when all is over; `error` is NULL where the person has answered. */
typedef void (*GcaConsentDone)(const GError *error, gpointer data);

/* Takes `fd`. Errors, given to `done`: as gca_asker_new; BAD_DATA for a bad question; CANCELLED
 * where the asker has gone. Frees itself. */
void gca_consent_session_start(int fd, GcaConsentDone done, gpointer data);

/* On standard error, where the journal reads it. */
void gca_consent_complain(const GError *error);

G_END_DECLS
