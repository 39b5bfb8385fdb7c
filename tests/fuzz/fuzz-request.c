/* The content of a request. What passes must be there byte for byte. */
#include "prereg/request.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GBytes) content = g_bytes_new_static(data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaRequest) request = gca_request_parse(content, &error);

    g_assert_true((request == NULL) == (error != NULL));
    if (request == NULL)
        return 0;
    g_assert_true(g_bytes_equal(gca_request_get_content(request), content));
    g_assert_nonnull(gca_request_get_domains(request)[0]);
    g_assert_nonnull(gca_request_get_account_uri(request));
    g_assert_nonnull(gca_request_get_created(request));
    g_autofree char *subject = gca_name_to_string(gca_request_get_subject(request));
    g_assert_cmpstr(subject, !=, "");
    return 0;
}
