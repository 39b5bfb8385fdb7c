/* What is between a web page and a signature here: one finding a check. Asks no PIN. */
#pragma once

#include "base/finding.h"
#include "flow/card-choice.h"

G_BEGIN_DECLS

/* GcaFinding *; `ports` are guint16. */
GPtrArray *gca_localsign_examine(GArray *ports, const GcaCardChoice *choice);

G_END_DECLS
