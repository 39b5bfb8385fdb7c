/* What this user's cards have signed, one JSON line each, in the state folder. */
#pragma once

#include "prereg/request.h"

G_BEGIN_DECLS

/* Adds time, domains, account, digest and file. The file's path is made absolute. */
gboolean gca_journal_add(const GcaRequest *request, const char *sha256, const char *path,
                         GError **error);

typedef struct {
    GDateTime *time;
    GStrv domains;
    char *account; /* the URI */
    char *sha256;  /* of the file */
    char *file;    /* absolute; escaped where its name cannot be shown */
} GcaJournalEntry;

void gca_journal_entry_free(GcaJournalEntry *entry);

/* GcaJournalEntry *, the last signed first, at most `limit` (0: all) of those in the journal's last
 * MiB. Lines that are not as they should be are left out and told in `troubles` (char *,
 * translated; may be NULL). FILE. */
GPtrArray *gca_journal_list(guint limit, GPtrArray *troubles, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaJournalEntry, gca_journal_entry_free)

G_END_DECLS
