/* The certificate directory of a card (ISO 7816-15). */
#include "pcsc/cdf.h"
#include "tests/fuzz/fuzz.h"

static void
look_at(gpointer data, gpointer user_data)
{
    const GcaCdfEntry *entry = data;

    g_assert_nonnull(entry->id);
    g_assert_nonnull(entry->path);
    g_assert_cmpuint(g_bytes_get_size(entry->path) % 2, ==, 0);
    g_assert_cmpuint(entry->offset, <=, G_MAXINT32);
    g_assert_cmpuint(entry->length, <=, G_MAXINT32);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GBytes) file = g_bytes_new_static(data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) entries = gca_cdf_parse(file, &error);

    g_assert_true((entries == NULL) == (error != NULL));
    if (entries != NULL)
        g_ptr_array_foreach(entries, look_at, NULL);
    gca_cdf_is_complete(data, size, FALSE);
    gca_cdf_is_complete(data, size, TRUE);
    return 0;
}
