#include "config.h"

#include "pcsc/files.h"

#include "base/error.h"
#include "base/text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define FID_MF 0x3F00
#define FID_APPLET 0x7FFF /* "the applet itself" in the paths of the second generation */
#define DEPTH_MAX 8

#define BLOCK 200      /* the vendor's own Le */
#define BLOCK_PLAIN 16 /* for cards that refuse another with 6987 */
#define OFFSET_MAX 0x7FFF
#define FILE_LIMIT (64 * 1024)

#define SW_OK 0x9000
#define SW1_WARNING 0x62
#define SW_END_OF_FILE 0x6282
#define SW_LENGTH_DISLIKED 0x6987
#define SW_BEYOND_END 0x6B00

struct _GcaFiles {
    GcaCard *card;
    int generation;
    guint16 folders[DEPTH_MAX]; /* where the card stands, below its root */
    gsize depth;
    guint16 file; /* selected in that folder; 0: none */
};

static const guint8 select_applet[] = {0x00, 0xA4, 0x04, 0x0C, 0x10, 0xA0, 0x00, 0x00,
                                       0x02, 0x83, 0x00, 0x00, 0x06, 0x22, 0x01, 0x69,
                                       0x64, 0x00, 0x01, 0x01, 0x01, 0x00};
static const guint8 select_mf[] = {0x80, 0xA4, 0x00, 0x00, 0x02, 0x3F, 0x00};

static gboolean
is_selected(guint16 status)
{
    return status == SW_OK || status >> 8 == SW1_WARNING;
}

static gboolean
transmit(GcaFiles *files, const guint8 *command, gsize size, guint16 *status, GError **error)
{
    g_autoptr(GBytes) answer = gca_card_transmit(files->card, command, size, status, error);
    return answer != NULL;
}

GcaFiles *
gca_files_open(GcaCard *card, GError **error)
{
    g_autoptr(GcaFiles) files = g_new0(GcaFiles, 1);
    guint16 status;

    files->card = card;
    files->generation = 2;
    if (!transmit(files, select_applet, sizeof select_applet, &status, error))
        return NULL;
    if (is_selected(status))
        return g_steal_pointer(&files);

    files->generation = 1;
    if (!transmit(files, select_mf, sizeof select_mf, &status, error))
        return NULL;
    if (is_selected(status))
        return g_steal_pointer(&files);

    g_autofree char *shown = gca_text_escape(gca_card_get_reader(card));
    gca_error_set(error, GCA_ERROR_CARD_UNKNOWN,
                  _("The card in the reader “%s” is of another kind than the GCA card."), shown);
    gca_error_add_detail(error, "SELECT 3F00 answered %04X", status);
    return NULL;
}

void
gca_files_free(GcaFiles *files)
{
    g_free(files);
}

int
gca_files_get_generation(const GcaFiles *files)
{
    return files->generation;
}

/* "5030/08F2": the selected file, for messages. */
static char *
dup_name(const GcaFiles *files)
{
    GString *name = g_string_new(NULL);

    for (gsize i = 0; i < files->depth; i++)
        g_string_append_printf(name, "%04X/", files->folders[i]);
    g_string_append_printf(name, "%04X", files->file);
    return g_string_free(name, FALSE);
}

static void
set_status(GcaFiles *files, GError **error, const char *command, guint16 status)
{
    gca_error_set(error, GCA_ERROR_BAD_DATA,
                  _("The card does not answer as a HiCOS card should: %s answered %04X."), command,
                  status);
}

/* Back to where every path begins. */
static gboolean
select_root(GcaFiles *files, GError **error)
{
    gboolean first = files->generation == 1;
    guint16 status;

    if (!transmit(files, first ? select_mf : select_applet,
                  first ? sizeof select_mf : sizeof select_applet, &status, error))
        return FALSE;
    if (!is_selected(status)) {
        set_status(files, error, first ? "SELECT 3F00" : "SELECT AID", status);
        return FALSE;
    }
    files->depth = 0;
    files->file = 0;
    return TRUE;
}

/* Selects a child of the folder where the card stands. */
static gboolean
select_child(GcaFiles *files, guint16 fid, GError **error)
{
    const guint8 high = (guint8) (fid >> 8), low = (guint8) (fid & 0xFF);
    const guint8 first[] = {0x80, 0xA4, 0x00, 0x00, 0x02, high, low};
    const guint8 second[] = {0x00, 0xA4, 0x00, 0x04, 0x02, high, low, 0x00};
    gboolean is_first = files->generation == 1;
    guint16 status;

    if (!transmit(files, is_first ? first : second, is_first ? sizeof first : sizeof second,
                  &status, error))
        return FALSE;
    files->file = fid;
    if (is_selected(status))
        return TRUE;
    g_autofree char *name = dup_name(files);
    g_autofree char *command = g_strconcat("SELECT ", name, NULL);
    files->file = 0;
    set_status(files, error, command, status);
    return FALSE;
}

