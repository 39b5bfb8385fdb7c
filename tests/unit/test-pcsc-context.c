#include "base/error.h"
#include "pcsc/context.h"
#include "pcsc/scard-error.h"
#include "tests/fake/fake-winscard.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define NOBODY 65534

static GcaPcsc *
open_service(void)
{
    g_autoptr(GError) error = NULL;
    GcaPcsc *pcsc = gca_pcsc_new(&error);

    g_assert_no_error(error);
    return pcsc;
}

static void
assert_no_service(const char *hint, gulong native)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(gca_pcsc_new(&error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_NO_READER);
    g_assert_nonnull(strstr(gca_error_get_hint(error), hint));
    g_assert_cmphex(gca_error_get_native(error), ==, native);
    g_assert_true(fake_winscard_is_clean());
}

static void
test_says_how_to_start_the_service(void)
{
    fake_winscard_reset();
    fake_winscard_fail("SCardEstablishContext", 1, SCARD_E_NO_SERVICE);
    assert_no_service("sudo systemctl start pcscd.socket", (guint32) SCARD_E_NO_SERVICE);
}

static void
test_tells_refusal_from_absence(void)
{
    fake_winscard_reset();
    fake_winscard_fail("SCardEstablishContext", 1, SCARD_W_SECURITY_VIOLATION);
    assert_no_service("polkit", GCA_PCSC_ACCESS_REFUSED);
    fake_winscard_fail("SCardEstablishContext", 1, SCARD_F_COMM_ERROR);
    assert_no_service("polkit", GCA_PCSC_ACCESS_REFUSED);

    /* the socket is there, but this user may not open it */
    g_autofree char *socket = g_build_filename(g_get_tmp_dir(), "gca-XXXXXX", NULL);
    int fd = g_mkstemp_full(socket, O_RDWR, 0);
    g_assert_cmpint(fd, >=, 0);
    close(fd);
    gboolean is_root = geteuid() == 0;
    g_setenv("PCSCLITE_CSOCK_NAME", socket, TRUE);
    g_assert_true(!is_root || seteuid(NOBODY) == 0);
    fake_winscard_fail("SCardEstablishContext", 1, SCARD_E_NO_SERVICE);
    assert_no_service("polkit", GCA_PCSC_ACCESS_REFUSED);
    g_assert_true(!is_root || seteuid(0) == 0);
    g_unsetenv("PCSCLITE_CSOCK_NAME");
    g_unlink(socket);
}

static void
test_gives_up_a_service_that_hangs(void)
{
    fake_winscard_reset();
    fake_winscard_hang("SCardEstablishContext", 1);
    gint64 start = g_get_monotonic_time();
    g_autoptr(GError) error = NULL;
    g_assert_null(gca_pcsc_new(&error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_NO_READER);
    g_assert_cmpint(g_get_monotonic_time() - start, <, 5 * G_TIME_SPAN_SECOND);
    fake_winscard_let_go();
    fake_winscard_await("SCardReleaseContext", 1);
    g_assert_true(fake_winscard_is_clean());
}

static void
test_lists_readers(void)
{
    fake_winscard_reset();
    fake_winscard_add_reader("A", SCARD_STATE_EMPTY);
    fake_winscard_add_reader("B", SCARD_STATE_PRESENT | SCARD_STATE_INUSE);
    fake_winscard_add_reader("C", SCARD_STATE_PRESENT | SCARD_STATE_MUTE);
    fake_winscard_add_reader("D", SCARD_STATE_PRESENT | SCARD_STATE_EXCLUSIVE);
    g_autoptr(GcaPcsc) pcsc = open_service();
    g_autoptr(GPtrArray) readers = gca_pcsc_list(pcsc, NULL);
    static const struct {
        const char *name;
        gboolean has_card, is_mute, is_in_use;
        gsize atr;
    } expected[] = {{"A", 0, 0, 0, 0}, {"B", 1, 0, 0, 17}, {"C", 1, 1, 0, 0}, {"D", 1, 0, 1, 17}};

    g_assert_cmpuint(readers->len, ==, G_N_ELEMENTS(expected));
    for (guint i = 0; i < readers->len; i++) {
        const GcaReader *reader = readers->pdata[i];
        g_assert_cmpstr(reader->name, ==, expected[i].name);
        g_assert_cmpint(reader->has_card, ==, expected[i].has_card);
        g_assert_cmpint(reader->is_mute, ==, expected[i].is_mute);
        g_assert_cmpint(reader->is_in_use, ==, expected[i].is_in_use);
        g_assert_cmpint(reader->atr != NULL, ==, expected[i].has_card);
        if (reader->atr != NULL)
            g_assert_cmpuint(g_bytes_get_size(reader->atr), ==, expected[i].atr);
    }
}

static guint
count_readers(GcaPcsc *pcsc)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) readers = gca_pcsc_list(pcsc, &error);

    g_assert_no_error(error);
    return readers->len;
}

