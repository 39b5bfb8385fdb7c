#include "config.h"

#include "flow/card-guard.h"

#include "base/error.h"
#include "flow/found-card-private.h"

struct _GcaCardGuard {
    const GcaFoundCard *card;
    GcaCancel *outer; /* the caller's; or NULL */
    GcaCancel *cancel;
    GcaCancel *end;  /* of the watching */
    GThread *thread; /* NULL: nothing to watch */
    int has_gone;    /* atomic */
};

/* A service that ends has no readers, and takes the card with it. */
static gpointer
watch(gpointer data)
{
    GcaCardGuard *guard = data;
    g_autoptr(GcaPcsc) pcsc = gca_pcsc_new(NULL);

    while (!gca_cancel_is_requested(guard->end)) {
        g_autoptr(GPtrArray) readers = pcsc ? gca_pcsc_list(pcsc, NULL) : NULL;
        if (!gca_found_card_is_in(guard->card, readers)) {
            g_atomic_int_set(&guard->has_gone, TRUE);
            gca_cancel_request(guard->cancel);
            break;
        }
        gca_pcsc_wait(pcsc, -1, guard->end, NULL);
    }
    return NULL;
}

static void
pass_on(gpointer data)
{
    const GcaCardGuard *guard = data;

    gca_cancel_request(guard->cancel);
}

GcaCardGuard *
gca_card_guard_new(const GcaFoundCard *card, GcaCancel *cancel)
{
    GcaCardGuard *guard = g_new0(GcaCardGuard, 1);

    guard->card = card;
    guard->outer = cancel;
    guard->cancel = gca_cancel_new();
    guard->end = gca_cancel_new();
    gca_cancel_connect(cancel, pass_on, guard);
    if (card->reader != NULL)
        guard->thread = g_thread_new("gca-card-guard", watch, guard);
    return guard;
}

void
gca_card_guard_free(GcaCardGuard *guard)
{
    gca_cancel_disconnect(guard->outer);
    gca_cancel_request(guard->end);
    g_clear_pointer(&guard->thread, g_thread_join);
    gca_cancel_unref(guard->cancel);
    gca_cancel_unref(guard->end);
    g_free(guard);
}

GcaCancel *
gca_card_guard_get_cancel(const GcaCardGuard *guard)
{
    return guard->cancel;
}

void
gca_card_guard_explain(GcaCardGuard *guard, GError **error)
{
    if (g_atomic_int_get(&guard->has_gone) && error != NULL &&
        g_error_matches(*error, GCA_ERROR, GCA_ERROR_CANCELLED)) {
        g_clear_error(error);
        gca_found_card_set_removed(guard->card, error);
    }
    gca_found_card_explain(guard->card, error);
}
