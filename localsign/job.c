#include "config.h"

#include "localsign/job.h"

#include "base/error.h"
#include "base/text.h"
#include "localsign/child.h"
#include "localsign/hipki-code.h"
#include "localsign/job-work.h"
#include "localsign/prompt.h"
#include "localsign/site.h"

#include <glib/gi18n-lib.h>

#define LOOK_LIMIT_S 30
#define SIGN_LIMIT_S 120 /* the person may have to type at the reader */

struct _GcaJob {
    const GcaDesk *desk;
    GcaJobWish wish;
    GcaJobDone done;
    gpointer data;
    GcaTurn *turn;
    GcaPrompt *prompt;
    gboolean asks_trust; /* `prompt` does */
    GcaChild *child;
    guint idle;
    GError *trouble; /* to be told from the main loop */
    GcaJobWork work;
};

static void
job_free(GcaJob *job)
{
    if (job->prompt != NULL && job->asks_trust)
        gca_refusals_add(job->desk->refusals, NULL, g_get_monotonic_time());
    if (job->prompt != NULL)
        gca_prompt_withdraw(job->prompt);
    if (job->child != NULL)
        gca_child_kill(job->child);
    if (job->idle != 0)
        g_source_remove(job->idle);
    gca_job_work_clear(&job->work);
    g_clear_error(&job->trouble);
    g_free(job->wish.site);
    if (job->turn != NULL)
        gca_turn_leave(job->turn); /* last: the next job begins within */
    g_free(job);
}

void
gca_job_cancel(GcaJob *job)
{
    job_free(job);
}

static void
finish(GcaJob *job, const char *text, const GError *error)
{
    job->done(text, error, job->data);
    job_free(job);
}

static gboolean
on_trouble(gpointer data)
{
    GcaJob *job = data;

    job->idle = 0;
    finish(job, NULL, job->trouble);
    return G_SOURCE_REMOVE;
}

/* Takes `error`. */
static void
fail(GcaJob *job, GError *error)
{
    if (g_error_matches(error, GCA_ERROR, GCA_ERROR_FILE))
        job->desk->on_file_trouble(error);
    job->trouble = error;
    job->idle = g_idle_add(on_trouble, job);
}

static void
fail_with(GcaJob *job, GcaHipkiCode code, const char *sentence)
{
    GError *error = NULL;

    gca_hipki_set_error(&error, code, "%s", sentence);
    fail(job, error);
}

static void
refuse_site(GcaJob *job)
{
    fail_with(job, GCA_HIPKI_UNTRUSTED_SITE, _("This site may not use the card."));
}

/* ---- from a child ---- */

static void
on_answer(const char *text, gpointer data)
{
    GcaJob *job = data;
    g_autoptr(GError) error = NULL;

    job->child = NULL;
    if (text == NULL)
        gca_error_set(&error, GCA_ERROR_MODULE, "%s", _("The card's module does not answer."));
    finish(job, text, error);
}

static void
start_child(GcaJob *job, GcaChildWork work, guint limit_s, GcaChildDone done)
{
    GError *error = NULL;

    job->child = gca_child_start(work, &job->work, -1, limit_s, done, job, &error);
    if (job->child == NULL)
        fail(job, error);
}

static void
begin_sign(GcaJob *job)
{
    start_child(job, gca_job_work_sign, SIGN_LIMIT_S, on_answer);
    gca_job_work_clear(&job->work); /* the child has its copy of the PIN, and it alone */
}

/* The person may have taken its line out of the file while the question was open. */
static gboolean
check_still_allowed(const GcaJob *job, GError **error)
{
    GcaSiteTrust trust;

    if (!gca_site_look_up(job->wish.site, &trust, error))
        return FALSE;
    if (trust.is_trusted && (trust.allows_sha1 || !g_str_equal(job->work.order->digest, "SHA1")))
        return TRUE;
    gca_hipki_set_error(error, GCA_HIPKI_UNTRUSTED_SITE, "%s",
                        _("This site may not use the card."));
    return FALSE;
}

