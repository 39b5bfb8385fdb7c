#include "config.h"

#include "pcsc/link.h"

#include "pcsc/card.h"

#include <string.h>

#define SETTLE_MS 1000

/* A g_atomic_rc_box, with a PC/SC context of its own: a call that does not come back keeps it. */
struct _GcaLink {
    char *reader;
    SCARDCONTEXT context;
    SCARDHANDLE handle;
    DWORD protocol;
    DWORD state; /* of the reader when the card was connected to */
    gboolean has_context;
    gboolean is_connected;
    gboolean has_transaction;
    gboolean has_talked;
    LONG loss; /* why a call was given up: no more calls; or SCARD_S_SUCCESS */
    const char *call;
    LONG answer;
    guint8 command[GCA_CARD_COMMAND_LIMIT];
    gsize command_size;
    guint8 response[GCA_LINK_ANSWER_SIZE];
    DWORD response_size;
};

static void
disconnect(gpointer data)
{
    GcaLink *link = data;

    if (link->has_transaction)
        SCardEndTransaction(link->handle, SCARD_LEAVE_CARD);
    if (link->is_connected)
        SCardDisconnect(link->handle, SCARD_LEAVE_CARD);
    if (link->has_context)
        SCardReleaseContext(link->context);
    link->has_transaction = link->is_connected = link->has_context = FALSE;
}

static void
link_clear(gpointer data)
{
    GcaLink *link = data;

    disconnect(link);
    g_free(link->reader);
}

/* Notes which call was made last and what it answered. */
static gboolean
note(GcaLink *link, const char *call, LONG answer)
{
    link->call = call;
    link->answer = answer;
    return answer == SCARD_S_SUCCESS;
}

/* Another program has reset the card: only a reconnection clears that. */
static gboolean
reconnect(GcaLink *link)
{
    return note(link, "SCardReconnect",
                SCardReconnect(link->handle, SCARD_SHARE_SHARED,
                               SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, SCARD_LEAVE_CARD,
                               &link->protocol));
}

static gboolean
begin(GcaLink *link)
{
    link->has_transaction =
        note(link, "SCardBeginTransaction", SCardBeginTransaction(link->handle));
    return link->has_transaction;
}

/* What the service knows of the reader: with the high word it counts the cards' coming and going.
 */
static LONG
get_state(GcaLink *link, DWORD timeout_ms, DWORD known, DWORD *state)
{
    SCARD_READERSTATE asked = {.szReader = link->reader, .dwCurrentState = known};
    LONG answer = SCardGetStatusChange(link->context, timeout_ms, &asked, 1);

    *state = asked.dwEventState & ~(DWORD) SCARD_STATE_CHANGED;
    return answer;
}

static void
connect_and_begin(gpointer data)
{
    GcaLink *link = data;

    link->has_context = note(link, "SCardEstablishContext",
                             SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &link->context));
    if (!link->has_context)
        return;
    link->is_connected =
        note(link, "SCardConnect",
             SCardConnect(link->context, link->reader, SCARD_SHARE_SHARED,
                          SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &link->handle, &link->protocol));
    if (!link->is_connected)
        return;
    if (!begin(link) && link->answer == SCARD_W_RESET_CARD && reconnect(link))
        begin(link);
    get_state(link, 0, SCARD_STATE_UNAWARE, &link->state);
    if (link->has_transaction && link->protocol != SCARD_PROTOCOL_T0 &&
        link->protocol != SCARD_PROTOCOL_T1)
        note(link, "SCardConnect", SCARD_E_PROTO_MISMATCH);
}

static void
send_command(GcaLink *link)
{
    link->response_size = sizeof link->response;
    note(link, "SCardTransmit",
         SCardTransmit(
             link->handle, link->protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1,
             link->command, link->command_size, NULL, link->response, &link->response_size));
}

/* Readers report a card pulled out in the middle of a command as a failed transmission or an empty
 * answer first, and pcscd takes some time to see that it is gone. */
