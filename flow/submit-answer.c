#include "config.h"

#include "acme/problem.h"
#include "base/error.h"
#include "base/text.h"
#include "flow/submit-private.h"

#include <glib/gi18n-lib.h>

#define CONTENT_TYPE "application/pkcs7-mime; smime-type=signed-data" /* RFC 8551 section 3.2 */
#define DETAIL_LIMIT 500 /* characters shown of what a receiver says */

void
gca_answer_clear(GcaAnswer *answer)
{
    g_clear_pointer(&answer->receipt, g_bytes_unref);
    g_clear_pointer(&answer->cause, gca_outbox_cause_unref);
    g_clear_error(&answer->error);
}

/* The start of what comes from outside. */
static char *
shorten(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);

    return g_utf8_substring(valid, 0, MIN(g_utf8_strlen(valid, -1), DETAIL_LIMIT));
}

/* The receiver's own words; NULL: none. */
static char *
dup_detail(const GcaHttpResponse *response)
{
    const char *type = gca_http_response_get_content_type(response);
    g_autofree char *detail = g_strcmp0(type, "application/problem+json") == 0
                                  ? gca_problem_dup_detail(gca_http_response_get_body(response))
                                  : NULL;
    return detail ? shorten(detail) : NULL;
}

static gboolean
is_worth_a_retry(guint status)
{
    return status == 408 || status == 425 || status == 429 || status < 400 || status >= 500;
}

/* What to do about it; NULL: to wait. */
static const char *
choose_hint(const GcaAnswer *answer, const char *detail, const char *location)
{
    if (answer->kind == GCA_ANSWER_REFUSED)
        return _("Put right what it names and sign a new request, or ask the CA.");
    if (location != NULL)
        return _("Ask the CA which address is right, and send it there (on the command line: "
                 "“gca-prereg submit --endpoint URL”).");
    if (detail != NULL)
        return NULL;
    return _("Check the address and the proxy; the receiver, or something before it, may not be "
             "well.");
}

/* A time that it asks for goes before all else that can be done. */
static void
hint(GcaAnswer *answer, const char *otherwise)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autoptr(GDateTime) then = g_date_time_add_seconds(now, answer->retry_after);
    g_autofree char *moment = gca_text_moment(then);
    g_autofree char *asked =
        g_strdup_printf(_("It asks to wait until %s; submit again after that."), moment);

    gca_error_set_hint(&answer->error, answer->retry_after > 0 ? asked : otherwise);
}

static void
judge_failure(GcaAnswer *answer, const GcaHttpResponse *response)
{
    guint status = gca_http_response_get_status(response);
    const char *location = gca_http_response_get_location(response);
    g_autofree char *to = location ? shorten(location) : NULL;
    g_autofree char *detail = dup_detail(response);

    answer->kind = is_worth_a_retry(status) ? GCA_ANSWER_RETRY : GCA_ANSWER_LATER;
    if (answer->kind == GCA_ANSWER_LATER && detail != NULL)
        answer->kind = GCA_ANSWER_REFUSED;
    else
        answer->retry_after =
            MIN(gca_http_response_get_retry_after(response), GCA_RETRY_AFTER_LIMIT);
    answer->cause = gca_outbox_cause_new_answer(status, detail, to);
    g_autofree char *sentence =
        gca_outbox_cause_to_string(answer->cause, answer->kind == GCA_ANSWER_REFUSED);
    gca_error_set(&answer->error, GCA_ERROR_SERVER, "%s", sentence);
    gca_error_add_detail(&answer->error, "HTTP %u", status);
    hint(answer, choose_hint(answer, detail, to));
}

static void
judge_receipt(GcaAnswer *answer, const GcaHttpResponse *response, const char *sha256)
{
    const char *type = gca_http_response_get_content_type(response);
    GBytes *body = gca_http_response_get_body(response);
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GcaReceipt) receipt = NULL;

    if (g_strcmp0(type, "application/json") == 0)
        receipt = gca_receipt_parse(body, sha256, &trouble);
    if (receipt != NULL) {
        answer->kind = GCA_ANSWER_TAKEN;
        answer->receipt = g_bytes_ref(body);
        return;
    }
    answer->kind = GCA_ANSWER_RETRY;
    gca_error_set(&answer->error, GCA_ERROR_SERVER,
                  _("The answer is no receipt for the request: %s"),
                  trouble ? trouble->message : _("it is not JSON."));
    gca_error_set_hint(&answer->error,
                       _("Check the address; a proxy or a login page may have answered in the "
                         "receiver's place."));
}

static GcaHttpResponse *
post(GcaHttpClient *client, const GcaOutboxEntry *entry, GBytes *message, GcaCancel *cancel,
     GError **error)
{
    g_autofree char *key = g_strdup_printf("Idempotency-Key: \"%s\"", entry->sha256);
    const char *const headers[] = {key, "Accept: application/json, application/problem+json", NULL};
    const GcaHttpRequest request = {.method = "POST",
                                    .url = entry->endpoint,
                                    .content_type = CONTENT_TYPE,
                                    .headers = headers,
                                    .body = message,
                                    .limit = GCA_RECEIPT_LIMIT};

    return gca_http_client_send(client, &request, cancel, error);
}

void
gca_answer_fetch(GcaAnswer *answer, GcaHttpClient *client, const GcaOutboxEntry *entry,
                 GBytes *message, GcaCancel *cancel)
{
    g_autoptr(GcaHttpResponse) response = post(client, entry, message, cancel, &answer->error);

    if (response == NULL) {
        GcaErrorCode code = gca_error_get_code(answer->error);
        gboolean is_passing =
            code == GCA_ERROR_NETWORK || code == GCA_ERROR_UNTRUSTED || code == GCA_ERROR_SERVER;
        answer->kind = is_passing ? GCA_ANSWER_RETRY : GCA_ANSWER_LATER;
        return;
    }
    guint status = gca_http_response_get_status(response);
    if (status == 200 || status == 201)
        judge_receipt(answer, response, entry->sha256);
    else
        judge_failure(answer, response);
}
