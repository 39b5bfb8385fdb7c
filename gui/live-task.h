/* A task that follows what is being typed: begun a moment after the last change, one at a time; an
 * answer to what no longer stands there is dropped. */
#pragma once

#include "gui/task.h"

G_BEGIN_DECLS

#define GCA_TYPE_LIVE_TASK (gca_live_task_get_type())
G_DECLARE_FINAL_TYPE(GcaLiveTask, gca_live_task, GCA, LIVE_TASK, GObject)

/* `ask` gives the data of `work` (whose own is not used) for what stands there now, or NULL where
 * there is nothing to be asked. `owner` is borrowed: unref the task in its dispose. */
GcaLiveTask *gca_live_task_new(gpointer owner, const GcaWork *work,
                               gpointer (*ask)(gpointer owner));

/* Something has changed. */
void gca_live_task_touch(GcaLiveTask *task);

/* The same, without the moment. */
void gca_live_task_touch_now(GcaLiveTask *task);

G_END_DECLS