static LONG
find_cause(GcaLink *link, LONG answer)
{
    DWORD state;
    LONG found = get_state(link, SETTLE_MS, link->state, &state);

    if (found == SCARD_E_UNKNOWN_READER || found == SCARD_E_READER_UNAVAILABLE)
        return SCARD_E_READER_UNAVAILABLE;
    gboolean is_gone = (state & SCARD_STATE_EMPTY) != 0 || state >> 16 != link->state >> 16;
    return found == SCARD_S_SUCCESS && is_gone ? SCARD_W_REMOVED_CARD : answer;
}

static void
transmit(gpointer data)
{
    GcaLink *link = data;

    send_command(link);
    /* Later on a reset has taken the selected file away, and the command means something else. */
    if (link->answer == SCARD_W_RESET_CARD && !link->has_talked && reconnect(link))
        send_command(link);
    link->has_talked = TRUE;
    switch (link->answer) {
    case SCARD_S_SUCCESS:
        if (link->response_size < 2)
            link->answer = find_cause(link, link->answer);
        break;
    case SCARD_E_NO_SMARTCARD:
        link->answer = SCARD_W_REMOVED_CARD;
        break;
    case SCARD_E_NOT_TRANSACTED:
    case SCARD_E_COMM_DATA_LOST:
    case SCARD_F_COMM_ERROR:
    case SCARD_W_UNPOWERED_CARD:
    case SCARD_W_UNRESPONSIVE_CARD:
        link->answer = find_cause(link, link->answer);
        break;
    default:
        break;
    }
}

/* FALSE if the call was given up; nothing of `link` but its reference may be touched after that. */
static gboolean
run(GcaLink *link, void (*call)(gpointer link), const GcaWaiter *waiter)
{
    if (link->loss == SCARD_S_SUCCESS)
        link->loss = gca_bounded_call(call, link, link_clear, waiter);
    return link->loss == SCARD_S_SUCCESS;
}

GcaLink *
gca_link_open(const char *reader, const GcaWaiter *waiter, const char **call, LONG *answer)
{
    g_autoptr(GcaLink) link = g_atomic_rc_box_new0(GcaLink);

    link->reader = g_strdup(reader);
    if (!run(link, connect_and_begin, waiter)) {
        *call = "SCardConnect";
        *answer = link->loss;
        return NULL;
    }
    *call = link->call;
    *answer = link->answer;
    return link->answer == SCARD_S_SUCCESS ? g_steal_pointer(&link) : NULL;
}

void
gca_link_close(GcaLink *link)
{
    run(link, disconnect, &(GcaWaiter){NULL}); /* soon done, or given up already */
    g_atomic_rc_box_release_full(link, link_clear);
}

static void
look(gpointer data)
{
    GcaLink *link = data;

    link->has_context =
        SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &link->context) == SCARD_S_SUCCESS;
    if (link->has_context)
        get_state(link, 0, SCARD_STATE_UNAWARE, &link->state);
    disconnect(link);
}

gboolean
gca_link_is_shared(const char *reader)
{
    GcaLink *link = g_atomic_rc_box_new0(GcaLink);

    link->reader = g_strdup(reader);
    gboolean is_shared = run(link, look, &(GcaWaiter){NULL}) &&
                         (link->state & (SCARD_STATE_INUSE | SCARD_STATE_EXCLUSIVE)) != 0;
    g_atomic_rc_box_release_full(link, link_clear);
    return is_shared;
}

LONG
gca_link_transmit(GcaLink *link, const guint8 *command, gsize size, guint8 *response,
                  gsize *response_size, const GcaWaiter *waiter)
{
    g_return_val_if_fail(size <= sizeof link->command, SCARD_E_INVALID_PARAMETER);
    if (link->loss != SCARD_S_SUCCESS)
        return link->loss;
    memcpy(link->command, command, size);
    link->command_size = size;
    if (!run(link, transmit, waiter))
        return link->loss;
    *response_size = MIN(link->response_size, sizeof link->response);
    memcpy(response, link->response, *response_size);
    return link->answer;
}
