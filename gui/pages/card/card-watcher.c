#include "config.h"

#include "gui/pages/card/card-watcher.h"

#include "gui/task.h"

/* Shared by its owner, the watching thread and the reports; freed in the main loop. */
struct _GcaCardWatcher {
    gpointer owner; /* main loop only; NULL once it is stopped */
    GcaCardWatcherFunc func;
    GcaTask *task; /* main loop only */
    GcaPreregDraft *draft;
    GcaProfile *profile;
};

typedef struct {
    GcaCardWatcher *watcher;
    GPtrArray *seats; /* GcaSeat * */
    GError *error;
} Report;

static void
watcher_clear(gpointer data)
{
    GcaCardWatcher *watcher = data;

    gca_profile_unref(watcher->profile);
    gca_prereg_draft_unref(watcher->draft);
}

static void
watcher_unref(gpointer watcher)
{
    g_atomic_rc_box_release_full(watcher, watcher_clear);
}

static void
report_free(gpointer data)
{
    Report *report = data;

    watcher_unref(report->watcher);
    g_ptr_array_unref(report->seats);
    g_clear_error(&report->error);
    g_free(report);
}

static gboolean
tell(gpointer data)
{
    const Report *report = data;
    const GcaCardWatcher *watcher = report->watcher;

    if (watcher->owner != NULL)
        watcher->func(watcher->owner, report->seats, report->error);
    return G_SOURCE_REMOVE;
}

/* In the thread. */
static void
send_report(GPtrArray *seats, const GError *error, gpointer data)
{
    Report *report = g_new0(Report, 1);

    report->watcher = g_atomic_rc_box_acquire(data);
    report->seats = g_ptr_array_new_with_free_func((GDestroyNotify) gca_seat_free);
    for (guint i = 0; i < seats->len; i++)
        g_ptr_array_add(report->seats, gca_seat_dup(g_ptr_array_index(seats, i)));
    report->error = error ? g_error_copy(error) : NULL;
    g_idle_add_full(G_PRIORITY_DEFAULT, tell, report, report_free);
}

/* Of the draft only what never changes is looked at. */
static gpointer
watch(gpointer data, GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    const GcaCardWatcher *watcher = data;

    gca_card_watch_run(&watcher->draft->start, watcher->profile, send_report, data, cancel);
    return NULL;
}

/* It ends only when nobody asks for it any more. */
static void
on_ended(gpointer owner, gpointer result, const GError *error)
{
}

GcaCardWatcher *
gca_card_watcher_start(gpointer owner, GcaPreregDraft *draft, GcaCardWatcherFunc func)
{
    GcaCardWatcher *watcher = g_atomic_rc_box_new0(GcaCardWatcher);
    const GcaWork work = {.lane = GCA_LANE_CARD,
                          .run = watch,
                          .done = on_ended,
                          .data = g_atomic_rc_box_acquire(watcher),
                          .free_data = watcher_unref};

    watcher->owner = owner;
    watcher->func = func;
    watcher->draft = gca_prereg_draft_ref(draft);
    watcher->profile = gca_profile_ref(draft->profile);
    watcher->task = gca_task_start(owner, &work, NULL);
    return watcher;
}

void
gca_card_watcher_stop(GcaCardWatcher *watcher)
{
    watcher->owner = NULL;
    gca_task_cancel(watcher->task);
    watcher_unref(watcher);
}
