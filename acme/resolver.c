#include "config.h"

#include "acme/resolver.h"

#include "acme/caa-answer.h"
#include "base/error.h"
#include "base/log.h"
#include "base/text.h"

#include <ares.h>
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <glib/gi18n-lib.h>
#include <poll.h>
#include <string.h>

#define TIMEOUT_MS 2000 /* of the first try; the second waits twice as long */
#define TRIES 2
#define UDP_SIZE 1232 /* passes every path unfragmented */
#define SLICE_MS 1000
#define SOCKETS (ARES_GETSOCK_MAXNUM - 1) /* ARES_GETSOCK_WRITABLE shifts the last too far */

struct _GcaResolver {
    ares_channel channel;
    gboolean is_silent;
};

typedef struct {
    const char *domain;
    gboolean is_done;
    int status;         /* ARES_* */
    GPtrArray *records; /* NULL: no answer */
} Question;

void
gca_resolver_free(GcaResolver *resolver)
{
    if (resolver->channel != NULL)
        ares_destroy(resolver->channel);
    ares_library_cleanup();
    g_free(resolver);
}

gboolean
gca_resolver_is_answering(const GcaResolver *resolver)
{
    return !resolver->is_silent;
}

/* An IP address, and a port if there is one. */
static gboolean
parse_server(const char *text, struct ares_addr_port_node *node)
{
    g_autofree char *url = g_strdup_printf(
        strchr(text, ':') != strrchr(text, ':') && *text != '[' ? "dns://[%s]" : "dns://%s", text);
    g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_ENCODED, NULL);
    if (uri == NULL || g_uri_get_host(uri) == NULL || *g_uri_get_path(uri) != '\0' ||
        g_uri_get_userinfo(uri) != NULL || g_uri_get_query(uri) != NULL ||
        g_uri_get_fragment(uri) != NULL || g_uri_get_port(uri) == 0)
        return FALSE;

    const char *host = g_uri_get_host(uri);
    node->udp_port = node->tcp_port = g_uri_get_port(uri) > 0 ? g_uri_get_port(uri) : 0;
    node->family = AF_INET;
    if (inet_pton(AF_INET, host, &node->addr) == 1)
        return TRUE;
    node->family = AF_INET6;
    return inet_pton(AF_INET6, host, &node->addr) == 1;
}

static gboolean
use_server(GcaResolver *resolver, const char *server, GError **error)
{
    struct ares_addr_port_node node = {0};

    if (parse_server(server, &node) &&
        ares_set_servers_ports(resolver->channel, &node) == ARES_SUCCESS)
        return TRUE;
    g_autofree char *shown = gca_text_escape(server);
    gca_error_set(error, GCA_ERROR_USAGE,
                  _("“%s” is no DNS server's address; it is written like 192.0.2.53, "
                    "192.0.2.53:5353 or [2001:db8::53]:5353."),
                  shown);
    return FALSE;
}

GcaResolver *
gca_resolver_new(const char *server, GError **error)
{
    struct ares_options options = {
        .flags = ARES_FLAG_EDNS, .timeout = TIMEOUT_MS, .tries = TRIES, .ednspsz = UDP_SIZE};
    const int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_EDNSPSZ;
    g_autoptr(GcaResolver) resolver = g_new0(GcaResolver, 1);

    ares_library_init(ARES_LIB_INIT_ALL); /* counted */
    int status = ares_init_options(&resolver->channel, &options, mask);
    if (status != ARES_SUCCESS) {
        resolver->channel = NULL;
        gca_error_set(error, GCA_ERROR_NETWORK, "%s",
                      _("This computer's DNS settings are of no use."));
        gca_error_set_native(error, "ares_init_options", ares_strerror(status), (gulong) status);
        return NULL;
    }
    if (server != NULL && !use_server(resolver, server, error))
        return NULL;
    return g_steal_pointer(&resolver);
}

/* ---- one question ---- */

static void
take_answer(void *data, int status, int timeouts, unsigned char *answer, int size)
{
    Question *question = data;

    if (status == ARES_SUCCESS)
        question->records = gca_caa_answer_parse(answer, (gsize) size, question->domain);
    else if (status == ARES_ENODATA || status == ARES_ENOTFOUND)
        question->records = g_ptr_array_new();
    if (status == ARES_SUCCESS && question->records == NULL)
        status = ARES_EBADRESP;
    question->status = status;
    question->is_done = TRUE;
}

