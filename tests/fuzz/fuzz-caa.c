/* The values of CAA records, one a line: whom they let issue. */
#include "acme/caa.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

#define URI "https://ca.example/acct/1"

static GPtrArray *
make_set(const char *value, gsize size)
{
    GPtrArray *records = g_ptr_array_new_with_free_func((GDestroyNotify) gca_caa_record_free);
    g_autoptr(GBytes) bytes = g_bytes_new(value, size);

    g_ptr_array_add(records, gca_caa_record_new(0, "issue", bytes));
    return records;
}

static GcaCaaVerdict
judge(GPtrArray *records)
{
    static const char *const issuers[] = {"ca.example", "", NULL};
    static const char *const methods[] = {"http-01", NULL};
    const GcaCaaUse use = {issuers, URI, methods, FALSE};

    return gca_caa_judge(records, &use);
}

static void
check_shown(const GcaCaaRecord *record)
{
    g_autofree char *shown = gca_caa_record_to_string(record);

    g_assert_true(g_utf8_validate(shown, -1, NULL));
    g_assert_null(strchr(shown, '\n'));
}

/* RFC 8659 section 4.2: blanks around a value mean nothing, and what permits anybody is ASCII. */
static GcaCaaVerdict
check_value(const char *value, gsize size)
{
    g_autoptr(GPtrArray) records = make_set(value, size);
    GcaCaaVerdict verdict = judge(records);
    g_autoptr(GByteArray) padded = g_byte_array_new();

    check_shown(g_ptr_array_index(records, 0));
    g_byte_array_append(padded, (const guint8 *) "\t ", 2);
    g_byte_array_append(padded, (const guint8 *) value, (guint) size);
    g_byte_array_append(padded, (const guint8 *) " \t", 2);
    g_autoptr(GPtrArray) again = make_set((const char *) padded->data, padded->len);
    g_assert_cmpint(judge(again), ==, verdict);

    g_assert_cmpint(verdict, !=, GCA_CAA_ABSENT);
    for (gsize i = 0; verdict != GCA_CAA_OTHER && i < size; i++)
        g_assert_true(g_ascii_isgraph(value[i]) || value[i] == ' ' || value[i] == '\t');
    if (verdict == GCA_CAA_PRESENT)
        g_assert_nonnull(g_strstr_len(value, (gssize) size, URI));
    return verdict;
}

/* They add up: what one of them permits, the set permits, whatever else stands there. */
int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    const char *at = (const char *) data, *end = size > 0 ? at + size : at;
    g_autoptr(GPtrArray) all = make_set(";", 1);
    gboolean is_bound = FALSE, is_unbound = FALSE;

    while (at < end) {
        const char *line = memchr(at, '\n', (gsize) (end - at));
        gsize length = (gsize) ((line ? line : end) - at);
        GcaCaaVerdict verdict = check_value(at, length);
        g_autoptr(GPtrArray) one = make_set(at, length);
        g_ptr_array_extend_and_steal(all, g_steal_pointer(&one));
        is_bound = is_bound || verdict == GCA_CAA_PRESENT;
        is_unbound = is_unbound || verdict == GCA_CAA_UNBOUND;
        at = line ? line + 1 : end;
    }
    g_assert_cmpint(judge(all), ==,
                    is_unbound ? GCA_CAA_UNBOUND
                    : is_bound ? GCA_CAA_PRESENT
                               : GCA_CAA_OTHER);
    return 0;
}
