#include "config.h"

#include "base/error.h"
#include "localsign/answer.h"
#include "localsign/page-file.h"
#include "localsign/page.h"
#include "localsign/request-private.h"
#include "localsign/site.h"

#include <string.h>

/* The query's members: those of that name (a URI's case matters), and all others. */
typedef struct {
    const char *name, *value;
    guint count, others;
} Query;

/* A value that was escaped may hold a NUL. */
static enum MHD_Result
pass_member(void *data, enum MHD_ValueKind kind, const char *name, size_t name_size,
            const char *value, size_t value_size)
{
    Query *query = data;

    if (strlen(name) == name_size && g_str_equal(name, query->name) &&
        (value == NULL || strlen(value) == value_size)) {
        query->value = value ? value : "";
        query->count++;
    } else {
        query->others++;
    }
    return MHD_YES;
}

static Query
query(const GcaRequest *request, const char *name)
{
    Query query = {.name = name, .value = ""};

    MHD_get_connection_values_n(request->connection, MHD_GET_ARGUMENT_KIND, pass_member, &query);
    return query;
}

/* ---- what jobs give ---- */

static void
on_text(const char *text, const GError *error, gpointer data)
{
    GcaRequest *request = data;

    if (error != NULL)
        gca_request_reply_error(request, error);
    else
        gca_request_reply_json(request, g_strdup(text));
    if (request->is_own_page && request->site == NULL)
        request->reply->token =
            gca_tokens_issue(request->counter->tokens, GCA_PAGE_SELF_TEST, g_get_monotonic_time());
    gca_request_resume(request);
}

static void
on_bitmap_text(const char *text, const GError *error, gpointer data)
{
    GcaRequest *request = data;
    g_autoptr(GError) trouble = NULL;
    g_autofree char *failure = error ? gca_answer_of_error(request->route->func, error) : NULL;
    g_autoptr(GBytes) bitmap = gca_answer_to_bitmap(failure ? failure : text, &trouble);
    g_autofree char *too_long = bitmap ? NULL : gca_answer_of_error(request->route->func, trouble);

    if (bitmap == NULL)
        bitmap = gca_answer_to_bitmap(too_long, NULL);
    gca_request_reply_json(request, g_strdup(""));
    g_bytes_unref(request->reply->body);
    request->reply->body = g_steal_pointer(&bitmap);
    request->reply->type = "image/bmp";
    if (request->job != NULL)
        gca_request_resume(request);
}

static GcaPageOutcome
outcome_of(const GError *error)
{
    if (error == NULL)
        return GCA_PAGE_SITE_ADDED;
    if (gca_error_get_code(error) == GCA_ERROR_UNTRUSTED)
        return GCA_PAGE_SITE_REFUSED;
    return gca_error_get_code(error) == GCA_ERROR_BUSY ? GCA_PAGE_SITE_BUSY : GCA_PAGE_SITE_UNKEPT;
}

static void
on_trust(const char *text, const GError *error, gpointer data)
{
    GcaRequest *request = data;
    GcaPageOutcome outcome = outcome_of(error);

    gca_request_reply_text(
        request, MHD_HTTP_OK, GCA_REPLY_HTML,
        gca_page_site(request->site, outcome, gca_request_get_languages(request)));
    gca_request_resume(request);
}

/* ---- the routes ---- */

static void
get_popup(GcaRequest *request)
{
    if (!gca_guard_is_page_load(gca_request_get_header(request, "Sec-Fetch-Dest"))) {
        gca_request_refuse(request, MHD_HTTP_FORBIDDEN);
        return;
    }
    g_autofree char *token =
        gca_tokens_issue(request->counter->tokens, GCA_PAGE_POPUP, g_get_monotonic_time());
    gca_request_reply_text(request, MHD_HTTP_OK, GCA_REPLY_HTML,
                           gca_page_popup(token, gca_request_get_languages(request)));
}

static void
get_self_test(GcaRequest *request)
{
    g_autofree char *token =
        gca_tokens_issue(request->counter->tokens, GCA_PAGE_SELF_TEST, g_get_monotonic_time());

    gca_request_reply_text(request, MHD_HTTP_OK, GCA_REPLY_HTML,
                           gca_page_self_test(token, gca_request_get_languages(request)));
}