/* Until a server's answer, the end of a waiting time, or `cancel`. */
static void
wait_for_events(ares_channel channel, GcaCancel *cancel)
{
    ares_socket_t sockets[SOCKETS];
    struct pollfd polled[SOCKETS + 1];
    struct timeval longest = {.tv_sec = SLICE_MS / 1000}, time;
    int bits = ares_getsock(channel, sockets, SOCKETS);
    nfds_t n = 0;

    for (guint i = 0; i < SOCKETS; i++) {
        short events = (short) ((ARES_GETSOCK_READABLE(bits, i) ? POLLIN : 0) |
                                (ARES_GETSOCK_WRITABLE(bits, i) ? POLLOUT : 0));
        if (events != 0)
            polled[n++] = (struct pollfd){.fd = sockets[i], .events = events};
    }
    polled[n] = (struct pollfd){.fd = gca_cancel_get_fd(cancel), .events = POLLIN};
    const struct timeval *left = ares_timeout(channel, &longest, &time);
    int ready = poll(polled, n + 1, (int) (left->tv_sec * 1000 + left->tv_usec / 1000 + 1));

    for (nfds_t i = 0; ready > 0 && i < n; i++) {
        gboolean can_read = (polled[i].revents & (POLLIN | POLLERR | POLLHUP)) != 0;
        gboolean can_write = (polled[i].revents & POLLOUT) != 0;
        ares_process_fd(channel, can_read ? polled[i].fd : ARES_SOCKET_BAD,
                        can_write ? polled[i].fd : ARES_SOCKET_BAD);
    }
    ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD); /* what took too long */
}

/* c-ares calls it ARES_ECONNREFUSED, too, where every server has refused or failed. */
static void
set_error(const char *domain, int status, gboolean is_silent, GError **error)
{
    if (is_silent)
        gca_error_set(error, GCA_ERROR_NETWORK, _("No DNS server answers (asked for “%s”)."),
                      domain);
    else
        gca_error_set(error, GCA_ERROR_NETWORK,
                      _("The DNS servers give no usable answer on the CAA records of “%s”."),
                      domain);
    gca_error_set_hint(error, _("Check the DNS settings, or name another server with --dns. A CA "
                                "that gets no answer either gives no certificate."));
    gca_error_set_native(error, "ares_query", ares_strerror(status), (gulong) status);
}

/* Its own records; an alias is followed by the servers (RFC 8659 section 3). */
static GPtrArray *
ask(GcaResolver *resolver, const char *domain, GcaCancel *cancel, GError **error)
{
    Question question = {.domain = domain};

    if (!gca_cancel_check(cancel, error))
        return NULL;
    ares_query(resolver->channel, domain, ns_c_in, ns_t_caa, take_answer, &question);
    while (!question.is_done && !gca_cancel_is_requested(cancel))
        wait_for_events(resolver->channel, cancel);
    if (!question.is_done)
        ares_cancel(resolver->channel); /* calls take_answer */
    g_autoptr(GPtrArray) records = question.records;
    if (!gca_cancel_check(cancel, error))
        return NULL;
    gca_log("acme", "CAA %s: %s, %u records", domain, ares_strerror(question.status),
            records ? records->len : 0);
    if (records != NULL)
        return g_steal_pointer(&records);
    resolver->is_silent = question.status == ARES_ETIMEOUT;
    set_error(domain, question.status, resolver->is_silent, error);
    return NULL;
}

GPtrArray *
gca_resolver_fetch_caa(GcaResolver *resolver, const char *domain, char **found_at,
                       GcaCancel *cancel, GError **error)
{
    *found_at = NULL;
    for (const char *name = domain;;) {
        g_autoptr(GPtrArray) records = ask(resolver, name, cancel, error);
        if (records == NULL)
            return NULL;
        if (records->len > 0)
            *found_at = g_strdup(name);
        const char *dot = strchr(name, '.');
        if (records->len > 0 || dot == NULL)
            return g_steal_pointer(&records);
        name = dot + 1;
    }
}
