#include "base/error.h"
#include "pcsc/bounded.h"
#include "pcsc/card.h"
#include "pcsc/scard-error.h"
#include "tests/fake/fake-winscard.h"

#include <string.h>

#define READER "Reader \033[1m"

static const guint8 select_mf[] = {0x80, 0xA4, 0x00, 0x00, 0x02, 0x3F, 0x00};
static const guint8 read_200[] = {0x80, 0xB0, 0x00, 0x00, 0xC8};

static void
setup(DWORD state)
{
    fake_winscard_reset();
    fake_winscard_add_reader(READER, state);
}

static GcaCard *
connect_card(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaPcsc) pcsc = gca_pcsc_new(&error);

    g_assert_no_error(error);
    GcaCard *card = gca_card_connect(pcsc, READER, NULL, &error);
    g_assert_no_error(error);
    return card;
}

static void
assert_refused(GcaErrorCode code, LONG native)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaPcsc) pcsc = gca_pcsc_new(NULL);
    g_autoptr(GcaCard) card = gca_card_connect(pcsc, READER, NULL, &error);

    g_assert_null(card);
    g_assert_error(error, GCA_ERROR, (int) code);
    g_assert_cmphex(gca_error_get_native(error), ==, (gulong) native);
    g_assert_nonnull(gca_error_get_hint(error));
    g_assert_null(strchr(error->message, '\033'));
    g_clear_pointer(&pcsc, gca_pcsc_free);
    g_assert_true(fake_winscard_is_clean());
}

static void
test_tells_why_not_connected(void)
{
    setup(SCARD_STATE_EMPTY);
    assert_refused(GCA_ERROR_NO_CARD, SCARD_E_NO_SMARTCARD);
    setup(SCARD_STATE_PRESENT | SCARD_STATE_MUTE);
    assert_refused(GCA_ERROR_CARD_UNKNOWN, SCARD_W_UNRESPONSIVE_CARD);
    setup(SCARD_STATE_PRESENT | SCARD_STATE_EXCLUSIVE);
    assert_refused(GCA_ERROR_BUSY, SCARD_E_SHARING_VIOLATION);
    setup(SCARD_STATE_PRESENT);
    fake_winscard_fail("SCardConnect", 1, SCARD_W_SECURITY_VIOLATION);
    assert_refused(GCA_ERROR_NO_READER, SCARD_W_SECURITY_VIOLATION);
    setup(SCARD_STATE_PRESENT);
    fake_winscard_fail("SCardConnect", 1, SCARD_E_READER_UNAVAILABLE);
    assert_refused(GCA_ERROR_NO_READER, SCARD_E_READER_UNAVAILABLE);
    setup(SCARD_STATE_PRESENT);
    fake_winscard_fail("SCardBeginTransaction", 1, SCARD_W_REMOVED_CARD);
    assert_refused(GCA_ERROR_CARD_REMOVED, SCARD_W_REMOVED_CARD);
    setup(SCARD_STATE_PRESENT);
    fake_winscard_set_protocol(SCARD_PROTOCOL_RAW);
    assert_refused(GCA_ERROR_CARD_UNKNOWN, SCARD_E_PROTO_MISMATCH);
}

static void
test_leaves_card_as_it_is(void)
{
    setup(SCARD_STATE_PRESENT);
    gca_card_free(connect_card());
    g_assert_cmpuint(fake_winscard_last_disposition(), ==, SCARD_LEAVE_CARD);
    g_assert_cmpuint(fake_winscard_count("SCardEndTransaction"), ==, 1);
    g_assert_true(fake_winscard_is_clean());
}

static void
assert_given_up(const char *call, GcaErrorCode code)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaPcsc) pcsc = gca_pcsc_new(NULL);
    gint64 start = g_get_monotonic_time();

    fake_winscard_hang(call, 1);
    g_assert_null(gca_card_connect(pcsc, READER, NULL, &error));
    g_assert_error(error, GCA_ERROR, (int) code);
    g_assert_cmpint(g_get_monotonic_time() - start, <, 5 * G_TIME_SPAN_SECOND);
}

