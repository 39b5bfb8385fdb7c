/* What gca-localsign wants to be asked: one line of JSON, taken apart strictly; docs/localsign.md
 * has the protocol. Texts are escaped here: they may be shown. */
#pragma once

#include "base/secret.h"

G_BEGIN_DECLS

#define GCA_CONSENT_LINE_LIMIT (2 * 1024 * 1024) /* bytes */

typedef enum { GCA_CONSENT_TRUST, GCA_CONSENT_SIGN } GcaConsentKind;

typedef struct {
    GcaConsentKind kind;
    char *site;
    char *reader; /* the rest: of SIGN */
    char *holder;
    char *text; /* NULL: what is signed is no text */
    gint64 size;
    char *sha256; /* in groups */
    gboolean asks_pin;
    gint64 tries_left; /* GCA_TRIES_UNKNOWN */
    char *advice;      /* or NULL */
} GcaConsentQuestion;

/* BAD_DATA for anything but such a question. */
GcaConsentQuestion *gca_consent_question_parse(GBytes *line, GError **error);
void gca_consent_question_free(GcaConsentQuestion *question);

/* The line that answers it; `pin` may be NULL. */
GcaSecret *gca_consent_answer_encode(gboolean is_yes, GcaSecret *pin);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaConsentQuestion, gca_consent_question_free)

G_END_DECLS
