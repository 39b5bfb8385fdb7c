/* gca-prereg --batch: a table of requests, signed after one look and one PIN. */
#pragma once

#include "cli/gca-prereg/wish.h"

G_BEGIN_DECLS

typedef struct {
    char *path;   /* of the table; NULL: no batch */
    char *folder; /* or NULL: the current one */
} GcaBatchOptions;

/* Adds them to the command's own. */
void gca_batch_options_add(GcaBatchOptions *batch, GcaInvocation *invocation);

typedef struct {
    const GcaWishOptions *wish;
    const char *output;
    gboolean pem, yes, dry_run;
} GcaBatchManner;

void gca_batch_options_clear(GcaBatchOptions *batch);

gboolean gca_prereg_run_batch(GcaInvocation *invocation, const GcaBatchOptions *batch,
                              const GcaBatchManner *manner, const GcaContact *contact,
                              GError **error);

G_END_DECLS