static void
on_consent(gboolean is_yes, GcaSecret *pin, const GError *error, gpointer data)
{
    GcaJob *job = data;
    gboolean lacks_pin = job->work.order->pin == NULL && !job->work.signer->has_pin_pad;
    GError *trouble = NULL;

    job->prompt = NULL;
    if (is_yes && !check_still_allowed(job, &trouble)) {
        fail(job, trouble);
    } else if (is_yes) {
        job->work.pin = pin ? gca_secret_ref(pin) : NULL;
        job->work.allow_last_try = job->work.signer->tries_left == 1;
        begin_sign(job);
    } else if (g_error_matches(error, GCA_ERROR, GCA_ERROR_BAD_DATA)) {
        fail_with(job, GCA_HIPKI_BAD_PARAMETER, error->message);
    } else if (lacks_pin && !g_error_matches(error, GCA_ERROR, GCA_ERROR_CANCELLED)) {
        fail_with(job, GCA_HIPKI_NO_PIN, error->message);
    } else {
        fail_with(job, GCA_HIPKI_CANCELLED, error->message);
    }
}

/* The dialog says the same, and leaves out what it has said already. */
static char *
advise(int tries)
{
    if (tries == GCA_TRIES_UNKNOWN)
        return NULL;
    if (tries == 1)
        return g_strdup(_("This is the last try: if the PIN is wrong, the card is blocked."));
    return g_strdup_printf(
        ngettext("%d try is left for the PIN.", "%d tries are left for the PIN.", (gulong) tries),
        tries);
}

static void
ask_consent(GcaJob *job)
{
    const GcaOrder *order = job->work.order;
    g_autofree char *text = gca_order_dup_text(order);
    g_autofree char *sha256 = gca_text_sha256(order->tbs);
    g_autofree char *advice = advise(job->work.signer->tries_left);
    const GcaPromptQuestion question = {
        .kind = GCA_PROMPT_SIGN,
        .site = job->wish.site,
        .reader = job->work.signer->reader,
        .holder = job->work.signer->holder,
        .text = text,
        .size = g_bytes_get_size(order->tbs),
        .sha256 = sha256,
        .asks_pin = order->pin == NULL && !job->work.signer->has_pin_pad,
        .tries_left = job->work.signer->tries_left,
        .advice = advice,
    };

    job->prompt = gca_prompt_ask(&question, job->desk->use_terminal, on_consent, job);
    job->asks_trust = FALSE;
}

static void
on_signer(const char *text, gpointer data)
{
    GcaJob *job = data;
    GError *error = NULL;

    job->work.signer = gca_job_work_read_signer(text);
    if (job->work.signer == NULL) {
        on_answer(text, job);
        return;
    }
    job->child = NULL;
    if (job->work.signer->tries_left != 0) {
        ask_consent(job);
        return;
    }
    gca_error_set(&error, GCA_ERROR_PIN_BLOCKED, "%s", _("The card's PIN is blocked."));
    fail(job, error);
}

/* ---- after the site is trusted ---- */

static void
begin_list(gpointer data)
{
    start_child(data, gca_job_work_list, LOOK_LIMIT_S, on_answer);
}

static void
wait_for_cards(GcaJob *job)
{
    g_clear_pointer(&job->turn, gca_turn_leave);
    job->turn = gca_queue_enter(job->desk->cards, NULL, begin_list, job);
    if (job->turn == NULL)
        fail_with(job, GCA_HIPKI_BUSY,
                  _("Too many web sites want to look at the cards. Close those that are not "
                    "needed, and try again."));
    else if (gca_turn_is_now(job->turn))
        begin_list(job);
}

static void
go_on(GcaJob *job, gboolean allows_sha1)
{
    GcaOrder *order = job->work.order;

    if (job->wish.kind == GCA_JOB_TRUST)
        fail(job, NULL); /* with nothing to complain of */
    else if (job->wish.kind == GCA_JOB_LIST)
        wait_for_cards(job);
    else if (g_str_equal(order->digest, "SHA1") && !allows_sha1)
        fail_with(job, GCA_HIPKI_BAD_PARAMETER,
                  _("The site wants a SHA-1 signature, which is not allowed for it."));
    else
        start_child(job, gca_job_work_find, LOOK_LIMIT_S, on_signer);
}

