#include "config.h"

#include "localsign/answer.h"

#include "base/error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* BITMAPFILEHEADER and BITMAPINFOHEADER; 2000 pixels of three bytes are a multiple of four, so the
 * one row needs no padding. */
#define HEADER_SIZE 54
#define WIDTH 2000
#define DATA_SIZE (WIDTH * 3)

json_t *
gca_answer_new(const char *func, GcaHipkiResult result)
{
    return json_pack("{s:s, s:I, s:I}", "func", func, "ret_code", (json_int_t) result.ret_code,
                     "last_error", (json_int_t) result.last_error);
}

char *
gca_answer_to_text(json_t *answer)
{
    char *text = json_dumps(answer, JSON_COMPACT | JSON_ENSURE_ASCII);
    char *ours = g_strdup(text);

    json_decref(answer);
    free(text);
    return ours;
}

char *
gca_answer_of_error(const char *func, const GError *error)
{
    return gca_answer_to_text(gca_answer_new(func, gca_hipki_result_of(error)));
}

static void
put_le16(guint8 *at, guint16 value)
{
    value = GUINT16_TO_LE(value);
    memcpy(at, &value, sizeof value);
}

static void
put_le32(guint8 *at, guint32 value)
{
    value = GUINT32_TO_LE(value);
    memcpy(at, &value, sizeof value);
}

/* The card's certificates that take the most room; NULL if there are none left. */
static json_t *
longest_list(json_t *answer)
{
    json_t *longest = NULL, *slot;
    size_t i;

    json_array_foreach(json_object_get(answer, "slots"), i, slot)
    {
        json_t *list = json_object_get(json_object_get(slot, "token"), "certs");
        if (json_array_size(list) > json_array_size(longest))
            longest = list;
    }
    return longest;
}

/* Cards list those of their CAs last. */
static char *
leave_out_certificates(const char *text, gsize limit)
{
    json_t *answer = json_loads(text, 0, NULL), *list;
    char *shorter = g_strdup(text);

    while (strlen(shorter) > limit && (list = longest_list(answer)) != NULL) {
        json_array_remove(list, json_array_size(list) - 1);
        g_free(shorter);
        shorter = gca_answer_to_text(json_incref(answer));
    }
    json_decref(answer);
    return shorter;
}

GBytes *
gca_answer_to_bitmap(const char *text, GError **error)
{
    g_autofree char *fitting = leave_out_certificates(text, DATA_SIZE);
    gsize size = strlen(fitting);

    if (size > DATA_SIZE) {
        gca_error_set(error, GCA_ERROR_BAD_DATA, _("The answer of %zu bytes does not fit."), size);
        return NULL;
    }
    guint8 *file = g_malloc0(HEADER_SIZE + DATA_SIZE);
    memcpy(file, "BM", 2);
    put_le32(file + 2, HEADER_SIZE + DATA_SIZE);
    put_le32(file + 10, HEADER_SIZE);
    put_le32(file + 14, HEADER_SIZE - 14); /* of BITMAPINFOHEADER */
    put_le32(file + 18, WIDTH);
    put_le32(file + 22, 1);
    put_le16(file + 26, 1); /* planes */
    put_le16(file + 28, 24);
    put_le32(file + 34, DATA_SIZE);
    /* The text ends at a pixel of zeros; blanks fill up the last one before. */
    memcpy(file + HEADER_SIZE, fitting, size);
    for (; size % 3 != 0; size++)
        file[HEADER_SIZE + size] = ' ';
    return g_bytes_new_take(file, HEADER_SIZE + DATA_SIZE);
}
