/* A file that a CA is said to have handed out. */
#include "csr/delivery-private.h"
#include "csr/server-chain.h"
#include "tests/fuzz/fuzz.h"

static void
judge(X509 *leaf, const GcaDelivery *delivery)
{
    g_autoptr(GPtrArray) findings = gca_findings_new();
    GcaX509Stack *given = gca_delivery_get_certificates(delivery);
    g_autoptr(GcaX509Stack) built = gca_server_chain_build(leaf, given, NULL, NULL);

    gca_server_chain_examine(leaf, given, NULL, NULL, NULL, findings);
    gca_server_chain_note_delivery(leaf, delivery, built, findings);
    g_assert_cmpuint(findings->len, >, 0);
    for (guint i = 0; i < findings->len; i++) {
        const GcaFinding *finding = g_ptr_array_index(findings, i);
        g_assert_true(g_utf8_validate(finding->text, -1, NULL));
    }
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GBytes) bytes = g_bytes_new_static(data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaDelivery) delivery = gca_delivery_parse(bytes, "delivery", &error);

    g_assert_true((delivery == NULL) == (error != NULL));
    if (delivery == NULL) {
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
        return 0;
    }
    g_assert_cmpint(sk_X509_num(gca_delivery_get_certificates(delivery)), >, 0);
    g_autoptr(GcaX509Stack) leaves = gca_delivery_dup_leaves(delivery);
    if (sk_X509_num(leaves) > 0)
        judge(sk_X509_value(leaves, 0), delivery);
    return 0;
}
