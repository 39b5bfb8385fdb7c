#include "config.h"

#include "pcsc/slice.h"

#include "base/error.h"
#include "base/text.h"
#include "pcsc/der.h"
#include "x509/certificate.h"

#include <glib/gi18n-lib.h>

#define OFFSET_MAX 0x7FFF
#define FILE_LIMIT (64 * 1024)

/* The slice may be longer than the certificate in it, whose own header says how long it is: no more
 * than that is read. */
static gsize
wanted_certificate(const GByteArray *so_far, gboolean seems_end, gpointer data)
{
    const GcaCdfEntry *entry = data;
    GcaDer in = {so_far->data, so_far->len, 0}, content;
    int tag;
    GcaDerResult result = gca_der_next(&in, &content, &tag);

    if (result == GCA_DER_SHORT && content.size == 0)
        return entry->length;
    gsize total = content.position + content.size;
    return result == GCA_DER_BAD || total > entry->length ? so_far->len : total;
}

/* "5030/08F2": the path below the root, as people write it. */
static char *
path_to_string(const GcaCdfEntry *entry)
{
    gsize size;
    const guint8 *path = g_bytes_get_data(entry->path, &size);
    GString *out = g_string_new(NULL);

    for (gsize i = size > 2 ? 2 : 0; i + 1 < size; i += 2)
        g_string_append_printf(out, out->len ? "/%02X%02X" : "%02X%02X", path[i], path[i + 1]);
    return g_string_free(out, FALSE);
}

static void
set_bad_certificate(const GcaCdfEntry *entry, GError **error, const char *reason)
{
    g_autofree char *file = path_to_string(entry);
    gsize size;
    const void *id = g_bytes_get_data(entry->id, &size);
    g_autofree char *shown = gca_text_escape_bytes(id, size);

    gca_error_replace(error, GCA_ERROR_BAD_DATA,
                      _("The certificate “%s” on the card cannot be used: file %s, byte %u: %s."),
                      shown, file, entry->offset, reason);
    gca_error_set_hint(error, _("Clean the chip and insert the card again; if that does not help, "
                                "have the card examined where it was issued."));
}

/* The bytes of the certificate alone. */
static GBytes *
cut_certificate(const GcaCdfEntry *entry, GBytes *slice, GError **error)
{
    GcaDer in = {0}, content;
    int tag = 0;
    in.data = g_bytes_get_data(slice, &in.size);

    switch (gca_der_next(&in, &content, &tag)) {
    case GCA_DER_OK:
        return g_bytes_new_from_bytes(slice, 0, in.position);
    case GCA_DER_SHORT:
        set_bad_certificate(entry, error,
                            in.size > 0 ? _("it is cut off") : _("the file ends before it"));
        return NULL;
    default:
        set_bad_certificate(entry, error, _("this is not a certificate"));
        return NULL;
    }
}

X509 *
gca_slice_read(GcaFiles *files, GcaCdfEntry *entry, GError **error)
{
    gsize path_size;
    const guint8 *path = g_bytes_get_data(entry->path, &path_size);

    if (entry->length == 0 || entry->offset > OFFSET_MAX ||
        entry->length > FILE_LIMIT - entry->offset) {
        set_bad_certificate(entry, error, _("no certificate can lie there"));
        return NULL;
    }
    if (!gca_files_select(files, path, path_size, error))
        return NULL;
    g_autoptr(GBytes) slice =
        gca_files_read(files, entry->offset, wanted_certificate, entry, error);
    if (slice == NULL)
        return NULL;
    g_autoptr(GBytes) der = cut_certificate(entry, slice, error);
    if (der == NULL)
        return NULL;
    X509 *certificate = gca_certificate_parse(der, "5030/08F2", error);
    if (certificate == NULL)
        set_bad_certificate(entry, error, _("this is not a certificate"));
    return certificate;
}
