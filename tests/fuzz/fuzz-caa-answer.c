/* A DNS message: the CAA records of a name, and what a CA makes of them. */
#include "acme/caa-answer.h"
#include "acme/caa.h"
#include "tests/fuzz/fuzz.h"

#define DOMAIN "www.agency-test.gov.tw"

static void
check_shown(const GcaCaaRecord *record)
{
    g_autofree char *shown = gca_caa_record_to_string(record);

    g_assert_true(g_utf8_validate(shown, -1, NULL));
    g_assert_cmpuint(g_bytes_get_size(record->value), <=, G_MAXUINT16);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    static const char *const issuers[] = {"ca.example", NULL};
    const GcaCaaUse use = {issuers, "https://ca.example/acct/1", NULL, FALSE};
    g_autoptr(GPtrArray) records = gca_caa_answer_parse(data, size, DOMAIN);

    if (records == NULL)
        return 0;
    for (guint i = 0; i < records->len; i++)
        check_shown(g_ptr_array_index(records, i));
    if (records->len == 0)
        g_assert_cmpint(gca_caa_judge(records, &use), ==, GCA_CAA_ABSENT);
    return 0;
}
