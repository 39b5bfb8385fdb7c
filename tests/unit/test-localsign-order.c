/* The body of POST /sign as pages really send it. */
#include "base/error.h"
#include "localsign/hipki-code.h"
#include "localsign/order.h"

#include <jansson.h>
#include <string.h>

/* What encodeURIComponent leaves as it is (ECMA-262, 19.2.6.4). */
#define UNESCAPED "-_.!~*'()"

static GcaSecret *
body_of(const char *json)
{
    g_autofree char *text = g_strconcat("tbsPackage=", json, NULL);
    return gca_secret_new_wiping(text, strlen(text));
}

static GcaOrder *
parse(const char *json)
{
    g_autoptr(GcaSecret) body = body_of(json);
    g_autoptr(GError) error = NULL;
    GcaOrder *order = gca_order_parse(body, &error);

    g_assert_no_error(error);
    g_assert_nonnull(order);
    return order;
}

static void
assert_refused(const char *json, GcaHipkiCode code, const char *word)
{
    g_autoptr(GcaSecret) body = body_of(json);
    g_autoptr(GError) error = NULL;

    g_assert_null(gca_order_parse(body, &error));
    g_assert_cmphex(gca_hipki_result_of(error).ret_code, ==, code);
    g_assert_cmpint(gca_hipki_result_of(error).last_error, ==, 0);
    g_assert_nonnull(strstr(error->message, word));
}

static void
assert_bytes(GBytes *bytes, const char *text)
{
    g_assert_cmpmem(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), text, strlen(text));
}

/* ---- pages ---- */

static char *
encode_component(const char *text)
{
    GString *out = g_string_new(NULL);

    for (; *text != '\0'; text++) {
        if (g_ascii_isalnum(*text) || strchr(UNESCAPED, *text) != NULL)
            g_string_append_c(out, *text);
        else
            g_string_append_printf(out, "%%%02X", (guchar) *text);
    }
    return g_string_free(out, FALSE);
}

static char *
replace(const char *text, const char *from, const char *to)
{
    g_auto(GStrv) parts = g_strsplit(text, from, -1);
    return g_strjoinv(to, parts);
}

static char *
page_json(const char *tbs, const char *pin)
{
    json_t *object = json_pack("{s:s, s:s, s:s, s:s, s:s}", "tbs", tbs, "tbsEncoding", "NONE",
                               "pin", pin, "func", "MakeSignature", "signatureType", "PKCS7");
    char *text = json_dumps(object, JSON_COMPACT);
    char *copy = g_strdup(text);

    json_decref(object);
    free(text);
    return copy;
}

typedef enum { ALL, PLUS, NOTHING } Style;

/* As the three kinds of page write it. */
static char *
page(Style style, const char *tbs, const char *pin)
{
    g_autofree char *tbs_escaped = encode_component(tbs), *pin_escaped = encode_component(pin);
    g_autofree char *plain = page_json(tbs, pin);

    if (style == ALL)
        return page_json(tbs_escaped, pin_escaped);
    return style == PLUS ? replace(plain, "+", "%2B") : g_steal_pointer(&plain);
}

static void
assert_reads(const char *json, const char *tbs, const char *pin)
{
    g_autoptr(GcaOrder) order = parse(json);

    assert_bytes(order->tbs, tbs);
    g_assert_cmpstr(gca_secret_get_data(order->pin), ==, pin);
}

static void
assert_style(Style style, const char *tbs, const char *pin)
{
    g_autofree char *json = page(style, tbs, pin);

    assert_reads(json, tbs, pin);
}

/* By a client that encodes the whole as a form, which needs no way of its own. */
static void
assert_form(const char *tbs, const char *pin)
{
    g_autofree char *json = page(NOTHING, tbs, pin);
    g_autofree char *encoded = encode_component(json);
    g_autofree char *form = replace(encoded, "%20", "+");

    assert_reads(encoded, tbs, pin);
    assert_reads(form, tbs, pin);
}

static const char *const texts[] = {
    "TBS",
    "a+b=c&d",
    "100% & 1+1=2",
    "50%",
    "+",
    "50%+50%",
    "測試部＋「公文」\r\n第二行\t完",
    "say \"測試\" \\ / 'x'",
    "{\"tbs\":\"a+b\",\"list\":[1,\"測試&100%\"],\"u\":\"https://www.example.gov.tw/?a=1&b=2\"}",
    "MIIB+/8A/w==",
};

