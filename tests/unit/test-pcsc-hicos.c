#include "tests/fake/fake-winscard.h"
#include "tests/fake/hicos-desk.h"

#include <string.h>

/* The commands of each generation, byte for byte as published. */
static const char *const open_commands[] = {
    "",
    "00A4040C10A000000283000006220169640001010100\n80A40000023F00\n",
    "00A4040C10A000000283000006220169640001010100\n",
};
static const char *const number_commands[] = {
    "",
    "80A40000020900\n80A40000020903\n80B0000010\n",
    "00A4000402090000\n00A4000402090300\n00B0000010\n",
};
static const char *const cdf_commands[] = {
    "",
    "80A40000023F00\n80A40000025030\n80A40000024104\n",
    "00A4040C10A000000283000006220169640001010100\n00A4000402503000\n00A4000402410400\n",
};
static const char *const slices_commands[] = {
    "",
    "80A400000208F2\n",
    "00A400040208F200\n",
};

/* READ BINARY of `size` bytes at `offset`: Le = C8, the last one what is left if `is_exact`. */
static void
expect_reads(GString *out, int generation, gsize offset, gsize size, gboolean is_exact)
{
    for (gsize at = 0; at < size; at += 200) {
        gsize le = is_exact ? MIN(200, size - at) : 200;
        g_string_append_printf(out, "%02XB0%04X%02X\n", generation == 1 ? 0x80 : 0,
                               (guint) (offset + at), (guint) le);
    }
}

static GString *
expect_directory(HicosDesk *desk, gsize directory_size)
{
    int generation = desk->fake->generation;
    GString *out = g_string_new(open_commands[generation]);

    g_string_append(out, number_commands[generation]);
    g_string_append(out, cdf_commands[generation]);
    expect_reads(out, generation, 0, directory_size, FALSE);
    return out;
}

static void
assert_commands(GString *expected)
{
    g_autofree char *sent = fake_winscard_dup_commands();
    g_assert_cmpstr(sent, ==, expected->str);
    g_string_free(expected, TRUE);
}

static void
assert_signs_with(HicosDesk *desk, const char *id)
{
    g_assert_no_error(desk->error);
    GBytes *found = gca_hicos_get_signing_id(desk->hicos);
    g_assert_cmpmem(g_bytes_get_data(found, NULL), g_bytes_get_size(found), id, strlen(id));
    g_autoptr(X509) expected = fake_certificate_new(id, SIGNS, HICOS_DESK_FILLER);
    X509 *certificate = gca_hicos_get_signing_certificate(desk->hicos);
    g_assert_cmpint(X509_cmp(certificate, expected), ==, 0);
}

/* Certificates are called as their iD. */
static void
assert_others(HicosDesk *desk, const char *const *names)
{
    GcaX509Stack *others = gca_hicos_get_others(desk->hicos);

    g_assert_cmpint(sk_X509_num(others), ==, (int) g_strv_length((char **) names));
    for (int i = 0; names[i] != NULL; i++) {
        char name[32] = "";
        X509_NAME_get_text_by_NID(X509_get_subject_name(sk_X509_value(others, i)), NID_commonName,
                                  name, sizeof name);
        g_assert_cmpstr(name, ==, names[i]);
    }
}

static void
test_sends_what_is_published(gconstpointer data)
{
    int generation = GPOINTER_TO_INT(data);
    HicosDesk desk;
    hicos_desk_init(&desk, generation);
    gsize size = hicos_desk_add_usual(&desk);
    hicos_desk_pad_directory(&desk, 1024, generation == 1 ? 0x00 : 0xFF);

    g_assert_true(hicos_desk_read(&desk, GCA_OTHERS_NONE, NULL));
    g_assert_cmpint(gca_hicos_get_generation(desk.hicos), ==, generation);
    g_assert_cmpstr(gca_hicos_get_number(desk.hicos), ==, "TP12345678901234");
    assert_signs_with(&desk, "SIGN");
    g_assert_cmpint(sk_X509_num(gca_hicos_get_others(desk.hicos)), ==, 0);
    GString *expected = expect_directory(&desk, 200);
    g_string_append(expected, slices_commands[generation]);
    expect_reads(expected, generation, 0, size, TRUE);
    assert_commands(expected);
    hicos_desk_clear(&desk);
}

