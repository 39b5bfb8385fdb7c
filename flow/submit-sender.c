#include "config.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "flow/submit-private.h"

#include <glib/gi18n-lib.h>
#include <unistd.h>

#define LOCK_STEP_MS 100

/* An address, and how it has gone with it. */
typedef struct {
    gint64 not_before; /* monotonic */
    guint failures;    /* in a row */
    GError *error;     /* the last */
} Way;

struct _GcaSender {
    GcaSubmitPauses pauses;
    gint64 patience; /* microseconds */
    gint64 deadline; /* monotonic; moves on with each success */
    GcaInteraction *interaction;
    GcaCancel *cancel;
    GcaClients *clients; /* while it runs */
    GHashTable *ways;    /* by address */
    GQueue *jobs;        /* GcaSubmission *, borrowed */
    guint done, total;
};

static void
way_free(void *data)
{
    Way *way = data;
    g_clear_error(&way->error);
    g_free(way);
}

GcaSender *
gca_sender_new(const GcaSubmitPauses *pauses, guint patience, GcaInteraction *interaction,
               GcaCancel *cancel)
{
    GcaSender *sender = g_new0(GcaSender, 1);

    sender->pauses = *pauses;
    sender->patience = (gint64) patience * G_USEC_PER_SEC;
    sender->deadline = g_get_monotonic_time() + sender->patience;
    sender->interaction = interaction;
    sender->cancel = cancel;
    sender->ways = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, way_free);
    sender->jobs = g_queue_new();
    return sender;
}

void
gca_sender_free(GcaSender *sender)
{
    g_hash_table_unref(sender->ways);
    g_queue_free(sender->jobs);
    g_free(sender);
}

static Way *
find_way(GcaSender *sender, const GcaSubmission *job)
{
    Way *way = g_hash_table_lookup(sender->ways, job->endpoint);

    if (way == NULL) {
        way = g_new0(Way, 1);
        g_hash_table_insert(sender->ways, g_strdup(job->endpoint), way);
    }
    return way;
}

/* Until `when` or a wish to stop. */
static void
sleep_until(GcaSender *sender, gint64 when)
{
    GPollFD fd = {.fd = gca_cancel_get_fd(sender->cancel), .events = G_IO_IN};

    for (gint64 now; (now = g_get_monotonic_time()) < when;) {
        gint64 ms = (when - now) / 1000 + 1;
        if (g_poll(&fd, sender->cancel ? 1 : 0, (int) MIN(ms, G_MAXINT)) > 0)
            return;
    }
}

/* ---- one try ---- */

static void
finish(GcaSender *sender, GcaSubmission *job, GcaSubmitState state)
{
    g_autofree char *shown = gca_text_escape(job->path ? job->path : job->sha256);

    job->state = state;
    sender->done++;
    if (sender->total > 1)
        gca_interaction_progress(sender->interaction, sender->done, sender->total, shown);
}

static void
take_receipt(GcaSender *sender, GcaSubmission *job, GcaOutboxEntry *entry, GcaSubmitState state)
{
    if (state == GCA_SUBMIT_SENT_BEFORE && !g_str_equal(entry->endpoint, job->endpoint)) {
        g_autofree char *before = gca_text_escape(entry->endpoint);
        g_autofree char *now = gca_text_escape(job->endpoint);
        gca_interaction_notice(sender->interaction, GCA_NOTICE_WARNING,
                               _("The request %s was handed in before, at “%s”, and not now at "
                                 "“%s”. If it is to go there too, move its receipt away first."),
                               job->sha256, before, now);
    }
    g_clear_error(&job->error);
    job->receipt = g_strdup(entry->receipt);
    job->received = gca_receipt_ref(entry->received);
    finish(sender, job, state);
}

/* 2, 4, 8 … seconds, a quarter more or less, so that many clients do not come at once. */
static gint64
choose_pause(const GcaSender *sender, const Way *way)
{
    guint64 ms = sender->pauses.first_ms;

    for (guint i = 1; i < way->failures && ms < sender->pauses.max_ms; i++)
        ms *= 2;
    return (gint64) (1000.0 * (double) MIN(ms, sender->pauses.max_ms) *
                     g_random_double_range(0.75, 1.25));
}

static void
note_try(GcaOutboxEntry *entry, const GcaAnswer *answer)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autoptr(GDateTime) next =
        answer->retry_after > 0 ? g_date_time_add_seconds(now, answer->retry_after) : NULL;
    g_autoptr(GcaOutboxCause) cause = answer->cause ? gca_outbox_cause_ref(answer->cause)
                                                    : gca_outbox_cause_new_error(answer->error);
    g_autoptr(GError) trouble = NULL;

    /* The message is safe without it. */
    if (!(answer->kind == GCA_ANSWER_REFUSED ? gca_outbox_refuse(entry, cause, &trouble)
                                             : gca_outbox_defer(entry, cause, next, &trouble)))
        gca_log("submit", "the try is not noted: %s", trouble->message);
}

