#include "config.h"

#include "gui/application-draft.h"

#include "base/place.h"
#include "gui/remembered.h"
#include "profile/domain.h"

/* What was asked for with the folder. */
static void
take_over(GcaApplicationDraft *draft)
{
    draft->oid = g_strdup(gca_request_folder_get_agency_oid(draft->folder));
    draft->agency = g_strdup(gca_request_folder_get_agency_name(draft->folder));
    draft->hosts = g_strjoinv("\n", (char **) gca_request_folder_get_names(draft->folder));
}

GcaApplicationDraft *
gca_application_draft_new(GcaProfile *profile, GcaRequestFolder *folder)
{
    GcaApplicationDraft *draft = g_atomic_rc_box_new0(GcaApplicationDraft);

    draft->profile = gca_profile_ref(profile);
    draft->parent = gca_place_data("requests");
    draft->contact = gca_remembered_load_contact(&draft->contact_trouble);
    draft->folder = folder;
    if (folder != NULL)
        take_over(draft);
    return draft;
}

static void
draft_clear(gpointer data)
{
    GcaApplicationDraft *draft = data;

    gca_profile_unref(draft->profile);
    g_free(draft->parent);
    g_free(draft->oid);
    g_free(draft->agency);
    g_free(draft->hosts);
    gca_contact_free(draft->contact);
    g_clear_error(&draft->contact_trouble);
    g_clear_pointer(&draft->folder, gca_request_folder_free);
}

GcaApplicationDraft *
gca_application_draft_ref(GcaApplicationDraft *draft)
{
    return g_atomic_rc_box_acquire(draft);
}

void
gca_application_draft_unref(GcaApplicationDraft *draft)
{
    g_atomic_rc_box_release_full(draft, draft_clear);
}

gboolean
gca_application_draft_is_begun(gconstpointer data)
{
    const GcaApplicationDraft *draft = data;

    return draft->oid != NULL;
}

GStrv
gca_application_draft_list_hosts(const GcaApplicationDraft *draft)
{
    return gca_domains_split(draft->hosts);
}
