/* What the receiver answers to a request it has taken (docs/endpoint.md). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define GCA_RECEIPT_LIMIT (64 * 1024)

typedef struct _GcaReceipt GcaReceipt;

/* Reads a receipt for the message with that digest: BAD_DATA if it is none, or for another. */
GcaReceipt *gca_receipt_parse(GBytes *bytes, const char *sha256, GError **error);
GcaReceipt *gca_receipt_ref(GcaReceipt *receipt);
void gca_receipt_unref(GcaReceipt *receipt);

gboolean gca_receipt_is_pending(const GcaReceipt *receipt); /* else accepted */
const char *gca_receipt_get_id(const GcaReceipt *receipt);  /* the receiver's own, from outside */
GDateTime *gca_receipt_get_received(const GcaReceipt *receipt);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaReceipt, gca_receipt_unref)

G_END_DECLS
