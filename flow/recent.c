#include "config.h"

#include "flow/recent.h"

#include "base/log.h"
#include "base/text.h"
#include "flow/overview.h"
#include "prereg/journal.h"
#include "prereg/outbox.h"

#include <glib/gi18n-lib.h>

void
gca_recent_free(GcaRecent *recent)
{
    g_free(recent->title);
    g_free(recent->state);
    g_clear_pointer(&recent->when, g_date_time_unref);
    g_free(recent->path);
    g_free(recent);
}

static char *
make_title(const char *const *names)
{
    g_autofree char *first = gca_text_escape(names[0]);
    guint n_more = g_strv_length((char **) names) - 1;

    if (n_more == 0)
        return g_steal_pointer(&first);
    return g_strdup_printf(ngettext("%s and %u more", "%s and %u more", n_more), first, n_more);
}

/* ---- signed requests ---- */

static char *
describe_sent(const GcaOutboxEntry *entry)
{
    g_autofree char *day = gca_text_day(gca_receipt_get_received(entry->received));

    if (gca_receipt_is_pending(entry->received))
        return g_strdup_printf(_("Sent on %s; it is being examined."), day);
    return g_strdup_printf(_("Sent on %s and accepted."), day);
}

static char *
describe_request(const GcaJournalEntry *request)
{
    g_autoptr(GcaOutboxEntry) entry = gca_outbox_find(request->sha256, NULL);
    g_autofree char *day = gca_text_minute(request->time);

    if (entry == NULL)
        return g_strdup_printf(_("Signed on %s."), day);
    if (entry->receipt != NULL)
        return describe_sent(entry);
    if (entry->is_refused)
        return g_strdup_printf(_("Signed on %s; the receiver has refused it."), day);
    return g_strdup_printf(_("Signed on %s; it waits in the outbox."), day);
}

static GcaRecent *
recent_of_request(const GcaJournalEntry *request)
{
    GcaRecent *recent = g_new0(GcaRecent, 1);

    recent->kind = GCA_RECENT_PREREG;
    recent->title = make_title((const char *const *) request->domains);
    recent->state = describe_request(request);
    recent->when = g_date_time_ref(request->time);
    recent->path = g_strdup(request->file);
    recent->is_gone = !g_file_test(request->file, G_FILE_TEST_EXISTS);
    if (recent->is_gone) {
        GString *state = g_string_new(NULL);
        gca_text_add_sentence(state, recent->state);
        gca_text_add_sentence(state, _("Its file is no longer there."));
        g_free(recent->state);
        recent->state = g_string_free(state, FALSE);
    }
    return recent;
}

static void
add_requests(GPtrArray *list, guint limit)
{
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GPtrArray) requests = gca_journal_list(limit, NULL, &trouble);

    if (requests == NULL)
        gca_log("flow", "%s", trouble->message);
    for (guint i = 0; requests != NULL && i < requests->len; i++)
        g_ptr_array_add(list, recent_of_request(g_ptr_array_index(requests, i)));
}

/* ---- request folders ---- */

static char *
describe_days(const GcaOverview *overview)
{
    g_autofree char *day = gca_text_day(overview->not_after);
    gulong days = (gulong) ABS(overview->days_left);

    if (overview->state == GCA_OVERVIEW_EXPIRED)
        return g_strdup_printf(ngettext("Its certificate expired on %s, %lu day ago.",
                                        "Its certificate expired on %s, %lu days ago.", days),
                               day, days);
    if (overview->state == GCA_OVERVIEW_DUE)
        return g_strdup_printf(
            ngettext("Renew it now: its certificate ends on %s, %lu day from now.",
                     "Renew it now: its certificate ends on %s, %lu days from now.", days),
            day, days);
    return g_strdup_printf(ngettext("Its certificate is valid until %s, %lu day from now.",
                                    "Its certificate is valid until %s, %lu days from now.", days),
                           day, days);
}

static char *
describe_application(const GcaOverview *overview)
{
    g_autofree char *day = gca_text_minute(gca_request_folder_get_created(overview->folder));

    if (overview->state == GCA_OVERVIEW_REQUESTED)
        return g_strdup_printf(_("Made on %s; it has no certificate yet."), day);
    if (overview->state != GCA_OVERVIEW_BROKEN)
        return describe_days(overview);
    return g_strdup(overview->error ? overview->error->message
                                    : _("Its certificate cannot be read."));
}

static GcaRecent *
recent_of_application(const GcaOverview *overview)
{
    const GcaRequestFolder *folder = overview->folder;
    GcaRecent *recent = g_new0(GcaRecent, 1);

    recent->kind = GCA_RECENT_APPLICATION;
    recent->title = make_title(gca_request_folder_get_names(folder));
    recent->state = describe_application(overview);
    recent->when = g_date_time_ref(gca_request_folder_get_created(folder));
    recent->path = g_strdup(gca_request_folder_get_path(folder));
    return recent;
}

static void
add_applications(GPtrArray *list, const char *parent, GDateTime *now)
{
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GPtrArray) overviews = gca_overview_list(parent, now, NULL, &trouble);

    if (overviews == NULL)
        gca_log("flow", "%s", trouble->message);
    for (guint i = 0; overviews != NULL && i < overviews->len; i++)
        g_ptr_array_add(list, recent_of_application(g_ptr_array_index(overviews, i)));
}

static int
compare_newest_first(const void *a, const void *b)
{
    const GcaRecent *one = *(GcaRecent *const *) a, *other = *(GcaRecent *const *) b;
    int order = g_date_time_compare(other->when, one->when);

    return order != 0 ? order : g_strcmp0(one->path, other->path);
}

GPtrArray *
gca_recent_list(const char *parent, guint limit, GDateTime *now)
{
    GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify) gca_recent_free);

    add_requests(list, limit);
    if (parent != NULL)
        add_applications(list, parent, now);
    g_ptr_array_sort(list, compare_newest_first);
    if (limit > 0 && list->len > limit)
        g_ptr_array_set_size(list, (int) limit);
    return list;
}
