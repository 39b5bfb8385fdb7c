/* Every ACME account of this computer, for people who do not know where theirs is. */
#pragma once

#include "acme/account.h"
#include "base/cancel.h"
#include "profile/profile.h"

G_BEGIN_DECLS

typedef struct {
    GcaAccount *account;
    GcaProfile *profile; /* that its URI fits, or NULL */
    char *advice;        /* what would make its key readable, translated; or NULL */
} GcaAccountEntry;

typedef struct {
    GPtrArray *entries;    /* GcaAccountEntry *, each file once */
    GPtrArray *unreadable; /* sentences: why, and what would help */
    GStrv places;          /* where it was looked */
    gboolean is_partial;   /* more is there than was looked at; `unreadable` says where */
} GcaAccountSurvey;

/* Looks below `places` (folders, or what gca_account_load takes; NULL or empty: the default folders
 * of all clients, those that are there). Without network; what may not be read is no error. FILE,
 * BAD_DATA, USAGE of a place that was named; BAD_DATA of a profile. */
GcaAccountSurvey *gca_account_survey(const char *const *places, GcaCancel *cancel, GError **error);
void gca_account_survey_free(GcaAccountSurvey *survey);

/* The account of the URI `uri` in the default folders, with its files; NULL: it is not there, or
 * not to be seen by this user. */
GcaAccount *gca_account_find_here(const char *uri, GcaCancel *cancel);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaAccountSurvey, gca_account_survey_free)

G_END_DECLS
