/* What lies in the readers now, looked at once, with every certificate that is read without PIN. */
#pragma once

#include "base/cancel.h"
#include "base/openssl-auto.h"
#include "flow/card-choice.h"

G_BEGIN_DECLS

/* A reader, or a token that is in none of PC/SC's, and the card in it. */
typedef struct {
    char *reader;               /* of a token: what its module calls the slot */
    gboolean has_card;          /* with FALSE all below is empty */
    char *number;               /* NULL: not known */
    char *label;                /* of the token; NULL: a HiCOS card, read without module */
    char *module;               /* that showed it, a path; or NULL */
    GcaX509Stack *certificates; /* one to sign with if any, other holder's, CAs'; never NULL */
    GError *trouble;            /* of reading it: unknown card, busy, mute …; or NULL */
} GcaCardEntry;

/* GcaCardEntry *, in the order of the service; of `choice` module and token count, for all readers
 * are listed. Of the certificates the first alone unless `with_others`. NO_READER where pcscd does
 * not run, refuses access, or there is no reader at all; the errors of a module that was named. */
GPtrArray *gca_card_list(const GcaCardChoice *choice, gboolean with_others, GcaCancel *cancel,
                         GError **error);
void gca_card_entry_free(GcaCardEntry *entry);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaCardEntry, gca_card_entry_free)

G_END_DECLS
