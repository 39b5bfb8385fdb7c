/* Register files in memory; for this folder only. */
#pragma once

#include "csr/register.h"

#include <string.h>

G_BEGIN_DECLS

#define GCA_REGISTER_FILE "oid-register.txt"

/* The first line of each. It and the further comments sort before the rows; all lines do bytewise.
 */
#define GCA_REGISTER_TITLE "# Agencies by OID"
#define GCA_REGISTER_DATE "# Date: "

typedef struct {
    GMappedFile *map;
    const char *start, *end; /* of the rows: whole lines, their LF included */
    char *path;
    char *date; /* or NULL */
    gboolean is_packaged;
} GcaRegisterFile;

struct _GcaRegister {
    GPtrArray *files; /* GcaRegisterFile *, that of the user first */
};

/* NULL without an error where there is no such file. */
GcaRegisterFile *gca_register_file_open(const char *path, GError **error);
void gca_register_file_free(GcaRegisterFile *file);

/* The line (without its end) of `oid`, by bisection; NULL if there is none. */
const char *gca_register_file_find(const GcaRegisterFile *file, const char *oid, gsize *size);

guint gca_register_file_count(const GcaRegisterFile *file);

/* FALSE with BAD_DATA if lines are not of the form, or not in order. Reads all of it. */
gboolean gca_register_file_check(const GcaRegisterFile *file, GError **error);

/* NULL with BAD_DATA if the line is not OID, name and DN in UTF-8. */
GcaAgency *gca_register_file_parse_line(const GcaRegisterFile *file, const char *line, gsize size,
                                        GError **error);

/* The bytes through the next LF, not counting it. */
static inline gsize
gca_register_line_size(const char *line, const char *end)
{
    const char *stop = memchr(line, '\n', (gsize) (end - line));
    return (gsize) ((stop ? stop : end) - line);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaRegisterFile, gca_register_file_free)

G_END_DECLS
