#include "tests/card/slices.h"

#include "tests/card/pki.h"

#include <string.h>

#define PLACE 0x0700 /* bytes kept for each certificate on the cards seen */
#define FILLER 0xFF

static void
slice_free(Slice *slice)
{
    g_free(slice->id);
    g_clear_pointer(&slice->der, g_byte_array_unref);
    g_free(slice);
}

static gboolean
is_broken(const Options *options, const char *variant)
{
    return g_strcmp0(options->broken_der, variant) == 0;
}

/* Breaks the signing certificate as asked; the others stay whole. */
static void
break_slice(Slice *slice, const Options *options)
{
    if (is_broken(options, "cdf-index-beyond"))
        slice->index = 0x7000;
    if (is_broken(options, "cdf-index-negative"))
        slice->index = -1;
    if (is_broken(options, "cdf-slice-zero"))
        slice->length = 0;
    if (is_broken(options, "cert-truncated")) {
        slice->length = (gint32) slice->der->len - 100;
        memset(slice->der->data + slice->length, FILLER, 100);
    }
    if (is_broken(options, "cert-garbage"))
        memset(slice->der->data + 4, 0x5A, slice->der->len - 4);
}

static void
place(Slice *slice, const Options *options, guint position)
{
    /* Odd distances, so that nobody can guess the next from the last. */
    slice->offset = options->shift_offsets ? 0x0013 + position * 0x0777 : position * PLACE;
    slice->index = (gint32) slice->offset;
    slice->length = (gint32) slice->der->len;
    if (options->slice_longer)
        slice->length = PLACE;
    if (g_str_equal(slice->id, "SIGN"))
        break_slice(slice, options);
}

static Slice *
slice_new(const Options *options, const char *id, guint position, GError **error)
{
    g_autofree char *name = pki_find_name(options->pki, options->holder, id);
    g_autoptr(GByteArray) der = NULL;
    Slice *slice;

    if (name == NULL && !g_str_equal(id, "FOREIGN")) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--order: no %s", id);
        return NULL;
    }
    if (name != NULL) {
        der = pki_read_certificate(options->pki, name, error);
        if (der == NULL)
            return NULL;
        g_assert(der->len <= PLACE);
    }
    slice = g_new0(Slice, 1);
    slice->id = g_strdup(id);
    slice->der = g_steal_pointer(&der);
    slice->length = 0x0400;
    if (slice->der != NULL)
        place(slice, options, position);
    return slice;
}

GPtrArray *
slices_new(const Options *options, GError **error)
{
    g_autofree char *order =
        g_strconcat(options->order, options->extra_cdf ? ",SIGN02,FOREIGN" : NULL, NULL);
    g_auto(GStrv) ids = g_strsplit(order, ",", -1);
    g_autoptr(GPtrArray) slices = g_ptr_array_new_with_free_func((GDestroyNotify) slice_free);

    for (guint i = 0; ids[i] != NULL; i++) {
        Slice *slice = slice_new(options, ids[i], i, error);

        if (slice == NULL)
            return NULL;
        g_ptr_array_add(slices, slice);
    }
    return g_steal_pointer(&slices);
}

GByteArray *
slices_get_file(GPtrArray *slices)
{
    GByteArray *file = g_byte_array_new();

    for (guint i = 0; i < slices->len; i++) {
        Slice *slice = slices->pdata[i];
        guint end = slice->offset + PLACE;
        guint had = file->len;

        if (slice->der == NULL)
            continue;
        if (end > had) {
            g_byte_array_set_size(file, end);
            memset(file->data + had, FILLER, end - had);
        }
        memcpy(file->data + slice->offset, slice->der->data, slice->der->len);
    }
    return file;
}
