#include "config.h"

#include "http/curl-private.h"
#include "http/response-private.h"

#include <string.h>
#include <time.h>

typedef struct {
    char *name, *value;
} Header;

struct _GcaHttpResponse {
    guint status;
    GArray *headers; /* of Header */
    GBytes *body;
    char *content_type, *location;
    guint retry_after;
};

static void
clear_header(void *data)
{
    Header *header = data;
    g_free(header->name);
    g_free(header->value);
}

GcaHttpResponse *
gca_http_response_new(guint status)
{
    GcaHttpResponse *response = g_new0(GcaHttpResponse, 1);

    response->status = status;
    response->headers = g_array_new(FALSE, FALSE, sizeof(Header));
    g_array_set_clear_func(response->headers, clear_header);
    response->body = g_bytes_new(NULL, 0);
    return response;
}

void
gca_http_response_free(GcaHttpResponse *response)
{
    if (response == NULL)
        return;
    g_array_unref(response->headers);
    g_bytes_unref(response->body);
    g_free(response->content_type);
    g_free(response->location);
    g_free(response);
}

/* RFC 9110 section 8.3.1: type and subtype are case-insensitive. */
static char *
media_type(const char *value)
{
    g_autofree char *type = g_strndup(value, strcspn(value, ";"));
    return g_ascii_strdown(g_strstrip(type), -1);
}

/* RFC 9110 section 10.2.3: delay-seconds or HTTP-date, and the latter begins with a day's name. */
static guint
seconds_to_wait(const char *value, gint64 now)
{
    if (g_ascii_isdigit(*value) && value[strspn(value, "0123456789")] == '\0')
        return (guint) MIN(g_ascii_strtoull(value, NULL, 10), G_MAXUINT);
    if (!g_ascii_isalpha(*value))
        return 0;
    const GcaCurl *curl = gca_curl_load(NULL);
    time_t when = curl != NULL ? curl->getdate(value, NULL) : -1;
    return when > now ? (guint) MIN(when - now, G_MAXUINT) : 0;
}

void
gca_http_response_add_header(GcaHttpResponse *response, const char *name, const char *value,
                             gint64 now)
{
    gboolean is_first = gca_http_response_get_header(response, name) == NULL;
    const Header header = {g_strdup(name), g_strdup(value)};

    g_array_append_val(response->headers, header);
    if (is_first && g_ascii_strcasecmp(name, "Content-Type") == 0)
        response->content_type = media_type(value);
    if (is_first && g_ascii_strcasecmp(name, "Retry-After") == 0)
        response->retry_after = seconds_to_wait(value, now);
}

void
gca_http_response_set_body(GcaHttpResponse *response, GBytes *body)
{
    g_bytes_unref(response->body);
    response->body = g_bytes_ref(body);
}

void
gca_http_response_set_location(GcaHttpResponse *response, const char *location)
{
    g_free(response->location);
    response->location = g_strdup(location);
}

/* RFC 9110 section 15.4: the statuses that ask for the same at another address. */
const char *
gca_http_response_get_location(const GcaHttpResponse *response)
{
    static const guint statuses[] = {301, 302, 303, 307, 308};

    for (gsize i = 0; i < G_N_ELEMENTS(statuses); i++) {
        if (response->status == statuses[i])
            return response->location;
    }
    return NULL;
}

guint
gca_http_response_get_status(const GcaHttpResponse *response)
{
    return response->status;
}

GBytes *
gca_http_response_get_body(const GcaHttpResponse *response)
{
    return response->body;
}

const char *
gca_http_response_get_header(const GcaHttpResponse *response, const char *name)
{
    for (guint i = 0; i < response->headers->len; i++) {
        const Header *header = &g_array_index(response->headers, Header, i);
        if (g_ascii_strcasecmp(header->name, name) == 0)
            return header->value;
    }
    return NULL;
}

const char *
gca_http_response_get_content_type(const GcaHttpResponse *response)
{
    return response->content_type;
}

guint
gca_http_response_get_retry_after(const GcaHttpResponse *response)
{
    return response->retry_after;
}
