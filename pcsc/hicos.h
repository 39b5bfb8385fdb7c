/* The public files of a HiCOS card, both generations: read without PIN and without any module.
 * Follows published observations of the family; not yet tried on a physical GCA card. */
#pragma once

#include "base/openssl-auto.h"
#include "pcsc/card.h"

G_BEGIN_DECLS

typedef struct _GcaHicos GcaHicos;

/* Which certificates are read beside the one to sign with. */
typedef enum {
    GCA_OTHERS_NONE,
    GCA_OTHERS_CA,  /* those of CAs: CACert, ROOTCACert */
    GCA_OTHERS_ALL, /* the holder's too, the one to encrypt with (KEYX) among them */
} GcaOthers;

/* Tells the generation by SELECT. CARD_UNKNOWN if the card is of another family. Borrows `card`. */
GcaHicos *gca_hicos_open(GcaCard *card, GError **error);
void gca_hicos_free(GcaHicos *hicos);

int gca_hicos_get_generation(const GcaHicos *hicos); /* 1 or 2 */

/* Reads number, certificate directory (CDF), the signing certificate, and those `others`; nothing
 * twice, in as few APDUs as the card allows. The signing certificate is the one with iD SIGN, then
 * those whose iD begins so, then others but KEYX; the first that may sign. BAD_DATA naming file and
 * offset; CANCELLED. One of the others that cannot be read is left out. Called once. */
gboolean gca_hicos_read(GcaHicos *hicos, GcaOthers others, GError **error);

/* Once read. FALSE with NO_CERT, and why, if no certificate can sign. */
gboolean gca_hicos_check_signing(const GcaHicos *hicos, GError **error);

/* The 16 bytes of file 0900/0903 as text if they are ASCII letters and digits, else in hexadecimal;
 * NULL if the card does not give them. */
const char *gca_hicos_get_number(const GcaHicos *hicos);

/* Once gca_hicos_check_signing has said TRUE. */
X509 *gca_hicos_get_signing_certificate(const GcaHicos *hicos);
GBytes *gca_hicos_get_signing_id(const GcaHicos *hicos); /* the CDF's iD */

GcaX509Stack *gca_hicos_get_others(const GcaHicos *hicos); /* once read; in the CDF's order */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaHicos, gca_hicos_free)

G_END_DECLS
