/* What the watch tells of readers and cards that come and go, on a scripted service. */
#include "base/error.h"
#include "flow/card-watch.h"
#include "tests/fake/fake-hicos.h"
#include "tests/fake/fake-winscard.h"

#include <glib/gstdio.h>
#include <openssl/pem.h>
#include <string.h>

#define READER "測試 Reader 00 00"
#define NUMBER "TP12345678901234"
#define SOON_US (10 * G_TIME_SPAN_SECOND) /* sanitizers are slow */
#define QUIET_US (300 * G_TIME_SPAN_MILLISECOND)

typedef struct {
    GPtrArray *seats;
    GError *error;
} Told;

typedef struct {
    GcaCardChoice choice;
    GcaProfile *profile;
    GcaCancel *cancel;
    GAsyncQueue *told;
    GThread *thread;
    FakeHicos *card;
    Told *last;
} Desk;

static void
told_free(gpointer data)
{
    Told *told = data;

    g_ptr_array_unref(told->seats);
    g_clear_error(&told->error);
    g_free(told);
}

static void
take(Desk *desk, GPtrArray *seats, const GError *error)
{
    Told *told = g_new0(Told, 1);

    told->seats = g_ptr_array_new_with_free_func((GDestroyNotify) gca_seat_free);
    for (guint i = 0; i < seats->len; i++)
        g_ptr_array_add(told->seats, gca_seat_dup(g_ptr_array_index(seats, i)));
    told->error = error ? g_error_copy(error) : NULL;
    g_async_queue_push(desk->told, told);
}

static char *
pki_path(const char *name)
{
    return g_build_filename(g_getenv("GCA_TEST_PKI"), name, NULL);
}

/* A service without readers; `holder` names the certificate of the card that will come. */
static Desk *
desk_new(const char *holder)
{
    Desk *desk = g_new0(Desk, 1);
    g_autofree char *path = pki_path(holder);
    FILE *file = fopen(path, "r");
    X509 *certificate = PEM_read_X509(file, NULL, NULL, NULL);

    fclose(file);
    fake_winscard_reset();
    desk->card = fake_hicos_new(1);
    fake_hicos_add_certificate(desk->card, "SIGN", 0, certificate);
    fake_winscard_set_card(fake_hicos_answer, desk->card);
    X509_free(certificate);
    desk->profile = gca_profile_load("gtlsca", NULL);
    desk->cancel = gca_cancel_new();
    desk->told = g_async_queue_new_full(told_free);
    return desk;
}

static gpointer
run(gpointer data)
{
    Desk *desk = data;
    g_autoptr(GcaCardWatch) watch = gca_card_watch_new(&desk->choice, desk->profile);

    while (!gca_cancel_is_requested(desk->cancel)) {
        if (gca_card_watch_look(watch, desk->cancel))
            take(desk, gca_card_watch_get_seats(watch), gca_card_watch_get_error(watch));
        gca_card_watch_wait(watch, desk->cancel);
    }
    return NULL;
}

static void
start(Desk *desk)
{
    desk->thread = g_thread_new(NULL, run, desk);
}

/* Ends the watch, which must not have ended by itself. */
static void
desk_free(Desk *desk)
{
    gca_cancel_request(desk->cancel);
    g_thread_join(desk->thread);
    g_assert_true(fake_winscard_is_clean());
    g_clear_pointer(&desk->last, told_free);
    g_async_queue_unref(desk->told);
    gca_cancel_unref(desk->cancel);
    gca_profile_unref(desk->profile);
    fake_hicos_free(desk->card);
    g_free(desk->choice.token);
    g_free(desk->choice.module);
    g_free(desk);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Desk, desk_free)

static const Told *
next(Desk *desk)
{
    g_clear_pointer(&desk->last, told_free);
    desk->last = g_async_queue_timeout_pop(desk->told, SOON_US);
    g_assert_nonnull(desk->last);
    return desk->last;
}

static void
assert_quiet(Desk *desk)
{
    g_assert_null(g_async_queue_timeout_pop(desk->told, QUIET_US));
}

static void
assert_no_reader(Desk *desk, const char *hint)
{
    const Told *told = next(desk);

    g_assert_error(told->error, GCA_ERROR, GCA_ERROR_NO_READER);
    g_assert_nonnull(strstr(gca_error_get_hint(told->error), hint));
    g_assert_cmpuint(told->seats->len, ==, 0);
}

static const GcaSeat *
next_seat(Desk *desk)
{
    const Told *told = next(desk);

    g_assert_no_error(told->error);
    g_assert_cmpuint(told->seats->len, ==, 1);
    return g_ptr_array_index(told->seats, 0);
}

