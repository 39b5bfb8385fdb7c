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

/* `seats` are GcaSeat *, in the order of the service; none with an `error`: NO_READER, where pcscd
 * does not run, refuses access, or there is no reader at all; with choice->token why that is not
 * found. Both are borrowed during the call, which is made in the watching thread. */
typedef void (*GcaCardWatchFunc)(GPtrArray *seats, const GError *error, gpointer data);

/* Tells `func` at once and after every change, until cancelled. A card is read once, when it comes;
 * one that is busy is looked at anew each second, and so is pcscd while it does not run. Asks no
 * PIN. Of `choice` the module and the token count: while no reader has a card, a module that a
 * person named may have a token that is in none; with a token that one alone is looked for, each
 * second until it is found. The module is opened in this thread when it is needed: end the watch
 * before the card is used. */
void gca_card_watch_run(const GcaCardChoice *choice, const GcaProfile *profile,
                        GcaCardWatchFunc func, gpointer data, GcaCancel *cancel);

/* A copy that outlives the call. */
GcaSeat *gca_seat_dup(const GcaSeat *seat);
void gca_seat_free(GcaSeat *seat);

/* What chooses this card alone: its number, else its reader. Replaces both in `choice`, which owns
 * them. */
void gca_seat_choose(const GcaSeat *seat, GcaCardChoice *choice);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaSeat, gca_seat_free)

G_END_DECLS
