#include "config.h"

#include "pcsc/cdf.h"

#include "base/error.h"
#include "base/log.h"
#include "pcsc/der.h"

#include <glib/gi18n-lib.h>
#include <openssl/asn1.h>

#define TAG_SEQUENCE gca_der_tag(V_ASN1_UNIVERSAL, V_ASN1_SEQUENCE)
#define TAG_OCTETS gca_der_tag(V_ASN1_UNIVERSAL, V_ASN1_OCTET_STRING)
#define TAG_INTEGER gca_der_tag(V_ASN1_UNIVERSAL, V_ASN1_INTEGER)
#define TAG_CONTEXT_0 gca_der_tag(V_ASN1_CONTEXT_SPECIFIC, 0)
#define TAG_CONTEXT_1 gca_der_tag(V_ASN1_CONTEXT_SPECIFIC, 1)

#define PADDING_00 0x00
#define PADDING_FF 0xFF

void
gca_cdf_entry_free(GcaCdfEntry *entry)
{
    g_clear_pointer(&entry->id, g_bytes_unref);
    g_clear_pointer(&entry->path, g_bytes_unref);
    g_free(entry);
}

static gboolean
is_padding(const GcaDer *in)
{
    return in->size > 0 && (in->data[0] == PADDING_00 || in->data[0] == PADDING_FF);
}

static gboolean
set_bad(GError **error, gsize position, const char *reason)
{
    gca_error_set(error, GCA_ERROR_BAD_DATA,
                  _("The directory of certificates on the card cannot be read: file 5030/4104, "
                    "byte %u: %s."),
                  (guint) position, reason);
    return FALSE;
}

/* Takes off an element that must be there and be of that tag. */
static gboolean
take(GcaDer *in, int wanted, GcaDer *content, GError **error)
{
    int tag;

    switch (gca_der_next(in, content, &tag)) {
    case GCA_DER_OK:
        return tag == wanted ||
               set_bad(error, content->position, _("another kind of value was expected"));
    case GCA_DER_SHORT:
        return set_bad(error, in->position, _("a value is cut off"));
    default:
        return set_bad(error, in->position, _("this is not DER"));
    }
}

/* INTEGER (0..2^31-1): index and length of ISO 7816-15 section 8.2.5 are never negative. */
static gboolean
parse_number(const GcaDer *in, guint *number, GError **error)
{
    guint64 value = 0;

    if (in->size == 0 || in->size > 5 || (in->data[0] & 0x80) != 0)
        return set_bad(error, in->position, _("a number is negative or out of range"));
    for (gsize i = 0; i < in->size; i++)
        value = value << 8 | in->data[i];
    if (value > G_MAXINT32)
        return set_bad(error, in->position, _("a number is negative or out of range"));
    *number = (guint) value;
    return TRUE;
}

/* Path ::= SEQUENCE { path OCTET STRING, index INTEGER OPTIONAL, length [0] INTEGER OPTIONAL }.
 * *is_slice is FALSE where index and length are left out. */
static gboolean
parse_path(GcaDer in, GcaCdfEntry *entry, gboolean *is_slice, GError **error)
{
    GcaDer path, index, length;

    if (!take(&in, TAG_OCTETS, &path, error))
        return FALSE;
    if (path.size == 0 || path.size % 2 != 0)
        return set_bad(error, path.position, _("a path is not made of file numbers"));
    entry->path = g_bytes_new(path.data, path.size);
    *is_slice = in.size > 0;
    if (!*is_slice)
        return TRUE;
    return take(&in, TAG_INTEGER, &index, error) && parse_number(&index, &entry->offset, error) &&
           take(&in, TAG_CONTEXT_0, &length, error) && parse_number(&length, &entry->length, error);
}

/* [1] { X509CertificateAttributes { value ObjectValue, … } }, after an optional [0]. */
static gboolean
parse_attributes(GcaDer in, GcaCdfEntry *entry, gboolean *is_slice, GError **error)
{
    GcaDer content = {0}, attributes, value;
    int tag = 0;

    while (in.size > 0 && tag != TAG_CONTEXT_1) {
        if (gca_der_next(&in, &content, &tag) != GCA_DER_OK)
            return set_bad(error, in.position, _("a value is cut off"));
    }
    if (tag != TAG_CONTEXT_1)
        return set_bad(error, in.position, _("the entry does not say where its certificate is"));
    if (!take(&content, TAG_SEQUENCE, &attributes, error))
        return FALSE;
    switch (gca_der_next(&attributes, &value, &tag)) {
    case GCA_DER_OK:
        /* else a certificate written here, or at a URL */
        return tag != TAG_SEQUENCE || parse_path(value, entry, is_slice, error);
    default:
        return set_bad(error, attributes.position, _("a value is cut off"));
    }
}

/* CertificateType ::= SEQUENCE { CommonObjectAttributes, CommonCertificateAttributes, … }. */
static gboolean
parse_entry(GcaDer in, GcaCdfEntry *entry, gboolean *is_slice, GError **error)
{
    GcaDer object, certificate, id;

    if (!take(&in, TAG_SEQUENCE, &object, error) || !take(&in, TAG_SEQUENCE, &certificate, error) ||
        !take(&certificate, TAG_OCTETS, &id, error))
        return FALSE;
    entry->id = g_bytes_new(id.data, id.size);
    return parse_attributes(in, entry, is_slice, error);
}

/* One element of the directory: a certificate's slice is added to `entries`, other kinds of
 * certificates ([0] to [6]) and of values are passed over. */
static gboolean
parse_element(GcaDer *in, GPtrArray *entries, GError **error)
{
    g_autoptr(GcaCdfEntry) entry = g_new0(GcaCdfEntry, 1);
    gboolean is_slice = FALSE;
    gsize position = in->position;
    GcaDer element = *in, content;
    int tag;

    if (gca_der_next(&element, &content, &tag) != GCA_DER_OK ||
        tag >> 16 != V_ASN1_CONTEXT_SPECIFIC) {
        if (!take(in, TAG_SEQUENCE, &content, error) ||
            !parse_entry(content, entry, &is_slice, error))
            return FALSE;
    } else {
        *in = element;
    }
    if (is_slice)
        g_ptr_array_add(entries, g_steal_pointer(&entry));
    else
        gca_log("pcsc", "5030/4104, byte %zu: no slice, left out", position);
    return TRUE;
}

GPtrArray *
gca_cdf_parse(GBytes *file, GError **error)
{
    g_autoptr(GPtrArray) entries =
        g_ptr_array_new_with_free_func((GDestroyNotify) gca_cdf_entry_free);
    GcaDer in = {0};
    in.data = g_bytes_get_data(file, &in.size);

    while (in.size > 0 && !is_padding(&in)) {
        if (!parse_element(&in, entries, error))
            return NULL;
    }
    return g_steal_pointer(&entries);
}

gboolean
gca_cdf_is_complete(const guint8 *data, gsize size, gboolean seems_end)
{
    GcaDer in = {data, size, 0}, content;
    int tag;

    while (in.size > 0 && !is_padding(&in)) {
        switch (gca_der_next(&in, &content, &tag)) {
        case GCA_DER_OK:
            break;
        case GCA_DER_SHORT:
            return content.size > GCA_CDF_FILE_LIMIT;
        default:
            return TRUE;
        }
    }
    return in.size > 0 || (size > 0 && seems_end);
}
