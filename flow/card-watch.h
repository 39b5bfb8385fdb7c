/* What lies in the readers now, and each change of it: for a window that shows it as it happens. */
#pragma once

#include "base/cancel.h"
#include "flow/card-choice.h"
#include "profile/profile.h"
#include "x509/holder.h"

G_BEGIN_DECLS

/* A reader, or a token that is in none, and the card in it. */
typedef struct {
    char *reader;       /* NULL: in none */
    gboolean has_card;  /* with FALSE all below is empty */
    char *number;       /* NULL: not known */
    char *label;        /* of a token that is in no reader; or NULL */
    GcaHolder *holder;  /* or NULL, and `trouble` says why */
    GError *trouble;    /* of reading it: unknown card, busy, mute …; or NULL */
    char *renewal_note; /* an end that is near or past, translated; or NULL */
    GError *refusal;    /* why its holder must not sign (another kind, expired …); or NULL */
} GcaSeat;

typedef struct _GcaCardWatch GcaCardWatch;

/* Of `choice` (borrowed) the module and the token count: while no reader has a card, a module that
 * a person named may have a token that is in none; with a token that one alone is looked for. */
GcaCardWatch *gca_card_watch_new(const GcaCardChoice *choice, const GcaProfile *profile);
void gca_card_watch_free(GcaCardWatch *watch);

/* Looks what there is now: TRUE where it is not what was found before, and at first; FALSE also
 * once cancelled. A card is read once, when it comes. Asks no PIN. The module is opened and closed
 * meanwhile where it is needed: nobody else may use it. */
gboolean gca_card_watch_look(GcaCardWatch *watch, GcaCancel *cancel);

/* What was found last, borrowed until the next look: GcaSeat *, in the order of the service; none
 * with an error: NO_READER, where pcscd does not run, refuses access, or there is no reader at all;
 * with choice->token why that is not found. */
GPtrArray *gca_card_watch_get_seats(const GcaCardWatch *watch);
const GError *gca_card_watch_get_error(const GcaCardWatch *watch);

/* Waits until there may be something new, or for `cancel`: a change in the readers; a second for a
 * card that is busy, while pcscd does not run, and for a token that is not there. Uses no card and
 * no module. */
void gca_card_watch_wait(GcaCardWatch *watch, GcaCancel *cancel);

/* A copy that outlives the call. */
GcaSeat *gca_seat_dup(const GcaSeat *seat);
void gca_seat_free(GcaSeat *seat);

/* What chooses this card alone: its number, else its reader. Replaces both in `choice`, which owns
 * them. */
void gca_seat_choose(const GcaSeat *seat, GcaCardChoice *choice);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaSeat, gca_seat_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaCardWatch, gca_card_watch_free)

G_END_DECLS
