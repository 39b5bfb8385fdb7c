/* One is served, a few wait, the rest are sent away at once. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _GcaQueue GcaQueue;
typedef struct _GcaTurn GcaTurn;
typedef void (*GcaTurnFunc)(gpointer data);

GcaQueue *gca_queue_new(guint may_wait);

/* All turns have been left. */
void gca_queue_free(GcaQueue *queue);

/* A place in it, or NULL where it is full. If it is not this one's turn yet, `begin` is called when
 * it is. */
GcaTurn *gca_queue_enter(GcaQueue *queue, GcaTurnFunc begin, gpointer data);

gboolean gca_turn_is_now(const GcaTurn *turn);

/* Ends a turn, begun or not; the next begins before the return. */
void gca_turn_leave(GcaTurn *turn);

gboolean gca_queue_is_empty(const GcaQueue *queue);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaQueue, gca_queue_free)

G_END_DECLS
