/* The looking for ACME accounts, as work for a task. */
#pragma once

#include "flow/accounts.h"
#include "gui/task.h"

G_BEGIN_DECLS

/* Its result is that of gca_account_survey; a `place` (may be NULL) without any account is an
 * error. Where several profiles fit an account, the one named `profile` goes first. */
GcaWork gca_account_search_work(const char *place, const char *profile,
                                void (*done)(gpointer owner, gpointer result, const GError *error));

G_END_DECLS
