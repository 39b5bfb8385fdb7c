#include "config.h"

#include "base/error.h"
#include "base/file.h"
#include "base/place.h"
#include "base/text.h"
#include "csr/oid.h"
#include "csr/register-private.h"
#include "csr/register.h"
#include "csr/table.h"

#include <glib/gi18n-lib.h>

#define CSV_LIMIT (64 * 1024 * 1024) /* today's has some 8 MB */
#define REGISTER_MODE 0644

typedef struct {
    const GcaTable *table;
    int name, oid, dn; /* columns */
    GHashTable *rows;  /* OID (owned) -> number of its row, from 1 */
    GPtrArray *lines;  /* char *: of the register to be written */
    GcaRegisterImport *import;
} Importer;

void
gca_register_import_free(GcaRegisterImport *import)
{
    g_ptr_array_unref(import->skipped);
    g_free(import->path);
    g_free(import);
}

static gboolean
find_columns(Importer *importer, const char *path, GError **error)
{
    importer->name = gca_table_find_column(importer->table, "OrgName");
    importer->oid = gca_table_find_column(importer->table, "OID");
    importer->dn = gca_table_find_column(importer->table, "DN");
    const char *missing = importer->name < 0  ? "OrgName"
                          : importer->oid < 0 ? "OID"
                          : importer->dn < 0  ? "DN"
                                              : NULL;
    if (missing == NULL)
        return TRUE;
    g_autofree char *shown = gca_text_escape(path);
    gca_error_set(error, GCA_ERROR_BAD_DATA,
                  _("“%s” has no column “%s”; it is not the official file (GDS.csv) of the OID "
                    "register."),
                  shown, missing);
    return FALSE;
}

static void G_GNUC_PRINTF(3, 4) skip(Importer *importer, guint row, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *why = g_strdup_vprintf(format, args);
    va_end(args);

    g_ptr_array_add(
        importer->import->skipped,
        g_strdup_printf(_("line %u: %s"), gca_table_get_line(importer->table, row), why));
}

/* Characters that no name has: they would end a line or a field, or deceive. Those for private use
 * stay: offices write names with them. */
static gboolean
is_clean(const char *value)
{
    for (; *value != '\0'; value = g_utf8_next_char(value)) {
        switch (g_unichar_type(g_utf8_get_char(value))) {
        case G_UNICODE_CONTROL:
        case G_UNICODE_FORMAT:
        case G_UNICODE_LINE_SEPARATOR:
        case G_UNICODE_PARAGRAPH_SEPARATOR:
            return FALSE;
        default:
            break;
        }
    }
    return TRUE;
}

static gboolean
check_values(Importer *importer, guint row, const char *name, const char *dn)
{
    g_autoptr(GError) trouble = NULL;

    if (gca_table_is_overlong(importer->table, row)) {
        skip(
            importer, row, "%s",
            _("It has more fields than there are columns; a comma in a value needs quotation marks "
              "around the value."));
        return FALSE;
    }
    if (*name == '\0') {
        skip(importer, row, "%s", _("The name is blank."));
        return FALSE;
    }
    if (!is_clean(name) || !is_clean(dn)) {
        skip(importer, row, "%s", _("The name or DN holds a control or hidden character."));
        return FALSE;
    }
    g_autoptr(GcaName) parsed = gca_name_parse(dn, &trouble);
    if (parsed == NULL)
        skip(importer, row, "%s", trouble->message);
    return parsed != NULL;
}

/* The OID register names an agency twice now and then: the first counts. */
static gboolean
check_unique(Importer *importer, guint row, const char *oid, const char *name, const char *dn)
{
    const GcaTable *table = importer->table;
    guint earlier = GPOINTER_TO_UINT(g_hash_table_lookup(importer->rows, oid));

    if (earlier == 0)
        return TRUE;
    guint line = gca_table_get_line(table, --earlier);
    if (g_str_equal(gca_table_get(table, earlier, importer->name), name) &&
        g_str_equal(gca_table_get(table, earlier, importer->dn), dn)) {
        skip(importer, row, _("The same as line %u."), line);
        return FALSE;
    }
    g_autofree char *kept = gca_text_escape(gca_table_get(table, earlier, importer->name));
    g_autofree char *dropped = gca_text_escape(name);
    skip(importer, row,
         _("The OID %s of “%s” is that of “%s” on line %u, with other data; line %u was kept."),
         oid, dropped, kept, line, line);
    return FALSE;
}

