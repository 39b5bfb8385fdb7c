#include "config.h"

#include "gui/task.h"

#include <gtk/gtk.h>

struct _GcaTask {
    GObject *owner; /* weak: NULL once it is gone */
    GcaWork work;
    GcaInteraction *interaction;
    GcaCancel *cancel;
    gpointer result;
    GError *error;
};

/* Readers and modules belong to the process as a whole. */
static GMutex card_lane;

static void
forget_owner(gpointer data, GObject *owner)
{
    GcaTask *task = data;

    task->owner = NULL;
    gca_cancel_request(task->cancel);
}

static void
task_free(GcaTask *task)
{
    if (task->owner != NULL)
        g_object_weak_unref(task->owner, forget_owner, task);
    if (task->result != NULL && task->work.free_result != NULL)
        task->work.free_result(task->result);
    if (task->work.free_data != NULL)
        task->work.free_data(task->work.data);
    g_clear_object(&task->interaction);
    gca_cancel_unref(task->cancel);
    g_clear_error(&task->error);
    g_free(task);
}

static gboolean
finish(gpointer data)
{
    GcaTask *task = data;
    g_autoptr(GApplication) application = g_object_ref(g_application_get_default());

    if (task->owner != NULL) {
        g_autoptr(GObject) owner = g_object_ref(task->owner); /* `done` may close its window */
        task->work.done(owner, task->result, task->error);
    }
    task_free(task);
    g_application_release(application);
    return G_SOURCE_REMOVE;
}

static gpointer
work_in_thread(gpointer data)
{
    GcaTask *task = data;
    const GcaWork *work = &task->work;
    gboolean is_card = work->lane == GCA_LANE_CARD;

    if (is_card)
        g_mutex_lock(&card_lane);
    if (gca_cancel_check(task->cancel, &task->error))
        task->result = work->run(work->data, task->interaction, task->cancel, &task->error);
    if (is_card)
        g_mutex_unlock(&card_lane);
    g_idle_add_full(G_PRIORITY_DEFAULT, finish, task, NULL);
    return NULL;
}

GcaTask *
gca_task_start(gpointer owner, const GcaWork *work, GcaInteraction *interaction)
{
    GcaTask *task = g_new0(GcaTask, 1);

    task->owner = owner;
    task->work = *work;
    task->interaction = interaction ? g_object_ref(interaction) : NULL;
    task->cancel = gca_cancel_new();
    g_object_weak_ref(owner, forget_owner, task);
    g_application_hold(g_application_get_default());
    g_thread_unref(g_thread_new("gca-task", work_in_thread, task));
    return task;
}

void
gca_task_cancel(GcaTask *task)
{
    gca_cancel_request(task->cancel);
}