static void
test_every_style(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        assert_style(ALL, texts[i], "12+34%56&\"");
        assert_style(PLUS, texts[i], "12+34%56&\"");
        assert_style(NOTHING, texts[i], "12+34%56&\"");
        assert_form(texts[i], "12+34%56&\"");
    }
}

/* Text that holds what looks escaped: exact in the first style always, in the others wherever a
 * character shows that the page does not escape. */
static void
test_text_with_escapes_of_its_own(void)
{
    assert_style(ALL, "a%20b", "123456");
    assert_style(ALL, "%2B%25%", "123456");
    assert_style(ALL, "測試 %41", "123456");
    assert_style(PLUS, "測試 %41 + 1", "123456");
    assert_style(PLUS, "{\"u\":\"/?a=%20+\"}", "123456");
    assert_style(NOTHING, "{\"u\":\"/?a=%20\"}", "123456");
    assert_style(NOTHING, "測試 %2B + 1", "123456");
    assert_style(NOTHING, "not UTF-8: %FF", "123456");
}

/* It was once decoded a second time. */
static void
test_form_is_decoded_once(void)
{
    static const char *const own[] = {
        "%41", "a%20b",      "100%25", "%2B", "name=%E6%B8%AC&id=1", "%7B%7D", "a%2Bb c%2Bd 測試",
        "%",   "%00%FF%zz%2"};

    for (guint i = 0; i < G_N_ELEMENTS(own); i++)
        assert_form(own[i], "12%41");
}

/* What nobody can tell from an escaped text is decoded, as the vendor's component does. */
static void
test_doubt_is_decoded(void)
{
    assert_reads("{\"tbs\":\"a%20b\",\"pin\":\"1\"}", "a b", "1");
    assert_reads("{\"tbs\":\"a b%2Bc\",\"pin\":\"1\"}", "a b+c", "1");
    assert_reads("{\"tbs\":\"a%00b%FF\",\"pin\":\"1\"}", "a%00b%FF", "1");
}

/* ---- members ---- */

static void
test_defaults(void)
{
    g_autoptr(GcaOrder) order =
        parse("{\"tbs\":\"TBS\",\"tbsEncoding\":\"\",\"hashAlgorithm\":\"\","
              "\"withCardSN\":\"\",\"nonce\":\"\",\"pin\":\"\","
              "\"slotDescription\":\"\",\"other\":{\"x\":[1,null]}}");

    assert_bytes(order->tbs, "TBS");
    g_assert_cmpstr(order->digest, ==, "SHA256");
    g_assert_cmpint(order->form, ==, GCA_ORDER_PKCS7);
    g_assert_false(order->with_card_number);
    g_assert_true(order->with_signing_time);
    g_assert_null(order->nonce);
    g_assert_null(order->pin);
    g_assert_null(order->reader);
}

static void
test_every_member(void)
{
    g_autoptr(GcaOrder) order = parse(
        "{\"tbs\":\"AAH/\",\"tbsEncoding\":\"base64\",\"hashAlgorithm\":\"SHA512\","
        "\"withCardSN\":\"true\",\"withSigningTime\":false,\"nonce\":\"n%2B1\","
        "\"slotDescription\":\"測試 Reader 00 00\",\"signatureType\":\"PKCS1\",\"pin\":\"1\"}");

    g_assert_cmpmem(g_bytes_get_data(order->tbs, NULL), g_bytes_get_size(order->tbs), "\0\1\xff",
                    3);
    g_assert_cmpstr(order->digest, ==, "SHA512");
    g_assert_cmpint(order->form, ==, GCA_ORDER_PKCS1);
    g_assert_true(order->with_card_number);
    g_assert_false(order->with_signing_time);
    assert_bytes(order->nonce, "n+1");
    g_assert_cmpstr(order->reader, ==, "測試 Reader 00 00");
}

static void
test_flags_as_booleans_or_text(void)
{
    g_autoptr(GcaOrder) one =
        parse("{\"tbs\":\"x\",\"withCardSN\":true,\"withSigningTime\":\"false\"}");
    g_autoptr(GcaOrder) other =
        parse("{\"tbs\":\"x\",\"withCardSN\":\"false\",\"withSigningTime\":\"true\"}");

    g_assert_true(one->with_card_number && !one->with_signing_time);
    g_assert_true(!other->with_card_number && other->with_signing_time);
}