static void
test_reads_ca_certificates_of_the_same_file(gconstpointer data)
{
    int generation = GPOINTER_TO_INT(data);
    HicosDesk desk;
    hicos_desk_init(&desk, generation);
    gsize sign = hicos_desk_add(&desk, "SIGN", 0x0000, SIGNS);
    hicos_desk_add(&desk, "KEYX", 0x0700, ENCRYPTS);
    gsize ca = hicos_desk_add(&desk, "CACert", 0x0E00, ISSUES);
    gsize root = hicos_desk_add(&desk, "ROOTCACert", 0x1500, ISSUES);
    hicos_desk_pad_directory(&desk, 1024, 0xFF);
    g_assert_true(hicos_desk_read(&desk, GCA_OTHERS_CA, NULL));
    assert_others(&desk, (const char *[]){"CACert", "ROOTCACert", NULL});

    GString *expected = expect_directory(&desk, 200);
    g_string_append(expected, slices_commands[generation]);
    expect_reads(expected, generation, 0x0000, sign, TRUE);
    expect_reads(expected, generation, 0x0E00, ca, TRUE);
    expect_reads(expected, generation, 0x1500, root, TRUE);
    assert_commands(expected);
    hicos_desk_clear(&desk);
}

/* In the directory's order, and none twice: not the one to sign with, not those that were read to
 * find it. */
static void
test_reads_all_certificates_once(void)
{
    HicosDesk desk;
    hicos_desk_init(&desk, 1);
    gsize root = hicos_desk_add(&desk, "ROOTCACert", 0x0000, ISSUES);
    gsize keyx = hicos_desk_add(&desk, "KEYX", 0x0700, ENCRYPTS);
    gsize other = hicos_desk_add(&desk, "SIGN02", 0x0E00, SIGNS);
    gsize sign = hicos_desk_add(&desk, "SIGN", 0x1500, ENCRYPTS);
    gsize unknown = hicos_desk_add(&desk, "unknown", 0x1C00, SIGNS);
    hicos_desk_pad_directory(&desk, 1024, 0xFF);
    g_assert_true(hicos_desk_read(&desk, GCA_OTHERS_ALL, NULL));
    assert_signs_with(&desk, "SIGN02");
    assert_others(&desk, (const char *[]){"ROOTCACert", "KEYX", "SIGN", "unknown", NULL});

    GString *expected = expect_directory(&desk, 400);
    g_string_append(expected, slices_commands[1]);
    expect_reads(expected, 1, 0x1500, sign, TRUE);
    expect_reads(expected, 1, 0x0E00, other, TRUE);
    expect_reads(expected, 1, 0x0000, root, TRUE);
    expect_reads(expected, 1, 0x0700, keyx, TRUE);
    expect_reads(expected, 1, 0x1C00, unknown, TRUE);
    assert_commands(expected);
    hicos_desk_clear(&desk);
}

static void
test_directory_ends_on_a_block_edge(void)
{
    const guint16 ends[] = {0x6B00, 0x6282, 0x9000};

    for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
        HicosDesk desk;
        hicos_desk_init(&desk, 2);
        desk.fake->past_end = ends[i];
        gsize size = hicos_desk_add(&desk, "SIGN", 0, SIGNS);
        const GByteArray *file = g_hash_table_lookup(desk.fake->files, "5030/4104");
        guint entry_size = file->len;
        /* other entries up to the edge: one of another kind fills what is left */
        guint8 filler[200] = {0xA0, (guint8) (200 - entry_size - 2)};
        if (filler[1] >= 0x80) {
            filler[1] = 0x81;
            filler[2] = (guint8) (200 - entry_size - 3);
        }
        g_byte_array_append((GByteArray *) file, filler, 200 - entry_size);

        g_assert_true(hicos_desk_read(&desk, GCA_OTHERS_NONE, NULL));
        GString *expected = expect_directory(&desk, 400);
        g_string_append(expected, slices_commands[2]);
        expect_reads(expected, 2, 0, size, TRUE);
        assert_commands(expected);
        hicos_desk_clear(&desk);
    }
}

static void
test_directory_without_padding(void)
{
    /* 6282 with the last bytes, or 6Cxx: the end either way, and no command after it */
    for (int says_6c = 0; says_6c <= 1; says_6c++) {
        HicosDesk desk;
        hicos_desk_init(&desk, 1);
        desk.fake->says_6c = says_6c;
        gsize size = hicos_desk_add_usual(&desk);
        hicos_desk_add(&desk, "SIGN02", 0x1C00, SIGNS);
        const GByteArray *file = g_hash_table_lookup(desk.fake->files, "5030/4104");
        g_assert_cmpuint(file->len, >, 200);
        g_assert_cmpuint(file->len, <, 400);
        g_assert_true(hicos_desk_read(&desk, GCA_OTHERS_NONE, NULL));
        GString *expected = expect_directory(&desk, 400);
        if (says_6c)
            g_string_append_printf(expected, "80B000C8%02X\n", file->len - 200);
        g_string_append(expected, slices_commands[1]);
        expect_reads(expected, 1, 0, size, TRUE);
        assert_commands(expected);
        hicos_desk_clear(&desk);
    }
}

