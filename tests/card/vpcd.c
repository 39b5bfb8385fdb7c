#include "tests/card/vpcd.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

int
vpcd_connect(guint16 port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = g_htons(port),
        .sin_addr.s_addr = g_htonl(INADDR_LOOPBACK),
    };
    /* Else a knock whose own port happens to be the reader's would be answered by itself. */
    const struct sockaddr_in own = {
        .sin_family = AF_INET,
        .sin_addr.s_addr = g_htonl(INADDR_LOOPBACK + 1),
    };
    int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (s >= 0 && bind(s, (const struct sockaddr *) &own, sizeof own) == 0 &&
        connect(s, (struct sockaddr *) &address, sizeof address) == 0)
        return s;
    if (s >= 0)
        close(s);
    return -1;
}

static gboolean
receive_all(int s, guint8 *bytes, gsize length)
{
    while (length > 0) {
        const int yes = 1;
        ssize_t got = recv(s, bytes, length, 0);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return FALSE;
        /* The kernel forgets this; without it each APDU waits 40 ms. */
        setsockopt(s, IPPROTO_TCP, TCP_QUICKACK, &yes, sizeof yes);
        bytes += got;
        length -= (gsize) got;
    }
    return TRUE;
}

gboolean
vpcd_receive(int s, GByteArray *frame)
{
    guint8 head[2];

    if (!receive_all(s, head, sizeof head))
        return FALSE;
    g_byte_array_set_size(frame, (guint) (head[0] << 8 | head[1]));
    return receive_all(s, frame->data, frame->len);
}

gboolean
vpcd_send(int s, const GByteArray *frame)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    const guint8 head[2] = {(guint8) (frame->len >> 8), (guint8) frame->len};
    gsize done = 0;

    g_byte_array_append(bytes, head, sizeof head);
    g_byte_array_append(bytes, frame->data, frame->len);
    while (done < bytes->len) {
        ssize_t sent = send(s, bytes->data + done, bytes->len - done, MSG_NOSIGNAL);

        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return FALSE;
        done += (gsize) sent;
    }
    return TRUE;
}
