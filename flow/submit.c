#include "config.h"

#include "flow/submit.h"

#include "base/error.h"
#include "flow/submit-private.h"

#include <glib/gi18n-lib.h>

static gboolean
add_to_outbox(GcaSender *sender, GPtrArray *submissions, GPtrArray *messages, GError **error)
{
    for (guint i = 0; i < submissions->len; i++) {
        GcaSubmission *job = g_ptr_array_index(submissions, i);
        if (job->endpoint == NULL)
            continue;
        g_autoptr(GcaOutboxEntry) entry =
            gca_outbox_add(g_ptr_array_index(messages, i), job->endpoint, error);
        if (entry == NULL)
            return FALSE;
        gca_sender_add(sender, job, entry);
    }
    return TRUE;
}

static int
compare_tries(const void *a, const void *b)
{
    const GcaOutboxEntry *one = *(GcaOutboxEntry *const *) a, *other = *(GcaOutboxEntry *const *) b;

    if (one->tries != other->tries)
        return one->tries < other->tries ? -1 : 1;
    return g_date_time_compare(one->added, other->added);
}

/* What does not belong there is told only; what is stuck is the caller's to tell too. */
static void
tell(GPtrArray *troubles, const GcaSubmitWish *wish, GcaInteraction *interaction)
{
    for (guint i = 0; i < troubles->len; i++) {
        const GError *trouble = g_ptr_array_index(troubles, i);
        g_autofree char *text = gca_error_dup_sentences(trouble);
        gca_interaction_notice(interaction, GCA_NOTICE_WARNING, "%s", text);
        if (wish->troubles != NULL && g_error_matches(trouble, GCA_ERROR, GCA_ERROR_BAD_DATA))
            g_ptr_array_add(wish->troubles, g_error_copy(trouble));
    }
}

static GPtrArray *
take_from_outbox(GcaSender *sender, const GcaSubmitWish *wish, GcaInteraction *interaction,
                 GError **error)
{
    g_autoptr(GPtrArray) troubles = g_ptr_array_new_with_free_func((GDestroyNotify) g_error_free);
    g_autoptr(GPtrArray) entries = gca_outbox_list(FALSE, troubles, error);
    if (entries == NULL)
        return NULL;

    GPtrArray *submissions = g_ptr_array_new_with_free_func((GDestroyNotify) gca_submission_free);
    g_ptr_array_sort(entries, compare_tries);
    for (guint i = 0; i < entries->len; i++) {
        const GcaOutboxEntry *entry = g_ptr_array_index(entries, i);
        if (entry->is_refused)
            continue;
        GcaSubmission *job = gca_submission_new(NULL, entry->sha256, entry->endpoint);
        g_ptr_array_add(submissions, job);
        gca_sender_add(sender, job, entry);
    }
    tell(troubles, wish, interaction);
    return submissions;
}

static void
unref_message(void *message)
{
    g_clear_pointer(&message, g_bytes_unref);
}

static GPtrArray *
gather(GcaSender *sender, const GcaSubmitWish *wish, GcaInteraction *interaction, GError **error)
{
    g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func(unref_message);

    if (wish->paths == NULL || wish->paths[0] == NULL) {
        if (wish->endpoint == NULL)
            return take_from_outbox(sender, wish, interaction, error);
        gca_error_set(error, GCA_ERROR_USAGE,
                      _("An address is for files that are named; what waits in the outbox has its "
                        "own."));
        return NULL;
    }
    g_autoptr(GPtrArray) submissions = gca_submit_read_files(wish, messages, error);
    if (submissions == NULL || !add_to_outbox(sender, submissions, messages, error))
        return NULL;
    return g_steal_pointer(&submissions);
}

GPtrArray *
gca_submit_run_with_pauses(const GcaSubmitWish *wish, const GcaSubmitPauses *pauses,
                           GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    g_autoptr(GcaSender) sender = gca_sender_new(pauses, wish->patience, interaction, cancel);
    g_autoptr(GcaClients) clients = gca_clients_new(wish->tls_ca);

    if (wish->tls_ca != NULL && !gca_http_check_ca(wish->tls_ca, error))
        return NULL;
    g_autoptr(GPtrArray) submissions = gather(sender, wish, interaction, error);
    if (submissions == NULL || gca_sender_is_empty(sender))
        return g_steal_pointer(&submissions);
    gca_sender_run(sender, clients);
    return g_steal_pointer(&submissions);
}

GPtrArray *
gca_submit_run(const GcaSubmitWish *wish, GcaInteraction *interaction, GcaCancel *cancel,
               GError **error)
{
    static const GcaSubmitPauses pauses = {.first_ms = 2000, .max_ms = 5 * 60 * 1000};

    return gca_submit_run_with_pauses(wish, &pauses, interaction, cancel, error);
}

const char *
gca_submit_state_to_nick(GcaSubmitState state)
{
    static const char *const nicks[] = {
        [GCA_SUBMIT_SENT] = "sent",
        [GCA_SUBMIT_SENT_BEFORE] = "sent-before",
        [GCA_SUBMIT_WAITING] = "waiting",
        [GCA_SUBMIT_REFUSED] = "refused",
        [GCA_SUBMIT_NO_ENDPOINT] = "no-endpoint",
    };
    return nicks[state];
}

const char *
gca_submit_state_to_string(GcaSubmitState state)
{
    static const char *const texts[] = {
        [GCA_SUBMIT_SENT] = N_("handed in"),
        [GCA_SUBMIT_SENT_BEFORE] = N_("handed in before"),
        [GCA_SUBMIT_WAITING] = N_("waiting"),
        [GCA_SUBMIT_REFUSED] = N_("REFUSED"),
        [GCA_SUBMIT_NO_ENDPOINT] = N_("not sent"),
    };
    return _(texts[state]);
}
