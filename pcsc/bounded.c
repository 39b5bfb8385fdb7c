#include "config.h"

#include "pcsc/bounded.h"

typedef struct {
    void (*call)(gpointer box);
    gpointer box;
    GDestroyNotify clear_box;
    GMutex mutex;
    GCond cond;
    gboolean is_done;
} Errand;

static void
errand_clear(gpointer data)
{
    Errand *errand = data;

    g_atomic_rc_box_release_full(errand->box, errand->clear_box);
    g_mutex_clear(&errand->mutex);
    g_cond_clear(&errand->cond);
}

static gpointer
run(gpointer data)
{
    Errand *errand = data;

    errand->call(errand->box);
    g_mutex_lock(&errand->mutex);
    errand->is_done = TRUE;
    g_cond_signal(&errand->cond);
    g_mutex_unlock(&errand->mutex);
    g_atomic_rc_box_release_full(errand, errand_clear);
    return NULL;
}

gboolean
gca_bounded_call(void (*call)(gpointer box), gpointer box, GDestroyNotify clear)
{
    gint64 deadline = g_get_monotonic_time() + GCA_PCSC_PATIENCE_MS * G_TIME_SPAN_MILLISECOND;
    Errand *errand = g_atomic_rc_box_new0(Errand);

    errand->call = call;
    errand->box = g_atomic_rc_box_acquire(box);
    errand->clear_box = clear;
    g_mutex_init(&errand->mutex);
    g_cond_init(&errand->cond);
    g_thread_unref(g_thread_new("gca-pcsc", run, g_atomic_rc_box_acquire(errand)));

    g_mutex_lock(&errand->mutex);
    gboolean in_time = TRUE;
    while (!errand->is_done && in_time)
        in_time = g_cond_wait_until(&errand->cond, &errand->mutex, deadline);
    gboolean is_done = errand->is_done;
    g_mutex_unlock(&errand->mutex);
    g_atomic_rc_box_release_full(errand, errand_clear);
    return is_done;
}
