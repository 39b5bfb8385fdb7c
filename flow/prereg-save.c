#include "config.h"

#include "base/error.h"
#include "base/file.h"
#include "base/place.h"
#include "base/text.h"
#include "cms/signed-data.h"
#include "flow/prereg-private.h"
#include "prereg/journal.h"

#include <glib/gi18n-lib.h>

#define KEPT_FOLDER "unsaved"

#define MODE 0600 /* names and telephone numbers are in it */

static char *
default_path(const GcaRequest *request, const char *folder, const char *suffix)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *time = g_date_time_format(now, "%Y%m%dT%H%M%SZ");
    g_autofree char *first = g_strdup(gca_request_get_domains(request)[0]);

    g_autofree char *name =
        g_strdup_printf("gca-prereg-%s-%s", g_strdelimit(first, "*", '_'), time);
    g_autofree char *stem = folder ? g_build_filename(folder, name, NULL) : g_strdup(name);
    char *path = g_strconcat(stem, suffix, NULL);

    /* more than one within a second */
    for (guint i = 2; g_file_test(path, G_FILE_TEST_EXISTS); i++) {
        g_free(path);
        path = g_strdup_printf("%s-%u%s", stem, i, suffix);
    }
    return path;
}

char *
gca_prereg_choose_path(const GcaPrereg *prereg, const char *folder)
{
    return default_path(prereg->request, folder, ".p7m");
}

char *
gca_prereg_save(const GcaPrereg *prereg, GBytes *message, const char *path, gboolean pem,
                GError **error)
{
    g_autofree char *target = path ? g_strdup(path) : default_path(prereg->request, NULL, ".p7m");
    g_autoptr(GBytes) content = pem ? gca_signed_data_to_pem(message) : g_bytes_ref(message);
    g_autofree char *sha256 = gca_text_sha256(message);

    if (!gca_file_create(target, content, MODE, error))
        return NULL;
    if (!gca_journal_add(prereg->request, sha256, target, error)) {
        g_autofree char *shown = gca_text_escape(target);
        g_autofree char *detail = g_strdup((*error)->message);
        gca_error_replace(error, GCA_ERROR_FILE,
                          _("“%s” is written and complete, but the journal was not: %s"), shown,
                          detail);
        return NULL;
    }
    return g_steal_pointer(&target);
}

static char *
keep_in(const GcaPrereg *prereg, GBytes *message, const char *folder)
{
    g_autofree char *path = gca_prereg_choose_path(prereg, folder);
    gboolean is_kept =
        gca_file_make_folder(folder, NULL) && gca_file_create(path, message, MODE, NULL);

    return is_kept ? g_steal_pointer(&path) : NULL;
}

char *
gca_prereg_keep(const GcaPrereg *prereg, GBytes *message, char **sentence)
{
    g_autofree char *data = gca_place_data(KEPT_FOLDER);
    g_autofree char *state = gca_place_state(KEPT_FOLDER);
    g_autofree char *session =
        g_build_filename(g_get_user_runtime_dir(), "gca-toolkit", KEPT_FOLDER, NULL);

    char *path = keep_in(prereg, message, data);
    if (path == NULL)
        path = keep_in(prereg, message, state);
    gboolean is_lasting = path != NULL;
    if (path == NULL)
        path = keep_in(prereg, message, session);
    g_autofree char *shown = gca_text_escape(path ? path : "");
    if (path == NULL)
        *sentence = g_strdup(_("It could not be kept anywhere on this computer, and is lost when "
                               "this window closes."));
    else
        *sentence = g_strdup_printf(is_lasting ? _("A copy is kept as “%s”.")
                                               : _("A copy is kept as “%s” until you log out."),
                                    shown);
    return path;
}

char *
gca_prereg_save_prepared(const GcaPrereg *prereg, const char *path, GError **error)
{
    g_autofree char *target = path ? g_strdup(path) : default_path(prereg->request, NULL, ".json");
    GBytes *content = gca_request_get_content(prereg->request);

    return gca_file_create(target, content, MODE, error) ? g_steal_pointer(&target) : NULL;
}
