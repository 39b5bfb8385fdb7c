/* Whose program calls, and the sockets that are listened at. */
#include "base/error.h"
#include "localsign/listener.h"
#include "localsign/peer.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define OTHER_USER 65533

typedef struct {
    int server, client;
    struct sockaddr_in6 ours, theirs;
} Link;

static gboolean
connect_to(Link *link, int family)
{
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_addr = in6addr_loopback};
    struct sockaddr_in *v4 = (struct sockaddr_in *) (void *) &address;
    socklen_t size = sizeof address, ours = sizeof link->ours, theirs = sizeof link->theirs;

    if (family == AF_INET)
        *v4 = (struct sockaddr_in){.sin_family = AF_INET,
                                   .sin_addr.s_addr = g_htonl(INADDR_LOOPBACK)};
    link->server = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(link->server, (struct sockaddr *) &address, size) != 0) {
        g_assert_cmpint(errno, ==, EADDRNOTAVAIL);
        close(link->server);
        return FALSE;
    }
    g_assert_cmpint(listen(link->server, 1), ==, 0);
    g_assert_cmpint(getsockname(link->server, (struct sockaddr *) &link->ours, &ours), ==, 0);
    link->client = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_assert_cmpint(connect(link->client, (struct sockaddr *) &link->ours, ours), ==, 0);
    g_assert_cmpint(getsockname(link->client, (struct sockaddr *) &link->theirs, &theirs), ==, 0);
    return TRUE;
}

static gboolean
find(const Link *link, uid_t *user, GError **error)
{
    return gca_peer_find_user((const struct sockaddr *) &link->theirs,
                              (const struct sockaddr *) &link->ours, user, error);
}

static void
test_own(void)
{
    static const int families[] = {AF_INET, AF_INET6};

    for (guint i = 0; i < G_N_ELEMENTS(families); i++) {
        g_autoptr(GError) error = NULL;
        Link link;
        uid_t user = (uid_t) -1;
        if (!connect_to(&link, families[i]))
            continue;
        g_assert_true(find(&link, &user, &error));
        g_assert_no_error(error);
        g_assert_cmpuint(user, ==, getuid());
        close(link.client);
        close(link.server);
    }
}

/* One that has closed its end has no owner: the kernel would say 0, which is root. */
static void
test_gone(void)
{
    g_autoptr(GError) error = NULL;
    Link link;
    uid_t user;

    g_assert_true(connect_to(&link, AF_INET));
    close(link.client);
    g_assert_false(find(&link, &user, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_UNTRUSTED);
    close(link.server);
}

/* Its socket belongs to whom it was made by. Users can be changed by root alone, so elsewhere this
 * tells that the answer is not just our own. */
static void
test_other_user(void)
{
    Link link;
    uid_t user = (uid_t) -1;
    uid_t made_by = getuid();

    if (made_by == 0) {
        g_assert_cmpint(seteuid(OTHER_USER), ==, 0);
        made_by = OTHER_USER;
    }
    g_assert_true(connect_to(&link, AF_INET));
    if (getuid() == 0)
        g_assert_cmpint(seteuid(0), ==, 0);
    g_assert_true(find(&link, &user, NULL));
    g_assert_cmpuint(user, ==, made_by);
    close(link.client);
    close(link.server);
}

/* ---- listening ---- */

static void
test_taken(void)
{
    g_autoptr(GArray) listeners = gca_listeners_new();
    g_autoptr(GError) error = NULL;
    Link link;

    g_assert_true(connect_to(&link, AF_INET));
    const struct sockaddr_in *address = (const struct sockaddr_in *) (const void *) &link.ours;
    g_assert_false(gca_listeners_open(listeners, g_ntohs(address->sin_port), &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_BUSY);
    g_assert_nonnull(strstr(error->message, "Another program of yours"));
    close(link.client);
    close(link.server);
}

static void
test_adopts_loopback_only(void)
{
    g_autoptr(GArray) listeners = gca_listeners_new();
    g_autoptr(GError) error = NULL;
    const struct sockaddr_in all = {.sin_family = AF_INET};
    int wide = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    Link link;

    g_assert_true(bind(wide, (const struct sockaddr *) &all, sizeof all) == 0 &&
                  listen(wide, 1) == 0);
    g_assert_false(gca_listeners_adopt(listeners, wide, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
    g_clear_error(&error);
    g_assert_true(connect_to(&link, AF_INET));
    g_assert_false(gca_listeners_adopt(listeners, link.client, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
    g_clear_error(&error);
    g_assert_false(gca_listeners_adopt(listeners, -1, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
    g_clear_error(&error);
    g_assert_true(gca_listeners_adopt(listeners, link.server, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(listeners->len, ==, 1); /* closes it */
    g_assert_cmpuint(g_array_index(listeners, GcaListener, 0).port, >, 0);
    close(link.client);
    close(wide);
}

static void
test_environment(void)
{
    static const char *const bad[][2] = {{"7", NULL}, {NULL, "2"}, {"7", ""},   {"7", "-1"},
                                         {"7", "2x"}, {"7", "17"}, {" 7", "2"}, {"7", "0x2"}};
    guint count = 99;

    g_assert_true(gca_listeners_parse_environment(NULL, NULL, 7, &count, NULL));
    g_assert_cmpuint(count, ==, 0);
    g_assert_true(gca_listeners_parse_environment("7", "2", 7, &count, NULL));
    g_assert_cmpuint(count, ==, 2);
    g_assert_true(gca_listeners_parse_environment("8", "2", 7, &count, NULL));
    g_assert_cmpuint(count, ==, 0);
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(gca_listeners_parse_environment(bad[i][0], bad[i][1], 7, &count, &error));
        g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/localsign/peer/own", test_own);
    g_test_add_func("/localsign/peer/gone", test_gone);
    g_test_add_func("/localsign/peer/other-user", test_other_user);
    g_test_add_func("/localsign/listener/taken-by-whom", test_taken);
    g_test_add_func("/localsign/listener/adopts-loopback-only", test_adopts_loopback_only);
    g_test_add_func("/localsign/listener/environment", test_environment);
    return g_test_run();
}
