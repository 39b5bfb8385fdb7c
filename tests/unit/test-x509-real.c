/* Real certificates, where they are there ($GCA_TEST_DATA): not part of the project. */
#include "test-x509-fixture.h"
#include "x509/certificate.h"
#include "x509/holder.h"

static GcaHolder *
load(const char *name)
{
    g_autofree char *path = g_build_filename(g_getenv("GCA_TEST_DATA"), name, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaX509Stack) found = gca_certificate_load(path, &error);

    g_assert_no_error(error);
    g_assert_cmpint(sk_X509_num(found), ==, 1);
    GcaHolder *holder = gca_holder_new(sk_X509_value(found, 0), &error);
    g_assert_no_error(error);
    return holder;
}

static void
test_server(void)
{
    g_autoptr(GcaHolder) holder = load("gca-server-2017.pem");
    g_autoptr(GDateTime) when = moment("2018-01-01T00:00:00Z");
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(gca_holder_get_kind(holder), ==, GCA_HOLDER_SERVER);
    g_assert_cmpint(gca_holder_get_rank(holder), ==, GCA_CARD_RANK_UNKNOWN);
    g_assert_cmpstr(gca_holder_get_organization(holder), ==, "行政院 環境保護署");
    g_assert_cmpstr(gca_name_find(gca_holder_get_issuer(holder), "OU"), ==, "政府憑證管理中心");
    g_assert_false(gca_holder_check_signing(holder, when, &error));
    assert_refused(error, GCA_ERROR_NO_CERT, "伺服器應用軟體憑證");
}

static void
test_company(void)
{
    g_autoptr(GcaHolder) holder = load("gtestca2-card-2023.pem");
    g_autoptr(GDateTime) when = moment("2023-12-01T00:00:00Z");
    g_autofree char *until = gca_text_time(gca_holder_get_not_after(holder));
    g_autofree char *dn = gca_name_to_string(gca_holder_get_dn(holder));
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(gca_holder_get_kind(holder), ==, GCA_HOLDER_COMPANY);
    g_assert_cmpint(gca_holder_get_rank(holder), ==, GCA_CARD_RANK_PRIMARY);
    g_assert_cmpstr(dn, ==, "C=TW,O=測試公司1,serialNumber=82675132");
    g_assert_cmpstr(until, ==, "2024-02-23T03:02:37Z");
    g_assert_null(gca_holder_get_oid(holder));
    g_assert_true(gca_certificate_can_sign(gca_holder_get_certificate(holder)));
    g_assert_false(gca_holder_check_signing(holder, when, &error));
    assert_refused(error, GCA_ERROR_NO_CERT, "工商憑證");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/real/server-certificate-is-told-as-such", test_server);
    g_test_add_func("/real/company-card-is-told-as-such", test_company);
    return g_test_run();
}
