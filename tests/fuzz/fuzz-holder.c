/* A certificate from a card or a message: who holds it. */
#include "tests/fuzz/fuzz.h"
#include "x509/certificate.h"
#include "x509/holder.h"

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GBytes) der = g_bytes_new_static(data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(X509) certificate = gca_certificate_parse(der, "certificate", &error);

    g_assert_true((certificate == NULL) == (error != NULL));
    if (certificate == NULL)
        return 0;
    g_autofree char *described = gca_certificate_describe(certificate);
    g_assert_true(g_utf8_validate(described, -1, NULL));
    gca_certificate_can_sign(certificate);
    g_autoptr(GcaHolder) holder = gca_holder_new(certificate, &error);
    g_assert_true((holder == NULL) == (error != NULL));
    if (holder == NULL)
        return 0;
    g_autoptr(GDateTime) now = g_date_time_new_utc(2026, 11, 21, 2, 30, 0);
    g_assert_true(g_utf8_validate(gca_holder_get_organization(holder), -1, NULL));
    gca_holder_days_left(holder, now);
    gca_holder_check_signing(holder, now, NULL);
    return 0;
}
