#include "config.h"

#include "pcsc/card.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "pcsc/link.h"
#include "pcsc/scard-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define INS_GET_RESPONSE 0xC0
#define SW1_MORE 0x61     /* xx more bytes by GET RESPONSE (ISO 7816-4 section 5.1.3) */
#define SW1_WRONG_LE 0x6C /* repeat with Le = xx */
#define SW_WRONG_CLA 0x6E00

struct _GcaCard {
    GcaLink *link;
    GcaCancel *cancel;
    GcaInteraction *interaction; /* or NULL */
    char *reader;
    GError *failure; /* the transport's first error: nothing is sent after it */
};

/* One command and its answer, as they went over the reader. */
typedef struct {
    guint8 command[GCA_CARD_COMMAND_LIMIT];
    gsize command_size;
    guint8 answer[GCA_LINK_ANSWER_SIZE];
    gsize answer_size; /* without the status word */
    guint16 status;
} Exchange;

static GcaCard *
card_new(const GcaPcsc *pcsc, const char *reader, GcaCancel *cancel)
{
    GcaCard *card = g_new0(GcaCard, 1);

    card->cancel = cancel ? gca_cancel_ref(cancel) : NULL;
    g_set_object(&card->interaction, gca_pcsc_get_interaction(pcsc));
    card->reader = g_strdup(reader);
    return card;
}

/* ---- what is waited for ---- */

static void
tell_in_use(const GcaCard *card)
{
    g_autoptr(GError) why = NULL;

    if (card->interaction == NULL)
        return;
    gca_scard_error_set_busy(&why, "SCardConnect", SCARD_E_TIMEOUT, card->reader);
    gca_interaction_notice(card->interaction, GCA_NOTICE_INFO, _("%s Waiting for it …"),
                           why->message);
}

static void
tell_mute(gpointer data)
{
    const GcaCard *card = data;
    g_autofree char *shown = gca_text_escape(card->reader);

    if (card->interaction != NULL)
        gca_interaction_notice(card->interaction, GCA_NOTICE_INFO,
                               _("The card in the reader “%s” does not answer. Waiting for it …"),
                               shown);
}

/* ---- connection ---- */

/* Another program is waited for, or a card that has to be powered up. */
static void
tell_opening(gpointer data)
{
    const GcaCard *card = data;

    if (gca_link_is_shared(card->reader))
        tell_in_use(card);
    else
        tell_mute(data);
}

static void
set_not_opened(const GcaCard *card, const char *call, LONG answer, GError **error)
{
    if (answer == SCARD_E_CANCELLED)
        gca_cancel_check(card->cancel, error);
    else if (answer == SCARD_E_TIMEOUT && gca_link_is_shared(card->reader))
        gca_scard_error_set_busy(error, call, answer, card->reader);
    else
        gca_scard_error_set(error, call, answer, card->reader);
}

GcaCard *
gca_card_connect(GcaPcsc *pcsc, const char *reader, GcaCancel *cancel, GError **error)
{
    const char *call;
    LONG answer;

    if (!gca_cancel_check(cancel, error))
        return NULL;
    g_autoptr(GcaCard) card = card_new(pcsc, reader, cancel);
    const GcaWaiter waiter = {cancel, tell_opening, card};
    card->link = gca_link_open(reader, &waiter, &call, &answer);
    if (card->link == NULL) {
        set_not_opened(card, call, answer, error);
        return NULL;
    }
    return g_steal_pointer(&card);
}

void
gca_card_free(GcaCard *card)
{
    g_clear_pointer(&card->link, gca_link_close);
    g_clear_object(&card->interaction);
    g_clear_pointer(&card->cancel, gca_cancel_unref);
    g_free(card->reader);
    g_clear_error(&card->failure);
    g_free(card);
}

const char *
gca_card_get_reader(const GcaCard *card)
{
    return card->reader;
}

static void
set_bad_answer(GcaCard *card, GError **error, const char *detail)
{
    g_autofree char *shown = gca_text_escape(card->reader);

    gca_error_set(error, GCA_ERROR_CARD_UNKNOWN,
                  _("The card in the reader “%s” answers against the rules of smart cards."),
                  shown);
    gca_error_add_detail(error, "SCardTransmit: %s", detail);
}

static void
set_reset(GcaCard *card, GError **error)
{
    g_autofree char *shown = gca_text_escape(card->reader);

    gca_error_set(
        error, GCA_ERROR_BUSY,
        _("Another program has reset the card in the reader “%s” while it was being read."), shown);
    gca_error_set_native(error, "SCardTransmit", gca_scard_to_string(SCARD_W_RESET_CARD),
                         (gulong) SCARD_W_RESET_CARD);
}

