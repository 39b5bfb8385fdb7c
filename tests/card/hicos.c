#include "tests/card/hicos.h"

#include "tests/card/files.h"
#include "tests/card/layout.h"

#include <string.h>

struct Hicos {
    const Options *options;
    File *root;
    File *df;
    File *ef; /* NULL: none selected */
};

Hicos *
hicos_new(const Options *options, GError **error)
{
    g_autoptr(Hicos) hicos = g_new0(Hicos, 1);

    hicos->options = options;
    hicos->root = layout_new(options, error);
    if (hicos->root == NULL)
        return NULL;
    hicos_reset(hicos);
    return g_steal_pointer(&hicos);
}

void
hicos_free(Hicos *hicos)
{
    g_clear_pointer(&hicos->root, file_free);
    g_free(hicos);
}

void
hicos_reset(Hicos *hicos)
{
    hicos->df = hicos->root;
    hicos->ef = NULL;
}

/* Only children of the current DF: no search up, down or sideways. */
static guint16
select_file(Hicos *hicos, const Apdu *apdu)
{
    gboolean first = hicos->options->generation == 1;
    guint16 id;
    File *file;

    if (apdu->p1 != 0x00 || apdu->p2 != (first ? 0x00 : 0x04))
        return SW_WRONG_P1P2;
    if (apdu->length != 2)
        return SW_WRONG_LENGTH;
    id = (guint16) (apdu->data[0] << 8 | apdu->data[1]);
    if (id == 0x3F00 && first) {
        hicos_reset(hicos);
        return SW_OK;
    }
    file = file_find_child(hicos->df, id);
    if (file == NULL)
        return SW_NOT_FOUND;
    hicos->ef = file_is_df(file) ? NULL : file;
    if (file_is_df(file))
        hicos->df = file;
    return SW_OK;
}

/* Beyond the last byte. With --cdf-on-block-edge, what that option says. */
static guint16
past_the_end(const Hicos *hicos)
{
    const char *edge = hicos->options->block_edge;

    if (g_strcmp0(edge, "6282") == 0)
        return SW_END_OF_FILE;
    return g_strcmp0(edge, "empty") == 0 ? SW_OK : SW_WRONG_OFFSET;
}

static guint16
read_bytes(const Hicos *hicos, gsize offset, gsize le, GByteArray *answer)
{
    const GByteArray *content = file_get_content(hicos->ef);
    const Options *options = hicos->options;
    gsize left = content->len - offset;
    gsize count = MIN(le, left);

    if (le > left && left < 256 && options->le_wrong)
        return (guint16) (SW_USE_LE | left);
    if (options->short_read > 0)
        count = MIN(count, (gsize) options->short_read);
    g_byte_array_append(answer, content->data + offset, (guint) count);
    for (int i = 0; i < options->overlong_read; i++)
        g_byte_array_append(answer, (const guint8 *) "\xA5", 1);
    return count == left && le > left ? SW_END_OF_FILE : SW_OK;
}

static guint16
read_binary(const Hicos *hicos, const Apdu *apdu, GByteArray *answer)
{
    gsize offset = (gsize) (apdu->p1 << 8 | apdu->p2);

    if (apdu->p1 >= 0x80) /* short file identifiers */
        return SW_WRONG_P1P2;
    if (hicos->ef == NULL)
        return SW_NO_CURRENT_FILE;
    if (apdu->le == 0)
        return SW_WRONG_LENGTH;
    if (apdu->le > 16 && hicos->options->dislike_length)
        return SW_LENGTH_DISLIKED;
    if (offset >= file_get_content(hicos->ef)->len)
        return past_the_end(hicos);
    return read_bytes(hicos, offset, apdu->le, answer);
}

guint16
hicos_command(Hicos *hicos, const Apdu *apdu, GByteArray *answer)
{
    switch (apdu->ins) {
    case INS_SELECT:
        return select_file(hicos, apdu);
    case INS_READ_BINARY:
        return read_binary(hicos, apdu, answer);
    default:
        return SW_UNKNOWN_INS;
    }
}
