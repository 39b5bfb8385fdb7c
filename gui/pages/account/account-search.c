#include "config.h"

#include "gui/pages/account/account-search.h"

typedef struct {
    char *place; /* or NULL: the usual ones */
    char *profile;
} Search;

static void
search_free(gpointer data)
{
    Search *search = data;

    g_free(search->place);
    g_free(search->profile);
    g_free(search);
}

static gboolean
prefer(GcaAccountSurvey *survey, const char *profile, GError **error)
{
    for (guint i = 0; i < survey->entries->len; i++) {
        GcaAccountEntry *entry = g_ptr_array_index(survey->entries, i);
        if (entry->profile == NULL)
            continue;
        gca_profile_unref(entry->profile);
        entry->profile = gca_profile_find(gca_account_get_uri(entry->account), profile, error);
        if (entry->profile == NULL)
            return FALSE;
    }
    return TRUE;
}

/* A folder without any is no error to gca_account_survey; gca_account_load says why. */
static gpointer
run(gpointer data, GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    const Search *search = data;
    const char *places[] = {search->place, NULL};
    g_autoptr(GcaAccountSurvey) survey = gca_account_survey(places, cancel, error);

    if (survey == NULL)
        return NULL;
    if (search->place != NULL && survey->entries->len == 0) {
        g_autoptr(GcaAccount) account = gca_account_load(search->place, error);
        if (account == NULL)
            return NULL;
    }
    return prefer(survey, search->profile, error) ? g_steal_pointer(&survey) : NULL;
}

GcaWork
gca_account_search_work(const char *place, const char *profile,
                        void (*done)(gpointer owner, gpointer result, const GError *error))
{
    Search *search = g_new0(Search, 1);

    search->place = g_strdup(place);
    search->profile = g_strdup(profile);
    return (GcaWork){.lane = GCA_LANE_OTHER,
                     .run = run,
                     .done = done,
                     .data = search,
                     .free_data = search_free,
                     .free_result = (GDestroyNotify) gca_account_survey_free};
}
