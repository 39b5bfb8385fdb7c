/* Object identifiers as people type them (X.660), dotted. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define GCA_OID_LENGTH 128 /* characters; those of agencies have some 40 */

/* The dotted form without the blanks around it. USAGE with what is wrong with it. */
char *gca_oid_parse(const char *typed, GError **error);

G_END_DECLS
