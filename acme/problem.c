#include "config.h"

#include "acme/problem.h"

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define PREFIX "urn:ietf:params:acme:error:" /* RFC 8555 section 6.7 */
#define TEXT_MAX 500                         /* characters shown of what a server says */
#define SUBPROBLEMS_MAX 10

typedef struct {
    const char *type; /* behind PREFIX */
    const char *sentence;
    const char *hint;
    const char *told; /* in its place, where the server has words of its own; or NULL */
} Known;

static const Known table[] = {
    {"accountDoesNotExist", N_("The ACME server knows no such account."),
     N_("Register the account anew, then pre-register it.")},
    {"userEmailRequired", N_("The ACME server wants an e-mail address with the account."),
     N_("Give the account exactly one contact e-mail address.")},
    {"userActionRequired", N_("The ACME server wants the account's owner to agree to its terms."),
     N_("Agree to the terms of service with the ACME client; certbot has --agree-tos.")},
    {"unauthorized", N_("The ACME server does not let this account do that."),
     N_("Pre-register the account first, if that has not been done; an account that was "
        "deactivated must be registered anew."),
     N_("Ask the CA, where its server's words do not tell what to do.")},
    {"badNonce", N_("The ACME server has refused the request as out of date."),
     N_("Try again; if it stays so, something between here and the server keeps old answers.")},
    {"rateLimited", N_("The ACME server has had too many requests."), N_("Try again later.")},
    {"serverInternal", N_("The ACME server has met a fault of its own."), N_("Try again later.")},
    {"incorrectResponse",
     N_("The ACME server did not find its token at the domain (http-01 has failed)."),
     N_("Check that the name leads to this host, and not to another behind the load balancer.")},
    {"connection", N_("The ACME server cannot reach the domain's web server."),
     N_("Check that the name leads to this host, and that its port 80 is open to the Internet.")},
    {"dns", N_("The ACME server cannot find the domain in the DNS."),
     N_("Check the domain's DNS records.")},
    {"caa", N_("The domain's CAA records do not let this CA issue a certificate."),
     N_("Add the CA to the domain's CAA records.")},
    {"rejectedIdentifier", N_("The ACME server issues no certificates for this name."),
     N_("Check that the name is among those that were pre-registered.")},
    {"externalAccountRequired", N_("The ACME server wants an external account binding."),
     N_("Ask the CA for the binding's key and give it to the ACME client.")},
    {"badSignatureAlgorithm", N_("The ACME server does not take this kind of account key."),
     N_("Register an account with another kind of key: RSA, or one of the curve P-256.")},
    {"badPublicKey", N_("The ACME server does not take this account key."),
     N_("Register an account with another key.")},
    {"malformed", N_("The ACME server does not understand the request."),
     N_("Check that the account, its key and the server belong together.")},
};

/* The members of a problem; any of them may be NULL. */
static json_t *
parse_problem(GBytes *body)
{
    g_autoptr(json_t) value =
        body != NULL && g_bytes_get_size(body) > 0 ? gca_json_parse(body, "", NULL) : NULL;

    return json_is_string(json_object_get(value, "type")) ? g_steal_pointer(&value) : NULL;
}

static const char *
get_text(json_t *problem, const char *name)
{
    const char *text = json_string_value(json_object_get(problem, name));

    return text != NULL && *text != '\0' ? text : NULL;
}

/* The server's own words made safe to show. */
static char *
show(const char *text)
{
    g_autofree char *start = g_utf8_substring(text, 0, MIN(g_utf8_strlen(text, -1), TEXT_MAX));

    return gca_text_escape(start);
}

static const Known *
find_known(const char *type)
{
    if (!g_str_has_prefix(type, PREFIX))
        return NULL;
    for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
        if (g_str_equal(table[i].type, type + strlen(PREFIX)))
            return &table[i];
    }
    return NULL;
}

static void
add_link(GError **error, json_t *problem)
{
    const char *type = get_text(problem, "type");
    const char *detail = get_text(problem, "detail");
    g_autofree char *shown_type = show(type ? type : "about:blank");
    g_autofree char *shown_detail = show(detail ? detail : "");

    if (detail != NULL)
        gca_error_add_detail(error, "%s (%s)", shown_type, shown_detail);
    else
        gca_error_add_detail(error, "%s", shown_type);
}

/* RFC 8555 section 6.7.1 */
static void
add_details(GError **error, guint status, json_t *problem)
{
    json_t *subproblems = json_object_get(problem, "subproblems");
    gsize count = MIN(json_array_size(subproblems), SUBPROBLEMS_MAX);

    for (gsize i = count; i > 0; i--)
        add_link(error, json_array_get(subproblems, i - 1));
    add_link(error, problem);
    gca_error_add_detail(error, "HTTP %u", status);
}

static void
set_problem(guint status, json_t *problem, GError **error)
{
    const char *type = get_text(problem, "type");
    const char *detail = get_text(problem, "detail");
    const Known *known = find_known(type ? type : "");
    g_autofree char *shown = show(detail ? detail : type ? type : "");

    if (known == NULL)
        gca_error_set(error, GCA_ERROR_SERVER,
                      _("The ACME server has refused the request with status %u: “%s”."), status,
                      shown);
    else if (detail == NULL)
        gca_error_set(error, GCA_ERROR_SERVER, "%s", _(known->sentence));
    else
        gca_error_set(error, GCA_ERROR_SERVER, _("%s It says: “%s”"), _(known->sentence), shown);
    if (known != NULL)
        gca_error_set_hint(error, _(detail && known->told ? known->told : known->hint));
    add_details(error, status, problem);
}

static gboolean
is_web_page(const char *content_type, GBytes *body)
{
    gsize size = 0;
    const char *data = body ? g_bytes_get_data(body, &size) : NULL;

    return g_strcmp0(content_type, "text/html") == 0 || (size > 0 && data[0] == '<');
}

static void
set_other(guint status, const char *content_type, GBytes *body, GError **error)
{
    if (body == NULL || g_bytes_get_size(body) == 0)
        gca_error_set(error, GCA_ERROR_SERVER,
                      _("The server has answered with status %u and nothing more."), status);
    else if (is_web_page(content_type, body))
        gca_error_set(error, GCA_ERROR_SERVER,
                      _("The server has answered with status %u and a web page, not as an ACME "
                        "server does."),
                      status);
    else
        gca_error_set(error, GCA_ERROR_SERVER,
                      _("The server has answered with status %u, not as an ACME server does."),
                      status);
    if (status >= 500)
        gca_error_set_hint(error, _("The server, or a proxy before it, is not well; try later."));
    else
        gca_error_set_hint(error, _("Check the address of the ACME directory, and the proxy."));
    gca_error_add_detail(error, "HTTP %u", status);
}

void
gca_problem_set_error(guint status, const char *content_type, GBytes *body, GError **error)
{
    g_autoptr(json_t) problem = parse_problem(body);

    if (problem != NULL)
        set_problem(status, problem, error);
    else
        set_other(status, content_type, body, error);
}

gboolean
gca_problem_is(GBytes *body, const char *type)
{
    g_autoptr(json_t) problem = parse_problem(body);
    const char *found = get_text(problem, "type");

    return found != NULL && g_str_has_prefix(found, PREFIX) &&
           g_str_equal(found + strlen(PREFIX), type);
}

char *
gca_problem_dup_detail(GBytes *body)
{
    g_autoptr(json_t) problem = parse_problem(body);
    const char *detail = get_text(problem, "detail");

    return detail ? g_utf8_substring(detail, 0, MIN(g_utf8_strlen(detail, -1), TEXT_MAX)) : NULL;
}
