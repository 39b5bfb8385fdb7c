#include "tests/card/layout.h"

#include "tests/card/directories.h"
#include "tests/card/slices.h"

#include <string.h>

#define DIRECTORY_SIZE 0x0400

static void
add_text(File *df, guint16 id, const char *text)
{
    g_autoptr(GByteArray) content = g_byte_array_new();

    g_byte_array_append(content, (const guint8 *) text, (guint) strlen(text));
    file_add(df, file_new_ef(id, content));
}

/* Directory files are longer than their DER; the rest is 00 or FF. */
static void
add_directory(File *df, guint16 id, GByteArray *der, const Options *options)
{
    guint length = der->len;
    guint size = MAX(DIRECTORY_SIZE, length + 16);

    g_byte_array_set_size(der, size);
    memset(der->data + length, options->generation == 2 ? 0xFF : 0x00, size - length);
    file_add(df, file_new_ef(id, der));
}

static void
add_cdf(File *df, GPtrArray *slices, const Options *options)
{
    g_autoptr(GByteArray) cdf = directories_get_cdf(slices, options);

    if (options->block_edge != NULL || g_strcmp0(options->broken_der, "cdf-truncated") == 0)
        file_add(df, file_new_ef(0x4104, cdf));
    else
        add_directory(df, 0x4104, cdf, options);
}

static void
add_pkcs15(File *df, GPtrArray *slices, const Options *options)
{
    g_autoptr(GByteArray) info = directories_get_token_info(options);
    g_autoptr(GByteArray) private = directories_get_keys(slices, options);
    g_autoptr(GByteArray) public = directories_get_keys(slices, options);
    g_autoptr(GByteArray) data = g_byte_array_new();
    g_autoptr(GByteArray) pins = g_byte_array_new();
    g_autoptr(GByteArray) certificates = slices_get_file(slices);

    file_add(df, file_new_ef(0x5032, info));
    add_directory(df, 0x4100, private, options);
    add_directory(df, 0x4101, public, options);
    add_cdf(df, slices, options);
    add_directory(df, 0x4107, data, options);
    add_directory(df, 0x4108, pins, options);
    file_add(df, file_new_ef(0x08F2, certificates));
}

File *
layout_new(const Options *options, GError **error)
{
    g_autoptr(GPtrArray) slices = slices_new(options, error);
    File *root, *about;

    if (slices == NULL)
        return NULL;
    root = file_new_df(0x3F00);
    about = file_add(root, file_new_df(0x0900));
    add_text(about, 0x0903, options->number);
    add_text(about, 0x0905, "CHT V32N");
    add_pkcs15(file_add(root, file_new_df(0x5030)), slices, options);
    return root;
}
