#include "tests/card/card.h"

#include "tests/card/fault.h"
#include "tests/card/hicos.h"
#include "tests/card/piv.h"
#include "tests/card/trace.h"

#include <string.h>

typedef enum { NO_APPLET, PIV, HICOS } Applet;

struct Card {
    const Options *options;
    GByteArray *atr;
    Hicos *hicos; /* NULL: --no-hicos */
    Piv *piv;     /* NULL: --no-piv */
    Applet applet;
    GByteArray *pending; /* for GET RESPONSE */
    Faults *faults;
    Trace *trace;
    guint number; /* of APDUs in the whole run */
};

static const guint8 hicos_aid[] = {0xA0, 0x00, 0x00, 0x02, 0x83, 0x00, 0x00, 0x06,
                                   0x22, 0x01, 0x69, 0x64, 0x00, 0x01, 0x01, 0x01};

static GByteArray *
make_atr(const Options *options, GError **error)
{
    const char *hex = "3BB813008131FA524348544D4F494341A5";
    GByteArray *atr = g_byte_array_new();

    if (options->generation == 2)
        hex = "3BD8960081B1FE451F074348544750"
              "4B494ADD";
    if (options->no_hicos)
        hex = "3B88800154455354434152441A"; /* TESTCARD */
    if (options->atr != NULL)
        hex = options->atr;
    for (; g_ascii_isxdigit(hex[0]) && g_ascii_isxdigit(hex[1]); hex += 2) {
        guint8 byte = (guint8) (g_ascii_xdigit_value(hex[0]) << 4 | g_ascii_xdigit_value(hex[1]));

        g_byte_array_append(atr, &byte, 1);
    }
    if (*hex != '\0' || atr->len < 2 || atr->len > 33) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--atr: not an ATR in hex");
        g_clear_pointer(&atr, g_byte_array_unref);
    }
    return atr;
}

static gboolean
fill(Card *card, const Options *options, GError **error)
{
    card->atr = make_atr(options, error);
    if (card->atr == NULL)
        return FALSE;
    card->faults = faults_new(options, error);
    if (card->faults == NULL)
        return FALSE;
    card->trace = trace_new(options->trace, error);
    if (card->trace == NULL)
        return FALSE;
    if (!options->no_hicos && (card->hicos = hicos_new(options, error)) == NULL)
        return FALSE;
    return options->no_piv || (card->piv = piv_new(options, error)) != NULL;
}

Card *
card_new(const Options *options, GError **error)
{
    g_autoptr(Card) card = g_new0(Card, 1);

    card->options = options;
    card->pending = g_byte_array_new();
    return fill(card, options, error) ? g_steal_pointer(&card) : NULL;
}

void
card_free(Card *card)
{
    g_clear_pointer(&card->atr, g_byte_array_unref);
    g_clear_pointer(&card->hicos, hicos_free);
    g_clear_pointer(&card->piv, piv_free);
    g_clear_pointer(&card->pending, g_byte_array_unref);
    g_clear_pointer(&card->faults, faults_free);
    g_clear_pointer(&card->trace, trace_free);
    g_free(card);
}

const GByteArray *
card_get_atr(const Card *card)
{
    return card->atr;
}

static void
enter(Card *card, Applet applet)
{
    /* Selecting PIV while it is selected keeps the PIN (SP 800-73-4, 3.1.1). */
    if (card->piv != NULL && applet != PIV)
        piv_forget(card->piv);
    card->applet = applet;
}

static void
forget(Card *card)
{
    g_byte_array_set_size(card->pending, 0);
    enter(card, NO_APPLET);
    if (card->hicos != NULL)
        hicos_reset(card->hicos);
}

void
card_power_on(Card *card)
{
    trace_event(card->trace, "power-on");
    forget(card);
}

void
card_power_off(Card *card)
{
    trace_event(card->trace, "removed");
    forget(card);
}

static guint16
select_applet(Card *card, const Apdu *apdu, GByteArray *answer)
{
    if (card->piv != NULL && piv_is_aid(apdu->data, apdu->length)) {
        enter(card, PIV);
        return piv_select(card->piv, answer);
    }
    if (card->hicos == NULL || card->options->generation != 2)
        return SW_NOT_FOUND;
    if (apdu->length != sizeof hicos_aid || memcmp(apdu->data, hicos_aid, apdu->length) != 0)
        return SW_NOT_FOUND;
    enter(card, HICOS);
    hicos_reset(card->hicos);
    return SW_OK;
}

