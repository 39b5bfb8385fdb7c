/* What a CA hands out: certificates as PEM, DER, PKCS#7 or in a ZIP, in any order. */
#pragma once

#include "base/finding.h"
#include "base/openssl-auto.h"

G_BEGIN_DECLS

#define GCA_DELIVERY_LIMIT (4 * 1024 * 1024)

typedef struct _GcaDelivery GcaDelivery;

/* All certificates of the files, in the order they stand there. What a ZIP holds beside
 * certificates is passed over. NO_CERT if there are none, BAD_DATA with the file (and the member of
 * a ZIP) that cannot be read; a request or key given instead is named. */
GcaDelivery *gca_delivery_read(const char *const *paths, GError **error);
void gca_delivery_free(GcaDelivery *delivery);

GcaX509Stack *gca_delivery_get_certificates(const GcaDelivery *delivery);

/* Those that are no CA's: what was applied for. Owned by the caller. */
GcaX509Stack *gca_delivery_dup_leaves(const GcaDelivery *delivery);

/* TRUE if a file held DER or PKCS#7, where a web server needs PEM. */
gboolean gca_delivery_has_der(const GcaDelivery *delivery);

/* Adds "form": a warning where gca_delivery_has_der, as some CAs hand out no other. */
void gca_delivery_examine(const GcaDelivery *delivery, GPtrArray *findings);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaDelivery, gca_delivery_free)

G_END_DECLS
