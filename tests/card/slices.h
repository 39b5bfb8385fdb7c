#pragma once

#include "tests/card/options.h"

/* One CDF entry and the bytes it speaks of. */
typedef struct {
    char *id;
    GByteArray *der; /* NULL: the entry points to a file that is not there */
    guint offset;    /* where the bytes are in 5030/08F2 */
    gint32 index;    /* what the CDF says about it: the same, unless broken */
    gint32 length;
} Slice;

/* GPtrArray of Slice, in the order of the CDF. */
GPtrArray *slices_new(const Options *options, GError **error);

/* The content of 5030/08F2. */
GByteArray *slices_get_file(GPtrArray *slices);
