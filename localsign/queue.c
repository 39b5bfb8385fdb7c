#include "config.h"

#include "localsign/queue.h"

struct _GcaQueue {
    GQueue turns; /* of GcaTurn *; the head has begun */
    guint limit, guest_limit;
};

struct _GcaTurn {
    GcaQueue *queue;
    gboolean is_guest;
    GcaTurnFunc begin;
    gpointer data;
};

GcaQueue *
gca_queue_new(guint may_wait, guint guests)
{
    GcaQueue *queue = g_new0(GcaQueue, 1);

    queue->limit = 1 + may_wait;
    queue->guest_limit = guests;
    return queue;
}

void
gca_queue_free(GcaQueue *queue)
{
    g_return_if_fail(g_queue_is_empty(&queue->turns));
    g_free(queue);
}

static guint
count(const GcaQueue *queue, gboolean guests)
{
    guint n = 0;

    for (GList *at = queue->turns.head; at != NULL; at = at->next)
        n += ((GcaTurn *) at->data)->is_guest == guests ? 1 : 0;
    return n;
}

GcaTurn *
gca_queue_enter(GcaQueue *queue, gboolean is_guest, GcaTurnFunc begin, gpointer data)
{
    if (count(queue, is_guest) >= (is_guest ? queue->guest_limit : queue->limit))
        return NULL;
    GcaTurn *turn = g_new0(GcaTurn, 1);
    *turn = (GcaTurn){queue, is_guest, begin, data};
    g_queue_push_tail(&queue->turns, turn);
    return turn;
}

gboolean
gca_turn_is_now(const GcaTurn *turn)
{
    return g_queue_peek_head(&turn->queue->turns) == turn;
}

void
gca_turn_end_guest(GcaTurn *turn)
{
    turn->is_guest = FALSE;
}

void
gca_turn_leave(GcaTurn *turn)
{
    GcaQueue *queue = turn->queue;
    gboolean was_first = gca_turn_is_now(turn);

    g_queue_remove(&queue->turns, turn);
    g_free(turn);
    GcaTurn *next = g_queue_peek_head(&queue->turns);
    if (was_first && next != NULL)
        next->begin(next->data);
}

gboolean
gca_queue_is_empty(const GcaQueue *queue)
{
    return queue->turns.length == 0;
}
