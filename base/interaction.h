/* What a use case may ask of a person or tell one, whatever shows it: terminal, window or script.
 */
#pragma once

#include "base/cancel.h"
#include "base/secret.h"

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum {
    GCA_NOTICE_PROGRESS, /* what is being done; may be left out */
    GCA_NOTICE_INFO,     /* worth reading */
    GCA_NOTICE_WARNING,  /* must be shown */
    GCA_NOTICE_PIN_PAD,  /* "enter the PIN on the reader": must be shown, work goes on by itself */
} GcaNotice;

typedef struct {
    const char *title;   /* "PIN of card TP…", translated */
    gsize min_length;    /* in characters; 0: not known */
    gsize max_length;    /* 0: not known */
    gboolean is_digits;  /* nothing but 0 to 9 can be right */
    int tries_left;      /* GCA_TRIES_UNKNOWN: not known */
    const char *advice;  /* a translated sentence on the tries, or NULL */
    const char *instead; /* a translated sentence: how to give it where nobody can be asked */
} GcaSecretPrompt;

#define GCA_TYPE_INTERACTION (gca_interaction_get_type())
G_DECLARE_INTERFACE(GcaInteraction, gca_interaction, GCA, INTERACTION, GObject)

struct _GcaInteractionInterface {
    GTypeInterface parent;

    GcaSecret *(*ask_secret)(GcaInteraction *self, const GcaSecretPrompt *prompt, GcaCancel *cancel,
                             GError **error);
    gboolean (*confirm)(GcaInteraction *self, const char *question, GcaCancel *cancel,
                        GError **error);
    void (*progress)(GcaInteraction *self, guint done, guint total, const char *text);
    void (*notice)(GcaInteraction *self, GcaNotice kind, const char *text);
};

/* The PIN or passphrase typed, or NULL: CANCELLED, USAGE (nobody can be asked here). */
GcaSecret *gca_interaction_ask_secret(GcaInteraction *self, const GcaSecretPrompt *prompt,
                                      GcaCancel *cancel, GError **error);

/* TRUE on yes; a no is CANCELLED; USAGE where nobody can be asked. */
gboolean gca_interaction_confirm(GcaInteraction *self, const char *question, GcaCancel *cancel,
                                 GError **error);

/* `done` of `total` are finished, `text` names the last. Where it is shown on one line it takes the
 * place of the one before. */
void gca_interaction_progress(GcaInteraction *self, guint done, guint total, const char *text);

void gca_interaction_notice(GcaInteraction *self, GcaNotice kind, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

G_END_DECLS