static guint16
route_iso(Card *card, const Apdu *apdu, GByteArray *answer)
{
    if (apdu->ins == INS_SELECT && apdu->p1 == 0x04)
        return select_applet(card, apdu, answer);
    switch (card->applet) {
    case PIV:
        return piv_command(card->piv, apdu, answer);
    case HICOS:
        return hicos_command(card->hicos, apdu, answer);
    default:
        return apdu->ins == INS_SELECT ? SW_NOT_FOUND : SW_UNKNOWN_INS;
    }
}

static gboolean
is_select_mf(const Apdu *apdu)
{
    return apdu->ins == INS_SELECT && apdu->p1 == 0x00 && apdu->length == 2 &&
           memcmp(apdu->data, "\x3F\x00", 2) == 0;
}

/* A first-generation card knows only CLA 80; CLA 00 is PIV, if it is there. */
static guint16
route(Card *card, const Apdu *apdu, GByteArray *answer)
{
    gboolean first = card->hicos != NULL && card->options->generation == 1;
    gboolean second = card->hicos != NULL && card->options->generation == 2;

    if (is_select_mf(apdu) && card->options->mf_leaves_applet) {
        enter(card, NO_APPLET);
        if (second)
            return SW_OK;
    }
    if (apdu->cla == CLA_HICOS && first)
        return hicos_command(card->hicos, apdu, answer);
    if ((apdu->cla == CLA_ISO || apdu->cla == CLA_CHAINED) && (second || card->piv != NULL))
        return route_iso(card, apdu, answer);
    return SW_UNKNOWN_CLA;
}

/* Moves up to Le bytes of what is pending into the answer. */
static guint16
deliver(Card *card, gsize le, GByteArray *answer)
{
    guint count = (guint) MIN(le, card->pending->len);

    if (count > 0) {
        g_byte_array_append(answer, card->pending->data, count);
        g_byte_array_remove_range(card->pending, 0, count);
    }
    if (card->pending->len == 0)
        return SW_OK;
    return (guint16) (SW_MORE | (card->pending->len > 0xFF ? 0 : card->pending->len));
}

static guint16
execute(Card *card, const Apdu *apdu, GByteArray *answer)
{
    gboolean file = apdu->ins == INS_READ_BINARY;
    guint16 sw;

    if (apdu->ins == INS_GET_RESPONSE)
        return card->pending->len > 0 ? deliver(card, apdu->le, answer) : SW_WRONG_LENGTH;
    g_byte_array_set_size(card->pending, 0);
    sw = route(card, apdu, answer);
    if (answer->len == 0 || (file && !card->options->via_get_response))
        return sw;
    g_byte_array_append(card->pending, answer->data, answer->len);
    g_byte_array_set_size(answer, 0);
    return deliver(card, file ? 0 : apdu->le, answer);
}

static void
record(Card *card, const Apdu *apdu, const guint8 *command, gsize length, guint16 sw)
{
    g_autofree char *outcome = sw == 0 ? g_strdup("gone") : g_strdup_printf("%04X", sw);

    trace_command(card->trace, card->number, command, length, outcome);
    if (fault_is_verify(apdu))
        trace_event(card->trace, "verify");
    if (fault_is_sign(apdu) && (sw == SW_OK || sw >> 8 == SW_MORE >> 8))
        trace_event(card->trace, "sign");
}

CardTurn
card_transmit(Card *card, const guint8 *command, gsize length, GByteArray *answer)
{
    Apdu apdu = {0};
    gboolean good = apdu_parse(command, length, &apdu);
    Fault fault = faults_next(card->faults, &apdu);
    guint16 sw = fault.sw;
    guint8 trailer[2];

    card->number++;
    if (fault.leave_at) {
        record(card, &apdu, command, length, 0);
        return CARD_IS_GONE;
    }
    if (sw == 0)
        sw = good ? execute(card, &apdu, answer) : SW_WRONG_LENGTH;
    trailer[0] = (guint8) (sw >> 8);
    trailer[1] = (guint8) sw;
    g_byte_array_append(answer, trailer, sizeof trailer);
    record(card, &apdu, command, length, sw);
    return fault.leave_after ? CARD_LEAVES : CARD_STAYS;
}
