/* What an ACME client leaves on disk: a JSON object, the URI in it, and keys. A file is read by
 * gca_account_load alone, so its steps are taken here one by one. */
#include "acme/account.h"
#include "acme/jwk.h"
#include "base/json.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GBytes) file = g_bytes_new_static(data, size);
    g_autoptr(GError) error = NULL;
    json_t *value = gca_json_parse(file, "regr.json", &error);

    g_assert_true((value == NULL) == (error != NULL));
    if (value == NULL)
        return 0;
    const char *uri = gca_json_get_string(value, "uri", NULL);
    if (uri != NULL && gca_account_check_uri(uri, NULL))
        g_assert_true(gca_account_uri_equal(uri, uri));
    g_autofree char *thumbprint = gca_jwk_thumbprint(value, NULL);
    g_autofree char *id = gca_jwk_certbot_id(value, NULL);
    g_assert_true((thumbprint == NULL) == (id == NULL));
    G_GNUC_UNUSED g_autoptr(GBytes) canonical = gca_json_encode_canonical(value, NULL);
    gca_jwk_free(value);
    return 0;
}
