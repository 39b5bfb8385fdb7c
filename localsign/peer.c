#include "config.h"

#include "localsign/peer.h"

#include "base/error.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#define WAIT_S 1

typedef struct {
    struct nlmsghdr header;
    struct inet_diag_req_v2 request;
} Question;

typedef union {
    struct nlmsghdr header;
    char bytes[4096];
} Answer;

static void
put_address(const struct sockaddr *address, __be32 *at, __be16 *port)
{
    const struct sockaddr_in *v4 = (const struct sockaddr_in *) (const void *) address;
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *) (const void *) address;

    if (address->sa_family == AF_INET) {
        memcpy(at, &v4->sin_addr, sizeof v4->sin_addr);
        *port = v4->sin_port;
    } else {
        memcpy(at, &v6->sin6_addr, sizeof v6->sin6_addr);
        *port = v6->sin6_port;
    }
}

static gboolean
fail(GError **error, const char *call)
{
    int number = errno;

    gca_error_set(error, GCA_ERROR_INTERNAL, "%s", _("The caller cannot be looked up."));
    gca_error_set_native(error, call, g_strerror(number), (gulong) number);
    return FALSE;
}

static gboolean
exchange(const Question *question, Answer *answer, gsize *size, GError **error)
{
    const struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    const struct timeval wait = {.tv_sec = WAIT_S};
    int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    ssize_t n = -1;

    if (fd < 0)
        return fail(error, "socket");
    if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) == 0 &&
        sendto(fd, question, sizeof *question, 0, (const struct sockaddr *) &kernel,
               sizeof kernel) == (ssize_t) sizeof *question)
        n = recv(fd, answer, sizeof *answer, 0);
    gboolean is_done = n >= 0 || fail(error, "NETLINK_SOCK_DIAG");
    close(fd);
    *size = is_done ? (gsize) n : 0;
    return is_done;
}

/* The one socket that was asked for, or the kernel's error. */
static gboolean
read_answer(const Answer *answer, gsize size, const struct inet_diag_sockid *id, uid_t *user)
{
    const struct inet_diag_msg *found = NLMSG_DATA(&answer->header);

    if (size < NLMSG_LENGTH(sizeof *found) || answer->header.nlmsg_len > size ||
        answer->header.nlmsg_type != SOCK_DIAG_BY_FAMILY)
        return FALSE;
    if (found->id.idiag_sport != id->idiag_sport || found->id.idiag_dport != id->idiag_dport)
        return FALSE;
    *user = found->idiag_uid;
    /* One that its program has closed has no owner, and the kernel says 0 of it. */
    return found->idiag_inode != 0;
}

gboolean
gca_peer_find_user(const struct sockaddr *client, const struct sockaddr *server, uid_t *user,
                   GError **error)
{
    Question question = {
        .header = {.nlmsg_len = sizeof question,
                   .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                   .nlmsg_flags = NLM_F_REQUEST},
        .request = {.sdiag_family = (guint8) client->sa_family,
                    .sdiag_protocol = IPPROTO_TCP,
                    .idiag_states = G_MAXUINT32},
    };
    struct inet_diag_sockid *id = &question.request.id;
    Answer answer;
    gsize size = 0;

    id->idiag_cookie[0] = id->idiag_cookie[1] = (guint32) INET_DIAG_NOCOOKIE;
    put_address(client, id->idiag_src, &id->idiag_sport);
    put_address(server, id->idiag_dst, &id->idiag_dport);
    if (!exchange(&question, &answer, &size, error))
        return FALSE;
    if (read_answer(&answer, size, id, user))
        return TRUE;
    gca_error_set(error, GCA_ERROR_UNTRUSTED, "%s", _("The caller is not there any more."));
    return FALSE;
}