static void
test_gives_up_a_card_in_use(void)
{
    setup(SCARD_STATE_PRESENT | SCARD_STATE_INUSE);
    assert_given_up("SCardBeginTransaction", GCA_ERROR_BUSY);

    /* what was left behind gives everything back when the other program lets go */
    fake_winscard_let_go();
    fake_winscard_await("SCardReleaseContext", 3);
    fake_winscard_await("SCardEndTransaction", 1);
    g_assert_true(fake_winscard_is_clean());
}

/* pcscd has powered it down, and its driver waits for it. */
static void
test_gives_up_a_card_that_does_not_come_up(void)
{
    setup(SCARD_STATE_PRESENT);
    assert_given_up("SCardConnect", GCA_ERROR_CARD_UNKNOWN);
    fake_winscard_let_go();
    fake_winscard_await("SCardReleaseContext", 3);
    fake_winscard_await("SCardEndTransaction", 1);
    g_assert_true(fake_winscard_is_clean());
}

static void
test_gives_up_a_card_that_hangs(void)
{
    setup(SCARD_STATE_PRESENT);
    fake_winscard_hang("SCardTransmit", 1);
    GcaCard *card = connect_card();
    gint64 start = g_get_monotonic_time();
    guint16 status;
    for (int i = 0; i < 3; i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(gca_card_transmit(card, select_mf, sizeof select_mf, &status, &error));
        g_assert_error(error, GCA_ERROR, GCA_ERROR_CARD_UNKNOWN);
    }
    gca_card_free(card);
    g_assert_cmpint(g_get_monotonic_time() - start, <, 5 * G_TIME_SPAN_SECOND);
    fake_winscard_set_script((const char *const[]){"80A40000023F00 > 9000", NULL});
    fake_winscard_let_go();
    fake_winscard_await("SCardReleaseContext", 2);
    g_assert_true(fake_winscard_is_clean());
}

static gpointer
cancel_soon(gpointer cancel)
{
    g_usleep(100 * 1000);
    gca_cancel_request(cancel);
    return NULL;
}

/* ---- whoever is told what is waited for ---- */

#define TEST_TYPE_PERSON (test_person_get_type())
G_DECLARE_FINAL_TYPE(TestPerson, test_person, TEST, PERSON, GObject)

struct _TestPerson {
    GObject parent;
    GString *heard;
};

