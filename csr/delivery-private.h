/* How the files of a delivery are read; for this folder only. */
#pragma once

#include "csr/delivery.h"

G_BEGIN_DECLS

struct _GcaDelivery {
    GcaX509Stack *certificates; /* each once */
    gboolean has_der;
};

/* What gca_delivery_read does with the content of one file. */
GcaDelivery *gca_delivery_parse(GBytes *bytes, const char *name, GError **error);

/* Adds the certificates in PEM, DER or PKCS#7. NO_CERT with what `bytes` are instead. */
gboolean gca_delivery_add(GcaDelivery *delivery, GBytes *bytes, const char *name, GError **error);

/* Adds those in the members of a ZIP archive; other members are passed over. */
gboolean gca_delivery_add_zip(GcaDelivery *delivery, GBytes *zip, const char *name, GError **error);

/* What `der` is, where it is no certificate: the end of a translated sentence, or NULL. */
const char *gca_delivery_explain_der(GBytes *der);

/* The same of text whose first PEM block is labelled `label` (NULL: it has none). */
const char *gca_delivery_explain_text(GBytes *text, const char *label);

G_END_DECLS
