#include "tests/card/files.h"

struct File {
    guint16 id;
    GPtrArray *children; /* NULL for an EF */
    GByteArray *content; /* NULL for a DF */
};

File *
file_new_df(guint16 id)
{
    File *file = g_new0(File, 1);

    file->id = id;
    file->children = g_ptr_array_new_with_free_func((GDestroyNotify) file_free);
    return file;
}

File *
file_new_ef(guint16 id, const GByteArray *content)
{
    File *file = g_new0(File, 1);

    file->id = id;
    file->content = g_byte_array_new();
    g_byte_array_append(file->content, content->data, content->len);
    return file;
}

void
file_free(File *file)
{
    g_clear_pointer(&file->children, g_ptr_array_unref);
    g_clear_pointer(&file->content, g_byte_array_unref);
    g_free(file);
}

File *
file_add(File *df, File *child)
{
    g_ptr_array_add(df->children, child);
    return child;
}

File *
file_find_child(File *df, guint16 id)
{
    for (guint i = 0; i < df->children->len; i++) {
        File *child = df->children->pdata[i];

        if (child->id == id)
            return child;
    }
    return NULL;
}

gboolean
file_is_df(const File *file)
{
    return file->children != NULL;
}

const GByteArray *
file_get_content(const File *ef)
{
    return ef->content;
}
