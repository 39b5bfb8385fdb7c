/* Standard output for the answer, standard error for the rest; UTF-8 whatever the locale. */
#pragma once

#include <glib.h>
#include <jansson.h>

G_BEGIN_DECLS

/* A part of the answer. */
void gca_output_print(const char *format, ...) G_GNUC_PRINTF(1, 2);
void gca_output_print_json(json_t *value);

/* A part of what goes beside it. Control characters but line breaks are escaped. */
void gca_output_complain(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* A line of progress on the terminal at standard error, in place of the one before; cut to what
 * fits. */
void gca_output_redraw(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* "Label     value", the value's further lines below its first; labels are padded by the width
 * that their characters take in a terminal. */
void gca_output_add_field(GString *out, const char *label, const char *value);

/* The same, `value` from outside and escaped; NULL gives "not known". */
void gca_output_add_outside_field(GString *out, const char *label, const char *value);

/* null for NULL; what is not UTF-8 (a path) is escaped. */
json_t *gca_output_json_string(const char *text);

/* FALSE if the answer could not be written (a full disk, a closed pipe). */
gboolean gca_output_flush(void);

G_END_DECLS
