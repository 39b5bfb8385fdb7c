/* One is served, a few wait, the rest are sent away at once. Guests have as many places of their
 * own, so that they take nobody else's, and wait in the same row; all that are there at a time are
 * of one name. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _GcaQueue GcaQueue;
typedef struct _GcaTurn GcaTurn;
typedef void (*GcaTurnFunc)(gpointer data);

/* `may_wait` beside the one that is served. */
GcaQueue *gca_queue_new(guint may_wait);

/* All turns have been left. */
void gca_queue_free(GcaQueue *queue);

/* A place in it, or NULL where there is none for such. If it is not this one's turn yet, `begin` is
 * called when it is. `guest` is a guest's name, else NULL. */
GcaTurn *gca_queue_enter(GcaQueue *queue, const char *guest, GcaTurnFunc begin, gpointer data);

/* It stays where it is, but is no guest any more. */
void gca_turn_end_guest(GcaTurn *turn);

gboolean gca_turn_is_now(const GcaTurn *turn);

/* Ends a turn, begun or not; the next begins before the return. */
void gca_turn_leave(GcaTurn *turn);

gboolean gca_queue_is_empty(const GcaQueue *queue);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaQueue, gca_queue_free)

G_END_DECLS
