/* What the wizard keeps from one run to the next: wizard.ini in the state folder. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The subject that was last given by hand for the holder `dn` and the CA `profile`; NULL: none. */
char *gca_remembered_dup_subject(const char *profile, const char *dn);

/* NULL forgets. FILE; BAD_DATA: what is there is no such file. */
gboolean gca_remembered_set_subject(const char *profile, const char *dn, const char *subject,
                                    GError **error);

G_END_DECLS
