#include "config.h"

#include "base/error.h"
#include "base/text.h"
#include "csr/register-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/stat.h>
#include <unistd.h>

#define DATE_LENGTH 10

static gboolean
refuse(const GcaRegisterFile *file, const char *why, GError **error)
{
    g_autofree char *shown = gca_text_escape(file->path);
    gca_error_set(error, GCA_ERROR_BAD_DATA, _("The register of agencies “%s” is damaged: %s."),
                  shown, why);
    gca_error_set_hint(error, _("Remove it, or make it anew with: gca-csr oid import GDS.csv"));
    return FALSE;
}

static void
fail_open(const char *path, GError **error)
{
    int saved = errno;
    g_autofree char *shown = gca_text_escape(path);

    gca_error_set(error, GCA_ERROR_FILE, _("The register of agencies “%s” cannot be opened: %s."),
                  shown, g_strerror(saved));
    gca_error_set_native(error, "open", g_strerror(saved), (gulong) saved);
}

void
gca_register_file_free(GcaRegisterFile *file)
{
    g_clear_pointer(&file->map, g_mapped_file_unref);
    g_free(file->path);
    g_free(file->date);
    g_free(file);
}

static gboolean
starts_with(const char *line, gsize size, const char *prefix)
{
    return size >= strlen(prefix) && memcmp(line, prefix, strlen(prefix)) == 0;
}

static void
take_comment(GcaRegisterFile *file, const char *line, gsize size)
{
    gsize skip = strlen(GCA_REGISTER_DATE);

    if (!starts_with(line, size, GCA_REGISTER_DATE) || size != skip + DATE_LENGTH)
        return;
    g_autofree char *date = g_strndup(line + skip, DATE_LENGTH);
    if (file->date == NULL && strspn(date, G_CSET_DIGITS "-") == DATE_LENGTH)
        file->date = g_steal_pointer(&date);
}

/* Only the comments and the last byte are looked at: all else is read when it is asked for. */
static gboolean
take_map(GcaRegisterFile *file, GError **error)
{
    const char *at = g_mapped_file_get_contents(file->map);
    gsize size = g_mapped_file_get_length(file->map);

    if (at == NULL || !starts_with(at, size, GCA_REGISTER_TITLE))
        return refuse(file, _("it does not begin as a register does"), error);
    file->end = at + size;
    if (file->end[-1] != '\n')
        return refuse(file, _("it is cut off"), error);
    while (at < file->end && *at == '#') {
        gsize length = gca_register_line_size(at, file->end);
        take_comment(file, at, length);
        at += length + 1;
    }
    file->start = at;
    return TRUE;
}

GcaRegisterFile *
gca_register_file_open(const char *path, GError **error)
{
    g_autoptr(GcaRegisterFile) file = g_new0(GcaRegisterFile, 1);
    /* O_NONBLOCK: opening a FIFO must not wait for a writer */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat st;

    file->path = g_strdup(path);
    if (fd < 0) {
        if (errno != ENOENT && errno != ENOTDIR)
            fail_open(path, error);
        return NULL;
    }
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
        file->map = g_mapped_file_new_from_fd(fd, FALSE, NULL);
    close(fd);
    if (file->map == NULL) {
        refuse(file, _("it is not a file that can be read"), error);
        return NULL;
    }
    return take_map(file, error) ? g_steal_pointer(&file) : NULL;
}

/* Below zero where the line sorts before `key`; zero where it begins with it. */
static int
compare_line(const char *line, gsize size, const char *key, gsize key_size)
{
    int order = memcmp(line, key, MIN(size, key_size));
    return order != 0 || size >= key_size ? order : -1;
}

const char *
gca_register_file_find(const GcaRegisterFile *file, const char *oid, gsize *size)
{
    g_autofree char *key = g_strconcat(oid, "\t", NULL);
    const char *low = file->start, *high = file->end; /* both at a line's beginning */

    while (low < high) {
        const char *middle = low + (high - low) / 2;
        const char *before = memrchr(low, '\n', (gsize) (middle - low));
        const char *line = before ? before + 1 : low;
        *size = gca_register_line_size(line, file->end);
        int order = compare_line(line, *size, key, strlen(key));
        if (order == 0)
            return line;
        if (order < 0)
            low = line + *size + 1;
        else
            high = line;
    }
    return NULL;
}

guint
gca_register_file_count(const GcaRegisterFile *file)
{
    guint count = 0;

    for (const char *at = file->start; at < file->end; at++) {
        at += gca_register_line_size(at, file->end);
        count++;
    }
    return count;
}

/* The two tabs of a line; FALSE unless there are just two, with something before, between, behind.
 */
static gboolean
find_tabs(const char *line, gsize size, const char **first, const char **second)
{
    const char *end = line + size;

    *first = memchr(line, '\t', size);
    *second = *first ? memchr(*first + 1, '\t', (gsize) (end - *first - 1)) : NULL;
    return *second != NULL && *first > line && *second > *first + 1 && *second + 1 < end &&
           memchr(*second + 1, '\t', (gsize) (end - *second - 1)) == NULL;
}

gboolean
gca_register_file_check(const GcaRegisterFile *file, GError **error)
{
    const char *before = NULL, *first, *second;
    gsize size, size_before = 0;

    for (const char *at = file->start; at < file->end; at += size + 1) {
        size = gca_register_line_size(at, file->end);
        if (!find_tabs(at, size, &first, &second))
            return refuse(file, _("a line is not OID, name and DN with tabs between them"), error);
        /* through the first tab: no OID twice */
        if (before != NULL && compare_line(before, size_before, at, (gsize) (first + 1 - at)) >= 0)
            return refuse(file, _("its lines are not in order"), error);
        before = at;
        size_before = size;
    }
    return TRUE;
}

GcaAgency *
gca_register_file_parse_line(const GcaRegisterFile *file, const char *line, gsize size,
                             GError **error)
{
    const char *first, *second;

    if (!find_tabs(line, size, &first, &second)) {
        refuse(file, _("a line is not OID, name and DN with tabs between them"), error);
        return NULL;
    }
    if (!g_utf8_validate_len(line, size, NULL)) { /* refuses NUL, too */
        refuse(file, _("it is not UTF-8 text"), error);
        return NULL;
    }
    GcaAgency *agency = g_new0(GcaAgency, 1);
    agency->oid = g_strndup(line, (gsize) (first - line));
    agency->name = g_strndup(first + 1, (gsize) (second - first - 1));
    agency->dn = g_strndup(second + 1, (gsize) (line + size - second - 1));
    return agency;
}
