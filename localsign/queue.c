#include "config.h"

#include "localsign/queue.h"

struct _GcaQueue {
    GQueue turns; /* of GcaTurn *; the head has begun */
    guint limit;
};

struct _GcaTurn {
    GcaQueue *queue;
    char *guest; /* NULL: none */
    GcaTurnFunc begin;
    gpointer data;
};

GcaQueue *
gca_queue_new(guint may_wait)
{
    GcaQueue *queue = g_new0(GcaQueue, 1);

    queue->limit = 1 + may_wait;
    return queue;
}

void
gca_queue_free(GcaQueue *queue)
{
    g_return_if_fail(g_queue_is_empty(&queue->turns));
    g_free(queue);
}

static gboolean
has_room(const GcaQueue *queue, const char *guest)
{
    guint n = 0;

    for (GList *at = queue->turns.head; at != NULL; at = at->next) {
        const char *other = ((GcaTurn *) at->data)->guest;
        if (guest != NULL && other != NULL && !g_str_equal(guest, other))
            return FALSE;
        n += (guest != NULL) == (other != NULL) ? 1 : 0;
    }
    return n < queue->limit;
}

GcaTurn *
gca_queue_enter(GcaQueue *queue, const char *guest, GcaTurnFunc begin, gpointer data)
{
    if (!has_room(queue, guest))
        return NULL;
    GcaTurn *turn = g_new0(GcaTurn, 1);
    *turn = (GcaTurn){queue, g_strdup(guest), begin, data};
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
    g_clear_pointer(&turn->guest, g_free);
}

void
gca_turn_leave(GcaTurn *turn)
{
    GcaQueue *queue = turn->queue;
    gboolean was_first = gca_turn_is_now(turn);

    g_queue_remove(&queue->turns, turn);
    g_free(turn->guest);
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
