/* The register of agencies by OID, as plain sorted files: lines of OID, name and DN. */
#pragma once

#include "base/name.h"

#include <glib.h>

G_BEGIN_DECLS

typedef struct _GcaRegister GcaRegister;

typedef struct {
    char *oid;  /* dotted */
    char *name; /* 機關全銜 */
    char *dn;   /* as registered: leaf first, for gca_name_parse */
    guint file; /* the file that names it, for gca_register_get_path and gca_register_get_date */
} GcaAgency;

void gca_agency_free(GcaAgency *agency);

/* The user's imported register, the system's, the package's: those that are there, in this order.
 * FILE or BAD_DATA for one that cannot be used. Cheap: but for the comments on top nothing is read
 * before it is asked for. May be used by several threads. */
GcaRegister *gca_register_open(GError **error);
void gca_register_free(GcaRegister *agencies);

/* The agency with that OID in the first register that has it. USAGE, with what is wrong with the
 * OID, or that none has it and how to import the full one. */
GcaAgency *gca_register_find(const GcaRegister *agencies, const char *oid, GError **error);

/* GcaAgency * that hold every one of the blank-separated `words` in name, DN or OID (any part of
 * it, without case, 臺 as 台, full-width letters as ASCII), the best first: name (or OID) equal,
 * begins so, holds it; then DN; shorter names first. At most `limit` (0: all); *total (may be NULL)
 * is how many there are. */
GPtrArray *gca_register_search(const GcaRegister *agencies, const char *words, guint limit,
                               guint *total);

/* TRUE if none is there. */
gboolean gca_register_is_empty(const GcaRegister *agencies);

/* TRUE if only the small register of the package is there. */
gboolean gca_register_is_starter(const GcaRegister *agencies);

const char *gca_register_get_path(const GcaRegister *agencies, guint file);
const char *gca_register_get_date(const GcaRegister *agencies, guint file); /* YYYY-MM-DD or NULL */

/* What an import has taken and what it has not. */
typedef struct {
    guint taken;
    GPtrArray *skipped; /* char *: "line 17: …", translated */
    char *path;
} GcaRegisterImport;

/* Makes the user's register of the register's official CSV (columns OrgName, OID, DN; "-" is
 * standard input), in place of an earlier one. BAD_DATA if a column is missing or no row can be
 * used; errors of gca_file_read, gca_table_parse and gca_file_replace. Nothing is changed then. */
GcaRegisterImport *gca_register_import(const char *path, GError **error);
void gca_register_import_free(GcaRegisterImport *import);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaAgency, gca_agency_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaRegister, gca_register_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaRegisterImport, gca_register_import_free)

G_END_DECLS
