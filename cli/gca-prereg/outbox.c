#include "config.h"

#include "prereg/outbox.h"

#include "base/error.h"
#include "base/text.h"
#include "cli/common/output.h"
#include "cli/gca-prereg/commands.h"
#include "cli/gca-prereg/show-receipt.h"

#include <glib/gi18n.h>

/* A row of the table of states. */
typedef struct {
    const char *nick, *title;
} State;

static const State *
state_of(const GcaOutboxEntry *entry)
{
    static const State sent = {"sent", N_("handed in")}, refused = {"refused", N_("REFUSED")},
                       waiting = {"waiting", N_("waiting")};

    return entry->receipt != NULL ? &sent : entry->is_refused ? &refused : &waiting;
}

/* Until when nothing is sent; NULL: it may be sent now. */
static char *
describe_next(const GcaOutboxEntry *entry)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    if (entry->next == NULL || g_date_time_compare(entry->next, now) <= 0)
        return NULL;

    g_autofree char *moment = gca_text_moment(entry->next);
    return g_strdup_printf(_("the receiver has asked to wait until %s"), moment);
}

static char *
describe_tries(const GcaOutboxEntry *entry)
{
    g_autofree char *reason = gca_outbox_entry_dup_reason(entry);
    g_autofree char *next = describe_next(entry);

    if (reason == NULL)
        return g_strdup(_("not tried yet"));
    g_autofree char *tries =
        g_strdup_printf(ngettext("%u try: %s", "%u tries: %s", entry->tries), entry->tries, reason);
    return g_strjoin("\n", tries, next, NULL);
}

static char *
describe_outcome(const GcaOutboxEntry *entry)
{
    if (entry->receipt == NULL)
        return describe_tries(entry);
    return gca_show_receipt(entry->received, entry->receipt);
}

static void
print_entry(const GcaOutboxEntry *entry)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autofree char *added = gca_text_moment(entry->added);
    g_autofree char *groups = gca_text_group_hex(entry->sha256);
    g_autofree char *endpoint = gca_text_escape(entry->endpoint);
    g_autofree char *outcome = describe_outcome(entry);
    g_autofree char *text = g_strdup_printf("%s  %s\n%s\n%s", added, endpoint, groups, outcome);

    gca_output_add_field(out, _(state_of(entry)->title), text);
    gca_output_print("%s", out->str);
}

static json_t *
entry_to_json(const GcaOutboxEntry *entry)
{
    g_autofree char *added = gca_text_time(entry->added);
    g_autofree char *next = entry->next ? gca_text_time(entry->next) : NULL;
    g_autofree char *reason = gca_outbox_entry_dup_reason(entry);
    json_t *object = json_object();

    json_object_set_new(object, "sha256", json_string(entry->sha256));
    json_object_set_new(object, "message", gca_output_json_string(entry->message));
    json_object_set_new(object, "endpoint", gca_output_json_string(entry->endpoint));
    json_object_set_new(object, "state", json_string(state_of(entry)->nick));
    json_object_set_new(object, "added", json_string(added));
    json_object_set_new(object, "tries", json_integer(entry->tries));
    json_object_set_new(object, "reason", gca_output_json_string(reason));
    json_object_set_new(object, "next", gca_output_json_string(next));
    json_object_set_new(object, "receipt", gca_output_json_string(entry->receipt));
    return object;
}

/* With --json they are among the answer too. */
static json_t *
tell(GcaInvocation *invocation, GPtrArray *troubles)
{
    json_t *list = json_array();

    for (guint i = 0; i < troubles->len; i++) {
        const GError *trouble = g_ptr_array_index(troubles, i);
        g_autofree char *text = gca_error_dup_sentences(trouble);
        json_array_append_new(list, gca_output_json_string(text));
        gca_interaction_notice(gca_invocation_get_interaction(invocation), GCA_NOTICE_WARNING, "%s",
                               text);
    }
    return list;
}

static gboolean
list(GcaInvocation *invocation, gboolean with_sent, GError **error)
{
    g_autoptr(GPtrArray) troubles = g_ptr_array_new_with_free_func((GDestroyNotify) g_error_free);
    g_autoptr(GPtrArray) entries = gca_outbox_list(with_sent, troubles, error);
    gboolean is_json = gca_invocation_is_json(invocation);
    if (entries == NULL)
        return FALSE;

    json_t *array = json_array();
    for (guint i = 0; i < entries->len; i++) {
        if (is_json)
            json_array_append_new(array, entry_to_json(g_ptr_array_index(entries, i)));
        else
            print_entry(g_ptr_array_index(entries, i));
    }
    json_t *told = tell(invocation, troubles);
    if (is_json)
        gca_invocation_answer(invocation, json_pack("{sOsO}", "entries", array, "troubles", told));
    else if (entries->len == 0 && troubles->len == 0)
        gca_interaction_notice(gca_invocation_get_interaction(invocation), GCA_NOTICE_INFO, "%s",
                               _("Nothing waits in the outbox."));
    json_decref(array);
    json_decref(told);
    return TRUE;
}

gboolean
gca_prereg_command_outbox(GcaInvocation *invocation, GError **error)
{
    gboolean with_sent = FALSE;
    const GOptionEntry entries[] = {{"all", 0, 0, G_OPTION_ARG_NONE, &with_sent,
                                     N_("Also what was handed in, with its receipt"), NULL},
                                    G_OPTION_ENTRY_NULL};

    return gca_invocation_parse(invocation, entries, GCA_OPTIONS_NONE, 0, error) &&
           list(invocation, with_sent, error);
}
