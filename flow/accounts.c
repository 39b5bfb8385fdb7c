#include "config.h"

#include "flow/accounts.h"

#include "base/error.h"
#include "base/text.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <stdlib.h>

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
is_known(const GcaAccountSurvey *survey, GcaAccount *account)
{
    g_autofree char *real = dup_real_path(gca_account_get_path(account));

    for (guint i = 0; real != NULL && i < survey->entries->len; i++) {
        const GcaAccountEntry *entry = g_ptr_array_index(survey->entries, i);
        g_autofree char *other = dup_real_path(gca_account_get_path(entry->account));
        if (g_strcmp0(real, other) == 0)
            return TRUE;
    }
    return FALSE;
}

static char *
dup_advice(GcaAccount *account)
{
    if (gca_account_get_key_path(account) == NULL || gca_account_is_key_readable(account))
        return NULL;
    g_autofree char *folder = g_path_get_dirname(gca_account_get_path(account));
    g_autofree char *quoted = g_shell_quote(folder);
    g_autofree char *shown = gca_text_escape(quoted);

    return g_strdup_printf(_("Let its owner, mostly root, run: sudo gca-prereg accounts %s"),
                           shown);
}

static gboolean
add(GcaAccountSurvey *survey, GcaAccount *account, GError **error)
{
    if (is_known(survey, account))
        return TRUE;
    const char *uri = gca_account_get_uri(account);
    g_autoptr(GcaProfile) profile = gca_profile_find(uri, NULL, error);
    if (profile == NULL)
        return FALSE;

    GcaAccountEntry *entry = g_new0(GcaAccountEntry, 1);
    entry->account = gca_account_ref(account);
    if (gca_profile_fits_account(profile, uri))
        entry->profile = g_steal_pointer(&profile);
    entry->advice = dup_advice(account);
    g_ptr_array_add(survey->entries, entry);
    return TRUE;
}

static gboolean
add_all(GcaAccountSurvey *survey, GPtrArray *accounts, GcaCancel *cancel, GError **error)
{
    for (guint i = 0; i < accounts->len; i++) {
        if (!gca_cancel_check(cancel, error) || !add(survey, g_ptr_array_index(accounts, i), error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
look_at_place(GcaAccountSurvey *survey, const char *place, GcaCancel *cancel, GError **error)
{
    if (g_file_test(place, G_FILE_TEST_IS_DIR)) {
        g_autoptr(GPtrArray) accounts = gca_account_find(place, survey->unreadable, error);
        return accounts != NULL && add_all(survey, accounts, cancel, error);
    }
    g_autoptr(GcaAccount) account = gca_account_load(place, error);
    return account != NULL && add(survey, account, error);
}

static void
note(GcaAccountSurvey *survey, const GError *error)
{
    const char *hint = gca_error_get_hint(error);

    g_ptr_array_add(survey->unreadable, g_strjoin(hint ? " " : "", error->message, hint, NULL));
}

/* Most default folders are not there, and some may not be read. */
static gboolean
look_at_default(GcaAccountSurvey *survey, const char *folder, GcaCancel *cancel, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GPtrArray) accounts = gca_account_find(folder, survey->unreadable, &trouble);
    gulong native = trouble ? gca_error_get_native(trouble) : 0;

    if (accounts != NULL)
        return add_all(survey, accounts, cancel, error);
    if (native != ENOENT && native != ENOTDIR)
        note(survey, trouble);
    return TRUE;
}

GcaAccountSurvey *
gca_account_survey(const char *const *places, GcaCancel *cancel, GError **error)
{
    g_autoptr(GcaAccountSurvey) survey = g_new0(GcaAccountSurvey, 1);
    gboolean is_default = places == NULL || places[0] == NULL;

    survey->entries = g_ptr_array_new_with_free_func(entry_free);
    survey->unreadable = g_ptr_array_new_with_free_func(g_free);
    survey->places = is_default ? gca_account_list_default_folders() : g_strdupv((char **) places);
    for (guint i = 0; survey->places[i] != NULL; i++) {
        if (!(is_default ? look_at_default : look_at_place)(survey, survey->places[i], cancel,
                                                            error))
            return NULL;
    }
    return g_steal_pointer(&survey);
}
