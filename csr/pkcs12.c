#include "config.h"

#include "csr/pkcs12.h"

#include "base/error.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <string.h>

/* Three derivations a file: as slow for an attacker as the readers allow. .NET refused more than
 * 600,000 in PBES1, and some limit the sum; Java makes 10,000 by itself and reads up to 5,000,000.
 */
#define ITERATIONS 100000
#define MAX_BYTES (32 * 1024) /* the secure heap is small */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PKCS12, PKCS12_free)

/* In PBES2 it is UTF-8 for one program and Latin-1 or UTF-16 for the next; Java takes ASCII only.
 */
gboolean
gca_pkcs12_check_passphrase(GcaSecret *passphrase, GError **error)
{
    const char *text = gca_secret_get_data(passphrase);
    gsize size = gca_secret_get_size(passphrase);

    for (gsize i = 0; i < size; i++) {
        if (!g_ascii_isprint(text[i])) {
            gca_error_set(error, GCA_ERROR_USAGE,
                          _("The passphrase of a PKCS#12 file may have letters, digits and marks "
                            "of ASCII only: Windows and Java read others in different ways."));
            return FALSE;
        }
    }
    if (size >= GCA_PKCS12_PASSPHRASE_MIN)
        return TRUE;
    gca_error_set(error, GCA_ERROR_USAGE,
                  _("The passphrase of a PKCS#12 file must have at least %d characters: it guards "
                    "the private key."),
                  GCA_PKCS12_PASSPHRASE_MIN);
    return FALSE;
}

static PKCS12 *
make(EVP_PKEY *key, X509 *certificate, GcaX509Stack *chain, const char *friendly_name,
     const char *passphrase, gboolean compat)
{
    int cipher = compat ? NID_pbe_WithSHA1And3_Key_TripleDES_CBC : NID_aes_256_cbc;
    const EVP_MD *digest = compat ? EVP_sha1() : EVP_sha256();

    /* -1: no MAC, for PKCS12_create would choose the digest */
    g_autoptr(PKCS12) made = PKCS12_create_ex(passphrase, friendly_name, key, certificate, chain,
                                              cipher, cipher, ITERATIONS, -1, 0, NULL, NULL);
    if (made == NULL || !PKCS12_set_mac(made, passphrase, -1, NULL, 0, ITERATIONS, digest))
        return NULL;
    return g_steal_pointer(&made);
}

GBytes *
gca_pkcs12_encode(EVP_PKEY *key, X509 *certificate, GcaX509Stack *chain, const char *friendly_name,
                  GcaSecret *passphrase, gboolean compat, GError **error)
{
    if (!gca_pkcs12_check_passphrase(passphrase, error))
        return NULL;
    g_autoptr(PKCS12) made =
        make(key, certificate, chain, friendly_name, gca_secret_get_data(passphrase), compat);
    int size = made != NULL ? i2d_PKCS12(made, NULL) : -1;
    if (size <= 0) {
        gca_error_set_openssl(error, GCA_ERROR_CRYPTO,
                              _("The PKCS#12 file cannot be made: the key does not fit the "
                                "certificate, or cannot leave its device."));
        return NULL;
    }
    if (size > MAX_BYTES) {
        gca_error_set(error, GCA_ERROR_BAD_DATA,
                      _("The chain is too long for a PKCS#12 file (%d bytes; at most %d)."), size,
                      MAX_BYTES);
        return NULL;
    }
    g_autoptr(GcaSecret) bytes = gca_secret_new((gsize) size);
    guint8 *at = (guint8 *) gca_secret_get_data(bytes);
    i2d_PKCS12(made, &at);
    return gca_secret_to_bytes(g_steal_pointer(&bytes));
}
