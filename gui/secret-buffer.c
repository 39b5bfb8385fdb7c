#include "config.h"

#include "gui/secret-buffer.h"

#include <string.h>

struct _GcaSecretBuffer {
    GtkEntryBuffer parent;
    GcaSecret *text; /* GCA_SECRET_BUFFER_SIZE bytes, ended by a zero */
    gsize size;      /* bytes in use, without it */
};

G_DEFINE_FINAL_TYPE(GcaSecretBuffer, gca_secret_buffer, GTK_TYPE_ENTRY_BUFFER)

static char *
data_of(GcaSecretBuffer *self)
{
    return gca_secret_get_data(self->text);
}

static const char *
get_text(GtkEntryBuffer *buffer, gsize *n_bytes)
{
    GcaSecretBuffer *self = GCA_SECRET_BUFFER(buffer);

    if (n_bytes != NULL)
        *n_bytes = self->size;
    return data_of(self);
}

static guint
get_length(GtkEntryBuffer *buffer)
{
    return (guint) g_utf8_strlen(data_of(GCA_SECRET_BUFFER(buffer)), -1);
}

/* What does not fit is left out; `position` counts characters, as GtkEntryBuffer does. */
static guint
insert_text(GtkEntryBuffer *buffer, guint position, const char *chars, guint n_chars)
{
    GcaSecretBuffer *self = GCA_SECRET_BUFFER(buffer);
    char *data = data_of(self);
    gsize added = (gsize) (g_utf8_offset_to_pointer(chars, n_chars) - chars);

    if (self->size + added >= GCA_SECRET_BUFFER_SIZE)
        return 0;
    char *at = g_utf8_offset_to_pointer(data, position);
    memmove(at + added, at, self->size - (gsize) (at - data) + 1);
    memcpy(at, chars, added);
    self->size += added;
    gtk_entry_buffer_emit_inserted_text(buffer, position, chars, n_chars);
    return n_chars;
}

/* GTK tells of a deletion after it: GtkEntryBuffer's contract since 2.18. */
static guint
delete_text(GtkEntryBuffer *buffer, guint position, guint n_chars)
{
    GcaSecretBuffer *self = GCA_SECRET_BUFFER(buffer);
    char *data = data_of(self);
    guint length = get_length(buffer);

    position = MIN(position, length);
    n_chars = MIN(n_chars, length - position);
    if (n_chars == 0)
        return 0;
    char *from = g_utf8_offset_to_pointer(data, position);
    char *to = g_utf8_offset_to_pointer(from, n_chars);
    gsize rest = self->size - (gsize) (to - data);
    memmove(from, to, rest);
    self->size -= (gsize) (to - from);
    memset(data + self->size, 0, GCA_SECRET_BUFFER_SIZE - self->size);
    gtk_entry_buffer_emit_deleted_text(buffer, position, n_chars);
    return n_chars;
}

static void
gca_secret_buffer_finalize(GObject *object)
{
    gca_secret_unref(GCA_SECRET_BUFFER(object)->text);
    G_OBJECT_CLASS(gca_secret_buffer_parent_class)->finalize(object);
}

static void
gca_secret_buffer_class_init(GcaSecretBufferClass *class)
{
    GtkEntryBufferClass *buffer = GTK_ENTRY_BUFFER_CLASS(class);

    G_OBJECT_CLASS(class)->finalize = gca_secret_buffer_finalize;
    buffer->get_text = get_text;
    buffer->get_length = get_length;
    buffer->insert_text = insert_text;
    buffer->delete_text = delete_text;
}

static void
gca_secret_buffer_init(GcaSecretBuffer *self)
{
    self->text = gca_secret_new(GCA_SECRET_BUFFER_SIZE);
}

GtkEntryBuffer *
gca_secret_buffer_new(void)
{
    return g_object_new(GCA_TYPE_SECRET_BUFFER, NULL);
}

GcaSecret *
gca_secret_buffer_take(GcaSecretBuffer *self)
{
    GcaSecret *secret = gca_secret_new(self->size);

    memcpy(gca_secret_get_data(secret), data_of(self), self->size);
    gtk_entry_buffer_delete_text(GTK_ENTRY_BUFFER(self), 0, -1);
    return secret;
}
