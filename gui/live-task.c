#include "config.h"

#include "gui/live-task.h"

#define MOMENT 150 /* milliseconds: less than one sees, more than between two keys */

struct _GcaLiveTask {
    GObject parent;
    gpointer owner;
    GcaWork work;
    gpointer (*ask)(gpointer owner);
    guint source; /* the moment after a change; or 0 */
    gboolean is_running;
    gboolean is_stale; /* what runs is no longer asked */
};

G_DEFINE_FINAL_TYPE(GcaLiveTask, gca_live_task, G_TYPE_OBJECT)

static void begin(GcaLiveTask *self);

static void
on_done(gpointer data, gpointer result, const GError *error)
{
    GcaLiveTask *self = data;

    self->is_running = FALSE;
    if (!self->is_stale)
        self->work.done(self->owner, result, error);
    else if (self->source == 0)
        begin(self);
}

static void
begin(GcaLiveTask *self)
{
    GcaWork work = self->work;

    if (self->is_running)
        return;
    self->is_stale = FALSE;
    work.data = self->ask(self->owner);
    if (work.data == NULL)
        return;
    work.done = on_done;
    self->is_running = TRUE;
    gca_task_start(self, &work, NULL);
}

static gboolean
on_moment(gpointer data)
{
    GcaLiveTask *self = data;

    self->source = 0;
    begin(self);
    return G_SOURCE_REMOVE;
}

static void
stop_waiting(GcaLiveTask *self)
{
    if (self->source != 0)
        g_source_remove(self->source);
    self->source = 0;
}

void
gca_live_task_touch(GcaLiveTask *self)
{
    stop_waiting(self);
    self->is_stale = TRUE;
    self->source = g_timeout_add(MOMENT, on_moment, self);
}

void
gca_live_task_touch_now(GcaLiveTask *self)
{
    stop_waiting(self);
    self->is_stale = TRUE;
    begin(self);
}

static void
gca_live_task_dispose(GObject *object)
{
    stop_waiting(GCA_LIVE_TASK(object));
    G_OBJECT_CLASS(gca_live_task_parent_class)->dispose(object);
}

static void
gca_live_task_class_init(GcaLiveTaskClass *class)
{
    G_OBJECT_CLASS(class)->dispose = gca_live_task_dispose;
}

static void
gca_live_task_init(GcaLiveTask *self)
{
}

GcaLiveTask *
gca_live_task_new(gpointer owner, const GcaWork *work, gpointer (*ask)(gpointer owner))
{
    GcaLiveTask *self = g_object_new(GCA_TYPE_LIVE_TASK, NULL);

    self->owner = owner;
    self->work = *work;
    self->ask = ask;
    return self;
}