static void
test_wrong_types_and_values(void)
{
    static const char *const wrong[][2] = {
        {"{\"tbs\":1}", "tbs"},
        {"{\"tbs\":\"\"}", "tbs"},
        {"{}", "tbs"},
        {"{\"tbs\":null}", "tbs"},
        {"{\"tbs\":\"x\",\"withCardSN\":1}", "withCardSN"},
        {"{\"tbs\":\"x\",\"withCardSN\":\"yes\"}", "withCardSN"},
        {"{\"tbs\":\"x\",\"withSigningTime\":\"TRUE\"}", "withSigningTime"},
        {"{\"tbs\":\"x\",\"hashAlgorithm\":\"MD5\"}", "hashAlgorithm"},
        {"{\"tbs\":\"x\",\"signatureType\":\"PKCS12\"}", "signatureType"},
        {"{\"tbs\":\"x\",\"tbsEncoding\":\"hex\"}", "tbsEncoding"},
        {"{\"tbs\":\"x\",\"pin\":123456}", "pin"},
        {"{\"tbs\":\"x\",\"nonce\":[]}", "nonce"},
        {"{\"tbs\":\"x\",\"slotDescription\":0}", "slotDescription"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(wrong); i++)
        assert_refused(wrong[i][0], GCA_HIPKI_BAD_PARAMETER, wrong[i][1]);
    assert_refused("{\"tbs\":\"x\",\"signatureType\":\"RAW\"}", GCA_HIPKI_NOT_SUPPORTED, "digest");
}

static void
test_base64_is_strict(void)
{
    static const char *const wrong[] = {"AAH", "AAH_", "A===", "AB==", "AA=A", "AA H", "===="};

    for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autofree char *json =
            g_strdup_printf("{\"tbs\":\"%s\",\"tbsEncoding\":\"base64\"}", wrong[i]);
        assert_refused(json, GCA_HIPKI_BAD_BASE64, "base64");
    }
    assert_refused("{\"tbs\":\"\\n\\r\\n\",\"tbsEncoding\":\"base64\"}", GCA_HIPKI_BAD_PARAMETER,
                   "tbs");
}

/* As encoders of MIME and PEM write it, however the page escapes that. */
static void
test_base64_with_line_breaks(void)
{
    static const char *const broken[] = {"YWJj\\r\\nZA==\\r\\n",
                                         "YW\\nJjZA\\n=\\n=", "YWJj%0D%0AZA%3D%3D%0A"};

    for (guint i = 0; i < G_N_ELEMENTS(broken); i++) {
        g_autofree char *json =
            g_strdup_printf("{\"tbs\":\"%s\",\"tbsEncoding\":\"base64\"}", broken[i]);
        g_autoptr(GcaOrder) order = parse(json);
        assert_bytes(order->tbs, "abcd");
    }
}

static void
test_null_is_absent(void)
{
    g_autoptr(GcaOrder) order =
        parse("{\"tbs\":\"x\",\"tbsEncoding\":null,\"hashAlgorithm\":null,\"signatureType\":null,"
              "\"withCardSN\":null,\"withSigningTime\":null,\"nonce\":null,\"pin\":null,"
              "\"slotDescription\":null}");

    assert_bytes(order->tbs, "x");
    g_assert_cmpstr(order->digest, ==, "SHA256");
    g_assert_true(!order->with_card_number && order->with_signing_time);
    g_assert_true(order->nonce == NULL && order->pin == NULL && order->reader == NULL);
}

static void
assert_limit(const char *member, gsize limit)
{
    g_autofree char *fits = g_strnfill(limit, '1');
    g_autofree char *most = g_strdup_printf("{\"tbs\":\"x\",\"%s\":\"%s\"}", member, fits);
    g_autofree char *more = g_strdup_printf("{\"tbs\":\"x\",\"%s\":\"%s1\"}", member, fits);
    g_autoptr(GcaOrder) order = parse(most);

    assert_bytes(order->tbs, "x");
    assert_refused(more, GCA_HIPKI_BAD_PARAMETER, member);
}

static void
test_limits(void)
{
    g_autofree char *filler = g_strnfill(GCA_ORDER_BODY_LIMIT, 'x');
    g_autofree char *large = g_strdup_printf("{\"tbs\":\"%s\"}", filler);

    assert_limit("pin", 64);
    assert_limit("slotDescription", 256);
    assert_limit("nonce", 1024);
    assert_refused(large, GCA_HIPKI_BAD_PARAMETER, "tbsPackage");
}