static void
go_on_as_trusted(GcaJob *job, gboolean allows_sha1)
{
    gca_turn_end_guest(job->turn);
    go_on(job, allows_sha1);
}

static void
on_trust(gboolean is_yes, GcaSecret *pin, const GError *error, gpointer data)
{
    GcaJob *job = data;
    GError *trouble = NULL;

    job->prompt = NULL;
    if (is_yes)
        gca_refusals_end_row(job->desk->refusals);
    else if (g_error_matches(error, GCA_ERROR, GCA_ERROR_CANCELLED))
        gca_refusals_add(job->desk->refusals, job->wish.site, g_get_monotonic_time());
    if (!is_yes)
        refuse_site(job);
    else if (gca_site_trust(job->wish.site, &trouble))
        go_on_as_trusted(job, FALSE);
    else
        fail(job, trouble);
}

static gboolean
may_be_asked_about(const GcaJob *job)
{
    return job->wish.may_ask && g_str_has_prefix(job->wish.site, "https://") &&
           !gca_refusals_hold(job->desk->refusals, job->wish.site, g_get_monotonic_time());
}

static void
ask_trust(GcaJob *job)
{
    const GcaPromptQuestion question = {.kind = GCA_PROMPT_TRUST, .site = job->wish.site};
    job->prompt = gca_prompt_ask(&question, job->desk->use_terminal, on_trust, job);
    job->asks_trust = TRUE;
}

static void
begin_person(gpointer data)
{
    GcaJob *job = data;
    GError *trouble = NULL;
    GcaSiteTrust trust;

    if (!gca_site_look_up(job->wish.site, &trust, &trouble))
        fail(job, trouble);
    else if (trust.is_trusted)
        go_on_as_trusted(job, trust.allows_sha1);
    else if (!may_be_asked_about(job))
        refuse_site(job);
    else if (gca_site_check_room(job->wish.site, &trouble))
        ask_trust(job);
    else
        fail(job, trouble);
}

/* ---- the beginning ---- */

static void
fail_busy(GcaJob *job)
{
    fail_with(job, GCA_HIPKI_BUSY,
              _("Another site is being answered, and one more waits. Answer that one first."));
}

static void
wait_for_person(GcaJob *job, const char *guest)
{
    job->turn = gca_queue_enter(job->desk->person, guest, begin_person, job);
    if (job->turn == NULL)
        fail_busy(job);
    else if (gca_turn_is_now(job->turn))
        begin_person(job);
}

/* However many pages are opened, one site is asked about at a time, of which one more order may
 * wait for the answer; addDomain's never waits. */
static void
begin_stranger(GcaJob *job)
{
    gboolean may_wait = job->wish.kind != GCA_JOB_TRUST;

    if (!may_be_asked_about(job))
        refuse_site(job);
    else if (may_wait || gca_queue_is_empty(job->desk->person))
        wait_for_person(job, job->wish.site);
    else
        fail_busy(job);
}

static gboolean
on_begin(gpointer data)
{
    GcaJob *job = data;
    GError *trouble = NULL;
    GcaSiteTrust trust = {0};

    job->idle = 0;
    if (job->wish.site != NULL && !gca_site_look_up(job->wish.site, &trust, &trouble))
        fail(job, trouble);
    else if (job->wish.site != NULL && !trust.is_trusted)
        begin_stranger(job);
    else if (job->wish.kind == GCA_JOB_SIGN)
        wait_for_person(job, NULL);
    else
        go_on(job, FALSE);
    return G_SOURCE_REMOVE;
}

GcaJob *
gca_job_start(const GcaDesk *desk, const GcaJobWish *wish, GcaJobDone done, gpointer data)
{
    GcaJob *job = g_new0(GcaJob, 1);

    job->desk = desk;
    job->wish = *wish;
    job->work = (GcaJobWork){.module = desk->module,
                             .with_certificates = wish->with_certificates,
                             .order = g_steal_pointer(&job->wish.order)};
    job->done = done;
    job->data = data;
    job->idle = g_idle_add(on_begin, job);
    return job;
}