static void
postpone(GcaSender *sender, GcaSubmission *job, const GcaAnswer *answer)
{
    Way *way = find_way(sender, job);
    gint64 now = g_get_monotonic_time();

    way->failures++;
    gint64 pause = choose_pause(sender, way);
    /* the last try is at the end of patience, not before it */
    if (sender->deadline > now)
        pause = MIN(pause, sender->deadline - now);
    way->not_before = now + MAX(pause, (gint64) answer->retry_after * G_USEC_PER_SEC);
    g_clear_error(&way->error);
    way->error = g_error_copy(answer->error);
    /* behind the others, so that one that the receiver stumbles over does not keep them back */
    g_queue_push_tail(sender->jobs, job);
}

static void
note_success(GcaSender *sender, GcaSubmission *job)
{
    Way *way = find_way(sender, job);

    way->failures = 0;
    sender->deadline = g_get_monotonic_time() + sender->patience;
}

/* A receipt that cannot be kept is no receipt: the next try brings the same again. */
static void
keep_receipt(GcaSender *sender, GcaSubmission *job, GcaOutboxEntry *entry, GcaAnswer *answer)
{
    note_success(sender, job);
    if (gca_outbox_finish(entry, answer->receipt, &job->error)) {
        take_receipt(sender, job, entry, GCA_SUBMIT_SENT);
        return;
    }
    gca_error_set_hint(&job->error,
                       _("The receiver has the request already. Put the outbox’s folder right and "
                         "submit again: it gives the same receipt."));
    answer->error = g_error_copy(job->error);
    note_try(entry, answer);
    finish(sender, job, GCA_SUBMIT_WAITING);
}

static void
settle(GcaSender *sender, GcaSubmission *job, GcaOutboxEntry *entry, GcaAnswer *answer)
{
    g_clear_error(&job->error);
    if (answer->kind == GCA_ANSWER_TAKEN) {
        keep_receipt(sender, job, entry, answer);
        return;
    }
    job->error = g_error_copy(answer->error);
    if (gca_error_get_code(job->error) == GCA_ERROR_CANCELLED) {
        g_queue_push_head(sender->jobs, job);
        return;
    }
    note_try(entry, answer);
    if (answer->kind == GCA_ANSWER_RETRY) {
        postpone(sender, job, answer);
    } else if (answer->kind == GCA_ANSWER_REFUSED) {
        note_success(sender, job);
        finish(sender, job, GCA_SUBMIT_REFUSED);
    } else {
        finish(sender, job, GCA_SUBMIT_WAITING);
    }
}

static void
send_entry(GcaSender *sender, GcaSubmission *job, GcaOutboxEntry *entry)
{
    g_auto(GcaAnswer) answer = {.kind = GCA_ANSWER_LATER};
    g_autoptr(GBytes) message = gca_outbox_entry_read(entry, &answer.error);
    GcaHttpClient *client =
        message ? gca_clients_find(sender->clients, message, entry->endpoint, &answer.error) : NULL;

    if (client != NULL && gca_outbox_begin(entry, &answer.error))
        gca_answer_fetch(&answer, client, entry, message, sender->cancel);
    settle(sender, job, entry, &answer);
}

/* The entry as it is now: another process may have sent it since. */
static void
try_once(GcaSender *sender, GcaSubmission *job)
{
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GcaOutboxEntry) entry = gca_outbox_find(job->sha256, &trouble);

    if (entry == NULL) {
        g_clear_error(&job->error);
        job->error = g_steal_pointer(&trouble);
        finish(sender, job, GCA_SUBMIT_WAITING);
    } else if (entry->receipt != NULL) {
        take_receipt(sender, job, entry, GCA_SUBMIT_SENT_BEFORE);
    } else {
        send_entry(sender, job, entry);
    }
}

/* ---- all of them ---- */

/* The first whose address may be used now; NULL: none, and `*when` one may. */
static GcaSubmission *
pop_due(GcaSender *sender, gint64 *when)
{
    gint64 now = g_get_monotonic_time();

    *when = G_MAXINT64;
    for (GList *link = sender->jobs->head; link != NULL; link = link->next) {
        GcaSubmission *job = link->data;
        gint64 not_before = find_way(sender, job)->not_before;
        if (not_before <= now) {
            g_queue_delete_link(sender->jobs, link);
            return job;
        }
        *when = MIN(*when, not_before);
    }
    return NULL;
}