static void
test_bears_odd_cards(void)
{
    for (int oddity = 0; oddity < 5; oddity++) {
        HicosDesk desk;
        hicos_desk_init(&desk, 1 + oddity % 2);
        desk.fake->only_16 = oddity == 0;
        desk.fake->most = oddity == 1 ? 7 : oddity == 2 ? 128 : 0;
        desk.fake->says_61 = oddity == 3;
        desk.fake->says_6c = oddity == 4;
        hicos_desk_add_usual(&desk);
        g_assert_true(hicos_desk_read(&desk, GCA_OTHERS_ALL, NULL));
        assert_signs_with(&desk, "SIGN");
        g_assert_cmpstr(gca_hicos_get_number(desk.hicos), ==, "TP12345678901234");
        assert_others(&desk, (const char *[]){"KEYX", "CACert", "ROOTCACert", NULL});
        hicos_desk_clear(&desk);
    }
}

static void
test_goes_on_with_16_bytes(void)
{
    HicosDesk desk;
    hicos_desk_init(&desk, 1);
    desk.fake->only_16 = TRUE;
    hicos_desk_add(&desk, "SIGN", 0, SIGNS);
    hicos_desk_pad_directory(&desk, 256, 0);
    g_assert_true(hicos_desk_read(&desk, GCA_OTHERS_NONE, NULL));
    g_autofree char *sent = fake_winscard_dup_commands();
    g_assert_nonnull(strstr(sent, "80A40000024104\n80B00000C8\n80B0000010\n80B0001010\n"));
    g_assert_nonnull(strstr(sent, "80A400000208F2\n80B00000C8\n80B0000010\n80B0001010\n"));
    hicos_desk_clear(&desk);
}

static void
test_reads_no_more_than_the_certificate(void)
{
    HicosDesk desk;
    hicos_desk_init(&desk, 2);
    g_autoptr(X509) certificate = fake_certificate_new("SIGN", SIGNS, HICOS_DESK_FILLER);
    unsigned char *der = NULL;
    int size = i2d_X509(certificate, &der);
    fake_hicos_put(desk.fake, 0x123, der, (gsize) size);
    OPENSSL_free(der);
    fake_hicos_add_entry(desk.fake, "SIGN", 0x123, (guint) size + 777);
    hicos_desk_pad_directory(&desk, 200, 0);
    g_assert_true(hicos_desk_read(&desk, GCA_OTHERS_NONE, NULL));
    assert_signs_with(&desk, "SIGN");
    GString *expected = expect_directory(&desk, 200);
    g_string_append(expected, slices_commands[2]);
    expect_reads(expected, 2, 0x123, (gsize) size, TRUE);
    assert_commands(expected);
    hicos_desk_clear(&desk);
}

static void
test_chooses_the_certificate_that_signs(void)
{
    HicosDesk desk;
    hicos_desk_init(&desk, 2); /* SIGN is not the first */
    hicos_desk_add(&desk, "KEYX", 0x0000, ENCRYPTS);
    hicos_desk_add(&desk, "unknown", 0x0700, SIGNS);
    hicos_desk_add(&desk, "SIGN02", 0x0E00, SIGNS);
    hicos_desk_add(&desk, "SIGN", 0x1500, SIGNS);
    g_assert_true(hicos_desk_read(&desk, GCA_OTHERS_NONE, NULL));
    assert_signs_with(&desk, "SIGN");
    hicos_desk_clear(&desk);

    hicos_desk_init(&desk, 2); /* SIGN may not sign */
    hicos_desk_add(&desk, "SIGN02", 0x0000, SIGNS);
    hicos_desk_add(&desk, "SIGN", 0x0700, ENCRYPTS);
    g_assert_true(hicos_desk_read(&desk, GCA_OTHERS_NONE, NULL));
    assert_signs_with(&desk, "SIGN02");
    hicos_desk_clear(&desk);

    hicos_desk_init(&desk, 1); /* an iD that nobody has seen */
    hicos_desk_add(&desk, "KEYX", 0x0000, ENCRYPTS);
    hicos_desk_add(&desk, "CACert", 0x0700, ISSUES);
    hicos_desk_add(&desk, "\x01\x02", 0x0E00, SIGNS);
    g_assert_true(hicos_desk_read(&desk, GCA_OTHERS_NONE, NULL));
    assert_signs_with(&desk, "\x01\x02");
    hicos_desk_clear(&desk);
}

