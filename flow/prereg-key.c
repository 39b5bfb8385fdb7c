#include "config.h"

#include "acme/account-key.h"
#include "acme/jwk.h"
#include "base/error.h"
#include "base/json.h"
#include "flow/prereg-private.h"

#include <glib/gi18n-lib.h>

static gboolean
fits(const GcaAccount *account, EVP_PKEY *key, GError **error)
{
    const char *expected = gca_account_get_thumbprint(account);
    g_autoptr(json_t) jwk = gca_account_key_to_jwk(key, error);
    g_autofree char *thumbprint = jwk ? gca_jwk_thumbprint(jwk, error) : NULL;

    if (thumbprint == NULL)
        return FALSE;
    if (expected == NULL || g_str_equal(thumbprint, expected))
        return TRUE;
    gca_error_set(error, GCA_ERROR_CHECK_FAILED,
                  _("The key beside the account is not the account's: its thumbprint is “%s”, not "
                    "“%s”."),
                  thumbprint, expected);
    return FALSE;
}

gboolean
gca_prereg_load_key(GcaPrereg *prereg, GError **error)
{
    const char *path = gca_account_get_key_path(prereg->account);
    g_autoptr(GError) trouble = NULL;

    if (path == NULL) {
        prereg->note = g_strdup(_("Without proof: the account's key is not at hand."));
        return TRUE;
    }
    g_autoptr(EVP_PKEY) key = gca_account_key_load(path, &trouble);
    if (key == NULL) {
        prereg->note = g_strdup_printf(_("Without proof: %s"), trouble->message);
        return TRUE;
    }
    if (!fits(prereg->account, key, error))
        return FALSE;
    prereg->account_key = g_steal_pointer(&key);
    return TRUE;
}
