#include "config.h"

#include "csr/table.h"

#include "base/error.h"
#include "base/text.h"

#include <csv.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#define BOM "\xEF\xBB\xBF"
#define MAX_FIELDS 256 /* of a row */
#define MAX_FIELD (16 * 1024)
#define FORMULA_BEGINNINGS "=+-@\t\r"

typedef struct {
    guint first; /* of its fields */
    guint n_fields;
    guint line;
} Row;

struct _GcaTable {
    GStringChunk *text;
    GPtrArray *fields; /* const char *, of all rows; the first row names the columns */
    GArray *rows;
};

/* What is known while a table is read. */
typedef struct {
    GcaTable *table;
    const char *name;
    guint line;     /* being read */
    guint row_line; /* on which the row began */
    guint first;    /* field of the row */
    gboolean has_ended;
    GError *error;
} Reader;

void
gca_table_free(GcaTable *table)
{
    g_string_chunk_free(table->text);
    g_ptr_array_unref(table->fields);
    g_array_unref(table->rows);
    g_free(table);
}

static GcaTable *
table_new(void)
{
    GcaTable *table = g_new(GcaTable, 1);
    table->text = g_string_chunk_new(MAX_FIELD);
    table->fields = g_ptr_array_new();
    table->rows = g_array_new(FALSE, FALSE, sizeof(Row));
    return table;
}

static const Row *
row_at(const GcaTable *table, guint index)
{
    return &g_array_index(table->rows, Row, index);
}

static const char *
field_at(const GcaTable *table, guint index)
{
    return g_ptr_array_index(table->fields, index);
}

static void
refuse(Reader *reader, const char *why)
{
    g_autofree char *shown = gca_text_escape(reader->name);
    gca_error_set(&reader->error, GCA_ERROR_BAD_DATA, _("Line %u of “%s” cannot be read: %s."),
                  reader->row_line, shown, why);
}

static void
refuse_encoding(Reader *reader)
{
    refuse(reader, _("it is not UTF-8 text"));
    gca_error_set_hint(&reader->error,
                       _("Save the table as “CSV UTF-8”. A Big5 file becomes UTF-8 with: "
                         "iconv -f CP950 -t UTF-8 OLD > NEW"));
}

/* Cuts blanks off both ends, the ideographic space (U+3000) too. */
static const char *
strip(const char *text, gsize *size)
{
    const char *end = text + *size, *before;

    while (text < end && g_unichar_isspace(g_utf8_get_char(text)))
        text = g_utf8_next_char(text);
    while (text < end && g_unichar_isspace(g_utf8_get_char(before = g_utf8_prev_char(end))))
        end = before;
    *size = (gsize) (end - text);
    return text;
}

static void
add_field(GcaTable *table, const char *text, gsize size)
{
    text = strip(text, &size);
    g_ptr_array_add(table->fields, g_string_chunk_insert_len(table->text, text, (gssize) size));
}

static void
take_field(void *data, size_t size, void *user_data)
{
    Reader *reader = user_data;

    if (reader->error != NULL)
        return;
    if (reader->table->fields->len - reader->first >= MAX_FIELDS)
        refuse(reader, _("it has too many fields"));
    else if (size > MAX_FIELD)
        refuse(reader, _("a field is too long; perhaps a quotation mark is not closed"));
    else if (size > 0 && !g_utf8_validate_len(data, size, NULL)) /* refuses NUL, too */
        refuse_encoding(reader);
    else
        add_field(reader->table, size > 0 ? data : "", size);
}

static void
end_row(int end, void *user_data)
{
    Reader *reader = user_data;
    GcaTable *table = reader->table;

    reader->has_ended = TRUE;
    if (reader->error != NULL)
        return;
    /* Spreadsheets fill short rows up with empty fields. */
    while (table->fields->len > reader->first && *field_at(table, table->fields->len - 1) == '\0')
        g_ptr_array_set_size(table->fields, (int) table->fields->len - 1);
    Row row = {reader->first, table->fields->len - reader->first, reader->row_line};
    if (row.n_fields > 0)
        g_array_append_val(table->rows, row);
    reader->first = table->fields->len;
}

/* Through the next line break: LF, CR LF, or a CR alone. */
static gsize
line_size(const char *at, const char *end)
{
    const char *stop = at;

    while (stop < end && *stop != '\n' && *stop != '\r')
        stop++;
    if (stop < end && *stop == '\r' && stop + 1 < end && stop[1] == '\n')
        stop++;
    return (gsize) (stop - at) + (stop < end);
}

/* libcsv does not count lines, and a row may span several: so it gets one line at a time. */
static void
feed(Reader *reader, struct csv_parser *parser, const char *at, const char *end)
{
    gboolean in_row = FALSE;

    for (gsize size; at < end && reader->error == NULL; at += size) {
        size = line_size(at, end);
        reader->line++;
        if (!in_row)
            reader->row_line = reader->line;
        reader->has_ended = FALSE;
        if (csv_parse(parser, at, size, take_field, end_row, reader) != size &&
            reader->error == NULL)
            refuse(reader, _("a quotation mark is in the wrong place"));
        in_row = !reader->has_ended && (in_row || memchr(at, '"', size) != NULL);
    }
    if (reader->error == NULL && csv_fini(parser, take_field, end_row, reader) != 0 &&
        reader->error == NULL)
        refuse(reader, _("a quotation mark is never closed"));
}

