/* One certificate out of the file that holds them all. Inside this folder only. */
#pragma once

#include "base/openssl-auto.h"
#include "pcsc/cdf.h"
#include "pcsc/files.h"

G_BEGIN_DECLS

/* The certificate of `entry`, as long as its own DER header says. BAD_DATA naming file and offset.
 */
X509 *gca_slice_read(GcaFiles *files, GcaCdfEntry *entry, GError **error);

G_END_DECLS
