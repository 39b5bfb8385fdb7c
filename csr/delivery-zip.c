#include "config.h"

#include "base/error.h"
#include "base/text.h"
#include "csr/delivery-private.h"

#include <glib/gi18n-lib.h>
#include <minizip/unzip.h>
#include <string.h>

#define MAX_MEMBERS 64
#define MAX_MEMBER_BYTES (1024 * 1024) /* no file of certificates is longer */
#define MAX_NAME_BYTES 255
#define FLAG_ENCRYPTED 0x1 /* APPNOTE.TXT section 4.4.4 */

/* An archive that lies in memory: it is read once, under the limit of a delivery. */
typedef struct {
    const guint8 *data;
    gsize size;
    gsize at;
} Memory;

typedef struct {
    unzFile file;
    const char *name;
    gsize left;       /* that may still be unpacked: a small archive can hold gigabytes */
    gboolean has_any; /* certificates */
} Archive;

static voidpf
memory_open(voidpf opaque, const void *name, int mode)
{
    return opaque;
}

static uLong
memory_read(voidpf opaque, voidpf stream, void *buffer, uLong size)
{
    Memory *memory = stream;
    gsize count = MIN(size, memory->size - memory->at);

    memcpy(buffer, memory->data + memory->at, count);
    memory->at += count;
    return count;
}

static ZPOS64_T
memory_tell(voidpf opaque, voidpf stream)
{
    const Memory *memory = stream;
    return memory->at;
}

static long
memory_seek(voidpf opaque, voidpf stream, ZPOS64_T offset, int origin)
{
    Memory *memory = stream;
    ZPOS64_T base = origin == ZLIB_FILEFUNC_SEEK_SET   ? 0
                    : origin == ZLIB_FILEFUNC_SEEK_CUR ? memory->at
                                                       : memory->size;

    if (base + offset > memory->size)
        return -1;
    memory->at = base + offset;
    return 0;
}

static int
memory_close(voidpf opaque, voidpf stream)
{
    return 0;
}

static int
memory_error(voidpf opaque, voidpf stream)
{
    return 0;
}

static void
set_damaged(const char *name, GError **error)
{
    g_autofree char *shown = gca_text_escape(name);
    gca_error_set(error, GCA_ERROR_BAD_DATA, _("“%s” cannot be unpacked: it is damaged."), shown);
}

static GBytes *
unpack(Archive *archive, gsize size, const char *name, GError **error)
{
    if (size > archive->left) {
        g_autofree char *shown = gca_text_escape(archive->name);
        gca_error_set(error, GCA_ERROR_BAD_DATA,
                      _("The ZIP archive “%s” holds more than %d bytes when it is unpacked."),
                      shown, GCA_DELIVERY_LIMIT);
        return NULL;
    }
    archive->left -= size;
    g_autofree guint8 *data = g_malloc(size);
    gsize done = 0;
    int count = unzOpenCurrentFile(archive->file) == UNZ_OK;
    while (count > 0 && done < size) {
        count = unzReadCurrentFile(archive->file, data + done, (unsigned) (size - done));
        done += (gsize) MAX(count, 0);
    }
    /* closing checks the CRC, of what has been read to its end */
    if (unzCloseCurrentFile(archive->file) != UNZ_OK || done != size) {
        set_damaged(name, error);
        return NULL;
    }
    return g_bytes_new_take(g_steal_pointer(&data), size);
}

/* A member that is no certificate is none of our business; one that is a damaged one is. */
static gboolean
take_member(Archive *archive, GcaDelivery *delivery, GBytes *bytes, const char *name,
            GError **error)
{
    g_autoptr(GError) trouble = NULL;

    if (gca_delivery_add(delivery, bytes, name, &trouble)) {
        archive->has_any = TRUE;
        return TRUE;
    }
    if (g_error_matches(trouble, GCA_ERROR, GCA_ERROR_NO_CERT))
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&trouble));
    return FALSE;
}

/* The name is shown, never used as a path. */
static gboolean
add_member(Archive *archive, GcaDelivery *delivery, GError **error)
{
    unz_file_info64 info;
    char member[MAX_NAME_BYTES + 1] = "";

    if (unzGetCurrentFileInfo64(archive->file, &info, member, MAX_NAME_BYTES, NULL, 0, NULL, 0) !=
        UNZ_OK) {
        set_damaged(archive->name, error);
        return FALSE;
    }
    if (g_str_has_suffix(member, "/") || info.uncompressed_size == 0 ||
        info.uncompressed_size > MAX_MEMBER_BYTES)
        return TRUE;
    if ((info.flag & FLAG_ENCRYPTED) != 0) {
        g_autofree char *shown = gca_text_escape(archive->name);
        gca_error_set(error, GCA_ERROR_BAD_DATA,
                      _("The ZIP archive “%s” is protected with a password."), shown);
        gca_error_set_hint(error, _("Unpack it with the password that the CA told you, and give "
                                    "the files in it."));
        return FALSE;
    }
    g_autofree char *name = g_strdup_printf("%s: %s", archive->name, member);
    g_autoptr(GBytes) bytes = unpack(archive, info.uncompressed_size, name, error);
    return bytes != NULL && take_member(archive, delivery, bytes, name, error);
}

static gboolean
add_members(Archive *archive, GcaDelivery *delivery, GError **error)
{
    unz_global_info64 info;
    int state = unzGetGlobalInfo64(archive->file, &info);
    g_autofree char *shown = gca_text_escape(archive->name);

    if (state == UNZ_OK && info.number_entry > MAX_MEMBERS) {
        gca_error_set(error, GCA_ERROR_BAD_DATA,
                      _("The ZIP archive “%s” holds more than %d files."), shown, MAX_MEMBERS);
        return FALSE;
    }
    for (ZPOS64_T i = 0; state == UNZ_OK && i < info.number_entry; i++) {
        state = i == 0 ? unzGoToFirstFile(archive->file) : unzGoToNextFile(archive->file);
        if (state == UNZ_OK && !add_member(archive, delivery, error))
            return FALSE;
    }
    if (state != UNZ_OK)
        set_damaged(archive->name, error);
    else if (!archive->has_any)
        gca_error_set(error, GCA_ERROR_NO_CERT,
                      _("The ZIP archive “%s” holds no file with a certificate."), shown);
    return state == UNZ_OK && archive->has_any;
}

gboolean
gca_delivery_add_zip(GcaDelivery *delivery, GBytes *zip, const char *name, GError **error)
{
    Memory memory = {0};
    memory.data = g_bytes_get_data(zip, &memory.size);
    zlib_filefunc64_def functions = {
        .zopen64_file = memory_open,
        .zread_file = memory_read,
        .ztell64_file = memory_tell,
        .zseek64_file = memory_seek,
        .zclose_file = memory_close,
        .zerror_file = memory_error,
        .opaque = &memory,
    };
    Archive archive = {
        .file = unzOpen2_64(name, &functions), .name = name, .left = GCA_DELIVERY_LIMIT};

    if (archive.file == NULL) {
        set_damaged(name, error);
        return FALSE;
    }
    gboolean is_read = add_members(&archive, delivery, error);
    unzClose(archive.file);
    return is_read;
}
