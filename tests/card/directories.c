#include "tests/card/directories.h"

#include "tests/card/der.h"
#include "tests/card/slices.h"

#include <string.h>

#define READ_BLOCK 200 /* the vendor's own Le */

GByteArray *
directories_get_token_info(const Options *options)
{
    g_autoptr(GByteArray) info = g_byte_array_new();
    GByteArray *file = g_byte_array_new();
    const guint8 flags[] = {4, 0x50}; /* login required, PRN generation */

    der_add_integer(info, DER_INTEGER, 0);
    der_add_text(info, DER_OCTET_STRING, options->number);
    der_add_text(info, DER_UTF8_STRING, "gca-toolkit virtual card");
    der_add_text(info, 0x80, "HiCOS PKI Smart Card");
    der_add(info, DER_BIT_STRING, flags, sizeof flags);
    der_add_array(file, DER_SEQUENCE, info);
    return file;
}

/* ISO 7816-15 Path; a length of 0 is left out, as is the index then. */
static void
add_path(GByteArray *to, const Options *options, const Slice *slice)
{
    g_autoptr(GByteArray) path = g_byte_array_new();
    guint8 file[] = {0x3F, 0x00, 0x50, 0x30, 0x08, 0xF2};

    if (options->generation == 2) {
        file[0] = 0x7F;
        file[1] = 0xFF;
    }
    if (slice->der == NULL)
        file[3] = 0x31;
    der_add(path, DER_OCTET_STRING, file, sizeof file);
    der_add_integer(path, DER_INTEGER, slice->index);
    der_add_integer(path, 0x80, slice->length);
    der_add_array(to, DER_SEQUENCE, path);
}

/* One PKCS#15 object: common attributes, class attributes, type attributes. */
static void
add_object(GByteArray *to, const char *label, const GByteArray *class, const GByteArray *type)
{
    g_autoptr(GByteArray) common = g_byte_array_new();
    g_autoptr(GByteArray) inner = g_byte_array_new();
    g_autoptr(GByteArray) object = g_byte_array_new();

    der_add_text(common, DER_UTF8_STRING, label);
    der_add_array(object, DER_SEQUENCE, common);
    der_add_array(object, DER_SEQUENCE, class);
    der_add_array(inner, DER_SEQUENCE, type);
    der_add_array(object, 0xA1, inner);
    der_add_array(to, DER_SEQUENCE, object);
}

static void
add_certificate(GByteArray *cdf, const Options *options, const Slice *slice, const char *label)
{
    g_autoptr(GByteArray) class = g_byte_array_new();
    g_autoptr(GByteArray) type = g_byte_array_new();
    const guint8 yes = 0xFF;

    der_add_text(class, DER_OCTET_STRING, slice->id);
    if (g_str_has_suffix(slice->id, "CACert"))
        der_add(class, DER_BOOLEAN, &yes, 1); /* authority */
    add_path(type, options, slice);
    add_object(cdf, label, class, type);
}

static GByteArray *
build_cdf(GPtrArray *slices, const Options *options, guint filler)
{
    GByteArray *cdf = g_byte_array_new();

    for (guint i = 0; i < slices->len; i++) {
        gboolean last = i + 1 == slices->len;
        g_autofree char *dots = g_strnfill(last ? filler : 0, '.');
        g_autofree char *label = g_strdup_printf("cert%u%s", i + 1, dots);

        add_certificate(cdf, options, slices->pdata[i], label);
    }
    return cdf;
}

static void
break_cdf(GByteArray *cdf, const char *variant)
{
    const guint8 huge[] = {DER_SEQUENCE, 0x84, 0x7F, 0xFF, 0xFF, 0xFF};
    const guint8 indefinite[] = {DER_SEQUENCE, 0x80};

    if (g_str_equal(variant, "cdf-length"))
        cdf->data[3] = 0x7F; /* the first inner SEQUENCE leaves its parent */
    if (g_str_equal(variant, "cdf-truncated"))
        g_byte_array_set_size(cdf, cdf->len - 10);
    if (g_str_equal(variant, "cdf-empty"))
        g_byte_array_set_size(cdf, 0);
    if (g_str_equal(variant, "cdf-huge-length"))
        g_byte_array_prepend(cdf, huge, sizeof huge);
    if (g_str_equal(variant, "cdf-indefinite"))
        g_byte_array_prepend(cdf, indefinite, sizeof indefinite);
}

GByteArray *
directories_get_cdf(GPtrArray *slices, const Options *options)
{
    GByteArray *cdf = build_cdf(slices, options, 0);

    /* The last label grows until the file ends where a block ends. */
    for (guint filler = 1; options->block_edge != NULL && cdf->len % READ_BLOCK != 0; filler++) {
        g_byte_array_unref(cdf);
        cdf = build_cdf(slices, options, filler);
    }
    if (options->broken_der != NULL)
        break_cdf(cdf, options->broken_der);
    return cdf;
}

/* PrKDF and PuKDF: the holder's keys, by the iD of their certificates. */
GByteArray *
directories_get_keys(GPtrArray *slices, const Options *options)
{
    GByteArray *keys = g_byte_array_new();

    for (guint i = 0; i < slices->len; i++) {
        const Slice *slice = slices->pdata[i];
        g_autoptr(GByteArray) class = g_byte_array_new();
        g_autoptr(GByteArray) type = g_byte_array_new();
        const guint8 usage[] = {g_str_equal(slice->id, "KEYX") ? 6 : 5,
                                g_str_equal(slice->id, "KEYX") ? 0x40 : 0x20};

        if (slice->der == NULL || g_str_has_suffix(slice->id, "CACert"))
            continue;
        der_add_text(class, DER_OCTET_STRING, slice->id);
        der_add(class, DER_BIT_STRING, usage, sizeof usage);
        add_path(type, options, slice);
        der_add_integer(type, DER_INTEGER, 2048);
        add_object(keys, slice->id, class, type);
    }
    return keys;
}