static void
test_bad_json(void)
{
    static const char *const wrong[] = {
        "",
        "{",
        "[]",
        "\"x\"",
        "{\"tbs\":\"x\"}x",
        "{'tbs':1}",
        "%7B%22tbs%",
        "%",
        "%7B%7D%7D",
        "{\"tbs\":\"a\\u0000b\"}",
        "%7B%7D%00",
        "{\"a\":NaN}",
        "%5B%5D",
        "{\"tbs\":\"x\",\"tbs\":\"y\"}",
    };

    for (guint i = 0; i < G_N_ELEMENTS(wrong); i++)
        assert_refused(wrong[i], GCA_HIPKI_BAD_JSON, "tbsPackage");
}

/* Nothing of the PIN is in the message, wherever the JSON breaks. */
static void
test_error_has_no_pin(void)
{
    g_autoptr(GcaSecret) body = body_of("{\"tbs\":\"x\",\"pin\":\"98765432\" 98765432}");
    g_autoptr(GError) error = NULL;

    g_assert_null(gca_order_parse(body, &error));
    g_assert_null(strstr(error->message, "9876"));
    g_assert_null(strstr(gca_error_get_detail(error), "9876"));
}

static void
test_body_without_its_field(void)
{
    static const char *const wrong[] = {"", "tbsPackage", "{\"tbs\":\"x\"}", "tbspackage={}"};

    for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autofree char *text = g_strdup(wrong[i]);
        g_autoptr(GcaSecret) body = gca_secret_new_wiping(text, strlen(text));
        g_autoptr(GError) error = NULL;
        g_assert_null(gca_order_parse(body, &error));
        g_assert_cmphex(gca_hipki_result_of(error).ret_code, ==, GCA_HIPKI_BAD_PARAMETER);
    }
}

/* ---- for people ---- */

static void
assert_shown(const char *json, const char *shown)
{
    g_autoptr(GcaOrder) order = parse(json);
    g_autofree char *text = gca_order_dup_text(order);

    g_assert_cmpstr(text, ==, shown);
}

static void
test_text_for_people(void)
{
    assert_shown("{\"tbs\":\"測試\\r\\n第二行\"}", "測試\n第二行");
    assert_shown("{\"tbs\":\"a\\u202eb\"}", "a\\u{202E}b");
    assert_shown("{\"tbs\":\"a\\rb\"}", "a\\u{D}b");
    assert_shown("{\"tbs\":\"a\\u001bb\"}", NULL);
    assert_shown("{\"tbs\":\"/w==\",\"tbsEncoding\":\"base64\"}", NULL);
    assert_shown("{\"tbs\":\"YQBi\",\"tbsEncoding\":\"base64\"}", NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/localsign/order/every-style-gives-the-same", test_every_style);
    g_test_add_func("/localsign/order/text-with-escapes-of-its-own",
                    test_text_with_escapes_of_its_own);
    g_test_add_func("/localsign/order/form-is-decoded-once", test_form_is_decoded_once);
    g_test_add_func("/localsign/order/doubt-is-decoded", test_doubt_is_decoded);
    g_test_add_func("/localsign/order/defaults", test_defaults);
    g_test_add_func("/localsign/order/every-member", test_every_member);
    g_test_add_func("/localsign/order/flags-as-booleans-or-text", test_flags_as_booleans_or_text);
    g_test_add_func("/localsign/order/wrong-types-and-values", test_wrong_types_and_values);
    g_test_add_func("/localsign/order/base64-is-strict", test_base64_is_strict);
    g_test_add_func("/localsign/order/base64-with-line-breaks", test_base64_with_line_breaks);
    g_test_add_func("/localsign/order/null-is-absent", test_null_is_absent);
    g_test_add_func("/localsign/order/limits", test_limits);
    g_test_add_func("/localsign/order/bad-json", test_bad_json);
    g_test_add_func("/localsign/order/error-has-no-pin", test_error_has_no_pin);
    g_test_add_func("/localsign/order/body-without-its-field", test_body_without_its_field);
    g_test_add_func("/localsign/order/text-for-people", test_text_for_people);
    return g_test_run();
}
