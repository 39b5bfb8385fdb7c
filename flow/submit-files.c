#include "config.h"

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "cms/signed-data.h"
#include "flow/submit-private.h"
#include "prereg/request.h"
#include "profile/profile.h"

#include <glib/gi18n-lib.h>

GcaSubmission *
gca_submission_new(const char *path, const char *sha256, const char *endpoint)
{
    GcaSubmission *submission = g_new0(GcaSubmission, 1);

    submission->path = g_strdup(path);
    submission->sha256 = g_strdup(sha256);
    submission->endpoint = g_strdup(endpoint);
    submission->state = GCA_SUBMIT_WAITING;
    return submission;
}

void
gca_submission_free(GcaSubmission *submission)
{
    g_free(submission->path);
    g_free(submission->sha256);
    g_free(submission->endpoint);
    g_free(submission->receipt);
    g_clear_pointer(&submission->received, gca_receipt_unref);
    g_clear_error(&submission->error);
    g_free(submission);
}

/* Puts the file's name in front of what is wrong with it. */
static void
name_file(GError **error, const char *path)
{
    g_autofree char *shown = gca_text_escape(path);
    g_autofree char *why = error && *error ? g_strdup((*error)->message) : g_strdup("");
    GcaErrorCode code = error && *error ? gca_error_get_code(*error) : GCA_ERROR_BAD_DATA;

    gca_error_replace(error, code, _("“%s” is not a signed request: %s"), shown, why);
}

/* A content that nobody has signed yet, as “prepare” makes it. */
static gboolean
is_unsigned(GBytes *file)
{
    g_autoptr(json_t) value = gca_json_parse(file, "", NULL);

    return json_is_object(value);
}

static GcaSignedData *
parse_message(GBytes *file, const char *path, GError **error)
{
    if (is_unsigned(file)) {
        g_autofree char *shown = gca_text_escape(path);
        gca_error_set(error, GCA_ERROR_BAD_DATA, _("“%s” has not been signed yet."), shown);
        gca_error_set_hint(error, _("Sign it with the card first: “gca-prereg sign FILE”."));
        return NULL;
    }
    GcaSignedData *message = gca_signed_data_parse(file, error);
    if (message == NULL)
        name_file(error, path);
    return message;
}

/* https, a host, no user name, no fragment; what the client takes, said before anything is kept. */
static gboolean
check_endpoint(const char *endpoint, GError **error)
{
    g_autoptr(GUri) uri = g_uri_parse(endpoint, G_URI_FLAGS_ENCODED, NULL);

    if (uri != NULL && g_str_is_ascii(endpoint) && gca_text_is_plain(endpoint) &&
        g_str_equal(g_uri_get_scheme(uri), "https") && g_uri_get_userinfo(uri) == NULL &&
        g_uri_get_host(uri) != NULL && *g_uri_get_host(uri) != '\0' &&
        g_uri_get_fragment(uri) == NULL && gca_http_check_url(endpoint, NULL))
        return TRUE;
    g_autofree char *shown = gca_text_escape(endpoint);
    gca_error_set(error, GCA_ERROR_USAGE,
                  _("“%s” cannot be sent to: it must be an https address with a host, without "
                    "blanks, user name or “#”."),
                  shown);
    return FALSE;
}

static void
refuse_way(GcaSubmission *submission, const GcaProfile *profile)
{
    g_autofree char *shown = gca_text_escape(submission->path);
    const char *next_step = gca_profile_get_next_step(profile);

    submission->state = GCA_SUBMIT_NO_ENDPOINT;
    gca_error_set(&submission->error, GCA_ERROR_SERVER,
                  _("“%s” was not sent: the profile “%s” knows no address that takes it."), shown,
                  gca_profile_get_name(profile));
    gca_error_set_hint(&submission->error,
                       next_step ? next_step : _("Ask the CA how it takes the file."));
}

/* Where the request is to go, or went, by what the outbox has of it; NULL: it has nothing. */
static char *
dup_remembered(const char *sha256)
{
    g_autoptr(GcaOutboxEntry) entry = gca_outbox_find(sha256, NULL);

    return entry ? g_strdup(entry->endpoint) : NULL;
}

/* Where a request of that profile goes; FALSE with an error, and without one where there is none.
 */
static gboolean
choose_endpoint(GcaSubmission *submission, const char *wanted, const char *profile_name,
                GError **error)
{
    if (wanted != NULL) {
        submission->endpoint = g_strdup(wanted);
        return TRUE;
    }
    g_autoptr(GcaProfile) profile = gca_profile_load(profile_name, error);
    if (profile == NULL)
        return FALSE;
    submission->endpoint = g_strdup(gca_profile_get_endpoint(profile));
    if (submission->endpoint == NULL)
        submission->endpoint = dup_remembered(submission->sha256);
    if (submission->endpoint == NULL) {
        refuse_way(submission, profile);
        return TRUE;
    }
    return check_endpoint(submission->endpoint, error);
}

static GcaSubmission *
read_file(const char *path, const char *endpoint, GBytes **der, GError **error)
{
    g_autoptr(GBytes) file = gca_file_read(path, GCA_OUTBOX_MESSAGE_LIMIT, error);
    g_autoptr(GcaSignedData) message = file ? parse_message(file, path, error) : NULL;
    if (message == NULL)
        return NULL;
    g_autoptr(GcaRequest) request = gca_request_parse(gca_signed_data_get_content(message), error);
    if (request == NULL) {
        name_file(error, path);
        return NULL;
    }
    GBytes *bytes = gca_signed_data_get_der(message);
    g_autofree char *sha256 = gca_text_sha256(bytes);
    g_autoptr(GcaSubmission) submission = gca_submission_new(path, sha256, NULL);
    if (!choose_endpoint(submission, endpoint, gca_request_get_profile(request), error))
        return NULL;
    *der = submission->endpoint ? g_bytes_ref(bytes) : NULL;
    return g_steal_pointer(&submission);
}

GPtrArray *
gca_submit_read_files(const GcaSubmitWish *wish, GPtrArray *messages, GError **error)
{
    g_autoptr(GPtrArray) submissions =
        g_ptr_array_new_with_free_func((GDestroyNotify) gca_submission_free);

    if (wish->endpoint != NULL && !check_endpoint(wish->endpoint, error))
        return NULL;
    for (const char *const *path = wish->paths; *path != NULL; path++) {
        GBytes *message = NULL;
        GcaSubmission *submission = read_file(*path, wish->endpoint, &message, error);
        if (submission == NULL)
            return NULL;
        g_ptr_array_add(submissions, submission);
        g_ptr_array_add(messages, message);
    }
    return g_steal_pointer(&submissions);
}
