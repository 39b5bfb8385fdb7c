/* A scripted PKCS#11 module: what it shows and when it fails stands in $GCA_FAKE_P11, words with a
 * comma between them, read anew at each C_Initialize:
 *   tokens=N             slots with a token (1)
 *   empty, uninitialized one more slot of that kind
 *   label= serial= reader=  of the first; the number of the slot is added to those of the others
 *   pin= min= max= tries=   the right PIN, its lengths, the tries left
 *   pin-pad              the PIN is entered on the reader: C_Login takes none
 *   always-authenticate  the keys want the PIN again for each signature
 *   key= cert=           PEM files of the key pair `SIGN`; other-key= other-cert= those of `KEYX`
 *   removed-at=CALL[:N]  the card is taken out at the N-th (first) such call
 *   back                 and is put in again at once; other=SERIAL: another card is put in
 *   fail=CALL:CKR        that call gives this value (hexadecimal)
 *   log=FILE             a line a call; of a PIN only the length */
#pragma once

#include <glib.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <p11-kit/pkcs11.h>

typedef struct {
    guint n_tokens;
    guint n_slots;
    gboolean has_empty;
    char *label, *serial, *next_serial, *reader, *pin, *log;
    gulong min, max;
    int tries;
    gboolean pin_pad, always_authenticate, comes_back;
    char *removed_at;
    guint removed_after; /* such calls still to come */
    char *failing;
    CK_RV failure;
    EVP_PKEY *keys[2]; /* SIGN, KEYX */
    X509 *certificates[2];
} Script;

Script *script_new(const char *text);
void script_free(Script *script);

/* Notes `call` in the log, with `remark` if not NULL. */
void script_log(const Script *script, const char *call, const char *remark);

/* ---- objects: a private key and a certificate for each pair ---- */

#define N_OBJECTS 4 /* handles 1 to 4 */

gboolean object_matches(const Script *script, CK_OBJECT_HANDLE object, const CK_ATTRIBUTE *template,
                        CK_ULONG n);
gboolean object_is_private(CK_OBJECT_HANDLE object);
CK_RV object_get(const Script *script, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *attribute);
CK_RV object_sign(const Script *script, CK_OBJECT_HANDLE object, CK_BYTE *data, CK_ULONG size,
                  CK_BYTE *signature, CK_ULONG *signature_size);
