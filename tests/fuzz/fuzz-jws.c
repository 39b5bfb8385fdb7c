/* A JSON Web Signature from anybody, and what an ACME server answers. */
#include "acme/jws.h"
#include "acme/problem.h"
#include "base/json.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GBytes) file = g_bytes_new_static(data, size);
    g_autoptr(GBytes) payload = g_bytes_new_static("x", 1);
    g_autoptr(GError) error = NULL;
    g_autoptr(GError) refusal = NULL;
    g_autoptr(json_t) value = gca_json_parse(file, "jws", NULL);
    g_autoptr(json_t) header = value ? gca_jws_verify(value, payload, &error) : NULL;

    g_assert_true(value == NULL || (header == NULL) == (error != NULL));
    gca_problem_set_error(400, NULL, file, &refusal);
    g_assert_nonnull(refusal);
    g_assert_true(g_utf8_validate(refusal->message, -1, NULL));
    return 0;
}
