/* An ACME account in the list of those found or named. */
#pragma once

#include "flow/accounts.h"
#include "gui/choice-row.h"

G_BEGIN_DECLS

#define GCA_TYPE_ACCOUNT_ROW (gca_account_row_get_type())
G_DECLARE_FINAL_TYPE(GcaAccountRow, gca_account_row, GCA, ACCOUNT_ROW, GcaChoiceRow)

/* What it needs of `entry` is kept. `usual` is named as what is used where it fits no profile. */
GtkWidget *gca_account_row_new(const GcaAccountEntry *entry, const GcaProfile *usual);

GcaProfile *gca_account_row_get_profile(GcaAccountRow *row); /* that it fits, or NULL */

/* TRUE where it is of `account`: of the same file, or of the same URI where there is no file. */
gboolean gca_account_row_is_of(GcaAccountRow *row, GcaAccount *account);

/* TRUE where no more than its URI is known. */
gboolean gca_account_row_is_typed(GcaAccountRow *row);

/* As gca_account_load takes it. */
const char *gca_account_row_get_where(GcaAccountRow *row);

G_END_DECLS
