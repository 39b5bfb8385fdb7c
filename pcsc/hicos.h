/* The public files of a HiCOS card, both generations: read without PIN and without any module.
 * Follows published observations of the family; not yet tried on a physical GCA card. */
#pragma once

#include "base/openssl-auto.h"
#include "pcsc/card.h"

G_BEGIN_DECLS

typedef struct _GcaHicos GcaHicos;

/* Tells the generation by SELECT. CARD_UNKNOWN if the card is of another family. Borrows `card`. */
GcaHicos *gca_hicos_open(GcaCard *card, GError **error);
void gca_hicos_free(GcaHicos *hicos);

int gca_hicos_get_generation(const GcaHicos *hicos); /* 1 or 2 */

/* Reads number, certificate directory (CDF) and the signing certificate, and with `with_ca` the CA
 * certificates too; each file once, in as few APDUs as the card allows. The signing certificate is
 * the one with iD SIGN, then those whose iD begins so, then others; the first that may sign.
 * BAD_DATA naming file and offset; NO_CERT if no certificate can sign; CANCELLED. A CA certificate
 * that cannot be read is left out. Called once. */
gboolean gca_hicos_read(GcaHicos *hicos, gboolean with_ca, GError **error);

/* The 16 bytes of file 0900/0903 as text if they are ASCII letters and digits, else in hexadecimal;
 * NULL if the card does not give them. */
const char *gca_hicos_get_number(const GcaHicos *hicos);
X509 *gca_hicos_get_signing_certificate(const GcaHicos *hicos);
GBytes *gca_hicos_get_signing_id(const GcaHicos *hicos);            /* the CDF's iD */
GcaX509Stack *gca_hicos_get_ca_certificates(const GcaHicos *hicos); /* empty unless with_ca */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaHicos, gca_hicos_free)

G_END_DECLS
