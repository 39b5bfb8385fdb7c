/* Answers as published pages read them. */
#include "base/error.h"
#include "localsign/answer.h"

#include <string.h>

static void
test_text_is_ascii(void)
{
    json_t *answer = gca_answer_new("sign", (GcaHipkiResult){GCA_HIPKI_LOGIN_FAILED, -2147483647});

    json_object_set_new(answer, "cardSN", json_string("測試\n"));
    g_autofree char *text = gca_answer_to_text(answer);
    g_assert_cmpstr(text, ==,
                    "{\"func\":\"sign\",\"ret_code\":1980760070,\"last_error\":-2147483647,"
                    "\"cardSN\":\"\\u6E2C\\u8A66\\n\"}");
}

static void
test_error_alone(void)
{
    g_autoptr(GError) error = NULL;

    gca_error_set(&error, GCA_ERROR_NO_CARD, "測試");
    g_autofree char *text = gca_answer_of_error("sign", error);
    g_assert_cmpstr(text, ==, "{\"func\":\"sign\",\"ret_code\":1979711494,\"last_error\":0}");
}

/* Minima that pages compare with as text. */
static void
test_version_sorts_high(void)
{
    g_assert_cmpstr(GCA_HIPKI_VERSION, >=, "1.3.4.103328");
    g_assert_cmpstr(GCA_HIPKI_VERSION, >=, "1.3.4.3");
}

static guint32
le(const guint8 *data, gsize at, gsize size)
{
    guint32 value = 0;

    for (gsize i = size; i-- > 0;)
        value = value << 8 | data[at + i];
    return value;
}

/* As pages read it: three characters a pixel, until one whose first byte is 0. */
static char *
read_pixels(const guint8 *data)
{
    GString *text = g_string_new(NULL);

    for (gsize i = 0; i < 2000 && data[54 + 3 * i] != 0; i++)
        g_string_append_len(text, (const char *) data + 54 + 3 * i, 3);
    return g_string_free(text, FALSE);
}

static void
assert_bitmap(const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bitmap = gca_answer_to_bitmap(text, &error);
    gsize size;

    g_assert_no_error(error);
    const guint8 *data = g_bytes_get_data(bitmap, &size);
    g_assert_cmpuint(size, ==, 6054);
    g_assert_cmpmem(data, 2, "BM", 2);
    g_assert_cmpuint(le(data, 2, 4), ==, 6054);
    g_assert_cmpuint(le(data, 10, 4), ==, 54);
    g_assert_cmpuint(le(data, 14, 4), ==, 40);
    g_assert_cmpuint(le(data, 18, 4), ==, 2000);
    g_assert_cmpuint(le(data, 22, 4), ==, 1);
    g_assert_cmpuint(le(data, 26, 2), ==, 1);
    g_assert_cmpuint(le(data, 28, 2), ==, 24);
    g_assert_cmpuint(le(data, 30, 4), ==, 0);
    g_autofree char *read = read_pixels(data);
    g_assert_cmpuint(strlen(read) - strlen(text), <, 3);
    g_assert_cmpstr(g_strchomp(read), ==, text);
}

static void
test_bitmap(void)
{
    g_autofree char *largest = g_strnfill(6000, 'x');
    g_autofree char *larger = g_strnfill(6001, 'x');
    g_autoptr(GError) error = NULL;

    assert_bitmap("{}");
    assert_bitmap("{ }");
    assert_bitmap("{\"func\":\"pkcs11info\"}");
    assert_bitmap(largest);
    g_assert_null(gca_answer_to_bitmap(larger, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
}

static char *
make_list(guint cards, gsize certificate_size)
{
    g_autofree char *certificate = g_strnfill(certificate_size, 'M');
    json_t *slots = json_array(), *answer = json_pack("{s:o}", "slots", slots);

    for (guint i = 0; i < cards; i++)
        json_array_append_new(slots, json_pack("{s:{s:[{s:s,s:s},{s:s,s:s},{s:s,s:s}]}}", "token",
                                               "certs", "label", "cert1", "certb64", certificate,
                                               "label", "cert2", "certb64", certificate, "label",
                                               "CACert", "certb64", certificate));
    return gca_answer_to_text(answer);
}

/* What a page finds in the bitmap: the labels of each card. */
static void
assert_listed(guint cards, gsize certificate_size, const char *labels)
{
    g_autofree char *text = make_list(cards, certificate_size);
    g_autoptr(GBytes) bitmap = gca_answer_to_bitmap(text, NULL);
    g_autofree char *read = read_pixels(g_bytes_get_data(bitmap, NULL));
    g_autoptr(json_t) answer = json_loads(read, 0, NULL);
    g_autoptr(GString) found = g_string_new(NULL);
    json_t *slot, *certificate;
    size_t i, j;

    json_array_foreach(json_object_get(answer, "slots"), i, slot)
    {
        json_array_foreach(json_object_get(json_object_get(slot, "token"), "certs"), j, certificate)
            g_string_append_printf(found, "%s ",
                                   json_string_value(json_object_get(certificate, "label")));
        g_string_append(found, "/ ");
    }
    g_assert_cmpstr(found->str, ==, labels);
}

static void
test_bitmap_leaves_out_certificates(void)
{
    assert_listed(1, 1900, "cert1 cert2 CACert / ");
    assert_listed(1, 2800, "cert1 cert2 / ");
    assert_listed(1, 5800, "cert1 / ");
    assert_listed(2, 1900, "cert1 / cert1 cert2 / ");
    assert_listed(1, 6000, "/ ");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/localsign/answer/text-is-ascii", test_text_is_ascii);
    g_test_add_func("/localsign/answer/error-alone", test_error_alone);
    g_test_add_func("/localsign/answer/version-sorts-high", test_version_sorts_high);
    g_test_add_func("/localsign/answer/bitmap", test_bitmap);
    g_test_add_func("/localsign/answer/bitmap-leaves-out-certificates",
                    test_bitmap_leaves_out_certificates);
    return g_test_run();
}
