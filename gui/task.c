#include "config.h"

#include "gui/task.h"

#include <glib/gi18n.h>
#include <gtk/gtk.h>

struct _GcaTask {
    GObject *owner; /* weak: NULL once it is gone */
    GcaWork work;
    GcaInteraction *interaction;
    GcaCancel *cancel;
    gpointer result;
    GError *error;
};

/* Readers and modules belong to the process as a whole. Main loop only: the first is at work, the
 * others wait for it. */
static GQueue card_lane = G_QUEUE_INIT;

static gboolean finish(gpointer data);
static gpointer work_in_thread(gpointer data);

static void
begin(GcaTask *task)
{
    g_thread_unref(g_thread_new("gca-task", work_in_thread, task));
}

static void
say(const GcaTask *task, const char *text)
{
    if (task->interaction != NULL)
        gca_interaction_notice(task->interaction, GCA_NOTICE_PROGRESS, "%s", text);
}

static void
enter_card_lane(GcaTask *task)
{
    g_queue_push_tail(&card_lane, task);
    if (g_queue_peek_head(&card_lane) == task)
        begin(task);
    else
        say(task, _("This program is using the card already, perhaps in another window. Waiting "
                    "for it …"));
}

/* Of a task that has ended; none that is in no lane. */
static void
leave_card_lane(GcaTask *task)
{
    if (g_queue_peek_head(&card_lane) != task)
        return;
    g_queue_pop_head(&card_lane);
    GcaTask *next = g_queue_peek_head(&card_lane);
    if (next == NULL)
        return;
    say(next, "");
    begin(next);
}

void
gca_task_cancel(GcaTask *task)
{
    gca_cancel_request(task->cancel);
    if (g_queue_index(&card_lane, task) <= 0)
        return;
    g_queue_remove(&card_lane, task); /* it does not have to wait for its end */
    gca_cancel_check(task->cancel, &task->error);
    g_idle_add_full(G_PRIORITY_DEFAULT, finish, task, NULL);
}

static void
forget_owner(gpointer data, GObject *owner)
{
    GcaTask *task = data;

    task->owner = NULL;
    gca_task_cancel(task);
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

    leave_card_lane(task);
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

    if (gca_cancel_check(task->cancel, &task->error))
        task->result = work->run(work->data, task->interaction, task->cancel, &task->error);
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
    if (work->lane == GCA_LANE_CARD)
        enter_card_lane(task);
    else
        begin(task);
    return task;
}
