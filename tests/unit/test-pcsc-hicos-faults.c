#include "pcsc/scard-error.h"
#include "tests/fake/fake-winscard.h"
#include "tests/fake/hicos-desk.h"

#include <string.h>

static void
test_refuses_cards_that_cannot_sign(void)
{
    HicosDesk desk;
    hicos_desk_init(&desk, 2); /* KEYX is not even read, whatever it may do */
    hicos_desk_add(&desk, "KEYX", 0, SIGNS);
    hicos_desk_add(&desk, "CACert", 0x0700, ISSUES);
    hicos_desk_assert_fails(&desk, GCA_ERROR_NO_CERT, "encryption certificates only");
    hicos_desk_init(&desk, 2);
    hicos_desk_add(&desk, "SIGN", 0, ENCRYPTS);
    hicos_desk_assert_fails(&desk, GCA_ERROR_NO_CERT, "for encryption only");
    hicos_desk_init(&desk, 1);
    hicos_desk_pad_directory(&desk, 200, 0xFF);
    hicos_desk_assert_fails(&desk, GCA_ERROR_NO_CERT, "no certificate of its holder");
}

static void
test_names_command_and_status(void)
{
    HicosDesk desk;
    hicos_desk_init(&desk, 1);
    g_hash_table_remove(desk.fake->files, "5030/4104");
    hicos_desk_assert_fails(&desk, GCA_ERROR_BAD_DATA, "SELECT 5030/4104 answered 6A82");
    hicos_desk_init(&desk, 2);
    hicos_desk_add(&desk, "SIGN", 0, SIGNS);
    g_hash_table_remove(desk.fake->files, "5030/08F2");
    hicos_desk_assert_fails(&desk, GCA_ERROR_BAD_DATA, "SELECT 5030/08F2 answered 6A82");
    hicos_desk_init(&desk, 2);
    desk.fake->past_end = 0x6982;
    hicos_desk_assert_fails(&desk, GCA_ERROR_BAD_DATA, "file 5030/4104, byte 0, answered 6982");
    hicos_desk_init(&desk, 2);
    desk.fake->is_overlong = TRUE;
    hicos_desk_add_usual(&desk);
    hicos_desk_pad_directory(&desk, 1024, 0);
    hicos_desk_assert_fails(&desk, GCA_ERROR_BAD_DATA, "gave 201 bytes where 200 were asked for");
}

static void
test_refuses_slices_that_cannot_be(void)
{
    static const struct {
        guint offset, length;
        const char *text;
    } slices[] = {
        {0, 0, "file 5030/08F2, byte 0"},
        {0x8000, 1000, "file 5030/08F2, byte 32768"},
        {0x10000, 1000, "file 5030/08F2, byte 65536"},
        {0x7000, 0x9001, "file 5030/08F2, byte 28672"},
        {0x7FFFFF, 1000, "file 5030/08F2, byte 8388607"},
        {0, 0x7FFFFF, "file 5030/08F2, byte 0"},
        {0x7F00, 1000, "file 5030/08F2, byte 32512"}, /* beyond the end of the file */
        {0, 100, "cut off"},                          /* shorter than its certificate */
        {1, 1000, "file 5030/08F2, byte 1"},          /* not DER there */
    };

    for (gsize i = 0; i < G_N_ELEMENTS(slices); i++) {
        HicosDesk desk;
        hicos_desk_init(&desk, 2);
        hicos_desk_add(&desk, "spare", 0, ENCRYPTS);
        fake_hicos_add_entry(desk.fake, "SIGN", slices[i].offset, slices[i].length);
        hicos_desk_assert_fails(&desk, GCA_ERROR_BAD_DATA, slices[i].text);
    }
}

static void
test_refuses_blocks_beyond_7fff(void)
{
    HicosDesk desk;
    hicos_desk_init(&desk, 2);
    g_autofree guint8 *endless = g_malloc0(0x9000);
    memcpy(endless, "\x30\x82\x20\x00", 4);
    fake_hicos_put(desk.fake, 0x7000, endless, 0x9000);
    fake_hicos_add_entry(desk.fake, "SIGN", 0x7000, 0x9000);
    hicos_desk_assert_fails(&desk, GCA_ERROR_BAD_DATA, "is beyond what can be read");
}

