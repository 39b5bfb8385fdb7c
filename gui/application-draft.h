/* What the pages of an application by letter share. Main loop only. */
#pragma once

#include "base/contact.h"
#include "csr/folder.h"
#include "profile/profile.h"

G_BEGIN_DECLS

typedef struct {
    GcaProfile *profile;
    char *parent; /* where request folders are made and kept */

    char *oid;               /* of the agency chosen from the register; or NULL */
    char *agency;            /* its name; or NULL */
    char *hosts;             /* the text as typed: the CN first; or NULL */
    GcaContact *contact;     /* never NULL */
    GError *contact_trouble; /* why it is not all that was remembered; or NULL */

    GcaRequestFolder *folder; /* made: oid and hosts change no more; or NULL */
} GcaApplicationDraft;

/* `folder` (taken, may be NULL): go on with one that is there. */
GcaApplicationDraft *gca_application_draft_new(GcaProfile *profile, GcaRequestFolder *folder);
GcaApplicationDraft *gca_application_draft_ref(GcaApplicationDraft *draft);
void gca_application_draft_unref(GcaApplicationDraft *draft);

/* An agency was chosen, which is the first thing. */
gboolean gca_application_draft_is_begun(gconstpointer draft);

/* The text of `hosts` as a list: lines, blanks, “,”, “;” separate. */
GStrv gca_application_draft_list_hosts(const GcaApplicationDraft *draft);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaApplicationDraft, gca_application_draft_unref)

G_END_DECLS