static void
assert_empty(Desk *desk)
{
    const GcaSeat *seat = next_seat(desk);

    g_assert_cmpstr(seat->reader, ==, READER);
    g_assert_false(seat->has_card);
    g_assert_true(seat->holder == NULL && seat->trouble == NULL && seat->number == NULL);
}

static void
assert_card(Desk *desk)
{
    const GcaSeat *seat = next_seat(desk);

    g_assert_true(seat->has_card);
    g_assert_no_error(seat->trouble);
    g_assert_cmpstr(seat->reader, ==, READER);
    g_assert_cmpstr(seat->number, ==, NUMBER);
    g_assert_nonnull(strstr(gca_holder_get_organization(seat->holder), "測試"));
}

static void
assert_trouble(Desk *desk, GcaErrorCode code)
{
    const GcaSeat *seat = next_seat(desk);

    g_assert_true(seat->has_card);
    g_assert_error(seat->trouble, GCA_ERROR, (int) code);
    g_assert_true(seat->holder == NULL && seat->number == NULL && seat->refusal == NULL);
}

static void
test_readers_and_cards_come_and_go(void)
{
    g_autoptr(Desk) desk = desk_new("agency.pem");

    start(desk);
    assert_no_reader(desk, "libccid");
    fake_winscard_add_reader(READER, SCARD_STATE_EMPTY);
    assert_empty(desk);
    fake_winscard_set_state(READER, SCARD_STATE_PRESENT);
    assert_card(desk);
    fake_winscard_set_state(READER, SCARD_STATE_EMPTY);
    assert_empty(desk);
    fake_winscard_remove_reader(READER);
    assert_no_reader(desk, "libccid");
}

static void
test_card_is_read_once(void)
{
    g_autoptr(Desk) desk = desk_new("agency.pem");

    fake_winscard_add_reader(READER, SCARD_STATE_PRESENT);
    start(desk);
    assert_card(desk);
    guint connected = fake_winscard_count("SCardConnect");
    fake_winscard_set_state(READER, SCARD_STATE_PRESENT | SCARD_STATE_INUSE);
    assert_quiet(desk);
    fake_winscard_set_state(READER, SCARD_STATE_PRESENT | SCARD_STATE_EXCLUSIVE);
    assert_quiet(desk);
    fake_winscard_add_reader("Other", SCARD_STATE_EMPTY);
    g_assert_cmpuint(next(desk)->seats->len, ==, 2);
    g_assert_cmpuint(fake_winscard_count("SCardConnect"), ==, connected);
}

static void
test_another_card_is_read_anew(void)
{
    g_autoptr(Desk) desk = desk_new("agency.pem");

    fake_winscard_add_reader(READER, SCARD_STATE_PRESENT);
    start(desk);
    assert_card(desk);
    /* out and in between two looks */
    fake_winscard_set_state(READER, SCARD_STATE_EMPTY);
    fake_winscard_set_state(READER, SCARD_STATE_PRESENT);
    const Told *told = next(desk);
    const GcaSeat *seat = g_ptr_array_index(told->seats, 0);
    if (!seat->has_card)
        assert_card(desk);
    g_assert_cmpuint(fake_winscard_count("SCardConnect"), ==, 2);
}

static void
test_says_why_a_holder_must_not_sign(void)
{
    static const struct {
        const char *holder, *words;
        gboolean has_note;
    } rows[] = {
        {"agency.pem", NULL, FALSE},
        {"soon.pem", NULL, TRUE},
        {"citizen.pem", "citizen", FALSE},
        {"expired.pem", "expired", TRUE},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(Desk) desk = desk_new(rows[i].holder);
        fake_winscard_add_reader(READER, SCARD_STATE_PRESENT);
        start(desk);
        const GcaSeat *seat = next_seat(desk);
        g_assert_nonnull(seat->holder);
        g_assert_cmpint(seat->refusal != NULL, ==, rows[i].words != NULL);
        if (rows[i].words != NULL)
            g_assert_nonnull(strstr(seat->refusal->message, rows[i].words));
        g_assert_cmpint(seat->renewal_note != NULL, ==, rows[i].has_note);
    }
}

static GByteArray *
answer_nothing_known(const guint8 *command, gsize size, gpointer data)
{
    return fake_from_hex("6A82");
}

static void
use_module(Desk *desk, const char *script)
{
    g_autofree char *certificate = pki_path("agency.pem");
    g_autofree char *key = pki_path("agency.key.pem");
    g_autofree char *words = g_strdup_printf("key=%s,cert=%s,%s", key, certificate, script);

    g_setenv("GCA_FAKE_P11", words, TRUE);
    desk->choice.module = g_strdup(g_getenv("GCA_FAKE_P11_MODULE"));
}

