/* What any web page may post to be signed. */
#include "localsign/hipki-code.h"
#include "localsign/order.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GcaSecret) body = gca_secret_new(size);
    g_autoptr(GError) error = NULL;

    if (size > 0)
        memcpy(gca_secret_get_data(body), data, size);
    g_autoptr(GcaOrder) order = gca_order_parse(body, &error);
    g_assert_true((order == NULL) == (error != NULL));
    if (order == NULL) {
        g_assert_cmpint(gca_hipki_result_of(error).ret_code, !=, GCA_HIPKI_OK);
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
        return 0;
    }
    g_autofree char *text = gca_order_dup_text(order);
    g_assert_true(text == NULL || g_utf8_validate(text, -1, NULL));
    g_assert_cmpuint(g_bytes_get_size(order->tbs), >, 0);
    return 0;
}