/* FALSE if patience does not last until then. */
static gboolean
wait(GcaSender *sender, gint64 when)
{
    if (when > sender->deadline)
        return FALSE;

    const GcaSubmission *job = g_queue_peek_head(sender->jobs);
    const GError *error = find_way(sender, job)->error;
    gulong seconds = (gulong) ((when - g_get_monotonic_time()) / G_USEC_PER_SEC) + 1;
    if (error != NULL)
        gca_interaction_notice(sender->interaction, GCA_NOTICE_INFO, "%s", error->message);
    gca_interaction_notice(
        sender->interaction, GCA_NOTICE_INFO,
        ngettext("Trying again in %lu second …", "Trying again in %lu seconds …", seconds),
        seconds);
    sleep_until(sender, when);
    return TRUE;
}

/* Says why it still waits. */
static void
leave(GcaSender *sender, GcaSubmission *job)
{
    const Way *way = find_way(sender, job);

    if (gca_cancel_is_requested(sender->cancel)) {
        g_clear_error(&job->error);
        gca_error_set(&job->error, GCA_ERROR_CANCELLED,
                      _("Stopped; what was not sent waits in the outbox."));
    } else if (job->error == NULL && way->error != NULL) {
        job->error = g_error_copy(way->error);
    } else if (job->error == NULL) {
        gca_error_set(&job->error, GCA_ERROR_SERVER,
                      _("The receiver has asked to wait for some time before the next try."));
    }
}

static void
work(GcaSender *sender)
{
    gint64 when;

    while (!g_queue_is_empty(sender->jobs) && !gca_cancel_is_requested(sender->cancel)) {
        GcaSubmission *job = pop_due(sender, &when);
        if (job != NULL)
            try_once(sender, job);
        else if (!wait(sender, when))
            break;
    }
}

/* -1: CANCELLED, FILE, and BUSY when patience is over. */
static int
wait_for_lock(GcaSender *sender, GError **error)
{
    for (;;) {
        g_autoptr(GError) trouble = NULL;
        int lock = gca_outbox_lock(&trouble);
        if (lock >= 0)
            return lock;
        if (!g_error_matches(trouble, GCA_ERROR, GCA_ERROR_BUSY) ||
            g_get_monotonic_time() >= sender->deadline) {
            g_propagate_error(error, g_steal_pointer(&trouble));
            return -1;
        }
        sleep_until(sender, g_get_monotonic_time() + LOCK_STEP_MS * 1000);
        if (!gca_cancel_check(sender->cancel, error))
            return -1;
    }
}

void
gca_sender_run(GcaSender *sender, GcaClients *clients)
{
    g_autoptr(GError) trouble = NULL;
    int lock = wait_for_lock(sender, &trouble);
    GcaSubmission *job;

    sender->clients = clients;
    sender->total = g_queue_get_length(sender->jobs);
    sender->deadline = g_get_monotonic_time() + sender->patience;
    if (lock >= 0) {
        work(sender);
        close(lock);
    }
    while ((job = g_queue_pop_head(sender->jobs)) != NULL) {
        if (trouble != NULL)
            job->error = g_error_copy(trouble);
        leave(sender, job);
    }
}

/* A receiver that has asked for time gets it. */
static void
honour_next(GcaSender *sender, const GcaSubmission *job, const GcaOutboxEntry *entry)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    GTimeSpan left = entry->next ? g_date_time_difference(entry->next, now) : 0;
    Way *way = find_way(sender, job);

    /* Longer than any Retry-After that is kept: the clock was set. */
    if (left <= 0 || left > (GTimeSpan) GCA_RETRY_AFTER_LIMIT * G_TIME_SPAN_SECOND)
        return;
    gint64 not_before = g_get_monotonic_time() + left;
    if (not_before <= way->not_before)
        return;
    g_autofree char *moment = gca_text_moment(entry->next);
    way->not_before = not_before;
    g_clear_error(&way->error);
    gca_error_set(&way->error, GCA_ERROR_SERVER,
                  _("The receiver has asked to wait until %s; until then nothing is sent to it."),
                  moment);
    gca_error_set_hint(&way->error, _("Submit again after that."));
}

void
gca_sender_add(GcaSender *sender, GcaSubmission *job, const GcaOutboxEntry *entry)
{
    honour_next(sender, job, entry);
    g_queue_push_tail(sender->jobs, job);
}

gboolean
gca_sender_is_empty(const GcaSender *sender)
{
    return g_queue_is_empty(sender->jobs);
}
