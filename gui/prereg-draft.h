/* What the pages of a pre-registration share: what was entered, in the order in which it is asked.
 * Main loop only, but for `prereg`, which one task at a time may hold. */
#pragma once

#include "flow/card-watch.h"
#include "flow/prereg.h"

G_BEGIN_DECLS

typedef struct {
    GcaCardChoice start;     /* which card the user began with on the command line; may be empty */
    GcaProfile *profile;     /* fits the account, once there is one; before it the usual one */
    GcaSeat *seat;           /* the card chosen, or NULL */
    GcaCardChoice card;      /* what finds that card again */
    char *account;           /* as gca_account_load takes it, or NULL */
    char *domains;           /* the text as typed, or NULL */
    char *subject;           /* RFC 4514, in place of the folded one; or NULL */
    GcaContact *contact;     /* never NULL */
    GError *contact_trouble; /* why it is not all that was remembered; or NULL */

    GcaPrereg *prereg; /* made of the above and bound to the card; NULL once something changes */
    GBytes *message;   /* signed: nothing above changes any more */
    char *path;        /* where that is */
} GcaPreregDraft;

/* Takes over what `start` holds (copied) and the contact of earlier runs. */
GcaPreregDraft *gca_prereg_draft_new(const GcaCardChoice *start, GcaProfile *profile);
GcaPreregDraft *gca_prereg_draft_ref(GcaPreregDraft *draft);
void gca_prereg_draft_unref(GcaPreregDraft *draft);

/* A card was chosen, which is the first thing, and nothing is signed and saved yet. */
gboolean gca_prereg_draft_is_begun(gconstpointer draft);

/* Something was changed: what was made of it is no longer true. */
void gca_prereg_draft_touch(GcaPreregDraft *draft);

/* What has been chosen on a page, copied; what was made before is touched. */
void gca_prereg_draft_set_card(GcaPreregDraft *draft, const GcaSeat *seat);
void gca_prereg_draft_set_account(GcaPreregDraft *draft, const char *where, GcaProfile *profile);
void gca_prereg_draft_set_domains(GcaPreregDraft *draft, const char *text);

/* The text of `domains` as a list: lines, blanks, “,”, “;” separate. */
GStrv gca_prereg_draft_list_domains(const GcaPreregDraft *draft);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaPreregDraft, gca_prereg_draft_unref)

G_END_DECLS
