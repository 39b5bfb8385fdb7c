/* A receiver's receipt, to be read. */
#pragma once

#include "prereg/receipt.h"

G_BEGIN_DECLS

/* When it was received, as what, and the receipt's own path. */
char *gca_show_receipt(const GcaReceipt *receipt, const char *path);

G_END_DECLS