static void person_interaction_init(GcaInteractionInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE(TestPerson, test_person, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(GCA_TYPE_INTERACTION, person_interaction_init))

/* What hangs goes on once it has been told. */
static void
hear(GcaInteraction *self, GcaNotice kind, const char *text)
{
    g_string_append_printf(TEST_PERSON(self)->heard, "%s\n", text);
    fake_winscard_let_go();
}

static void
person_interaction_init(GcaInteractionInterface *iface)
{
    iface->notice = hear;
}

static void
test_person_finalize(GObject *object)
{
    g_string_free(TEST_PERSON(object)->heard, TRUE);
    G_OBJECT_CLASS(test_person_parent_class)->finalize(object);
}

static void
test_person_class_init(TestPersonClass *class)
{
    G_OBJECT_CLASS(class)->finalize = test_person_finalize;
}

static void
test_person_init(TestPerson *self)
{
    self->heard = g_string_new(NULL);
}

static void
assert_told(const char *call, DWORD state, const char *words)
{
    g_autoptr(TestPerson) person = g_object_new(TEST_TYPE_PERSON, NULL);
    g_autoptr(GcaPcsc) pcsc = gca_pcsc_new(NULL);
    g_autoptr(GError) error = NULL;
    guint16 status;

    setup(state);
    fake_winscard_set_script((const char *const[]){"80A40000023F00 > 9000", NULL});
    fake_winscard_hang(call, 1);
    gca_pcsc_set_interaction(pcsc, GCA_INTERACTION(person));
    g_autoptr(GcaCard) card = gca_card_connect(pcsc, READER, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(GBytes) answer =
        gca_card_transmit(card, select_mf, sizeof select_mf, &status, &error);
    g_assert_no_error(error);
    g_assert_nonnull(answer);
    g_assert_nonnull(strstr(person->heard->str, words));
    g_assert_null(strchr(person->heard->str, '\033'));
    g_assert_null(strchr(strchr(person->heard->str, '\n') + 1, '\n')); /* once */
}

static void
test_tells_what_is_waited_for(void)
{
    assert_told("SCardBeginTransaction", SCARD_STATE_PRESENT | SCARD_STATE_INUSE,
                "in use by another program");
    assert_told("SCardConnect", SCARD_STATE_PRESENT, "does not answer");
    assert_told("SCardTransmit", SCARD_STATE_PRESENT, "does not answer");
}

/* A second is what a person takes for at once. */
static void
assert_is_cancelled(const GError *error, gint64 start)
{
    g_assert_error(error, GCA_ERROR, GCA_ERROR_CANCELLED);
    g_assert_cmpint(g_get_monotonic_time() - start, <, G_TIME_SPAN_SECOND);
}

static void
test_is_cancelled_while_a_card_is_in_use(void)
{
    setup(SCARD_STATE_PRESENT);
    fake_winscard_hang("SCardBeginTransaction", 1);
    g_autoptr(GcaCancel) cancel = gca_cancel_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaPcsc) pcsc = gca_pcsc_new(NULL);
    gint64 start = g_get_monotonic_time();
    GThread *thread = g_thread_new(NULL, cancel_soon, cancel);
    g_assert_null(gca_card_connect(pcsc, READER, cancel, &error));
    assert_is_cancelled(error, start);
    g_thread_join(thread);

    g_clear_pointer(&pcsc, gca_pcsc_free);
    fake_winscard_let_go();
    fake_winscard_await("SCardReleaseContext", 2);
    g_assert_true(fake_winscard_is_clean());
}

static void
test_is_cancelled_while_a_card_hangs(void)
{
    setup(SCARD_STATE_PRESENT);
    fake_winscard_hang("SCardTransmit", 1);
    g_autoptr(GcaCancel) cancel = gca_cancel_new();
    g_autoptr(GcaPcsc) pcsc = gca_pcsc_new(NULL);
    GcaCard *card = gca_card_connect(pcsc, READER, cancel, NULL);
    gint64 start = g_get_monotonic_time();
    GThread *thread = g_thread_new(NULL, cancel_soon, cancel);
    for (int i = 0; i < 3; i++) {
        g_autoptr(GError) error = NULL;
        guint16 status;
        g_assert_null(gca_card_transmit(card, select_mf, sizeof select_mf, &status, &error));
        assert_is_cancelled(error, start);
    }
    gca_card_free(card);
    g_assert_cmpint(g_get_monotonic_time() - start, <, G_TIME_SPAN_SECOND);
    g_thread_join(thread);

    g_clear_pointer(&pcsc, gca_pcsc_free);
    fake_winscard_set_script((const char *const[]){"80A40000023F00 > 9000", NULL});
    fake_winscard_let_go();
    fake_winscard_await("SCardReleaseContext", 2);
    g_assert_true(fake_winscard_is_clean());
}

static void
test_is_not_connected_to_once_cancelled(void)
{
    setup(SCARD_STATE_PRESENT);
    g_autoptr(GcaCancel) cancel = gca_cancel_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaPcsc) pcsc = gca_pcsc_new(NULL);
    gca_cancel_request(cancel);
    g_assert_null(gca_card_connect(pcsc, READER, cancel, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_CANCELLED);
    g_assert_cmpuint(fake_winscard_count("SCardConnect"), ==, 0);
}

static GByteArray *
answer_after_a_cancel(const guint8 *command, gsize size, gpointer cancel)
{
    gca_cancel_request(cancel);
    g_usleep(50 * 1000);
    return fake_from_hex("9000");
}

/* The call that runs comes back by itself: nothing is left behind to end later. */
static void
test_is_left_in_order_when_cancelled(void)
{
    setup(SCARD_STATE_PRESENT);
    g_autoptr(GcaCancel) cancel = gca_cancel_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaPcsc) pcsc = gca_pcsc_new(NULL);
    fake_winscard_set_card(answer_after_a_cancel, cancel);
    GcaCard *card = gca_card_connect(pcsc, READER, cancel, NULL);
    guint16 status;
    g_autoptr(GBytes) answer =
        gca_card_transmit(card, select_mf, sizeof select_mf, &status, &error);
    g_assert_no_error(error);
    g_assert_nonnull(answer);
    g_assert_null(gca_card_transmit(card, select_mf, sizeof select_mf, &status, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_CANCELLED);
    gca_card_free(card);
    g_clear_pointer(&pcsc, gca_pcsc_free);
    g_assert_true(fake_winscard_is_clean());
}

static void
play(const char *const *script, const guint8 *command, gsize size, guint16 expected_status,
     const char *expected_answer)
{
    setup(SCARD_STATE_PRESENT);
    fake_winscard_set_script(script);
    g_autoptr(GcaCard) card = connect_card();
    g_autoptr(GError) error = NULL;
    guint16 status;
    g_autoptr(GBytes) answer = gca_card_transmit(card, command, size, &status, &error);

    g_assert_no_error(error);
    g_assert_cmphex(status, ==, expected_status);
    g_autofree char *hex = fake_to_hex(g_bytes_get_data(answer, NULL), g_bytes_get_size(answer));
    g_assert_cmpstr(hex, ==, expected_answer);
    g_assert_cmpuint(fake_winscard_count("SCardTransmit"), ==, g_strv_length((char **) script));
}

#define PLAY(command, status, answer, ...)                                                         \
    play((const char *const[]){__VA_ARGS__, NULL}, command, sizeof(command), status, answer)

static void
test_passes_answers_on(void)
{
    PLAY(select_mf, 0x9000, "", "80A40000023F00 > 9000");
    PLAY(select_mf, 0x6A82, "", "80A40000023F00 > 6A82");
    PLAY(read_200, 0x6282, "AABB", "80B00000C8 > AABB6282");
}

static void
test_gets_responses(void)
{
    PLAY(read_200, 0x9000, "0102", "80B00000C8 > 6102", "00C0000002 > 01029000");
    PLAY(read_200, 0x6282, "00010203", "80B00000C8 > 006102", "00C0000002 > 01026101",
         "00C0000001 > 036282");
    /* a card that knows no class but its own (ISO 7816-4 section 5.4.1) */
    PLAY(read_200, 0x9000, "0102", "80B00000C8 > 6102", "00C0000002 > 6E00",
         "80C0000002 > 01029000");
    PLAY(read_200, 0x9000, "01", "80B00000C8 > 6102", "00C0000002 > 6C01", "00C0000001 > 019000");
}

static void
test_repeats_with_le_that_fits(void)
{
    const guint8 without_le[] = {0x80, 0xCA, 0x00, 0x00};
    const guint8 with_le[] = {0x00, 0xA4, 0x00, 0x04, 0x02, 0x50, 0x30, 0x00};

    PLAY(read_200, 0x9000, "0102", "80B00000C8 > 6C02", "80B0000002 > 01029000");
    PLAY(without_le, 0x9000, "01", "80CA0000 > 6C01", "80CA000001 > 019000");
    PLAY(with_le, 0x9000, "01", "00A4000402503000 > 6C01", "00A4000402503001 > 019000");
    PLAY(select_mf, 0x9000, "01", "80A40000023F00 > 6C01", "80A40000023F0001 > 019000");
    /* once only */
    PLAY(read_200, 0x6C03, "", "80B00000C8 > 6C02", "80B0000002 > 6C03");
}

static GByteArray *
more_without_end(const guint8 *command, gsize size, gpointer data)
{
    GByteArray *answer = g_byte_array_new();
    g_byte_array_set_size(answer, 256);
    memset(answer->data, 0, answer->len);
    return g_byte_array_append(answer, (const guint8 *) "\x61\x00", 2);
}

static void
assert_bad_answer(GcaCard *card)
{
    g_autoptr(GError) error = NULL;
    guint16 status;

    g_assert_null(gca_card_transmit(card, read_200, sizeof read_200, &status, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_CARD_UNKNOWN);
    guint sent = fake_winscard_count("SCardTransmit");
    g_assert_null(gca_card_transmit(card, read_200, sizeof read_200, &status, NULL));
    g_assert_cmpuint(fake_winscard_count("SCardTransmit"), ==, sent);
}

static void
test_refuses_answers_against_the_rules(void)
{
    static const char *const scripts[][3] = {
        {"80B00000C8 > ", NULL},
        {"80B00000C8 > 90", NULL},
        {"80B00000C8 > 6102", "00C0000002 > 6102", NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(scripts); i++) {
        setup(SCARD_STATE_PRESENT);
        fake_winscard_set_script(scripts[i]);
        g_autoptr(GcaCard) card = connect_card();
        assert_bad_answer(card);
    }
    setup(SCARD_STATE_PRESENT);
    fake_winscard_set_card(more_without_end, NULL);
    g_autoptr(GcaCard) card = connect_card();
    assert_bad_answer(card);
    g_assert_cmpuint(fake_winscard_count("SCardTransmit"), ==, 64 * 1024 / 256 + 1);
}

static void
assert_transmit_fails(LONG answer, gboolean is_gone, GcaErrorCode code)
{
    setup(SCARD_STATE_PRESENT);
    fake_winscard_fail("SCardTransmit", 1, answer);
    g_autoptr(GcaCard) card = connect_card();
    if (is_gone)
        fake_winscard_set_state(READER, SCARD_STATE_EMPTY);
    g_autoptr(GError) error = NULL;
    guint16 status;
    g_assert_null(gca_card_transmit(card, select_mf, sizeof select_mf, &status, &error));
    g_assert_error(error, GCA_ERROR, (int) code);
    g_clear_error(&error);
    g_assert_null(gca_card_transmit(card, select_mf, sizeof select_mf, &status, &error));
    g_assert_error(error, GCA_ERROR, (int) code);
    g_assert_cmpuint(fake_winscard_count("SCardTransmit"), ==, 1);
}

static void
test_sends_nothing_after_a_failure(void)
{
    assert_transmit_fails(SCARD_W_REMOVED_CARD, FALSE, GCA_ERROR_CARD_REMOVED);
    assert_transmit_fails(SCARD_E_NO_SMARTCARD, FALSE, GCA_ERROR_CARD_REMOVED);
    assert_transmit_fails(SCARD_E_NOT_TRANSACTED, TRUE, GCA_ERROR_CARD_REMOVED);
    assert_transmit_fails(SCARD_E_NOT_TRANSACTED, FALSE, GCA_ERROR_CARD_UNKNOWN);
    assert_transmit_fails(SCARD_E_READER_UNAVAILABLE, FALSE, GCA_ERROR_NO_READER);
    assert_transmit_fails(SCARD_E_SHARING_VIOLATION, FALSE, GCA_ERROR_BUSY);
    assert_transmit_fails(SCARD_E_NO_SERVICE, FALSE, GCA_ERROR_NO_READER);
    assert_transmit_fails(SCARD_E_INSUFFICIENT_BUFFER, FALSE, GCA_ERROR_CARD_UNKNOWN);
}

typedef struct {
    DWORD states[2]; /* one after the other, 0: no more */
} Pull;

static gpointer
pull(gpointer data)
{
    const Pull *states = data;

    g_usleep(100 * 1000);
    for (gsize i = 0; i < G_N_ELEMENTS(states->states) && states->states[i] != 0; i++)
        fake_winscard_set_state(READER, states->states[i]);
    return NULL;
}

/* As a card pulled out during a command shows at first: nothing, or a failure; the service sees it
 * later, and the card may be in again by then. */
static void
test_sees_a_removal_that_shows_late(void)
{
    static const Pull pulls[] = {{{SCARD_STATE_EMPTY}}, {{SCARD_STATE_EMPTY, SCARD_STATE_PRESENT}}};
    for (guint i = 0; i < 4; i++) {
        setup(SCARD_STATE_PRESENT);
        fake_winscard_set_script((const char *const[]){"80A40000023F00 > ", NULL});
        if (i % 2 == 1)
            fake_winscard_fail("SCardTransmit", 1, SCARD_E_NOT_TRANSACTED);
        g_autoptr(GcaCard) card = connect_card();
        GThread *thread = g_thread_new(NULL, pull, (gpointer) &pulls[i / 2]);
        g_autoptr(GError) error = NULL;
        guint16 status;
        g_assert_null(gca_card_transmit(card, select_mf, sizeof select_mf, &status, &error));
        g_assert_error(error, GCA_ERROR, GCA_ERROR_CARD_REMOVED);
        g_thread_join(thread);
    }
}

static void
test_reconnects_once_after_a_reset(void)
{
    setup(SCARD_STATE_PRESENT);
    fake_winscard_fail("SCardBeginTransaction", 1, SCARD_W_RESET_CARD);
    gca_card_free(connect_card());
    g_assert_cmpuint(fake_winscard_count("SCardReconnect"), ==, 1);

    setup(SCARD_STATE_PRESENT);
    fake_winscard_set_script((const char *const[]){"80A40000023F00 > 9000", NULL});
    fake_winscard_fail("SCardTransmit", 1, SCARD_W_RESET_CARD);
    fake_winscard_fail("SCardTransmit", 3, SCARD_W_RESET_CARD);
    g_autoptr(GcaCard) card = connect_card();
    g_autoptr(GError) error = NULL;
    guint16 status;
    g_autoptr(GBytes) answer =
        gca_card_transmit(card, select_mf, sizeof select_mf, &status, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(g_bytes_get_size(answer), ==, 0);

    /* later the selected file is gone with the reset: not repeated */
    g_assert_null(gca_card_transmit(card, read_200, sizeof read_200, &status, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_BUSY);
    g_assert_cmpuint(fake_winscard_count("SCardReconnect"), ==, 1);
    g_assert_cmpuint(fake_winscard_count("SCardTransmit"), ==, 3);
}

static void
test_speaks_the_protocol_agreed(void)
{
    const DWORD protocols[] = {SCARD_PROTOCOL_T0, SCARD_PROTOCOL_T1};

    for (gsize i = 0; i < G_N_ELEMENTS(protocols); i++) {
        setup(SCARD_STATE_PRESENT);
        fake_winscard_set_protocol(protocols[i]);
        fake_winscard_set_script((const char *const[]){"80A40000023F00 > 9000", NULL});
        g_autoptr(GcaCard) card = connect_card();
        guint16 status;
        g_autoptr(GBytes) answer =
            gca_card_transmit(card, select_mf, sizeof select_mf, &status, NULL);
        g_assert_nonnull(answer);
        g_assert_cmpuint(fake_winscard_last_pci(), ==, protocols[i]);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pcsc/card/tells-why-not-connected", test_tells_why_not_connected);
    g_test_add_func("/pcsc/card/leaves-card-as-it-is", test_leaves_card_as_it_is);
    g_test_add_func("/pcsc/card/gives-up-a-card-in-use", test_gives_up_a_card_in_use);
    g_test_add_func("/pcsc/card/gives-up-a-card-that-does-not-come-up",
                    test_gives_up_a_card_that_does_not_come_up);
    g_test_add_func("/pcsc/card/gives-up-a-card-that-hangs", test_gives_up_a_card_that_hangs);
    g_test_add_func("/pcsc/card/tells-what-is-waited-for", test_tells_what_is_waited_for);
    g_test_add_func("/pcsc/card/is-cancelled-while-a-card-is-in-use",
                    test_is_cancelled_while_a_card_is_in_use);
    g_test_add_func("/pcsc/card/is-cancelled-while-a-card-hangs",
                    test_is_cancelled_while_a_card_hangs);
    g_test_add_func("/pcsc/card/is-not-connected-to-once-cancelled",
                    test_is_not_connected_to_once_cancelled);
    g_test_add_func("/pcsc/card/is-left-in-order-when-cancelled",
                    test_is_left_in_order_when_cancelled);
    g_test_add_func("/pcsc/card/passes-answers-on", test_passes_answers_on);
    g_test_add_func("/pcsc/card/gets-responses", test_gets_responses);
    g_test_add_func("/pcsc/card/repeats-with-le-that-fits", test_repeats_with_le_that_fits);
    g_test_add_func("/pcsc/card/refuses-answers-against-the-rules",
                    test_refuses_answers_against_the_rules);
    g_test_add_func("/pcsc/card/sends-nothing-after-a-failure", test_sends_nothing_after_a_failure);
    g_test_add_func("/pcsc/card/sees-a-removal-that-shows-late",
                    test_sees_a_removal_that_shows_late);
    g_test_add_func("/pcsc/card/reconnects-once-after-a-reset", test_reconnects_once_after_a_reset);
    g_test_add_func("/pcsc/card/speaks-the-protocol-agreed", test_speaks_the_protocol_agreed);
    return g_test_run();
}
