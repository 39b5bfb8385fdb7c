/* A certificate request from anybody: read, and examined even where its signature does not fit. */
#include "base/finding.h"
#include "csr/csr.h"
#include "tests/fuzz/fuzz.h"

#include <openssl/err.h>

static GcaProfile *
get_profile(void)
{
    static GcaProfile *profile;

    if (profile == NULL)
        profile = gca_profile_load("twca", NULL);
    g_assert_nonnull(profile);
    return profile;
}

static void
examine(X509_REQ *csr)
{
    g_autoptr(GPtrArray) findings = gca_csr_examine(csr, get_profile());
    g_auto(GStrv) names = gca_csr_dup_names(csr);

    for (guint i = 0; i < findings->len; i++) {
        const GcaFinding *finding = g_ptr_array_index(findings, i);
        g_assert_true(g_utf8_validate(finding->text, -1, NULL));
        g_assert_true((finding->fix != NULL) == (finding->state == GCA_FINDING_FAILED));
    }
    for (guint i = 0; names[i] != NULL; i++)
        g_assert_true(g_utf8_validate(names[i], -1, NULL));
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GBytes) bytes = g_bytes_new_static(data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(X509_REQ) csr = gca_csr_parse(bytes, "request", &error);

    g_assert_true((csr == NULL) == (error != NULL));
    g_assert_cmpuint(ERR_peek_error(), ==, 0);
    if (csr == NULL)
        csr = d2i_X509_REQ(NULL, &data, (long) size);
    ERR_clear_error();
    if (csr == NULL)
        return 0;
    examine(csr);
    g_autoptr(GBytes) pem = gca_csr_encode(csr);
    g_assert_cmpuint(g_bytes_get_size(pem), >, 0);
    return 0;
}