static void
test_unknown_card(void)
{
    g_autoptr(Desk) desk = desk_new("agency.pem");

    use_module(desk, "tokens=0,empty");
    fake_winscard_set_card(answer_nothing_known, NULL);
    fake_winscard_add_reader(READER, SCARD_STATE_PRESENT);
    start(desk);
    assert_trouble(desk, GCA_ERROR_CARD_UNKNOWN);
    assert_quiet(desk);
    fake_winscard_set_state(READER, SCARD_STATE_EMPTY);
    assert_empty(desk);
}

static void
test_trouble_passes(gconstpointer data)
{
    DWORD state = GPOINTER_TO_UINT(data);
    g_autoptr(Desk) desk = desk_new("agency.pem");

    fake_winscard_add_reader(READER, SCARD_STATE_PRESENT | state);
    start(desk);
    assert_trouble(desk, state == SCARD_STATE_MUTE ? GCA_ERROR_CARD_UNKNOWN : GCA_ERROR_BUSY);
    assert_quiet(desk);
    fake_winscard_set_state(READER, SCARD_STATE_PRESENT);
    assert_card(desk);
}

/* Nothing tells when another program lets go of the card. */
static void
test_reset_by_another_program_passes(void)
{
    g_autoptr(Desk) desk = desk_new("agency.pem");

    fake_winscard_add_reader(READER, SCARD_STATE_PRESENT);
    fake_winscard_fail("SCardTransmit", 3, SCARD_W_RESET_CARD);
    start(desk);
    assert_trouble(desk, GCA_ERROR_BUSY);
    assert_card(desk);
}

static void
test_card_pulled_while_it_is_read(void)
{
    g_autoptr(Desk) desk = desk_new("agency.pem");

    fake_winscard_add_reader(READER, SCARD_STATE_PRESENT);
    fake_winscard_fail("SCardTransmit", 3, SCARD_W_REMOVED_CARD);
    start(desk);
    assert_empty(desk);
    assert_card(desk);
}

static void
test_service_comes_late(gconstpointer data)
{
    g_autoptr(Desk) desk = desk_new("agency.pem");
    LONG answer = (LONG) GPOINTER_TO_SIZE(data);

    fake_winscard_add_reader(READER, SCARD_STATE_EMPTY);
    fake_winscard_fail("SCardEstablishContext", 1, answer);
    fake_winscard_fail("SCardEstablishContext", 2, answer); /* is not told twice */
    start(desk);
    assert_no_reader(desk, answer == SCARD_E_NO_SERVICE ? "pcscd.socket" : "polkit");
    assert_empty(desk);
    g_assert_cmpuint(fake_winscard_count("SCardEstablishContext"), ==, 3);
}

static void
test_service_dies_and_comes_back(void)
{
    g_autoptr(Desk) desk = desk_new("agency.pem");

    fake_winscard_add_reader(READER, SCARD_STATE_EMPTY);
    /* the first look lists twice (size, names), each slice of waiting too */
    fake_winscard_fail("SCardGetStatusChange", 2, SCARD_E_SERVICE_STOPPED);
    fake_winscard_fail("SCardListReaders", 5, SCARD_E_INVALID_HANDLE);
    fake_winscard_fail("SCardEstablishContext", 2, SCARD_E_NO_SERVICE);
    start(desk);
    assert_empty(desk);
    assert_no_reader(desk, "pcscd.socket");
    assert_empty(desk);
    fake_winscard_set_state(READER, SCARD_STATE_PRESENT);
    assert_card(desk);
}

static void
assert_token(Desk *desk)
{
    const Told *told = next(desk);
    const GcaSeat *seat = g_ptr_array_index(told->seats, told->seats->len - 1);

    g_assert_no_error(told->error);
    g_assert_null(seat->reader);
    g_assert_true(seat->has_card);
    g_assert_cmpstr(seat->label, ==, "測試");
    g_assert_cmpstr(seat->number, ==, "0123");
    g_assert_nonnull(seat->holder);
    g_assert_no_error(seat->refusal);
}

static void
test_token_in_no_reader(void)
{
    g_autoptr(Desk) desk = desk_new("agency.pem");

    use_module(desk, "tokens=1,label=測試,serial=0123");
    start(desk);
    assert_token(desk);
    fake_winscard_add_reader(READER, SCARD_STATE_EMPTY);
    assert_token(desk);
    g_assert_cmpuint(desk->last->seats->len, ==, 2);
    /* as a card is looked for: what is in a reader goes first */
    fake_winscard_set_state(READER, SCARD_STATE_PRESENT);
    assert_card(desk);
    fake_winscard_set_state(READER, SCARD_STATE_EMPTY);
    assert_token(desk);
}

static void
test_one_token(void)
{
    g_autoptr(Desk) desk = desk_new("agency.pem");

    use_module(desk, "tokens=2,label=測試,serial=0123");
    desk->choice.token = g_strdup("pkcs11:serial=0123");
    start(desk);
    assert_token(desk);
    assert_quiet(desk);
    g_assert_cmpuint(fake_winscard_count("SCardEstablishContext"), ==, 0);
}

