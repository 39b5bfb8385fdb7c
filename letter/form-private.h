/* What stands on an application form, and its drawing. For this folder only. */
#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

typedef struct {
    const char *heading; /* of a section that begins here; or NULL */
    const char *name;
    const char *value;
} GcaFormRow;

typedef struct {
    GStringChunk *texts; /* all that is named below */
    GArray *rows;        /* GcaFormRow */
    gboolean is_bilingual;
    const char *title;
    const char *number;
    const char *date;
    const char *csr_heading;
    const char *csr_note;
    const char *fingerprint;
    const char *qr;
    const char *agency_seal;
    const char *person_seal;
    const char *note;
} GcaForm;

/* A GcaPageFunc for a GcaForm. */
gboolean gca_form_draw(cairo_t *cairo, gconstpointer data, GError **error);

G_END_DECLS
