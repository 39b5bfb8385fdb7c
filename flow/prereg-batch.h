/* Many pre-registrations from one table: one look, one yes, one login, and a signature each. */
#pragma once

#include "flow/prereg-card.h"

G_BEGIN_DECLS

typedef enum {
    GCA_PREREG_ROW_LEFT, /* not begun */
    GCA_PREREG_ROW_SIGNED,
    GCA_PREREG_ROW_SKIPPED,  /* an earlier row asks for the same */
    GCA_PREREG_ROW_UNUSABLE, /* known before anything is signed */
    GCA_PREREG_ROW_FAILED,   /* when it was its turn: the last that was begun */
} GcaPreregRowState;

typedef struct {
    guint line;
    char *account; /* as typed */
    GcaPreregRowState state;
    GcaPrereg *prereg; /* NULL: the row cannot be read */
    GError *error;     /* why it is not signed; NULL where it is, or was not begun */
    GBytes *message;   /* of what is signed */
    char *path;        /* where it is written */
} GcaPreregRow;

/* Columns: account, domains (separated by blanks, “,” or “;”), and subject if wanted. */
typedef struct {
    const char *path;    /* of the table; "-" is standard input */
    const char *profile; /* name; or NULL */
    const char *subject; /* where the row has none; or NULL */
    const GcaContact *contact;
    gboolean without_proof;
} GcaPreregBatchWish;

/* Checks all that needs no reader. Rows in the table's order, GcaPreregRow *; NULL for a table that
 * cannot be read or has no rows. `wish->contact` must outlive them. */
GPtrArray *gca_prereg_batch_read(const GcaPreregBatchWish *wish, GError **error);

guint gca_prereg_batch_count(GPtrArray *rows, GcaPreregRowState state);

/* Makes the requests for the holder of `card`, see gca_prereg_bind_card. A row for which there is
 * none is unusable; FALSE for a holder who must not sign. */
gboolean gca_prereg_batch_bind(GPtrArray *rows, const GcaFoundCard *card, GError **error);

typedef struct {
    const char *folder; /* made where it is not there */
    gboolean pem;
    GcaLoginOptions login;
} GcaPreregBatchOptions;

/* Signs all that is left, each on disk and in the journal before the next, and stops at the first
 * that fails or when cancelled: the rows tell. FALSE where nothing was begun. Where the card asks
 * for its PIN at every signature, this is told first, and the user gives it as often: USAGE where
 * it is not typed. */
gboolean gca_prereg_batch_sign(GPtrArray *rows, GcaFoundCard *card,
                               const GcaPreregBatchOptions *options, GcaInteraction *interaction,
                               GcaCancel *cancel, GError **error);

const char *gca_prereg_row_state_to_nick(GcaPreregRowState state);

G_END_DECLS