static void
test_reads_the_number_as_it_is(void)
{
    static const struct {
        const char *bytes;
        gsize size;
        const char *expected;
    } numbers[] = {
        {"TP12345678901234", 16, "TP12345678901234"},
        {"TP12345678901234more", 20, "TP12345678901234"},
        {"\x01\x02 4567890123456", 16, "01022034353637383930313233343536"},
        {"TP12345678901\0\0\0", 16, "54503132333435363738393031000000"},
        {"AB", 2, "AB"},
        {"", 0, NULL},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
        HicosDesk desk;
        hicos_desk_init(&desk, 1);
        hicos_desk_add(&desk, "SIGN", 0, SIGNS);
        fake_hicos_set_file(desk.fake, "0900/0903", numbers[i].bytes, numbers[i].size);
        g_assert_true(hicos_desk_read(&desk, GCA_OTHERS_NONE, NULL));
        g_assert_cmpstr(gca_hicos_get_number(desk.hicos), ==, numbers[i].expected);
        hicos_desk_clear(&desk);
    }
}

static void
test_does_without_the_number(void)
{
    HicosDesk desk;
    hicos_desk_init(&desk, 1);
    gsize size = hicos_desk_add(&desk, "SIGN", 0, SIGNS);
    hicos_desk_pad_directory(&desk, 200, 0);
    g_hash_table_remove(desk.fake->files, "0900/0903");
    g_assert_true(hicos_desk_read(&desk, GCA_OTHERS_NONE, NULL));
    g_assert_null(gca_hicos_get_number(desk.hicos));
    /* still at the root: not selected again */
    GString *expected = g_string_new(open_commands[1]);
    g_string_append(expected, "80A40000020900\n80A40000025030\n80A40000024104\n80B00000C8\n");
    g_string_append(expected, slices_commands[1]);
    expect_reads(expected, 1, 0, size, TRUE);
    assert_commands(expected);
    hicos_desk_clear(&desk);
}

static GByteArray *
answer_6a82(const guint8 *command, gsize size, gpointer data)
{
    return fake_from_hex("6A82");
}

static void
test_knows_other_cards(void)
{
    HicosDesk desk;
    hicos_desk_init(&desk, 1);
    fake_winscard_set_card(answer_6a82, NULL);
    g_assert_false(hicos_desk_read(&desk, GCA_OTHERS_NONE, NULL));
    g_assert_error(desk.error, GCA_ERROR, GCA_ERROR_CARD_UNKNOWN);
    assert_commands(g_string_new(open_commands[1]));
    hicos_desk_clear(&desk);
}

int
main(int argc, char **argv)
{
    gpointer first = GINT_TO_POINTER(1), second = GINT_TO_POINTER(2);

    g_test_init(&argc, &argv, NULL);
    g_test_add_data_func("/pcsc/hicos/gen1/sends-what-is-published", first,
                         test_sends_what_is_published);
    g_test_add_data_func("/pcsc/hicos/gen2/sends-what-is-published", second,
                         test_sends_what_is_published);
    g_test_add_data_func("/pcsc/hicos/gen1/reads-ca-certificates", first,
                         test_reads_ca_certificates_of_the_same_file);
    g_test_add_data_func("/pcsc/hicos/gen2/reads-ca-certificates", second,
                         test_reads_ca_certificates_of_the_same_file);
    g_test_add_func("/pcsc/hicos/reads-all-certificates-once", test_reads_all_certificates_once);
    g_test_add_func("/pcsc/hicos/directory/ends-on-a-block-edge",
                    test_directory_ends_on_a_block_edge);
    g_test_add_func("/pcsc/hicos/directory/without-padding", test_directory_without_padding);
    g_test_add_func("/pcsc/hicos/bears-odd-cards", test_bears_odd_cards);
    g_test_add_func("/pcsc/hicos/goes-on-with-16-bytes", test_goes_on_with_16_bytes);
    g_test_add_func("/pcsc/hicos/reads-no-more-than-the-certificate",
                    test_reads_no_more_than_the_certificate);
    g_test_add_func("/pcsc/hicos/chooses-the-certificate-that-signs",
                    test_chooses_the_certificate_that_signs);
    g_test_add_func("/pcsc/hicos/reads-the-number-as-it-is", test_reads_the_number_as_it_is);
    g_test_add_func("/pcsc/hicos/does-without-the-number", test_does_without_the_number);
    g_test_add_func("/pcsc/hicos/knows-other-cards", test_knows_other_cards);
    return g_test_run();
}
