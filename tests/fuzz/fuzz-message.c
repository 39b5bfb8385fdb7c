/* A signed request as a file from anybody: CMS, its checks, the certificates in it, the verdict. */
#include "cms/signed-data.h"
#include "prereg/report.h"
#include "tests/fuzz/fuzz.h"

static void
check_each(GBytes *file)
{
    g_autoptr(GcaSignedData) message = gca_signed_data_parse(file, NULL);
    if (message == NULL)
        return;
    G_GNUC_UNUSED g_autoptr(GDateTime) time = gca_signed_data_dup_signing_time(message, NULL);
    gboolean has_signer = gca_signed_data_find_signer(message, NULL) != NULL;

    g_assert_true(gca_signed_data_check_algorithms(message, NULL) <= has_signer);
    g_assert_true(gca_signed_data_check_signing_certificate(message, NULL) <= has_signer);
    g_assert_true(gca_signed_data_check_signature(message, NULL) <=
                  gca_signed_data_check_attributes(message, NULL));
}

static GcaCertificatePool *
get_pool(void)
{
    static GcaCertificatePool *pool;

    if (pool == NULL)
        pool = gca_certificate_pool_new();
    return pool;
}

/* Among others it is what it is alone. */
static void
check_pooled(GBytes *file, GcaReport *alone)
{
    const GcaReportWish wish = {.pool = get_pool()};
    g_autoptr(GcaReport) report = gca_report_new(file, &wish, NULL);

    g_assert_true((report == NULL) == (alone == NULL));
    if (report == NULL)
        return;
    GPtrArray *checks = gca_report_get_checks(report), *others = gca_report_get_checks(alone);
    g_assert_cmpuint(checks->len, ==, others->len);
    for (guint i = 0; i < checks->len; i++) {
        const GcaCheck *check = g_ptr_array_index(checks, i), *other = g_ptr_array_index(others, i);
        g_assert_cmpstr(check->error ? check->error->message : NULL, ==,
                        other->error ? other->error->message : NULL);
    }
}

/* Nobody is trusted here: there is always a failure. */
int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GBytes) file = g_bytes_new_static(data, size);
    const GcaReportWish wish = {NULL};
    g_autoptr(GError) error = NULL;

    check_each(file);
    g_autoptr(GcaReport) report = gca_report_new(file, &wish, &error);
    g_assert_true((report == NULL) == (error != NULL));
    if (report != NULL)
        g_assert_nonnull(gca_report_get_verdict(report));
    check_pooled(file, report);
    return 0;
}
