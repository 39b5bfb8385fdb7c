/* A distinguished name as plain text: attributes root first, each a type and a UTF-8 value. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _GcaName GcaName;

GcaName *gca_name_new(void);
GcaName *gca_name_ref(GcaName *name);
void gca_name_unref(GcaName *name);

/* Adds an attribute below the others. `type`: a short name (C, O, OU, L, CN, serialNumber) or a
 * dotted OID, which becomes the short name where it is one of these; `value`: UTF-8. */
void gca_name_add(GcaName *name, const char *type, const char *value);

guint gca_name_get_length(const GcaName *name);
const char *gca_name_get_type(const GcaName *name, guint index);
const char *gca_name_get_value(const GcaName *name, guint index);

/* The first value of `type`, or NULL. */
const char *gca_name_find(const GcaName *name, const char *type);
gboolean gca_name_equal(const GcaName *a, const GcaName *b);

/* Parses RFC 4514 text, leaf first as in the OID register ("ou=審計部,o=監察院,c=TW"), or root
 * first as gca_name_to_string gives it: C tells which end is the root. BAD_DATA with the place.
 * Multi-valued RDNs, values in hexadecimal and NUL are refused. */
GcaName *gca_name_parse(const char *text, GError **error);

/* "C=TW,O=行政院,OU=…": root first, escaped as RFC 4514 says, control characters too, so that
 * it can be shown and read back. */
char *gca_name_to_string(const GcaName *name);

/* The values of `types`, root first, joined with `separator`. */
char *gca_name_join(const GcaName *name, const char *const *types, const char *separator);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaName, gca_name_unref)

G_END_DECLS