static void
get_add_domain(GcaRequest *request)
{
    const Query domain = query(request, "domain");
    gboolean is_alone = domain.count == 1 && domain.others == 0;
    g_autofree char *site = is_alone ? gca_site_parse(domain.value, FALSE, NULL) : NULL;

    if (!gca_guard_is_page_load(gca_request_get_header(request, "Sec-Fetch-Dest"))) {
        gca_request_refuse(request, MHD_HTTP_FORBIDDEN);
        return;
    }
    if (site == NULL) {
        gca_request_reply_text(request, MHD_HTTP_BAD_REQUEST, GCA_REPLY_HTML,
                               gca_page_site(domain.value, GCA_PAGE_SITE_IMPOSSIBLE,
                                             gca_request_get_languages(request)));
        return;
    }
    request->site = g_strdup(site);
    gca_request_start_job(
        request,
        &(GcaJobWish){.kind = GCA_JOB_TRUST, .site = g_steal_pointer(&site), .may_ask = TRUE},
        on_trust);
}

static gboolean
wants_certificates(const GcaRequest *request)
{
    const Query word = query(request, "withcert");

    return word.count == 1 && g_ascii_strcasecmp(word.value, "true") == 0;
}

static void
list(GcaRequest *request)
{
    if (request->refusal != NULL) {
        gca_request_reply_error(request, request->refusal);
        return;
    }
    gca_request_start_job(request,
                          &(GcaJobWish){.kind = GCA_JOB_LIST,
                                        .site = g_strdup(request->site),
                                        .may_ask = request->may_ask,
                                        .with_certificates = wants_certificates(request)},
                          on_text);
}

static void
get_bitmap(GcaRequest *request)
{
    if (request->refusal != NULL) {
        on_bitmap_text(NULL, request->refusal, request);
        return;
    }
    gca_request_start_job(request,
                          &(GcaJobWish){.kind = GCA_JOB_LIST,
                                        .site = g_strdup(request->site),
                                        .with_certificates = wants_certificates(request)},
                          on_bitmap_text);
}

static void
post_sign(GcaRequest *request)
{
    g_autoptr(GError) error = NULL;

    if (request->refusal != NULL) {
        gca_request_reply_error(request, request->refusal);
        return;
    }
    g_autoptr(GcaSecret) body = gca_secret_new_wiping(request->body, request->size);
    gca_request_forget_body(request);
    GcaOrder *order = gca_order_parse(body, &error);
    if (order == NULL) {
        gca_request_reply_error(request, error);
        return;
    }
    gca_request_start_job(request,
                          &(GcaJobWish){.kind = GCA_JOB_SIGN,
                                        .site = g_strdup(request->site),
                                        .may_ask = request->may_ask,
                                        .order = order},
                          on_text);
}

static void
post_decrypt(GcaRequest *request)
{
    gca_request_reply_code(request, GCA_HIPKI_NOT_SUPPORTED);
}

static void
get_file(GcaRequest *request)
{
    for (const GcaPageFile *file = gca_page_files; file->path != NULL; file++) {
        if (!g_str_equal(file->path, request->route->path))
            continue;
        g_autoptr(GBytes) body = g_bytes_new_static(file->data, file->size);
        request->reply = gca_reply_new(MHD_HTTP_OK, file->type, body);
    }
}

static const GcaRoute routes[] = {
    {"/popupForm", get_popup, NULL, FALSE, NULL},
    {"/ChtPopupForm", get_popup, NULL, FALSE, NULL},
    {"/sign", NULL, post_sign, TRUE, "sign"},
    {"/decrypt", NULL, post_decrypt, FALSE, "decrypt"},
    {"/pkcs11info", list, list, FALSE, "pkcs11info"},
    {"/p11Image.bmp", get_bitmap, NULL, FALSE, "pkcs11info"},
    {"/addDomain", get_add_domain, NULL, FALSE, NULL},
    {"/selfTest.htm", get_self_test, NULL, FALSE, NULL},
    {"/waiting.gif", get_file, NULL, FALSE, NULL},
    {"/popup.js", get_file, NULL, FALSE, NULL},
    {"/selftest.js", get_file, NULL, FALSE, NULL},
    {"/style.css", get_file, NULL, FALSE, NULL},
};

const GcaRoute *
gca_route_find(const char *path)
{
    for (guint i = 0; i < G_N_ELEMENTS(routes); i++) {
        if (g_str_equal(routes[i].path, path))
            return &routes[i];
    }
    return NULL;
}