static void
test_refuses_broken_directories(void)
{
    static const struct {
        const char *bytes;
        gsize size;
        const char *text;
    } files[] = {
        {"\x30\x26\x30\x07\x0C\x05", 6, "file 5030/4104, byte 0"},
        {"\x30\x84\x7F\xFF\xFF\xFF", 6, "file 5030/4104, byte 0"},
        {"garbage", 7, "file 5030/4104"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        HicosDesk desk;
        hicos_desk_init(&desk, 1);
        fake_hicos_set_file(desk.fake, "5030/4104", files[i].bytes, files[i].size);
        hicos_desk_assert_fails(&desk, GCA_ERROR_BAD_DATA, files[i].text);
    }
}

static void
test_leaves_out_others_that_are_broken(void)
{
    static const struct {
        GcaOthers others;
        int expected;
    } wishes[] = {{GCA_OTHERS_NONE, 0}, {GCA_OTHERS_CA, 1}, {GCA_OTHERS_ALL, 2}};

    for (gsize i = 0; i < G_N_ELEMENTS(wishes); i++) {
        HicosDesk desk;
        hicos_desk_init(&desk, 2);
        hicos_desk_add(&desk, "SIGN", 0, SIGNS);
        fake_hicos_add_entry(desk.fake, "KEYX", 0x6000, 1000);
        fake_hicos_add_entry(desk.fake, "CACert", 0x7000, 1000);
        hicos_desk_add(&desk, "ROOTCACert", 0x0700, ISSUES);
        hicos_desk_add(&desk, "other", 0x0E00, ISSUES);
        g_assert_true(hicos_desk_read(&desk, wishes[i].others, NULL));
        g_assert_cmpint(sk_X509_num(gca_hicos_get_others(desk.hicos)), ==, wishes[i].expected);
        hicos_desk_clear(&desk);
    }
}

/* Pulled out before each command in turn, up to the last. */
static void
test_removal_at_every_command(gconstpointer data)
{
    guint position = 1;
    gboolean is_read = FALSE;

    while (!is_read) {
        HicosDesk desk;
        hicos_desk_init(&desk, GPOINTER_TO_INT(data));
        hicos_desk_add_usual(&desk);
        fake_winscard_fail("SCardTransmit", position, SCARD_W_REMOVED_CARD);
        is_read = hicos_desk_read(&desk, GCA_OTHERS_ALL, NULL);
        if (!is_read) {
            g_assert_error(desk.error, GCA_ERROR, GCA_ERROR_CARD_REMOVED);
            g_assert_cmpuint(fake_winscard_count("SCardTransmit"), ==, position);
        }
        hicos_desk_clear(&desk);
        position++;
    }
    g_assert_cmpuint(position, >, 20);
}

typedef struct {
    FakeHicos *fake;
    GcaCancel *cancel;
    guint left;
} Interruption;

static GByteArray *
answer_then_cancel(const guint8 *command, gsize size, gpointer data)
{
    Interruption *interruption = data;

    if (--interruption->left == 0)
        gca_cancel_request(interruption->cancel);
    return fake_hicos_answer(command, size, interruption->fake);
}

static void
test_is_cancelled_between_commands(void)
{
    for (guint after = 1; after < 16; after++) {
        HicosDesk desk;
        hicos_desk_init(&desk, 1);
        hicos_desk_add_usual(&desk);
        g_autoptr(GcaCancel) cancel = gca_cancel_new();
        Interruption interruption = {desk.fake, cancel, after};
        fake_winscard_set_card(answer_then_cancel, &interruption);
        g_assert_false(hicos_desk_read(&desk, GCA_OTHERS_ALL, cancel));
        g_assert_cmpint(gca_error_get_code(desk.error), ==, GCA_ERROR_CANCELLED);
        g_assert_cmpuint(fake_winscard_count("SCardTransmit"), ==, after);
        hicos_desk_clear(&desk);
    }
}

int
main(int argc, char **argv)
{
    gpointer first = GINT_TO_POINTER(1), second = GINT_TO_POINTER(2);

    g_test_init(&argc, &argv, NULL);
    g_test_add_data_func("/pcsc/hicos/gen1/removal-at-every-command", first,
                         test_removal_at_every_command);
    g_test_add_data_func("/pcsc/hicos/gen2/removal-at-every-command", second,
                         test_removal_at_every_command);
    g_test_add_func("/pcsc/hicos/directory/broken", test_refuses_broken_directories);
    g_test_add_func("/pcsc/hicos/refuses-cards-that-cannot-sign",
                    test_refuses_cards_that_cannot_sign);
    g_test_add_func("/pcsc/hicos/names-command-and-status", test_names_command_and_status);
    g_test_add_func("/pcsc/hicos/refuses-slices-that-cannot-be",
                    test_refuses_slices_that_cannot_be);
    g_test_add_func("/pcsc/hicos/refuses-blocks-beyond-7fff", test_refuses_blocks_beyond_7fff);
    g_test_add_func("/pcsc/hicos/leaves-out-others-that-are-broken",
                    test_leaves_out_others_that_are_broken);
    g_test_add_func("/pcsc/hicos/is-cancelled-between-commands",
                    test_is_cancelled_between_commands);
    return g_test_run();
}