static gboolean
send_once(GcaCard *card, Exchange *exchange, GError **error)
{
    gsize size = 0;

    if (!gca_cancel_check(card->cancel, error))
        return FALSE;
    const GcaWaiter waiter = {card->cancel, tell_mute, card};
    LONG answer = gca_link_transmit(card->link, exchange->command, exchange->command_size,
                                    exchange->answer, &size, &waiter);
    if (answer == SCARD_E_CANCELLED)
        return gca_cancel_check(card->cancel, error);
    if (answer == SCARD_W_RESET_CARD) {
        set_reset(card, error);
        return FALSE;
    }
    if (answer != SCARD_S_SUCCESS) {
        gca_scard_error_set(error, "SCardTransmit", answer, card->reader);
        return FALSE;
    }
    if (size < 2) {
        set_bad_answer(card, error, "an answer without status word");
        return FALSE;
    }
    gca_log_apdu(exchange->command, exchange->command_size, exchange->answer, size);
    exchange->answer_size = size - 2;
    exchange->status = (guint16) (exchange->answer[size - 2] << 8 | exchange->answer[size - 1]);
    return TRUE;
}

/* Puts Le where ISO 7816-4 section 5.2 has it: last, after a body of Lc bytes if there is one. */
static gboolean
set_le(Exchange *exchange, guint8 le)
{
    gsize at = 4;

    if (exchange->command_size > 5)
        at = 5 + (gsize) exchange->command[4];
    if (at >= sizeof exchange->command || at > exchange->command_size)
        return FALSE;
    exchange->command[at] = le;
    exchange->command_size = at + 1;
    return TRUE;
}

static gboolean
send(GcaCard *card, Exchange *exchange, GError **error)
{
    if (!send_once(card, exchange, error))
        return FALSE;
    if (exchange->status >> 8 != SW1_WRONG_LE)
        return TRUE;
    return !set_le(exchange, exchange->status & 0xFF) || send_once(card, exchange, error);
}

/* What a 61xx in `exchange` promises. The cards of this family are asked under CLA 00; one that
 * refuses that class is asked under its own. */
static gboolean
get_response(GcaCard *card, Exchange *exchange, guint8 class, GError **error)
{
    const guint8 command[] = {0x00, INS_GET_RESPONSE, 0x00, 0x00, exchange->status & 0xFF};

    memcpy(exchange->command, command, sizeof command);
    exchange->command_size = sizeof command;
    if (!send(card, exchange, error))
        return FALSE;
    if (exchange->status != SW_WRONG_CLA || class == 0x00)
        return TRUE;
    memcpy(exchange->command, command, sizeof command);
    exchange->command_size = sizeof command;
    exchange->command[0] = class;
    return send(card, exchange, error);
}

static gboolean
collect(GcaCard *card, Exchange *exchange, GByteArray *answer, GError **error)
{
    guint8 class = exchange->command[0];

    if (!send(card, exchange, error))
        return FALSE;
    g_byte_array_append(answer, exchange->answer, (guint) exchange->answer_size);
    while (exchange->status >> 8 == SW1_MORE) {
        if (!get_response(card, exchange, class, error))
            return FALSE;
        gboolean has_more = exchange->status >> 8 == SW1_MORE;
        if (has_more && exchange->answer_size == 0) {
            set_bad_answer(card, error, "GET RESPONSE without end");
            return FALSE;
        }
        if (answer->len + exchange->answer_size > GCA_CARD_ANSWER_LIMIT) {
            set_bad_answer(card, error, "an answer of more than 64 KiB");
            return FALSE;
        }
        g_byte_array_append(answer, exchange->answer, (guint) exchange->answer_size);
    }
    return TRUE;
}

GBytes *
gca_card_transmit(GcaCard *card, const guint8 *command, gsize size, guint16 *status, GError **error)
{
    g_return_val_if_fail(size >= 4 && size <= GCA_CARD_COMMAND_LIMIT, NULL);
    if (card->failure == NULL) {
        g_autoptr(GByteArray) answer = g_byte_array_new();
        Exchange exchange = {.command_size = size};
        memcpy(exchange.command, command, size);
        if (collect(card, &exchange, answer, &card->failure)) {
            *status = exchange.status;
            return g_byte_array_free_to_bytes(g_steal_pointer(&answer));
        }
    }
    if (error != NULL)
        *error = g_error_copy(card->failure);
    return NULL;
}
