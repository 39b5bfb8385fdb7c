#include "config.h"

#include "flow/submit.h"

#include "base/error.h"
#include "base/text.h"
#include "cli/common/output.h"
#include "cli/gca-prereg/commands.h"
#include "cli/gca-prereg/show-receipt.h"

#include <glib/gi18n.h>

#define DEFAULT_PATIENCE 60     /* seconds */
#define LONGEST_PATIENCE 604800 /* a week */

static gboolean
is_sent(const GcaSubmission *submission)
{
    return submission->state == GCA_SUBMIT_SENT || submission->state == GCA_SUBMIT_SENT_BEFORE;
}

static void
print_submission(const GcaSubmission *submission)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autofree char *name = gca_text_escape(submission->path ? submission->path : "");
    g_autofree char *groups = gca_text_group_hex(submission->sha256);
    g_autofree char *more = submission->received
                                ? gca_show_receipt(submission->received, submission->receipt)
                                : gca_text_escape(submission->error->message);
    g_autofree char *text = g_strconcat(name, *name != '\0' ? "\n" : "", groups, "\n", more, NULL);

    gca_output_add_field(out, gca_submit_state_to_string(submission->state), text);
    gca_output_print("%s", out->str);
}

static json_t *
reason_to_json(const GError *error)
{
    if (error == NULL)
        return json_null();
    json_t *object = json_object();
    json_object_set_new(object, "code",
                        json_string(gca_error_info(gca_error_get_code(error))->name));
    json_object_set_new(object, "message", gca_output_json_string(error->message));
    json_object_set_new(object, "hint", gca_output_json_string(gca_error_get_hint(error)));
    return object;
}

static json_t *
submission_to_json(const GcaSubmission *submission)
{
    const GcaReceipt *received = submission->received;
    json_t *object = json_object();

    json_object_set_new(object, "file", gca_output_json_string(submission->path));
    json_object_set_new(object, "sha256", json_string(submission->sha256));
    json_object_set_new(object, "endpoint", gca_output_json_string(submission->endpoint));
    json_object_set_new(object, "state", json_string(gca_submit_state_to_nick(submission->state)));
    json_object_set_new(object, "receipt", gca_output_json_string(submission->receipt));
    json_object_set_new(object, "receipt_id",
                        gca_output_json_string(received ? gca_receipt_get_id(received) : NULL));
    json_object_set_new(object, "pending",
                        received ? json_boolean(gca_receipt_is_pending(received)) : json_null());
    json_object_set_new(object, "error", reason_to_json(submission->error));
    return object;
}

static json_t *
troubles_to_json(GPtrArray *troubles)
{
    json_t *list = json_array();

    for (guint i = 0; i < troubles->len; i++) {
        const GError *trouble = g_ptr_array_index(troubles, i);
        json_array_append_new(list, gca_output_json_string(trouble->message));
    }
    return list;
}

static void
show(GcaInvocation *invocation, GPtrArray *submissions, GPtrArray *troubles)
{
    gboolean is_json = gca_invocation_is_json(invocation);
    json_t *list = json_array();

    for (guint i = 0; i < submissions->len; i++) {
        if (is_json)
            json_array_append_new(list, submission_to_json(g_ptr_array_index(submissions, i)));
        else
            print_submission(g_ptr_array_index(submissions, i));
    }
    if (is_json)
        gca_invocation_answer(invocation, json_pack("{sOso}", "submissions", list, "troubles",
                                                    troubles_to_json(troubles)));
    else if (submissions->len == 0 && troubles->len == 0)
        gca_interaction_notice(gca_invocation_get_interaction(invocation), GCA_NOTICE_INFO, "%s",
                               _("Nothing waits in the outbox."));
    json_decref(list);
}

/* What could not even be tried was told already. */
static gboolean
conclude_stuck(guint n_stuck, GError **error)
{
    if (n_stuck == 0)
        return TRUE;
    gca_error_set(error, GCA_ERROR_BAD_DATA,
                  ngettext("%u request in the outbox is stuck: it cannot be read, and was not "
                           "handed in.",
                           "%u requests in the outbox are stuck: they cannot be read, and were not "
                           "handed in.",
                           n_stuck),
                  n_stuck);
    gca_error_set_hint(error, _("Submit the files that were signed again; they take the place of "
                                "what is damaged."));
    return FALSE;
}

/* The exit status is that of the first that was not handed in; a wish to stop goes before. */
static gboolean
conclude(GPtrArray *submissions, GPtrArray *troubles, GError **error)
{
    const GError *first = NULL;
    guint n_left = 0;

    for (guint i = 0; i < submissions->len; i++) {
        const GcaSubmission *submission = g_ptr_array_index(submissions, i);
        if (is_sent(submission))
            continue;
        n_left++;
        if (first == NULL || g_error_matches(submission->error, GCA_ERROR, GCA_ERROR_CANCELLED))
            first = submission->error;
    }
    if (first == NULL)
        return conclude_stuck(troubles->len, error);
    g_propagate_error(error, g_error_copy(first));
    if (submissions->len > 1)
        gca_error_replace(error, gca_error_get_code(first),
                          ngettext("%u of %u request was not handed in: %s",
                                   "%u of %u requests were not handed in: %s", submissions->len),
                          n_left, submissions->len, first->message);
    return FALSE;
}

static gboolean
submit(GcaInvocation *invocation, GcaSubmitWish *wish, GError **error)
{
    g_autoptr(GPtrArray) troubles = g_ptr_array_new_with_free_func((GDestroyNotify) g_error_free);
    wish->troubles = troubles;
    g_autoptr(GPtrArray) submissions =
        gca_submit_run(wish, gca_invocation_get_interaction(invocation),
                       gca_invocation_get_cancel(invocation), error);
    if (submissions == NULL)
        return FALSE;
    show(invocation, submissions, troubles);
    return conclude(submissions, troubles, error);
}

static gboolean
parse_patience(int seconds, GcaSubmitWish *wish, GError **error)
{
    if (seconds >= 0 && seconds <= LONGEST_PATIENCE) {
        wish->patience = (guint) seconds;
        return TRUE;
    }
    gca_error_set(error, GCA_ERROR_USAGE, _("--patience is a number of seconds, from 0 to %d."),
                  LONGEST_PATIENCE);
    return FALSE;
}

gboolean
gca_prereg_command_submit(GcaInvocation *invocation, GError **error)
{
    g_autofree char *endpoint = NULL, *tls_ca = NULL;
    int patience = DEFAULT_PATIENCE;
    GcaSubmitWish wish = {0};
    const GOptionEntry entries[] = {
        {"endpoint", 0, 0, G_OPTION_ARG_FILENAME, &endpoint,
         N_("Where to send to, in place of the profile's address"), N_("URL")},
        {"tls-ca", 0, 0, G_OPTION_ARG_FILENAME, &tls_ca,
         N_("A CA certificate to trust the server by, beside the system's"), N_("FILE")},
        {"patience", 0, 0, G_OPTION_ARG_INT, &patience,
         N_("Go on trying for so long; 0: try once (default 60)"), N_("SECONDS")},
        G_OPTION_ENTRY_NULL};

    if (!gca_invocation_parse(invocation, entries, GCA_OPTIONS_NONE, GCA_ARGUMENTS_ANY, error) ||
        !parse_patience(patience, &wish, error))
        return FALSE;
    wish.paths = gca_invocation_get_arguments(invocation);
    wish.endpoint = endpoint;
    wish.tls_ca = tls_ca;
    return submit(invocation, &wish, error);
}