/* The file numbers below the root. */
static gboolean
parse_path(const guint8 *path, gsize size, guint16 *fids, gsize *count, GError **error)
{
    *count = 0;
    for (gsize i = 0; i + 1 < size; i += 2) {
        guint16 fid = (guint16) (path[i] << 8 | path[i + 1]);
        if (i == 0 && (fid == FID_MF || fid == FID_APPLET))
            continue;
        if (*count == DEPTH_MAX)
            break;
        fids[(*count)++] = fid;
    }
    if (*count > 0 && *count < DEPTH_MAX)
        return TRUE;
    g_autoptr(GBytes) bytes = g_bytes_new(path, size);
    g_autofree char *shown = gca_text_hex(bytes);
    gca_error_set(error, GCA_ERROR_BAD_DATA,
                  _("The card's directory names the file “%s”, which cannot be one."), shown);
    return FALSE;
}

gboolean
gca_files_select(GcaFiles *files, const guint8 *path, gsize size, GError **error)
{
    guint16 fids[DEPTH_MAX];
    gsize count;

    if (!parse_path(path, size, fids, &count, error))
        return FALSE;
    gsize folders = count - 1;
    gboolean is_below =
        files->depth <= folders && memcmp(files->folders, fids, files->depth * sizeof fids[0]) == 0;
    if (is_below && files->depth == folders && files->file == fids[folders])
        return TRUE;
    if (!is_below && !select_root(files, error))
        return FALSE;
    while (files->depth < folders) {
        guint16 fid = fids[files->depth];
        if (!select_child(files, fid, error))
            return FALSE;
        files->folders[files->depth++] = fid;
        files->file = 0;
    }
    return select_child(files, fids[folders], error);
}

static void
set_read_error(GcaFiles *files, GError **error, gsize offset, const char *what)
{
    g_autofree char *name = dup_name(files);

    gca_error_set(error, GCA_ERROR_BAD_DATA,
                  _("The card does not answer as a HiCOS card should: READ BINARY of file %s, "
                    "byte %u, %s."),
                  name, (guint) offset, what);
}

/* One block into `out`; *status is 9000, a sign of the end, or 6987. */
static gboolean
read_block(GcaFiles *files, gsize offset, gsize size, GByteArray *out, guint16 *status,
           GError **error)
{
    const guint8 command[] = {files->generation == 1 ? 0x80 : 0x00, 0xB0, (guint8) (offset >> 8),
                              (guint8) (offset & 0xFF), (guint8) size};
    g_autofree char *what = NULL;

    if (offset > OFFSET_MAX) {
        set_read_error(files, error, offset, _("is beyond what can be read"));
        return FALSE;
    }
    g_autoptr(GBytes) answer =
        gca_card_transmit(files->card, command, sizeof command, status, error);
    if (answer == NULL)
        return FALSE;
    if (*status != SW_OK && *status != SW_END_OF_FILE && *status != SW_BEYOND_END &&
        *status != SW_LENGTH_DISLIKED) {
        what = g_strdup_printf(_("answered %04X"), *status);
        set_read_error(files, error, offset, what);
        return FALSE;
    }
    gsize got;
    const guint8 *data = g_bytes_get_data(answer, &got);
    if (got > size) {
        what =
            g_strdup_printf(_("gave %u bytes where %u were asked for"), (guint) got, (guint) size);
        set_read_error(files, error, offset, what);
        return FALSE;
    }
    if (*status == SW_OK || *status == SW_END_OF_FILE)
        g_byte_array_append(out, data, (guint) got);
    return TRUE;
}

GBytes *
gca_files_read(GcaFiles *files, gsize offset, GcaFilesWanted wanted, gpointer data, GError **error)
{
    g_autoptr(GByteArray) out = g_byte_array_new();
    gboolean is_plain = FALSE, seems_end = FALSE;
    gsize total, before = 0;

    while ((total = MIN(wanted(out, seems_end, data), FILE_LIMIT)) > out->len) {
        gsize block = is_plain ? BLOCK_PLAIN : MIN(BLOCK, total - out->len), had = out->len;
        guint16 status;
        if (!read_block(files, offset + had, block, out, &status, error))
            return NULL;
        if (status == SW_LENGTH_DISLIKED && block != BLOCK_PLAIN) {
            is_plain = TRUE;
            continue;
        }
        gsize got = out->len - had;
        if (status == SW_LENGTH_DISLIKED) {
            set_read_error(files, error, offset + had, _("answered 6987"));
            return NULL;
        }
        if (status != SW_OK || got == 0)
            break;
        /* A card may give less than asked each time; less than the time before is the end. */
        seems_end = got < block && got < before;
        before = got;
    }
    g_byte_array_set_size(out, (guint) MIN(out->len, total));
    return g_byte_array_free_to_bytes(g_steal_pointer(&out));
}