static void
refuse_column(Reader *reader, const char *name)
{
    g_autofree char *shown = gca_text_escape(name);
    g_autofree char *why = g_strdup_printf(_("it names the column “%s” twice"), shown);
    refuse(reader, why);
}

static void
check_header(Reader *reader)
{
    const GcaTable *table = reader->table;
    guint n_columns = table->rows->len > 0 ? row_at(table, 0)->n_fields : 0;

    reader->row_line = n_columns > 0 ? row_at(table, 0)->line : 1;
    if (n_columns == 0)
        refuse(reader, _("it should name the columns"));
    for (guint i = 0; i < n_columns && reader->error == NULL; i++) {
        const char *name = field_at(table, i);
        if (*name != '\0' && gca_table_find_column(table, name) != (int) i)
            refuse_column(reader, name);
    }
}

GcaTable *
gca_table_parse(GBytes *bytes, const char *name, GError **error)
{
    g_autoptr(GcaTable) table = table_new();
    Reader reader = {.table = table, .name = name};
    struct csv_parser parser;
    gsize size;
    const char *data = g_bytes_get_data(bytes, &size);
    gsize skip = size >= strlen(BOM) && memcmp(data, BOM, strlen(BOM)) == 0 ? strlen(BOM) : 0;

    csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
    if (size > skip)
        feed(&reader, &parser, data + skip, data + size);
    csv_free(&parser);
    if (reader.error == NULL)
        check_header(&reader);
    if (reader.error == NULL)
        return g_steal_pointer(&table);
    g_propagate_error(error, reader.error);
    return NULL;
}

int
gca_table_find_column(const GcaTable *table, const char *name)
{
    for (guint i = 0; i < row_at(table, 0)->n_fields; i++) {
        if (g_ascii_strcasecmp(field_at(table, i), name) == 0)
            return (int) i;
    }
    return -1;
}

static gboolean
is_known(const char *name, const char *const *known)
{
    for (; *known != NULL; known++) {
        if (g_ascii_strcasecmp(name, *known) == 0)
            return TRUE;
    }
    return FALSE;
}

const char *
gca_table_find_stranger(const GcaTable *table, const char *const *known)
{
    for (guint i = 0; i < row_at(table, 0)->n_fields; i++) {
        const char *name = field_at(table, i);
        if (*name != '\0' && !is_known(name, known))
            return name;
    }
    return NULL;
}

gboolean
gca_table_find_columns(const GcaTable *table, const char *const *names, gsize n_needed,
                       int *columns, GError **error)
{
    g_autofree char *known = gca_text_list(names);
    const char *stranger = gca_table_find_stranger(table, names);

    if (stranger != NULL) {
        g_autofree char *shown = gca_text_escape(stranger);
        gca_error_set(error, GCA_ERROR_BAD_DATA,
                      _("The table has a column “%s”, which is not known. Columns are: %s."), shown,
                      known);
        return FALSE;
    }
    for (gsize i = 0; names[i] != NULL; i++) {
        columns[i] = gca_table_find_column(table, names[i]);
        if (columns[i] >= 0 || i >= n_needed)
            continue;
        gca_error_set(error, GCA_ERROR_BAD_DATA,
                      _("The first line of the table names no column “%s”. Columns are: %s."),
                      names[i], known);
        return FALSE;
    }
    return TRUE;
}

guint
gca_table_get_length(const GcaTable *table)
{
    return table->rows->len - 1;
}

guint
gca_table_get_line(const GcaTable *table, guint row)
{
    return row_at(table, row + 1)->line;
}

const char *
gca_table_get(const GcaTable *table, guint row, int column)
{
    const Row *at = row_at(table, row + 1);
    return column >= 0 && (guint) column < at->n_fields
               ? field_at(table, at->first + (guint) column)
               : "";
}

gboolean
gca_table_is_overlong(const GcaTable *table, guint row)
{
    return row_at(table, row + 1)->n_fields > row_at(table, 0)->n_fields;
}

static void
append_field(GString *out, const char *field, gboolean is_alone)
{
    gboolean is_formula = *field != '\0' && strchr(FORMULA_BEGINNINGS, *field) != NULL;
    g_autofree char *text = g_strconcat(is_formula ? "'" : "", field, NULL);
    gsize length = strlen(text), start = out->len;
    gboolean has_edge =
        g_ascii_isspace(text[0]) || (length > 0 && g_ascii_isspace(text[length - 1]));

    /* RFC 4180 section 2, rules 5 to 7; an empty line would be no row at all */
    if (strpbrk(text, ",\"\r\n") == NULL && !has_edge && !(is_alone && length == 0)) {
        g_string_append(out, text);
        return;
    }
    gsize size = csv_write(NULL, 0, text, length);
    g_string_set_size(out, start + size);
    csv_write(out->str + start, size, text, length);
}

gboolean
gca_table_check_row(const GcaTable *table, guint row, GError **error)
{
    if (!gca_table_is_overlong(table, row))
        return TRUE;
    gca_error_set(error, GCA_ERROR_BAD_DATA, "%s",
                  _("The row has more fields than the table has columns."));
    gca_error_set_hint(error, _("Put a field that holds commas into quotation marks."));
    return FALSE;
}

void
gca_table_append(GString *out, const char *const *fields)
{
    for (guint i = 0; fields[i] != NULL; i++) {
        if (i > 0)
            g_string_append_c(out, ',');
        append_field(out, fields[i], i == 0 && fields[1] == NULL);
    }
    g_string_append(out, "\r\n");
}
