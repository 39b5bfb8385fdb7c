/* What is thought of what stands in a field: a sign and a sentence below it. A screen reader is
 * told when it appears, and finds it as the field's description. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum {
    GCA_FIELD_NOTE,  /* to be minded */
    GCA_FIELD_WRONG, /* cannot be used */
} GcaFieldState;

#define GCA_TYPE_FIELD_ERROR (gca_field_error_get_type())
G_DECLARE_FINAL_TYPE(GcaFieldError, gca_field_error, GCA, FIELD_ERROR, GtkBox)

/* Shows nothing yet. */
GtkWidget *gca_field_error_new(GtkWidget *field);

/* For one that a template has made. */
void gca_field_error_set_field(GcaFieldError *error, GtkWidget *field);

/* `sentence` NULL: nothing is to be said. */
void gca_field_error_show(GcaFieldError *error, GcaFieldState state, const char *sentence);

G_END_DECLS
