#pragma once

#include "tests/card/apdu.h"
#include "tests/card/options.h"

/* The PIV application (NIST SP 800-73-4), as far as OpenSC uses it: SELECT,
 * GET DATA, VERIFY and GENERAL AUTHENTICATE with RSA 2048. */
typedef struct Piv Piv;

Piv *piv_new(const Options *options, GError **error);
void piv_free(Piv *piv);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Piv, piv_free)

gboolean piv_is_aid(const guint8 *aid, gsize length);

/* Answer to SELECT; the PIN's state is the card's to reset, by piv_forget. */
guint16 piv_select(Piv *piv, GByteArray *answer);

/* The application is left or the card reset: no PIN is verified any more. */
void piv_forget(Piv *piv);

guint16 piv_command(Piv *piv, const Apdu *apdu, GByteArray *answer);
