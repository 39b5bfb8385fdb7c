#include "config.h"

#include "base/error.h"
#include "base/text.h"
#include "cli/common/output.h"
#include "cli/gca-csr/commands.h"
#include "cli/gca-csr/show-request-folder.h"
#include "flow/overview.h"

#include <glib/gi18n.h>
#include <string.h>

#define DUE "due"

/* Which are wanted: all, those that end within some days, or those due by the profile. */
typedef struct {
    gboolean is_filtered;
    gboolean only_due;
    int days;
} Filter;

static gboolean
parse_filter(const char *expiring, Filter *filter, GError **error)
{
    guint64 days = 0;

    filter->is_filtered = expiring != NULL;
    filter->only_due = g_strcmp0(expiring, DUE) == 0;
    if (!filter->is_filtered || filter->only_due)
        return TRUE;
    if (!g_ascii_string_to_unsigned(expiring, 10, 0, 10000, &days, NULL)) {
        g_autofree char *shown = gca_text_escape(expiring);
        gca_error_set(error, GCA_ERROR_USAGE,
                      _("“%s” is not a number of days for --expiring; “due” goes by the CA's "
                        "profile."),
                      shown);
        return FALSE;
    }
    filter->days = (int) days;
    return TRUE;
}

/* What cannot be read is always shown: it may be the one that ends. */
static gboolean
is_wanted(const GcaOverview *overview, const Filter *filter)
{
    if (!filter->is_filtered || overview->state == GCA_OVERVIEW_BROKEN)
        return TRUE;
    if (overview->state == GCA_OVERVIEW_REQUESTED)
        return FALSE;
    if (filter->only_due)
        return overview->state != GCA_OVERVIEW_VALID;
    return overview->days_left <= filter->days;
}

static char *
describe_end(const char *day, int days_left)
{
    gulong days = (gulong) ABS(days_left);

    if (days_left < 0)
        return g_strdup_printf(ngettext("until %s, %lu day ago", "until %s, %lu days ago", days),
                               day, days);
    return g_strdup_printf(ngettext("until %s, %lu day left", "until %s, %lu days left", days), day,
                           days);
}

static void
print_overview(const GcaOverview *overview)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autofree char *day = overview->not_after ? gca_text_day(overview->not_after) : NULL;
    g_autofree char *path = gca_text_escape(gca_request_folder_get_path(overview->folder));
    g_autofree char *until = day ? describe_end(day, overview->days_left) : NULL;
    g_autofree char *trouble = overview->error ? gca_text_escape(overview->error->message) : NULL;
    g_autofree char *text = g_strdup_printf(
        "%s%s%s\n%s%s%s", gca_request_folder_get_cn(overview->folder), until ? "  " : "",
        until ? until : "", path, trouble ? "\n" : "", trouble ? trouble : "");

    gca_output_add_field(out, gca_overview_state_to_string(overview->state), text);
    gca_output_print("%s", out->str);
}

static json_t *
overview_to_json(const GcaOverview *overview)
{
    json_t *object = gca_request_folder_to_json(overview->folder);
    g_autofree char *time = overview->not_after ? gca_text_time(overview->not_after) : NULL;

    json_object_set_new(object, "state", json_string(gca_overview_state_to_nick(overview->state)));
    json_object_set_new(object, "not_after", gca_output_json_string(time));
    json_object_set_new(object, "days_left",
                        time ? json_integer(overview->days_left) : json_null());
    json_object_set_new(object, "message",
                        gca_output_json_string(overview->error ? overview->error->message : NULL));
    return object;
}

static json_t *
troubles_to_json(GPtrArray *troubles)
{
    json_t *list = json_array();

    for (guint i = 0; i < troubles->len; i++)
        json_array_append_new(list, gca_output_json_string(g_ptr_array_index(troubles, i)));
    return list;
}

static gboolean
list(GcaInvocation *invocation, const char *parent, const Filter *filter, GError **error)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autoptr(GPtrArray) troubles = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) overviews = gca_overview_list(parent, now, troubles, error);
    if (overviews == NULL)
        return FALSE;

    json_t *array = json_array();
    for (guint i = 0; i < overviews->len; i++) {
        const GcaOverview *overview = g_ptr_array_index(overviews, i);
        if (!is_wanted(overview, filter))
            continue;
        if (gca_invocation_is_json(invocation))
            json_array_append_new(array, overview_to_json(overview));
        else
            print_overview(overview);
    }
    for (guint i = 0; i < troubles->len; i++)
        gca_interaction_notice(gca_invocation_get_interaction(invocation), GCA_NOTICE_WARNING, "%s",
                               (const char *) g_ptr_array_index(troubles, i));
    if (gca_invocation_is_json(invocation))
        gca_invocation_answer(invocation, json_pack("{sOso}", "folders", array, "troubles",
                                                    troubles_to_json(troubles)));
    else if (overviews->len == 0)
        gca_interaction_notice(gca_invocation_get_interaction(invocation), GCA_NOTICE_INFO,
                               _("There is no request folder in “%s”."), parent);
    json_decref(array);
    return TRUE;
}

gboolean
gca_csr_command_list(GcaInvocation *invocation, GError **error)
{
    g_autofree char *expiring = NULL;
    Filter filter;
    const GOptionEntry entries[] = {
        {"expiring", 'x', 0, G_OPTION_ARG_FILENAME, &expiring,
         N_("Only certificates that end within DAYS, or that are due for renewal"), N_("DAYS|due")},
        G_OPTION_ENTRY_NULL};

    if (!gca_invocation_parse(invocation, entries, GCA_OPTIONS_NONE, GCA_ARGUMENTS_ANY, error) ||
        !parse_filter(expiring, &filter, error))
        return FALSE;
    const char *const *folders = gca_invocation_get_arguments(invocation);
    if (folders[0] == NULL)
        return list(invocation, ".", &filter, error);
    if (folders[1] == NULL)
        return list(invocation, folders[0], &filter, error);
    gca_error_set(error, GCA_ERROR_USAGE, "%s", _("Only one folder can be listed at a time."));
    return FALSE;
}
