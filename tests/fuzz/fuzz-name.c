/* A distinguished name as typed. */
#include "base/name.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autofree char *text = g_strndup(size ? (const char *) data : "", size);
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaName) name = gca_name_parse(text, &error);

    g_assert_true((name == NULL) == (error != NULL));
    if (name == NULL) {
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
        return 0;
    }
    g_autofree char *shown = gca_name_to_string(name);
    g_assert_true(g_utf8_validate(shown, -1, NULL));
    g_assert_true(gca_name_equal(name, name));
    g_assert_cmpuint(gca_name_get_length(name), >, 0);
    for (guint i = 0; i < gca_name_get_length(name); i++)
        g_assert_true(g_utf8_validate(gca_name_get_value(name, i), -1, NULL));
    return 0;
}
