#include "config.h"

#include "flow/overview.h"

#include "profile/profile.h"
#include "x509/certificate.h"

#include <glib/gi18n-lib.h>

static void
overview_free(gpointer data)
{
    GcaOverview *overview = data;

    gca_request_folder_free(overview->folder);
    g_clear_pointer(&overview->not_after, g_date_time_unref);
    g_clear_error(&overview->error);
    g_free(overview);
}

/* A share of the lifetime, for lifetimes get shorter: 200 days, then 100, then 47. */
static gboolean
is_due(X509 *certificate, GDateTime *not_after, guint percent, GDateTime *now)
{
    g_autoptr(GDateTime) not_before = gca_certificate_dup_not_before(certificate);
    GTimeSpan lifetime = not_before ? g_date_time_difference(not_after, not_before) : 0;

    return g_date_time_difference(not_after, now) < lifetime / 100 * (100 - (gint64) percent);
}

/* `profiles`: name -> GcaProfile, for thousands of folders name the same few. */
static GcaProfile *
find_profile(GHashTable *profiles, const char *name, GError **error)
{
    GcaProfile *profile = g_hash_table_lookup(profiles, name);

    if (profile == NULL && (profile = gca_profile_load(name, error)) != NULL)
        g_hash_table_insert(profiles, g_strdup(name), profile);
    return profile;
}

static GcaOverviewState
judge(GcaOverview *overview, X509 *certificate, GHashTable *profiles, GDateTime *now)
{
    const char *name = gca_request_folder_get_profile(overview->folder);
    const GcaProfile *profile = find_profile(profiles, name, &overview->error);

    overview->not_after = gca_certificate_dup_not_after(certificate);
    if (profile == NULL || overview->not_after == NULL)
        return GCA_OVERVIEW_BROKEN;
    GTimeSpan left = g_date_time_difference(overview->not_after, now);
    overview->days_left = (int) (left / G_TIME_SPAN_DAY) - (left < 0 ? 1 : 0);
    if (left < 0)
        return GCA_OVERVIEW_EXPIRED;
    return is_due(certificate, overview->not_after, gca_profile_get_renewal_percent(profile), now)
               ? GCA_OVERVIEW_DUE
               : GCA_OVERVIEW_VALID;
}

static GcaOverview *
look(GcaRequestFolder *folder, GHashTable *profiles, GDateTime *now)
{
    GcaOverview *overview = g_new0(GcaOverview, 1);

    overview->folder = folder;
    g_autoptr(X509) certificate = gca_request_folder_load_certificate(folder, &overview->error);
    if (certificate != NULL)
        overview->state = judge(overview, certificate, profiles, now);
    else
        overview->state = overview->error ? GCA_OVERVIEW_BROKEN : GCA_OVERVIEW_REQUESTED;
    return overview;
}

GPtrArray *
gca_overview_list(const char *parent, GDateTime *now, GPtrArray *troubles, GError **error)
{
    g_autoptr(GPtrArray) folders = gca_request_folder_list(parent, troubles, error);
    if (folders == NULL)
        return NULL;

    g_autoptr(GHashTable) profiles =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify) gca_profile_unref);
    GPtrArray *list = g_ptr_array_new_with_free_func(overview_free);
    gsize n = folders->len;
    g_autofree gpointer *taken = g_ptr_array_steal(folders, &n);
    for (gsize i = 0; i < n; i++)
        g_ptr_array_add(list, look(taken[i], profiles, now));
    return list;
}

const char *
gca_overview_state_to_nick(GcaOverviewState state)
{
    static const char *const nicks[] = {"requested", "valid", "due", "expired", "broken"};
    return nicks[state];
}

const char *
gca_overview_state_to_string(GcaOverviewState state)
{
    static const char *const words[] = {N_("requested"), N_("valid"), N_("renew now"),
                                        N_("expired"), N_("unreadable")};
    return _(words[state]);
}
