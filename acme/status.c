#include "config.h"

#include "acme/status.h"

#include "acme/account.h"
#include "acme/problem.h"
#include "acme/server-private.h"
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char *const nicks[] = {"valid",   "pending", "deactivated",
                                    "revoked", "unknown", "other"};

const char *
gca_account_status_to_nick(GcaAccountStatus status)
{
    return nicks[status];
}

void
gca_account_state_free(GcaAccountState *state)
{
    g_free(state->word);
    g_free(state->detail);
    g_strfreev(state->contacts);
    g_free(state);
}

static GcaAccountState *
state_new(GcaAccountStatus status, const char *word)
{
    GcaAccountState *state = g_new0(GcaAccountState, 1);
    state->status = status;
    state->word = g_strdup(word);
    return state;
}

/* The texts of a list, those that `is_fit` lets pass. */
static GStrv
dup_texts(json_t *list, gboolean (*is_fit)(const char *text))
{
    GPtrArray *texts = g_ptr_array_new();
    gsize i;
    json_t *text;

    json_array_foreach(list, i, text)
    {
        if (json_is_string(text) && is_fit(json_string_value(text)))
            g_ptr_array_add(texts, g_strdup(json_string_value(text)));
    }
    g_ptr_array_add(texts, NULL);
    return (GStrv) g_ptr_array_free(texts, FALSE);
}

/* The key signs for the account's own server alone: another one could pass the signature on. */
static gboolean
check_origin(const char *directory, const char *account_uri, GError **error)
{
    if (!gca_account_check_uri(account_uri, error))
        return FALSE;
    if (gca_account_uri_is_of_server(account_uri, directory))
        return TRUE;
    g_autofree char *shown = gca_text_escape(directory);
    g_autofree char *account = gca_text_escape(account_uri);
    gca_error_set(error, GCA_ERROR_USAGE,
                  _("The ACME directory “%s” is not of the server of the account “%s”."), shown,
                  account);
    gca_error_set_hint(error,
                       _("Name with --directory the one that the account was registered with."));
    return FALSE;
}

static char *
fetch_nonces_url(GcaHttpClient *client, const char *directory, const char *account_uri,
                 GcaCancel *cancel, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    g_autoptr(json_t) links = gca_server_fetch_directory(client, directory, cancel, error);
    if (links == NULL)
        return NULL;
    const char *url = gca_json_get_string(links, "newNonce", &trouble);
    if (url != NULL && gca_account_uri_is_of_server(account_uri, url))
        return g_strdup(url);
    g_autofree char *shown = gca_text_escape(directory);
    if (url == NULL) {
        gca_error_set(error, GCA_ERROR_SERVER, _("“%s” is no ACME directory: %s"), shown,
                      trouble->message);
        return NULL;
    }
    g_autofree char *other = gca_text_escape(url);
    gca_error_set(error, GCA_ERROR_SERVER,
                  _("The ACME directory “%s” leads to another server than the account's: “%s”."),
                  shown, other);
    return NULL;
}

static gboolean
is_any(const char *text)
{
    return TRUE;
}

static GcaAccountState *
read_account(GcaHttpResponse *response, const char *url, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    g_autoptr(json_t) account = gca_server_parse_object(response, url, error);
    if (account == NULL)
        return NULL;
    const char *word = gca_json_get_string(account, "status", &trouble);
    if (word == NULL) {
        gca_error_set(error, GCA_ERROR_SERVER,
                      _("The ACME server does not tell the account's status."));
        gca_error_add_detail(error, "%s", trouble->message);
        return NULL;
    }
    GcaAccountState *state = state_new(GCA_STATUS_OTHER, word);
    for (guint i = GCA_STATUS_VALID; i <= GCA_STATUS_REVOKED; i++) {
        if (g_str_equal(word, nicks[i]))
            state->status = (GcaAccountStatus) i;
    }
    json_t *contacts = json_object_get(account, "contact");
    state->contacts = json_is_array(contacts) ? dup_texts(contacts, is_any) : NULL;
    return state;
}

/* What a sentence says of the account itself, in the forms that servers are known to use: “Account
 * is not valid, has status "deactivated"”, “Account has been deactivated”, “status pending”. A word
 * that stands elsewhere (“pending orders”) tells nothing. */
static GcaAccountState *
recognize_words(const char *detail)
{
    static const char pattern[] =
        "\\bstatus(?: is| of|:|=)? *[\"'“‘]?(pending|deactivated|revoked)(?![\\w-])|"
        "\\baccount(?: [^ ,;.]+)? (?:is|was|has been) (pending|deactivated|revoked)(?![\\w-])";
    g_autoptr(GRegex) regex = g_regex_new(pattern, G_REGEX_CASELESS, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    if (!g_regex_match(regex, detail, 0, &match))
        return NULL;

    g_autofree char *first = g_match_info_fetch(match, 1);
    g_autofree char *second = g_match_info_fetch(match, 2);
    for (guint i = GCA_STATUS_PENDING; i <= GCA_STATUS_REVOKED; i++) {
        if (g_ascii_strcasecmp(*first != '\0' ? first : second, nicks[i]) == 0)
            return state_new((GcaAccountStatus) i, NULL);
    }
    return NULL;
}

/* An account that is not valid may be refused without its object (RFC 8555 section 7.3.6); then
 * only the words tell which of these it is. NULL: it is none of them. */
static GcaAccountState *
recognize_refusal(GBytes *body)
{
    g_autofree char *detail = gca_problem_dup_detail(body);
    GcaAccountState *state = NULL;

    if (gca_problem_is(body, "accountDoesNotExist"))
        state = state_new(GCA_STATUS_UNKNOWN, NULL);
    else if (detail != NULL && gca_problem_is(body, "unauthorized"))
        state = recognize_words(detail);
    if (state != NULL)
        state->detail = g_steal_pointer(&detail);
    return state;
}

GcaAccountState *
gca_account_state_fetch(GcaHttpClient *client, const char *directory, const char *account_uri,
                        EVP_PKEY *key, GcaCancel *cancel, GError **error)
{
    if (!check_origin(directory, account_uri, error))
        return NULL;
    g_autofree char *nonces = fetch_nonces_url(client, directory, account_uri, cancel, error);
    if (nonces == NULL)
        return NULL;

    const GcaSignedRequest request = {.url = account_uri, .nonces = nonces, .key = key};
    g_autoptr(GcaHttpResponse) response = gca_server_post_as_get(client, &request, cancel, error);
    if (response == NULL)
        return NULL;
    guint status = gca_http_response_get_status(response);
    GBytes *body = gca_http_response_get_body(response);
    if (status == 200)
        return read_account(response, account_uri, error);
    GcaAccountState *state = status >= 400 ? recognize_refusal(body) : NULL;
    if (state == NULL) {
        gca_problem_set_error(status, gca_http_response_get_content_type(response), body, error);
        gca_error_add_detail(error, "%s", account_uri);
    }
    return state;
}

/* The name of an issuer, RFC 8659 section 4.2 */
static gboolean
is_issuer(const char *text)
{
    gsize size = strlen(text);

    return size > 0 && size <= 253 &&
           strspn(text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS ".-") == size;
}

GStrv
gca_directory_fetch_caa_identities(GcaHttpClient *client, const char *directory, GcaCancel *cancel,
                                   GError **error)
{
    g_autoptr(json_t) links = gca_server_fetch_directory(client, directory, cancel, error);

    return links != NULL
               ? dup_texts(json_object_get(json_object_get(links, "meta"), "caaIdentities"),
                           is_issuer)
               : NULL;
}
