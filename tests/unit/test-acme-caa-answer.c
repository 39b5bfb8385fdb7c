/* DNS messages with CAA records, made here byte by byte (RFC 1035 section 4, RFC 8659 section 4.1).
 */
#include "acme/caa-answer.h"
#include "acme/caa.h"

#include <string.h>

#define DOMAIN "www.agency-test.gov.tw"
#define CAA 257
#define CNAME 5

static void
put16(GByteArray *out, guint value)
{
    const guint8 bytes[] = {(guint8) (value >> 8), (guint8) value};
    g_byte_array_append(out, bytes, 2);
}

static void
put_name(GByteArray *out, const char *name)
{
    g_auto(GStrv) labels = g_strsplit(name, ".", -1);

    for (guint i = 0; labels[i] != NULL; i++) {
        guint8 length = (guint8) strlen(labels[i]);
        g_byte_array_append(out, &length, 1);
        g_byte_array_append(out, (const guint8 *) labels[i], length);
    }
    g_byte_array_append(out, (const guint8 *) "", 1);
}

/* A header that says so, with the question. */
static GByteArray *
start(gboolean is_recursive, guint answers)
{
    GByteArray *out = g_byte_array_new();

    put16(out, 1);
    put16(out, is_recursive ? 0x8180 : 0x8100);
    put16(out, 1);
    put16(out, answers);
    put16(out, 0);
    put16(out, 0);
    put_name(out, DOMAIN);
    put16(out, CAA);
    put16(out, 1);
    return out;
}

static void
put_record(GByteArray *out, const char *owner, guint type, const void *data, gsize size)
{
    put_name(out, owner);
    put16(out, type);
    put16(out, 1);
    put16(out, 0);
    put16(out, 60);
    put16(out, (guint) size);
    g_byte_array_append(out, data, (guint) size);
}

static void
put_caa(GByteArray *out, const char *owner, guint8 flags, const char *tag, const char *value)
{
    g_autoptr(GByteArray) data = g_byte_array_new();
    const guint8 head[] = {flags, (guint8) strlen(tag)};

    g_byte_array_append(data, head, 2);
    g_byte_array_append(data, (const guint8 *) tag, (guint) strlen(tag));
    g_byte_array_append(data, (const guint8 *) value, (guint) strlen(value));
    put_record(out, owner, CAA, data->data, data->len);
}

static void
put_alias(GByteArray *out, const char *owner, const char *name)
{
    g_autoptr(GByteArray) data = g_byte_array_new();

    put_name(data, name);
    put_record(out, owner, CNAME, data->data, data->len);
}

/* The records, joined with blanks; NULL: nothing can be told. */
static char *
parse(const GByteArray *message)
{
    g_autoptr(GPtrArray) records = gca_caa_answer_parse(message->data, message->len, DOMAIN);
    g_autoptr(GString) text = g_string_new(NULL);

    if (records == NULL)
        return NULL;
    for (guint i = 0; i < records->len; i++) {
        g_autofree char *one = gca_caa_record_to_string(g_ptr_array_index(records, i));
        g_string_append_printf(text, "%s%s", i ? " " : "", one);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void
assert_parsed(const GByteArray *message, const char *expected)
{
    g_autofree char *text = parse(message);

    g_assert_cmpstr(text, ==, expected);
}

/* RFC 8659 section 4.2: nobody may issue; that is a record as any other. */
static void
test_takes_an_empty_value(void)
{
    g_autoptr(GByteArray) message = start(TRUE, 3);
    const char *const issuers[] = {"ca.example", NULL};
    const GcaCaaUse use = {issuers, "https://ca.example/acct/1", NULL, FALSE};

    put_caa(message, DOMAIN, 0, "issue", "");
    put_caa(message, DOMAIN, 128, "iodef", "");
    put_caa(message, "WWW.Agency-Test.gov.tw", 0, "issuewild", "ca.example");
    assert_parsed(message, "CAA 0 issue \"\" CAA 128 iodef \"\" CAA 0 issuewild \"ca.example\"");
    g_autoptr(GPtrArray) records = gca_caa_answer_parse(message->data, message->len, DOMAIN);
    g_assert_cmpint(gca_caa_judge(records, &use), ==, GCA_CAA_OTHER);
}

static void
test_follows_aliases_in_any_order(void)
{
    g_autoptr(GByteArray) message = start(TRUE, 4);

    put_caa(message, "c.example", 0, "issue", "ca.example");
    put_alias(message, "b.example", "c.example");
    put_caa(message, "b.example", 0, "issue", "stray.example");
    put_alias(message, DOMAIN, "b.example");
    assert_parsed(message, "CAA 0 issue \"ca.example\"");
}

static void
test_no_records_at_the_end_of_an_alias(void)
{
    g_autoptr(GByteArray) followed = start(TRUE, 1);
    g_autoptr(GByteArray) left = start(FALSE, 1);

    put_alias(followed, DOMAIN, "b.example");
    put_alias(left, DOMAIN, "b.example");
    assert_parsed(followed, "");
    assert_parsed(left, NULL);
}

static void
test_refuses_aliases_without_end(void)
{
    g_autoptr(GByteArray) two = start(TRUE, 2);
    g_autoptr(GByteArray) one = start(TRUE, 1);
    g_autoptr(GByteArray) tail = start(TRUE, 3);

    put_alias(two, DOMAIN, "b.example");
    put_alias(two, "b.example", DOMAIN);
    assert_parsed(two, NULL);
    put_alias(one, DOMAIN, DOMAIN);
    assert_parsed(one, NULL);
    put_alias(tail, DOMAIN, "b.example");
    put_alias(tail, "b.example", "c.example");
    put_alias(tail, "c.example", "b.example");
    assert_parsed(tail, NULL);
}

/* data: RDATA with its length in front */
static void
test_refuses_malformed_data(gconstpointer data)
{
    const char *row = data;
    g_autoptr(GByteArray) message = start(TRUE, 2);

    put_caa(message, DOMAIN, 0, "issue", "ca.example");
    put_record(message, DOMAIN, CAA, row + 1, (gsize) row[0]);
    assert_parsed(message, NULL);
}

static void
test_refuses_every_cut(void)
{
    g_autoptr(GByteArray) message = start(TRUE, 2);

    put_alias(message, DOMAIN, "b.example");
    put_caa(message, "b.example", 0, "issue", "ca.example");
    for (guint size = message->len - 1; size > 0; size--) {
        g_autofree guint8 *exact = g_memdup2(message->data, size);
        g_autoptr(GPtrArray) records = gca_caa_answer_parse(exact, size, DOMAIN);
        g_assert_null(records);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/acme/caa-answer/takes-an-empty-value", test_takes_an_empty_value);
    g_test_add_func("/acme/caa-answer/follows-aliases-in-any-order",
                    test_follows_aliases_in_any_order);
    g_test_add_func("/acme/caa-answer/no-records-at-the-end-of-an-alias",
                    test_no_records_at_the_end_of_an_alias);
    g_test_add_func("/acme/caa-answer/refuses-aliases-without-end",
                    test_refuses_aliases_without_end);
    g_test_add_data_func("/acme/caa-answer/refuses-nothing", "\0", test_refuses_malformed_data);
    g_test_add_data_func("/acme/caa-answer/refuses-an-empty-tag", "\3\0\0x",
                         test_refuses_malformed_data);
    g_test_add_data_func("/acme/caa-answer/refuses-a-tag-beyond-the-end", "\4\0\3xx",
                         test_refuses_malformed_data);
    g_test_add_func("/acme/caa-answer/refuses-every-cut", test_refuses_every_cut);
    return g_test_run();
}
