/* The work behind the page: key, request and folder for what was entered. */
#pragma once

#include "gui/application-draft.h"
#include "gui/task.h"

G_BEGIN_DECLS

typedef struct {
    GcaRequestFolder *folder; /* whoever wants it takes it */
} GcaRequestMade;

/* For gca_task_start, without `done`: its result is a GcaRequestMade *. Cancelled before the
 * folder is there it leaves nothing behind. Holds a copy of what it needs of `draft`. */
GcaWork gca_request_work_new(const GcaApplicationDraft *draft);

G_END_DECLS
