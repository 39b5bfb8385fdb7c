#include "base/error.h"
#include "pcsc/cdf.h"
#include "tests/fake/fake-winscard.h"

#include <string.h>

/* ISO 7816-15 section 8.7: label cert1, iD SIGN, the path as published for these cards */
#define OBJECT "30070C056365727431"
#define COMMON                                                                                     \
    "3006"                                                                                         \
    "04045349474E"
#define PATH "300F04063F00503008F202010080020608"
#define ENTRY "3026" OBJECT COMMON "A1133011" PATH
#define ENTRY_SIZE 0x28

static GBytes *
bytes_of(const char *hex)
{
    return g_byte_array_free_to_bytes(fake_from_hex(hex));
}

static void
assert_bad(const char *hex, const char *place)
{
    g_autoptr(GBytes) file = bytes_of(hex);
    g_autoptr(GError) error = NULL;

    g_assert_null(gca_cdf_parse(file, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
    g_assert_nonnull(strstr(error->message, "file 5030/4104, "));
    if (strstr(error->message, place) == NULL)
        g_error("“%s” does not name “%s”", error->message, place);
}

static void
assert_count(const char *hex, guint count)
{
    g_autoptr(GBytes) file = bytes_of(hex);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) entries = gca_cdf_parse(file, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(entries->len, ==, count);
}

static void
test_reads_entry(void)
{
    g_autoptr(GBytes) file = bytes_of(ENTRY "0000000000");
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) entries = gca_cdf_parse(file, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(entries->len, ==, 1);
    const GcaCdfEntry *entry = entries->pdata[0];
    g_assert_cmpmem(g_bytes_get_data(entry->id, NULL), g_bytes_get_size(entry->id), "SIGN", 4);
    g_assert_cmpmem(g_bytes_get_data(entry->path, NULL), g_bytes_get_size(entry->path),
                    "\x3F\x00\x50\x30\x08\xF2", 6);
    g_assert_cmpuint(entry->offset, ==, 0);
    g_assert_cmpuint(entry->length, ==, 0x608);
}

static void
test_ends_at_padding(void)
{
    assert_count(ENTRY ENTRY, 2);
    assert_count(ENTRY "00" ENTRY, 1);
    assert_count(ENTRY "FF" ENTRY, 1);
    assert_count("00", 0);
    assert_count("FFFFFF", 0);
    assert_count("", 0);
}

static void
test_passes_over_what_is_no_slice(void)
{
    /* [0] x509AttributeCertificate */
    assert_count("A003020101" ENTRY, 1);
    /* a path without index and length: the whole file */
    assert_count("301F" OBJECT COMMON "A10C300A"
                 "300804063F0050305031" ENTRY,
                 1);
    /* a URL, and subclass attributes [0] before [1] */
    assert_count("3018" OBJECT COMMON "A1053003"
                 "130161" ENTRY,
                 1);
    assert_count("3028" OBJECT COMMON "A000"
                 "A1133011" PATH,
                 1);
}

static void
test_names_place_of_fault(void)
{
    assert_bad("02", "byte 0:");
    assert_bad(ENTRY "02010000", "byte 42:");
    assert_bad(ENTRY "3026" OBJECT, "byte 40:");  /* goes on beyond the end */
    assert_bad(ENTRY "3084FFFFFFFF", "byte 40:"); /* a length of 4 GiB */
    assert_bad(ENTRY "308500FFFFFFFFFF", "byte 40:");
    assert_bad(ENTRY "3080", "byte 40:"); /* indefinite */
    assert_bad(ENTRY "3003"
                     "020101",
               "byte 44:"); /* no attributes */
    assert_bad("3013" OBJECT COMMON "A100", "byte 21:");
    assert_bad("3011" OBJECT COMMON, "byte 19:"); /* no [1] */
}

static void
test_refuses_numbers_out_of_range(void)
{
    assert_bad("3026" OBJECT COMMON "A1133011"
               "300F04063F00503008F20201FF80020608",
               "byte 35:");
    assert_bad("3026" OBJECT COMMON "A1133011"
               "300F04063F00503008F20201008002F608",
               "byte 38:");
    assert_bad("302A" OBJECT COMMON "A1173015"
               "301304063F00503008F202050100000000"
               "80020608",
               "byte 35:");
    assert_bad("3025" OBJECT COMMON "A1123010"
               "300E04053F0050300802010080020608",
               "byte 27:");
}

/* What a card pulled out or cut off in the middle gives: every length of it. */
static void
test_refuses_every_truncation(void)
{
    g_autoptr(GByteArray) whole = fake_from_hex(ENTRY);

    g_assert_cmpuint(whole->len, ==, ENTRY_SIZE);
    for (guint size = 1; size < whole->len; size++) {
        /* a copy of its own, so that the sanitizer sees a read beyond it */
        g_autoptr(GBytes) part = g_bytes_new(whole->data, size);
        g_autoptr(GError) error = NULL;
        g_assert_null(gca_cdf_parse(part, &error));
        g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
    }
}

static void
assert_complete(const char *hex, gboolean seems_end, gboolean expected)
{
    g_autoptr(GByteArray) data = fake_from_hex(hex);
    g_assert_cmpint(gca_cdf_is_complete(data->data, data->len, seems_end), ==, expected);
}

static void
test_knows_when_all_is_read(void)
{
    assert_complete("", FALSE, FALSE);
    assert_complete("", TRUE, FALSE);
    assert_complete("30", TRUE, FALSE);
    assert_complete("3026" OBJECT, TRUE, FALSE);
    assert_complete(ENTRY, FALSE, FALSE);
    assert_complete(ENTRY, TRUE, TRUE);
    assert_complete(ENTRY "00", FALSE, TRUE);
    assert_complete(ENTRY "FF", FALSE, TRUE);
    assert_complete(ENTRY "3080", FALSE, TRUE);
    assert_complete("308301000100", FALSE, TRUE); /* more than any file holds */
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pcsc/cdf/reads-entry", test_reads_entry);
    g_test_add_func("/pcsc/cdf/ends-at-padding", test_ends_at_padding);
    g_test_add_func("/pcsc/cdf/passes-over-what-is-no-slice", test_passes_over_what_is_no_slice);
    g_test_add_func("/pcsc/cdf/names-place-of-fault", test_names_place_of_fault);
    g_test_add_func("/pcsc/cdf/refuses-numbers-out-of-range", test_refuses_numbers_out_of_range);
    g_test_add_func("/pcsc/cdf/refuses-every-truncation", test_refuses_every_truncation);
    g_test_add_func("/pcsc/cdf/knows-when-all-is-read", test_knows_when_all_is_read);
    return g_test_run();
}
