/* gca-prereg --batch: a table of requests, signed after one look and one PIN. */
#pragma once

#include "cli/gca-prereg/wish.h"

G_BEGIN_DECLS

typedef struct {
    char *path;   /* of the table; NULL: no batch */
    char *folder; /* or NULL: the current one */
} GcaBatchOptions;

/* The rows of those options, in the command's own table. */
#define GCA_BATCH_ENTRIES(batch)                                                                   \
    {"batch",                                                                                      \
     0,                                                                                            \
     0,                                                                                            \
     G_OPTION_ARG_FILENAME,                                                                        \
     &(batch)->path,                                                                               \
     N_("Sign a request for each row of a table (CSV): account, domains, subject"),                \
     N_("FILE")},                                                                                  \
    {                                                                                              \
        "dir", 0, 0, G_OPTION_ARG_FILENAME, &(batch)->folder,                                      \
            N_("Where a batch is written to; the current folder unless given"), N_("FOLDER")       \
    }

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
