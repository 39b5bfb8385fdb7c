#include "config.h"

#include "gui/pages/request/request-work.h"

#include "base/error.h"
#include "base/file.h"
#include "base/staging.h"
#include "csr/key.h"
#include "flow/application.h"

#include <glib/gi18n.h>

typedef struct {
    GStrv names;
    char *oid;
    char *parent;
    GcaProfile *profile;
} Wish;

static void
wish_free(gpointer data)
{
    Wish *wish = data;

    g_strfreev(wish->names);
    g_free(wish->oid);
    g_free(wish->parent);
    gca_profile_unref(wish->profile);
    g_free(wish);
}

static GcaApplication *
check(const Wish *wish, GError **error)
{
    const GcaApplicationWish parts = {
        .cn = wish->names[0] ? wish->names[0] : "",
        .names = wish->names[0] ? (const char *const *) wish->names + 1 : NULL,
        .oid = wish->oid,
    };
    g_autoptr(GcaRegister) agencies = gca_register_open(error);

    return agencies ? gca_application_new(&parts, wish->profile, agencies, error) : NULL;
}

static void
made_free(gpointer data)
{
    GcaRequestMade *made = data;

    g_clear_pointer(&made->folder, gca_request_folder_free);
    g_free(made);
}

/* The key takes time, so it is made first: until it is there one can still stop. */
static GcaRequestFolder *
make_folder(const Wish *wish, GcaCancel *cancel, GError **error)
{
    g_autoptr(GcaApplication) application = check(wish, error);
    g_autoptr(EVP_PKEY) key = NULL;

    if (application == NULL || !gca_file_make_folder(wish->parent, error))
        return NULL;
    gca_staging_sweep(wish->parent);
    key = gca_key_generate(gca_profile_get_key_bits(wish->profile), error);
    if (key == NULL || !gca_cancel_check(cancel, error))
        return NULL;
    const GcaApplicationKey ours = {.key = key};
    return gca_application_make(application, &ours, wish->parent, error);
}

static gpointer
make(gpointer data, GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    GcaRequestFolder *folder = make_folder(data, cancel, error);

    if (folder == NULL) {
        if (gca_error_get_code(*error) == GCA_ERROR_FILE && gca_error_get_hint(*error) == NULL)
            gca_error_set_hint(error, _("See that there is room on the disk and that you may "
                                        "write into that folder; then try again. Nothing of the "
                                        "request was kept."));
        return NULL;
    }
    GcaRequestMade *made = g_new0(GcaRequestMade, 1);
    made->folder = folder;
    return made;
}

GcaWork
gca_request_work_new(const GcaApplicationDraft *draft)
{
    Wish *wish = g_new0(Wish, 1);

    wish->names = gca_application_draft_list_hosts(draft);
    wish->oid = g_strdup(draft->oid);
    wish->parent = g_strdup(draft->parent);
    wish->profile = gca_profile_ref(draft->profile);
    return (GcaWork){
        .lane = GCA_LANE_OTHER,
        .run = make,
        .data = wish,
        .free_data = wish_free,
        .free_result = made_free,
    };
}