static void
take_row(Importer *importer, guint row)
{
    const char *name = gca_table_get(importer->table, row, importer->name);
    const char *dn = gca_table_get(importer->table, row, importer->dn);
    g_autoptr(GError) trouble = NULL;
    g_autofree char *oid =
        gca_oid_parse(gca_table_get(importer->table, row, importer->oid), &trouble);

    if (oid == NULL) {
        skip(importer, row, "%s", trouble->message);
        return;
    }
    if (!check_values(importer, row, name, dn) || !check_unique(importer, row, oid, name, dn))
        return;
    g_ptr_array_add(importer->lines, g_strconcat(oid, "\t", name, "\t", dn, "\n", NULL));
    g_hash_table_insert(importer->rows, g_steal_pointer(&oid), GUINT_TO_POINTER(row + 1));
}

static int
compare_lines(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *) a, *(const char *const *) b);
}

static GBytes *
encode(GPtrArray *lines, const char *path)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    g_autofree char *day = g_date_time_format(now, "%Y-%m-%d");
    g_autofree char *base = g_path_get_basename(path);
    g_autofree char *source = gca_text_escape(base);
    GString *out = g_string_new(NULL);

    g_ptr_array_sort(lines, compare_lines);
    g_string_append(out,
                    GCA_REGISTER_TITLE ": OID, name and DN with tabs between, in bytewise order\n");
    g_string_append_printf(out, GCA_REGISTER_DATE "%s\n", day);
    g_string_append_printf(out, "# Rows: %u\n", lines->len);
    g_string_append_printf(out, "# Source: %s, by gca-csr oid import\n", source);
    for (guint i = 0; i < lines->len; i++)
        g_string_append(out, g_ptr_array_index(lines, i));
    return g_string_free_to_bytes(out);
}

static gboolean
write_register(const Importer *importer, const char *path, GError **error)
{
    GcaRegisterImport *import = importer->import;
    g_autofree char *target = gca_place_data(GCA_REGISTER_FILE);
    g_autofree char *folder = g_path_get_dirname(target);
    g_autoptr(GBytes) bytes = encode(importer->lines, path);

    if (!gca_file_make_folder(folder, error) ||
        !gca_file_replace(target, bytes, REGISTER_MODE, error))
        return FALSE;
    import->taken = importer->lines->len;
    import->path = g_steal_pointer(&target);
    return TRUE;
}

static gboolean
check_any(const Importer *importer, const char *path, GError **error)
{
    const GPtrArray *skipped = importer->import->skipped;

    if (importer->lines->len > 0)
        return TRUE;
    g_autofree char *shown = gca_text_escape(path);
    if (skipped->len == 0)
        gca_error_set(error, GCA_ERROR_BAD_DATA, _("“%s” names no agency."), shown);
    else
        gca_error_set(error, GCA_ERROR_BAD_DATA, _("No row of “%s” can be used; %s"), shown,
                      (const char *) g_ptr_array_index(skipped, 0));
    return FALSE;
}

static GcaTable *
read_table(const char *path, GError **error)
{
    const char *scheme = g_uri_peek_scheme(path);

    if (g_strcmp0(scheme, "http") == 0 || g_strcmp0(scheme, "https") == 0) {
        gca_error_set(error, GCA_ERROR_USAGE, "%s",
                      _("Nothing is fetched from the network: download the file, then name it "
                        "here."));
        return NULL;
    }
    g_autoptr(GBytes) bytes = gca_file_read(path, CSV_LIMIT, error);
    return bytes ? gca_table_parse(bytes, path, error) : NULL;
}

GcaRegisterImport *
gca_register_import(const char *path, GError **error)
{
    g_autoptr(GcaTable) table = read_table(path, error);
    if (table == NULL)
        return NULL;
    g_autoptr(GcaRegisterImport) import = g_new0(GcaRegisterImport, 1);
    g_autoptr(GHashTable) rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
    Importer importer = {.table = table, .rows = rows, .lines = lines, .import = import};

    import->skipped = g_ptr_array_new_with_free_func(g_free);
    if (!find_columns(&importer, path, error))
        return NULL;
    for (guint row = 0; row < gca_table_get_length(table); row++)
        take_row(&importer, row);
    if (!check_any(&importer, path, error) || !write_register(&importer, path, error))
        return NULL;
    return g_steal_pointer(&import);
}
