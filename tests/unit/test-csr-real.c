/* Real certificates, where they are there ($GCA_TEST_DATA): not part of the project. */
#include "csr/delivery.h"
#include "csr/examination.h"
#include "csr/server-chain.h"
#include "test-csr-chain-fixture.h"

static GcaDelivery *
load(const char *name)
{
    g_autofree char *path = g_build_filename(g_getenv("GCA_TEST_DATA"), name, NULL);
    const char *const paths[] = {path, NULL};
    g_autoptr(GError) error = NULL;
    GcaDelivery *delivery = gca_delivery_read(paths, &error);

    g_assert_no_error(error);
    return delivery;
}

static X509 *
take_leaf(GcaDelivery *delivery)
{
    g_autoptr(GcaX509Stack) leaves = gca_delivery_dup_leaves(delivery);

    g_assert_cmpint(sk_X509_num(leaves), ==, 1);
    return sk_X509_pop(leaves);
}

static GPtrArray *
examine(X509 *certificate, const char *name, const char *when)
{
    const char *const names[] = {name, NULL};
    g_autoptr(GDateTime) now = moment(when);
    GPtrArray *findings = gca_findings_new();

    gca_examination_run(
        &(GcaExaminationWish){.certificate = certificate, .names = name ? names : NULL, .now = now},
        findings);
    return findings;
}

static void
test_server(void)
{
    g_autoptr(GcaDelivery) delivery = load("gca-server-2017.pem");
    g_autoptr(X509) server = take_leaf(delivery);
    g_autoptr(GPtrArray) then = examine(server, "opendata.epa.gov.tw", "2018-01-01T00:00:00Z");
    g_autoptr(GPtrArray) later = examine(server, "www.epa.gov.tw", MOMENT);

    g_assert_false(gca_delivery_has_der(delivery));
    assert_finding(then, "names", GCA_FINDING_OK, "opendata.epa.gov.tw");
    assert_finding(then, "validity", GCA_FINDING_OK, "2020-07-24");
    assert_finding(then, "usage", GCA_FINDING_OK, "");
    assert_finding(then, "strength", GCA_FINDING_OK, "2048");
    /* as all of GCA then: its servers carried the subject type 2.16.886.1.100.3.3.1 */
    assert_finding(then, "identity", GCA_FINDING_FAILED, "2.5.29.9");
    assert_finding(later, "names", GCA_FINDING_FAILED, "opendata.epa.gov.tw");
    assert_finding(later, "validity", GCA_FINDING_FAILED, "expired on 2020-07-24");
}

static void
test_server_alone(void)
{
    g_autoptr(GcaDelivery) delivery = load("gca-server-2017.pem");
    g_autoptr(X509) server = take_leaf(delivery);
    g_autoptr(GPtrArray) findings = gca_findings_new();

    gca_server_chain_examine(server, gca_delivery_get_certificates(delivery), NULL, NULL, NULL,
                             findings);
    assert_finding(findings, "chain-leaf-only", GCA_FINDING_FAILED, "政府憑證管理中心");
    g_assert_nonnull(strstr(find_finding(findings, "chain-leaf-only")->fix,
                            "http://gca.nat.gov.tw/repository/Certs/IssuedToThisCA.p7b"));
    g_assert_cmpuint(count_findings(findings, GCA_FINDING_FAILED), ==, 1);
}

static void
test_card(void)
{
    g_autoptr(GcaDelivery) delivery = load("gtestca2-card-2023.pem");
    g_autoptr(X509) card = take_leaf(delivery);
    g_autoptr(GPtrArray) findings = examine(card, NULL, "2023-12-01T00:00:00Z");

    assert_finding(findings, "identity", GCA_FINDING_FAILED, "2.5.29.9");
    assert_finding(findings, "usage", GCA_FINDING_FAILED, "serverAuth");
    assert_finding(findings, "names", GCA_FINDING_FAILED, "for no host");
    assert_finding(findings, "validity", GCA_FINDING_OK, "2024-02-23");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_setenv("TZ", "UTC", TRUE);
    g_setenv("SSL_CERT_FILE", "/nonexistent", TRUE);
    g_setenv("SSL_CERT_DIR", "/nonexistent", TRUE);
    g_test_add_func("/csr/real/server-is-judged", test_server);
    g_test_add_func("/csr/real/server-without-its-chain-is-told", test_server_alone);
    g_test_add_func("/csr/real/card-is-no-tls-certificate", test_card);
    return g_test_run();
}
