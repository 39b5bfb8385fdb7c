#include "tests/card/der.h"

#include <string.h>

static void
add_length(GByteArray *to, gsize length)
{
    guint8 head[3];
    guint used = 0;

    if (length < 0x80) {
        head[used++] = (guint8) length;
    } else if (length < 0x100) {
        head[used++] = 0x81;
        head[used++] = (guint8) length;
    } else {
        g_assert(length < 0x10000);
        head[used++] = 0x82;
        head[used++] = (guint8) (length >> 8);
        head[used++] = (guint8) length;
    }
    g_byte_array_append(to, head, used);
}

void
der_add(GByteArray *to, guint8 tag, const void *value, gsize length)
{
    g_byte_array_append(to, &tag, 1);
    add_length(to, length);
    if (length > 0)
        g_byte_array_append(to, value, (guint) length);
}

void
der_add_text(GByteArray *to, guint8 tag, const char *text)
{
    der_add(to, tag, text, strlen(text));
}

void
der_add_integer(GByteArray *to, guint8 tag, gint32 number)
{
    guint32 big_endian = GUINT32_TO_BE((guint32) number);
    guint8 bytes[4];
    guint first = 0;

    memcpy(bytes, &big_endian, sizeof bytes);
    while (first < 3 && ((bytes[first] == 0x00 && bytes[first + 1] < 0x80) ||
                         (bytes[first] == 0xFF && bytes[first + 1] >= 0x80)))
        first++;
    der_add(to, tag, bytes + first, sizeof bytes - first);
}

void
der_add_array(GByteArray *to, guint8 tag, const GByteArray *value)
{
    der_add(to, tag, value->data, value->len);
}

static gboolean
take_length(DerReader *reader, gsize *length)
{
    guint count;

    if (reader->left < 1)
        return FALSE;
    *length = *reader->at++;
    reader->left--;
    if (*length < 0x80)
        return TRUE;
    count = *length & 0x7F;
    if (count < 1 || count > 2 || reader->left < count)
        return FALSE;
    for (*length = 0; count > 0; count--) {
        *length = *length << 8 | *reader->at++;
        reader->left--;
    }
    return TRUE;
}

gboolean
der_next(DerReader *reader, guint8 *tag, DerReader *value)
{
    gsize length;

    if (reader->left < 1)
        return FALSE;
    *tag = *reader->at++;
    reader->left--;
    if (!take_length(reader, &length) || length > reader->left)
        return FALSE;
    value->at = reader->at;
    value->left = length;
    reader->at += length;
    reader->left -= length;
    return TRUE;
}
