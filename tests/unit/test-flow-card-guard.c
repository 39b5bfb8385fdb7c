/* What ends a question to a person, on a scripted service. */
#include "base/error.h"
#include "flow/card-guard.h"
#include "flow/found-card-private.h"
#include "tests/fake/fake-winscard.h"

#include <string.h>

#define READER "測試 Reader 00 00"
#define OTHER "測試 Reader 01 00"
#define SOON_MS 10000 /* sanitizers are slow */
#define QUIET_MS 300

typedef struct {
    GcaFoundCard *card;
    GcaCancel *cancel; /* the caller's */
    GcaCardGuard *guard;
} Desk;

/* A card in `reader` (NULL: a token in none), and an eye on it. */
static Desk *
desk_new(const char *reader)
{
    const GcaCardChoice any = {0};
    Desk *desk = g_new0(Desk, 1);

    fake_winscard_reset();
    fake_winscard_add_reader(READER, SCARD_STATE_PRESENT);
    fake_winscard_add_reader(OTHER, SCARD_STATE_EMPTY);
    g_autoptr(GcaPcsc) pcsc = gca_pcsc_new(NULL);
    g_autoptr(GPtrArray) readers = gca_pcsc_list(pcsc, NULL);
    const GcaReader *first = g_ptr_array_index(readers, 0);
    desk->card = reader ? gca_found_card_new_in_reader(&any, reader, first->events)
                        : gca_found_card_new(&any);
    desk->cancel = gca_cancel_new();
    desk->guard = gca_card_guard_new(desk->card, desk->cancel);
    return desk;
}

static void
desk_free(Desk *desk)
{
    g_clear_pointer(&desk->guard, gca_card_guard_free);
    g_assert_true(fake_winscard_is_clean());
    gca_cancel_unref(desk->cancel);
    gca_found_card_free(desk->card);
    g_free(desk);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Desk, desk_free)

static gboolean
ends_within(const Desk *desk, int ms)
{
    GcaCancel *cancel = gca_card_guard_get_cancel(desk->guard);
    GPollFD fd = {.fd = gca_cancel_get_fd(cancel), .events = G_IO_IN};

    return g_poll(&fd, 1, ms) == 1;
}

/* What becomes of a question that has ended in that way. */
static void
assert_explained(const Desk *desk, GcaErrorCode code, const char *words)
{
    g_autoptr(GError) error = NULL;

    gca_cancel_check(gca_card_guard_get_cancel(desk->guard), &error);
    gca_card_guard_explain(desk->guard, &error);
    g_assert_error(error, GCA_ERROR, (int) code);
    g_assert_nonnull(strstr(error->message, words));
}

static void
test_card_goes(void)
{
    g_autoptr(Desk) desk = desk_new(READER);

    g_assert_false(ends_within(desk, QUIET_MS));
    fake_winscard_set_state(READER, SCARD_STATE_PRESENT | SCARD_STATE_INUSE);
    g_assert_false(ends_within(desk, QUIET_MS));
    fake_winscard_set_state(READER, SCARD_STATE_EMPTY);
    g_assert_true(ends_within(desk, SOON_MS));
    assert_explained(desk, GCA_ERROR_CARD_REMOVED, READER);
    g_assert_false(gca_cancel_is_requested(desk->cancel));
}

static void
test_another_card_comes(void)
{
    g_autoptr(Desk) desk = desk_new(READER);

    /* out and in between two looks */
    fake_winscard_set_state(READER, SCARD_STATE_EMPTY);
    fake_winscard_set_state(READER, SCARD_STATE_PRESENT);
    g_assert_true(ends_within(desk, SOON_MS));
    assert_explained(desk, GCA_ERROR_CARD_REMOVED, READER);
}

static void
test_what_happens_in_another_reader(void)
{
    g_autoptr(Desk) desk = desk_new(READER);

    fake_winscard_set_state(OTHER, SCARD_STATE_PRESENT);
    fake_winscard_remove_reader(OTHER);
    g_assert_false(ends_within(desk, 2 * QUIET_MS));
}

static void
test_reader_goes(void)
{
    g_autoptr(Desk) desk = desk_new(READER);

    fake_winscard_remove_reader(READER);
    g_assert_true(ends_within(desk, SOON_MS));
    assert_explained(desk, GCA_ERROR_CARD_REMOVED, READER);
    fake_winscard_remove_reader(OTHER);
    assert_explained(desk, GCA_ERROR_NO_READER, "No card reader");
}

static void
test_service_goes(void)
{
    g_autoptr(Desk) desk = desk_new(READER);

    for (guint i = 1; i <= 8; i++) {
        fake_winscard_fail("SCardGetStatusChange", i, SCARD_E_SERVICE_STOPPED);
        fake_winscard_fail("SCardListReaders", i, SCARD_E_SERVICE_STOPPED);
        fake_winscard_fail("SCardEstablishContext", i, SCARD_E_NO_SERVICE);
    }
    fake_winscard_set_state(OTHER, SCARD_STATE_PRESENT);
    g_assert_true(ends_within(desk, SOON_MS));
    assert_explained(desk, GCA_ERROR_NO_READER, "pcscd");
}

static void
test_the_caller_stops(void)
{
    g_autoptr(Desk) desk = desk_new(READER);

    gca_cancel_request(desk->cancel);
    g_assert_true(ends_within(desk, 0));
    assert_explained(desk, GCA_ERROR_CANCELLED, "");
}

/* It is neither watched nor missed. */
static void
test_token_in_no_reader(void)
{
    g_autoptr(Desk) desk = desk_new(NULL);
    guint listed = fake_winscard_count("SCardListReaders");

    fake_winscard_remove_reader(READER);
    g_assert_false(ends_within(desk, QUIET_MS));
    g_assert_cmpuint(fake_winscard_count("SCardListReaders"), ==, listed);
    gca_cancel_request(desk->cancel);
    g_assert_true(ends_within(desk, 0));
    assert_explained(desk, GCA_ERROR_CANCELLED, "");
}

int
main(int argc, char **argv)
{
    g_setenv("LC_ALL", "C.UTF-8", TRUE);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flow/card-guard/card-goes", test_card_goes);
    g_test_add_func("/flow/card-guard/another-card-comes", test_another_card_comes);
    g_test_add_func("/flow/card-guard/what-happens-in-another-reader",
                    test_what_happens_in_another_reader);
    g_test_add_func("/flow/card-guard/reader-goes", test_reader_goes);
    g_test_add_func("/flow/card-guard/service-goes", test_service_goes);
    g_test_add_func("/flow/card-guard/the-caller-stops", test_the_caller_stops);
    g_test_add_func("/flow/card-guard/token-in-no-reader", test_token_in_no_reader);
    return g_test_run();
}
