/* What the wizard keeps from one run to the next: wizard.ini in the state folder. */
#pragma once

#include "base/contact.h"

G_BEGIN_DECLS

/* The subject that was last given by hand for the holder `dn` and the CA `profile`; NULL: none. */
char *gca_remembered_dup_subject(const char *profile, const char *dn);

/* NULL forgets. FILE; BAD_DATA: what is there is no such file. */
gboolean gca_remembered_set_subject(const char *profile, const char *dn, const char *subject,
                                    GError **error);

/* The contact of earlier runs, as far as it can be used; *trouble tells of the rest, with what to
 * do, or is NULL. */
GcaContact *gca_remembered_load_contact(GError **trouble);

G_END_DECLS
