/* Many applications from one table: all cores, resumable, one bad row stops nothing. */
#pragma once

#include "base/interaction.h"
#include "flow/application.h"

G_BEGIN_DECLS

typedef enum {
    GCA_ROW_MADE,
    GCA_ROW_SKIPPED, /* a folder for the same names and subject is there, and not due for renewal,
                      * or an earlier row asks for the same */
    GCA_ROW_FAILED,
    GCA_ROW_LEFT, /* not begun when the work was cancelled */
} GcaRowState;

typedef struct {
    guint line;
    char *cn; /* as typed */
    GcaRowState state;
    char *folder;      /* of what is there, or NULL */
    char *spki_sha256; /* or NULL */
    GError *error;     /* of a failure */
    GStrv warnings;
} GcaRow;

/* Columns: cn, and any of oid, sans (separated by blanks, “,” or “;”), organization, locality,
 * subject. `defaults` fills what a row leaves out. */
typedef struct {
    const char *path; /* of the table; "-" is standard input */
    const char *folder;
    GcaApplicationWish defaults;
    GcaApplicationKey key;
} GcaBatchWish;

/* Rows in the table's order, GcaRow *. NULL where nothing could be begun (table, folder). A
 * cancelled run gives its rows, too: some are GCA_ROW_LEFT. */
GPtrArray *gca_batch_run(const GcaBatchWish *wish, GcaProfile *profile, const GcaRegister *agencies,
                         GcaInteraction *interaction, GcaCancel *cancel, GError **error);

/* The rows as CSV: line, cn, state, folder, spki_sha256, message. */
GBytes *gca_batch_summarize(GPtrArray *rows);

const char *gca_row_state_to_nick(GcaRowState state);

G_END_DECLS