static void
test_lists_any_number_of_readers(void)
{
    fake_winscard_reset();
    g_autoptr(GcaPcsc) pcsc = open_service();
    g_assert_cmpuint(count_readers(pcsc), ==, 0);
    for (guint i = 1; i <= 20; i++) {
        g_autofree char *name = g_strdup_printf("Reader %u", i);
        fake_winscard_add_reader(name, SCARD_STATE_EMPTY);
        g_assert_cmpuint(count_readers(pcsc), ==, i);
        g_assert_false(gca_pcsc_wait(pcsc, 0, NULL, NULL));
    }
}

static void
test_distrusts_the_list(void)
{
    static const struct {
        const char *list;
        gsize size;
        guint count;
    } lists[] = {
        {"", 0, 0},         {"\0", 1, 0},       {"\0\0", 2, 0},
        {"A\0", 2, 1},      {"A\0B", 3, 1},     {"A", 1, 0},
        {"A\0\0B\0", 5, 1}, {"A\0A\0\0", 5, 1}, {"A\0gone\0B\0\0", 10, 2},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
        fake_winscard_reset();
        fake_winscard_add_reader("A", SCARD_STATE_EMPTY);
        fake_winscard_add_reader("B", SCARD_STATE_EMPTY);
        fake_winscard_set_list(lists[i].list, lists[i].size);
        g_autoptr(GcaPcsc) pcsc = open_service();
        g_assert_cmpuint(count_readers(pcsc), ==, lists[i].count);
    }

    g_autofree char *huge = g_strnfill(100 * 1024, 'x');
    fake_winscard_set_list(huge, 1000);
    g_autoptr(GcaPcsc) pcsc = open_service();
    g_assert_cmpuint(count_readers(pcsc), ==, 0);
    fake_winscard_set_list(huge, 100 * 1024);
    g_autoptr(GError) error = NULL;
    g_assert_null(gca_pcsc_list(pcsc, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_NO_READER);
}

static void
test_finds_a_restarted_service(void)
{
    fake_winscard_reset();
    fake_winscard_add_reader("A", SCARD_STATE_EMPTY);
    g_autoptr(GcaPcsc) pcsc = open_service();
    fake_winscard_fail("SCardListReaders", 1, SCARD_E_INVALID_HANDLE);
    g_assert_cmpuint(count_readers(pcsc), ==, 1);

    /* gone for good, then back */
    g_autoptr(GError) error = NULL;
    fake_winscard_fail("SCardListReaders", 1, SCARD_E_NO_SERVICE);
    fake_winscard_fail("SCardEstablishContext", 1, SCARD_E_NO_SERVICE);
    g_assert_null(gca_pcsc_list(pcsc, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_NO_READER);
    g_assert_cmpuint(count_readers(pcsc), ==, 1);
    g_clear_pointer(&pcsc, gca_pcsc_free);
    g_assert_true(fake_winscard_is_clean());
}

static gpointer
insert_card(gpointer data)
{
    g_usleep(100 * 1000);
    fake_winscard_set_state("A", SCARD_STATE_PRESENT);
    return NULL;
}

static void
test_waits_for_a_card(void)
{
    fake_winscard_reset();
    fake_winscard_add_reader("A", SCARD_STATE_EMPTY);
    g_autoptr(GcaPcsc) pcsc = open_service();
    count_readers(pcsc);
    GThread *thread = g_thread_new(NULL, insert_card, NULL);
    g_assert_true(gca_pcsc_wait(pcsc, 5000, NULL, NULL));
    g_thread_join(thread);

    /* until it is listed anew */
    g_assert_true(gca_pcsc_wait(pcsc, 0, NULL, NULL));
    count_readers(pcsc);
    g_assert_false(gca_pcsc_wait(pcsc, 0, NULL, NULL));
}

static void
test_misses_nothing_between_list_and_wait(void)
{
    fake_winscard_reset();
    g_autoptr(GcaPcsc) pcsc = open_service();
    g_assert_false(gca_pcsc_wait(pcsc, 0, NULL, NULL));
    fake_winscard_add_reader("A", SCARD_STATE_EMPTY);
    g_assert_true(gca_pcsc_wait(pcsc, -1, NULL, NULL));
    count_readers(pcsc);

    fake_winscard_set_state("A", SCARD_STATE_PRESENT);
    g_assert_true(gca_pcsc_wait(pcsc, -1, NULL, NULL));
    count_readers(pcsc);
    /* out and in again */
    fake_winscard_set_state("A", SCARD_STATE_EMPTY);
    fake_winscard_set_state("A", SCARD_STATE_PRESENT);
    g_assert_true(gca_pcsc_wait(pcsc, -1, NULL, NULL));
    count_readers(pcsc);

    fake_winscard_remove_reader("A");
    g_assert_true(gca_pcsc_wait(pcsc, -1, NULL, NULL));
}

static void
test_waits_without_spinning(void)
{
    fake_winscard_reset();
    fake_winscard_add_reader("A", SCARD_STATE_PRESENT);
    g_autoptr(GcaPcsc) pcsc = open_service();
    count_readers(pcsc);
    guint before = fake_winscard_count("SCardGetStatusChange");

    /* another program connects: no card came or went */
    fake_winscard_set_state("A", SCARD_STATE_PRESENT | SCARD_STATE_INUSE);
    gint64 start = g_get_monotonic_time();
    g_assert_false(gca_pcsc_wait(pcsc, 300, NULL, NULL));
    g_assert_cmpint(g_get_monotonic_time() - start, >=, 300 * G_TIME_SPAN_MILLISECOND);
    g_assert_cmpuint(fake_winscard_count("SCardGetStatusChange") - before, <=, 4);
}

static gpointer
cancel_soon(gpointer cancel)
{
    g_usleep(100 * 1000);
    gca_cancel_request(cancel);
    return NULL;
}

static void
test_wait_is_cancelled_from_another_thread(void)
{
    fake_winscard_reset();
    fake_winscard_add_reader("A", SCARD_STATE_EMPTY);
    g_autoptr(GcaPcsc) pcsc = open_service();
    g_autoptr(GcaCancel) cancel = gca_cancel_new();
    g_autoptr(GError) error = NULL;
    count_readers(pcsc);
    GThread *thread = g_thread_new(NULL, cancel_soon, cancel);
    gint64 start = g_get_monotonic_time();
    g_assert_false(gca_pcsc_wait(pcsc, -1, cancel, &error));
    g_assert_cmpint(gca_error_get_code(error), ==, GCA_ERROR_CANCELLED);
    g_assert_cmpint(g_get_monotonic_time() - start, <, 800 * G_TIME_SPAN_MILLISECOND);
    g_thread_join(thread);

    g_clear_error(&error);
    g_assert_false(gca_pcsc_wait(pcsc, -1, cancel, &error));
    g_assert_cmpint(gca_error_get_code(error), ==, GCA_ERROR_CANCELLED);
}

static void
test_wait_notes_the_end_of_the_service(void)
{
    fake_winscard_reset();
    g_autoptr(GcaPcsc) pcsc = open_service();
    g_autoptr(GError) error = NULL;
    fake_winscard_fail("SCardGetStatusChange", 1, SCARD_E_SERVICE_STOPPED);
    g_assert_false(gca_pcsc_wait(pcsc, -1, NULL, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_NO_READER);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pcsc/service/says-how-to-start-it", test_says_how_to_start_the_service);
    g_test_add_func("/pcsc/service/tells-refusal-from-absence", test_tells_refusal_from_absence);
    g_test_add_func("/pcsc/service/gives-up-one-that-hangs", test_gives_up_a_service_that_hangs);
    g_test_add_func("/pcsc/service/finds-a-restarted-one", test_finds_a_restarted_service);
    g_test_add_func("/pcsc/list/tells-states-apart", test_lists_readers);
    g_test_add_func("/pcsc/list/holds-any-number", test_lists_any_number_of_readers);
    g_test_add_func("/pcsc/list/is-distrusted", test_distrusts_the_list);
    g_test_add_func("/pcsc/wait/sees-a-card", test_waits_for_a_card);
    g_test_add_func("/pcsc/wait/misses-nothing-after-list",
                    test_misses_nothing_between_list_and_wait);
    g_test_add_func("/pcsc/wait/does-not-spin", test_waits_without_spinning);
    g_test_add_func("/pcsc/wait/is-cancelled-from-another-thread",
                    test_wait_is_cancelled_from_another_thread);
    g_test_add_func("/pcsc/wait/notes-the-end-of-the-service",
                    test_wait_notes_the_end_of_the_service);
    return g_test_run();
}
