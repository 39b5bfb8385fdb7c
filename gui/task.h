/* Work that the window does not wait for: done in a thread, its result told in the main loop. */
#pragma once

#include "base/interaction.h"

G_BEGIN_DECLS

typedef struct _GcaTask GcaTask;

typedef enum {
    GCA_LANE_CARD, /* readers and PKCS#11 modules: one task at a time, in the order of their start;
                      who waits, in whatever window, is told so */
    GCA_LANE_OTHER,
} GcaLane;

typedef struct {
    GcaLane lane;
    /* In the thread, without any widget. NULL with an error, or what `done` gets. */
    gpointer (*run)(gpointer data, GcaInteraction *interaction, GcaCancel *cancel, GError **error);
    /* In the main loop, unless the owner is gone by then. Borrows both; one of them is NULL. */
    void (*done)(gpointer owner, gpointer result, const GError *error);
    gpointer data;              /* taken; freed in the main loop */
    GDestroyNotify free_data;   /* or NULL */
    GDestroyNotify free_result; /* or NULL */
} GcaWork;

/* All of it main loop only. Begins `work` for `owner`, a GObject; the program does not end before
 * it does. When the owner goes the task is cancelled. `interaction` (may be NULL) is passed on to
 * `run`. The task is borrowed: it may be cancelled until `done` is called. */
GcaTask *gca_task_start(gpointer owner, const GcaWork *work, GcaInteraction *interaction);
void gca_task_cancel(GcaTask *task);

G_END_DECLS
