/* The PC/SC service: readers, their changes, which one to use. One thread at a time a GcaPcsc. */
#pragma once

#include "base/interaction.h"

G_BEGIN_DECLS

typedef struct _GcaPcsc GcaPcsc;

typedef struct {
    char *name;
    gboolean has_card;
    gboolean is_mute;   /* a card that gives no ATR */
    gboolean is_in_use; /* another program holds it exclusively */
    GBytes *atr;        /* NULL without a card */
    guint events;       /* counts the cards' coming and going */
} GcaReader;

void gca_reader_free(GcaReader *reader);

/* The native code of a NO_READER where pcscd refuses access: SCARD_W_SECURITY_VIOLATION. */
#define GCA_PCSC_ACCESS_REFUSED 0x8010006AUL

/* NO_READER with its own message and hint where pcscd does not run, and where it refuses access
 * (polkit, or a socket that this user may not open): GCA_PCSC_ACCESS_REFUSED. */
GcaPcsc *gca_pcsc_new(GError **error);
void gca_pcsc_free(GcaPcsc *pcsc);

/* Whom to tell what is waited for, where a card lets one wait (kept; or NULL, as at first). */
void gca_pcsc_set_interaction(GcaPcsc *pcsc, GcaInteraction *interaction);
GcaInteraction *gca_pcsc_get_interaction(const GcaPcsc *pcsc);

/* The readers there are, GcaReader *; possibly none. A service that was restarted is found again;
 * else NO_READER as above. */
GPtrArray *gca_pcsc_list(GcaPcsc *pcsc, GError **error);

/* Waits until a reader or card comes or goes after the last list (if there was none: until there is
 * a reader); CANCELLED when `cancel` is, FALSE without error at `timeout_ms` (-1: none). */
gboolean gca_pcsc_wait(GcaPcsc *pcsc, int timeout_ms, GcaCancel *cancel, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaReader, gca_reader_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaPcsc, gca_pcsc_free)

G_END_DECLS