static void
test_one_token_that_is_not_there(void)
{
    g_autoptr(Desk) desk = desk_new("agency.pem");

    use_module(desk, "tokens=1,label=測試,serial=0123");
    desk->choice.token = g_strdup("pkcs11:serial=0456");
    start(desk);
    const Told *told = next(desk);
    g_assert_error(told->error, GCA_ERROR, GCA_ERROR_NO_CARD);
    g_assert_cmpuint(told->seats->len, ==, 0);
    assert_quiet(desk);
}

static void
test_several_tokens(void)
{
    g_autoptr(Desk) desk = desk_new("agency.pem");

    use_module(desk, "tokens=2,label=測試,serial=0123");
    start(desk);
    assert_trouble(desk, GCA_ERROR_USAGE);
    g_assert_null(((const GcaSeat *) g_ptr_array_index(desk->last->seats, 0))->reader);
}

static void
test_tells_nothing_once_cancelled(void)
{
    g_autoptr(Desk) desk = desk_new("agency.pem");

    gca_cancel_request(desk->cancel);
    start(desk);
    assert_quiet(desk);
}

/* A card that is being read is not waited for. */
static void
test_cancel_ends_reading(void)
{
    g_autoptr(Desk) desk = desk_new("agency.pem");

    fake_winscard_add_reader(READER, SCARD_STATE_PRESENT);
    fake_winscard_hang("SCardTransmit", 1);
    start(desk);
    fake_winscard_await("SCardTransmit", 1);
    gca_cancel_request(desk->cancel);
    fake_winscard_let_go();
    assert_quiet(desk);
    fake_winscard_await("SCardReleaseContext", 2);
}

static void
test_seat_chooses_its_card(void)
{
    char reader[] = "R", number[] = "TP1";
    GcaSeat with_number = {.reader = reader, .number = number}, without = {.reader = reader};
    GcaCardChoice choice = {.reader = g_strdup("old"), .serial = g_strdup("old")};

    gca_seat_choose(&with_number, &choice);
    g_assert_cmpstr(choice.serial, ==, "TP1");
    g_assert_null(choice.reader);
    gca_seat_choose(&without, &choice);
    g_assert_cmpstr(choice.reader, ==, "R");
    g_assert_null(choice.serial);
    g_free(choice.reader);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flow/card-watch/readers-and-cards-come-and-go",
                    test_readers_and_cards_come_and_go);
    g_test_add_func("/flow/card-watch/card-is-read-once", test_card_is_read_once);
    g_test_add_func("/flow/card-watch/another-card-is-read-anew", test_another_card_is_read_anew);
    g_test_add_func("/flow/card-watch/says-why-a-holder-must-not-sign",
                    test_says_why_a_holder_must_not_sign);
    g_test_add_func("/flow/card-watch/unknown-card", test_unknown_card);
    g_test_add_data_func("/flow/card-watch/mute-card-may-speak-again",
                         GUINT_TO_POINTER(SCARD_STATE_MUTE), test_trouble_passes);
    g_test_add_data_func("/flow/card-watch/busy-reader-becomes-free",
                         GUINT_TO_POINTER(SCARD_STATE_EXCLUSIVE), test_trouble_passes);
    g_test_add_func("/flow/card-watch/reset-by-another-program-passes",
                    test_reset_by_another_program_passes);
    g_test_add_func("/flow/card-watch/card-pulled-while-it-is-read",
                    test_card_pulled_while_it_is_read);
    g_test_add_data_func("/flow/card-watch/service-comes-late",
                         GSIZE_TO_POINTER(SCARD_E_NO_SERVICE), test_service_comes_late);
    g_test_add_data_func("/flow/card-watch/access-is-granted-late",
                         GSIZE_TO_POINTER(SCARD_W_SECURITY_VIOLATION), test_service_comes_late);
    g_test_add_func("/flow/card-watch/service-dies-and-comes-back",
                    test_service_dies_and_comes_back);
    g_test_add_func("/flow/card-watch/token-in-no-reader", test_token_in_no_reader);
    g_test_add_func("/flow/card-watch/one-token", test_one_token);
    g_test_add_func("/flow/card-watch/one-token-that-is-not-there",
                    test_one_token_that_is_not_there);
    g_test_add_func("/flow/card-watch/several-tokens-are-told", test_several_tokens);
    g_test_add_func("/flow/card-watch/tells-nothing-once-cancelled",
                    test_tells_nothing_once_cancelled);
    g_test_add_func("/flow/card-watch/cancel-ends-reading", test_cancel_ends_reading);
    g_test_add_func("/flow/card-watch/seat-chooses-its-card", test_seat_chooses_its_card);
    return g_test_run();
}
