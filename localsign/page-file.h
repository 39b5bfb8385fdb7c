/* The files of page/, compiled in. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
    const char *path; /* "/popup.js" */
    const char *type;
    const guint8 *data;
    gsize size;
} GcaPageFile;

/* Ends with a row without a path. */
extern const GcaPageFile gca_page_files[];

G_END_DECLS
