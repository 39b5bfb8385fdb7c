#include "config.h"

#include "flow/accounts.h"

#include "base/error.h"
#include "base/text.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <stdlib.h>

typedef struct {
    GcaAccountSurvey *survey;
    GHashTable *seen; /* real paths */
    GcaCancel *cancel;
} Work;

static void
entry_free(gpointer data)
{
    GcaAccountEntry *entry = data;

    gca_account_unref(entry->account);
    g_clear_pointer(&entry->profile, gca_profile_unref);
    g_free(entry->advice);
    g_free(entry);
}

void
gca_account_survey_free(GcaAccountSurvey *survey)
{
    g_ptr_array_unref(survey->entries);
    g_ptr_array_unref(survey->unreadable);
    g_strfreev(survey->places);
    g_free(survey);
}

/* Links lead to the same file; NULL where there is none. */
static char *
dup_real_path(const char *path)
{
    char *real = path ? realpath(path, NULL) : NULL;
    char *copy = g_strdup(real);

    free(real);
    return copy;
}

static gboolean
is_new(const Work *work, GcaAccount *account)
{
    char *real = dup_real_path(gca_account_get_path(account));

    return real == NULL || g_hash_table_add(work->seen, real);
}

static char *
dup_advice(GcaAccount *account)
{
    if (gca_account_get_key_path(account) == NULL || gca_account_is_key_readable(account) ||
        gca_account_get_key_trouble(account) != NULL)
        return NULL;
    g_autofree char *folder = g_path_get_dirname(gca_account_get_path(account));
    g_autofree char *quoted = g_shell_quote(folder);
    g_autofree char *shown = gca_text_escape(quoted);

    return g_strdup_printf(_("Let its owner, mostly root, run: sudo gca-prereg accounts %s"),
                           shown);
}

/* The address that every client of the CA begins at is at hand where the account's is not. */
static gboolean
check_is_no_directory(const char *uri, GError **error)
{
    g_autoptr(GPtrArray) profiles = gca_profile_list(error);
    if (profiles == NULL)
        return FALSE;

    for (guint i = 0; i < profiles->len; i++) {
        const char *directory = gca_profile_get_directory(profiles->pdata[i]);
        if (directory == NULL || !gca_account_uri_equal(uri, directory))
            continue;
        g_autofree char *shown = gca_text_escape(uri);
        gca_error_set(error, GCA_ERROR_BAD_DATA,
                      _("“%s” is the address of the CA's ACME server, not of an account."), shown);
        gca_error_set_hint(error, _("Give the account's own URI, which the ACME client has shown "
                                    "and keeps in its account file."));
        return FALSE;
    }
    return TRUE;
}

static gboolean
add(const Work *work, GcaAccount *account, GError **error)
{
    const char *uri = gca_account_get_uri(account);
    if (!is_new(work, account))
        return TRUE;
    if (!check_is_no_directory(uri, error))
        return FALSE;
    g_autoptr(GcaProfile) profile = gca_profile_find(uri, NULL, error);
    if (profile == NULL)
        return FALSE;

    GcaAccountEntry *entry = g_new0(GcaAccountEntry, 1);
    entry->account = gca_account_ref(account);
    if (gca_profile_fits_account(profile, uri))
        entry->profile = g_steal_pointer(&profile);
    entry->advice = dup_advice(account);
    g_ptr_array_add(work->survey->entries, entry);
    return TRUE;
}

static gboolean
add_all(const Work *work, GPtrArray *accounts, GError **error)
{
    for (guint i = 0; i < accounts->len; i++) {
        if (!gca_cancel_check(work->cancel, error) ||
            !add(work, g_ptr_array_index(accounts, i), error))
            return FALSE;
    }
    return TRUE;
}

/* What was found before it stopped counts. */
static GPtrArray *
find_below(const Work *work, const char *folder, GError **error)
{
    gboolean is_partial = FALSE;
    GPtrArray *found = gca_account_find_some(folder, work->survey->unreadable, &is_partial, error);
    if (!is_partial)
        return found;

    g_autofree char *shown = gca_text_escape(folder);
    work->survey->is_partial = TRUE;
    g_ptr_array_add(work->survey->unreadable,
                    g_strdup_printf(_("There are too many files below “%s” to look at all of "
                                      "them; more accounts may be there. Name folders below it."),
                                    shown));
    return found;
}

static gboolean
look_at_place(const Work *work, const char *place, GError **error)
{
    if (g_file_test(place, G_FILE_TEST_IS_DIR)) {
        g_autoptr(GPtrArray) accounts = find_below(work, place, error);
        return accounts != NULL && add_all(work, accounts, error);
    }
    g_autoptr(GcaAccount) account = gca_account_load(place, error);
    return account != NULL && add(work, account, error);
}

static void
note(const Work *work, const GError *error)
{
    g_ptr_array_add(work->survey->unreadable, gca_error_dup_sentences(error));
}

/* Most default folders are not there, and some may not be read. */
static gboolean
look_at_default(const Work *work, const char *folder, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GPtrArray) accounts = find_below(work, folder, &trouble);
    gulong native = trouble ? gca_error_get_native(trouble) : 0;

    if (accounts != NULL)
        return add_all(work, accounts, error);
    if (native != ENOENT && native != ENOTDIR)
        note(work, trouble);
    return TRUE;
}

GcaAccountSurvey *
gca_account_survey(const char *const *places, GcaCancel *cancel, GError **error)
{
    g_autoptr(GcaAccountSurvey) survey = g_new0(GcaAccountSurvey, 1);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    gboolean is_default = places == NULL || places[0] == NULL;
    const Work work = {.survey = survey, .seen = seen, .cancel = cancel};

    survey->entries = g_ptr_array_new_with_free_func(entry_free);
    survey->unreadable = g_ptr_array_new_with_free_func(g_free);
    survey->places = is_default ? gca_account_list_default_folders() : g_strdupv((char **) places);
    for (guint i = 0; survey->places[i] != NULL; i++) {
        if (!(is_default ? look_at_default : look_at_place)(&work, survey->places[i], error))
            return NULL;
    }
    return g_steal_pointer(&survey);
}

GcaAccount *
gca_account_find_here(const char *uri, GcaCancel *cancel)
{
    g_autoptr(GcaAccountSurvey) survey = gca_account_survey(NULL, cancel, NULL);

    for (guint i = 0; survey != NULL && i < survey->entries->len; i++) {
        const GcaAccountEntry *entry = g_ptr_array_index(survey->entries, i);
        if (gca_account_uri_equal(gca_account_get_uri(entry->account), uri))
            return gca_account_ref(entry->account);
    }
    return NULL;
}
