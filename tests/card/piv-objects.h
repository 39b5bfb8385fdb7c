#pragma once

#include <glib.h>

/* Data objects by tag, for GET DATA. */
typedef struct PivObjects PivObjects;

PivObjects *piv_objects_new(const char *number);
void piv_objects_free(PivObjects *objects);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PivObjects, piv_objects_free)

void piv_objects_add_certificate(PivObjects *objects, guint32 tag, const GByteArray *der);

/* NULL: no such object. */
const GByteArray *piv_objects_find(PivObjects *objects, guint32 tag);
