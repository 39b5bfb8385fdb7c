#include "config.h"

#include "base/error.h"
#include "letter/paper.h"

#include <glib/gi18n-lib.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>

/* None that is taken for another, in print or by hand: neither 0 nor O, nor any of 1 l I, U u v,
 * B b, S s 5, Z z, g q; of letters that look alike in both cases the capital only. */
static const char alphabet[] = "ACDEFGHJKLMNPQRTVWXYadefhmnrt2346789";

#define N_SIGNS (sizeof alphabet - 1)
#define FIRST_UNFAIR (256 - 256 % N_SIGNS) /* from here on some signs would come more often */

gboolean
gca_user_code_check(GcaSecret *code, GError **error)
{
    const char *data = gca_secret_get_data(code);
    gsize size = gca_secret_get_size(code);

    /* before the count, which would be one of bytes */
    for (gsize i = 0; i < size; i++) {
        if (!g_ascii_isgraph(data[i])) {
            gca_error_set(error, GCA_ERROR_USAGE,
                          _("The user code may hold letters, digits and symbols of an English "
                            "keyboard only, and no blank."));
            return FALSE;
        }
    }
    if (size < GCA_USER_CODE_MIN || size > GCA_USER_CODE_MAX) {
        gca_error_set(error, GCA_ERROR_USAGE,
                      _("The user code must have 6 to 10 characters; this one has %u."),
                      (guint) size);
        return FALSE;
    }
    return TRUE;
}

/* One sign; bytes that would favour the first ones are thrown away. */
static char
draw_sign(void)
{
    guint8 byte;

    do {
        if (RAND_priv_bytes(&byte, 1) != 1)
            g_error("no random numbers");
    } while (byte >= FIRST_UNFAIR);
    char sign = alphabet[byte % N_SIGNS];
    OPENSSL_cleanse(&byte, sizeof byte);
    return sign;
}

GcaSecret *
gca_user_code_generate(void)
{
    GcaSecret *code = gca_secret_new(GCA_USER_CODE_MAX);

    for (gsize i = 0; i < GCA_USER_CODE_MAX; i++)
        gca_secret_get_data(code)[i] = draw_sign();
    return code;
}
