#include "tests/card/session.h"

#include "tests/card/vpcd.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define CONNECT_WITHIN_MS 10000

/* pcscd looks for a card once as it starts, and then only each 400 ms. A card
 * that knocks without a pause is there for the first look. */
#define KNOCK_FAST_MS 200

/* A card that is back before that look was, to pcscd, never away. */
#define UNNOTICED_MS 450

typedef enum { TIMEOUT, READABLE, TAKEN_OUT, PUT_BACK, ENDED } Event;

typedef struct {
    Card *card;
    const Options *options;
    int signals; /* signalfd */
    int socket;  /* -1: not in the reader */
    gboolean announced;
} Session;

static int
open_signals(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGUSR2);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC);
}

static Event
read_signal(Session *session)
{
    struct signalfd_siginfo info;

    if (read(session->signals, &info, sizeof info) != sizeof info)
        return ENDED;
    if (info.ssi_signo == SIGUSR1)
        return TAKEN_OUT;
    return info.ssi_signo == SIGUSR2 ? PUT_BACK : ENDED;
}

/* Waits for a signal and, if `listen`, for the reader; -1 ms is for ever. */
static Event
wait_event(Session *session, gboolean listen, int ms)
{
    struct pollfd fds[] = {{session->signals, POLLIN, 0}, {session->socket, POLLIN, 0}};
    int ready;

    do
        ready = poll(fds, listen ? 2 : 1, ms);
    while (ready < 0 && errno == EINTR);
    if (fds[0].revents != 0)
        return read_signal(session);
    return ready > 0 ? READABLE : TIMEOUT;
}

/* READABLE once it is in, TIMEOUT if there is no reader. */
static Event
put_in(Session *session)
{
    gint64 start = g_get_monotonic_time();
    gint64 waited = 0;

    while (waited < CONNECT_WITHIN_MS) {
        session->socket = vpcd_connect((guint16) session->options->port);
        if (session->socket >= 0)
            return READABLE;
        waited = (g_get_monotonic_time() - start) / G_TIME_SPAN_MILLISECOND;
        if (wait_event(session, FALSE, waited < KNOCK_FAST_MS ? 0 : 1) == ENDED)
            return ENDED;
    }
    return TIMEOUT;
}

static void
take_out(Session *session)
{
    close(session->socket);
    session->socket = -1;
    card_power_off(session->card);
}

static void
announce(const char *word)
{
    puts(word);
    fflush(stdout);
}

static void
power_on(Session *session)
{
    card_power_on(session->card);
    if (!session->announced)
        announce("ready");
    session->announced = TRUE;
}

static Event
control(Session *session, guint8 code)
{
    if (code == VPCD_POWER_ON || code == VPCD_RESET)
        power_on(session);
    if (code == VPCD_GET_ATR && !vpcd_send(session->socket, card_get_atr(session->card)))
        return ENDED;
    return READABLE;
}

static Event
answer(Session *session, const GByteArray *frame)
{
    g_autoptr(GByteArray) reply = g_byte_array_new();
    CardTurn turn;

    if (session->options->slow > 0) {
        Event event = wait_event(session, FALSE, session->options->slow);

        if (event == TAKEN_OUT || event == ENDED)
            return event;
    }
    turn = card_transmit(session->card, frame->data, frame->len, reply);
    if (turn == CARD_IS_GONE)
        return TAKEN_OUT;
    if (!vpcd_send(session->socket, reply))
        return ENDED;
    return turn == CARD_LEAVES ? TAKEN_OUT : READABLE;
}

/* Serves the reader until the card is taken out or all ends. */
static Event
serve(Session *session)
{
    g_autoptr(GByteArray) frame = g_byte_array_new();
    Event event = READABLE;

    while (event == READABLE || event == PUT_BACK) {
        event = wait_event(session, TRUE, -1);
        if (event != READABLE)
            continue;
        if (!vpcd_receive(session->socket, frame))
            event = ENDED;
        else if (frame->len == 1)
            event = control(session, frame->data[0]);
        else
            event = answer(session, frame);
    }
    return event;
}

static int
ms_left(gint64 start, int ms)
{
    gint64 passed = (g_get_monotonic_time() - start) / G_TIME_SPAN_MILLISECOND;

    return (int) MAX(0, ms - passed);
}

/* Until --return-after or SIGUSR2, and long enough to be missed. */
static Event
wait_outside(Session *session)
{
    int after = session->options->return_after;
    gint64 start = g_get_monotonic_time();
    Event event = TAKEN_OUT;

    while (event == TAKEN_OUT)
        event = wait_event(session, FALSE, after > 0 ? ms_left(start, after) : -1);
    while (event != ENDED && ms_left(start, UNNOTICED_MS) > 0)
        event = wait_event(session, FALSE, ms_left(start, UNNOTICED_MS));
    return event;
}

int
session_run(Card *card, const Options *options)
{
    Session session = {card, options, open_signals(), -1, FALSE};
    Event event = TAKEN_OUT;

    announce("waiting");
    while (event != ENDED) {
        event = put_in(&session);
        if (event != READABLE)
            break;
        event = serve(&session);
        take_out(&session);
        if (event == TAKEN_OUT)
            event = wait_outside(&session);
    }
    close(session.signals);
    return event == ENDED ? 0 : 1;
}
