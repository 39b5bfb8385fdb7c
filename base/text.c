#include "config.h"

#include "base/text.h"

#include <glib/gi18n-lib.h>
#include <openssl/sha.h>
#include <string.h>

#define ROC_YEAR_ZERO 1911

gboolean
gca_text_is_showable(gunichar c)
{
    switch (g_unichar_type(c)) {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT: /* bidirectional marks, zero-width characters, BOM */
    case G_UNICODE_SURROGATE:
    case G_UNICODE_PRIVATE_USE:
    case G_UNICODE_UNASSIGNED:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
        return FALSE;
    default:
        return TRUE;
    }
}

char *
gca_text_escape_bytes(const void *data, gsize size)
{
    GString *out = g_string_sized_new(size);
    const char *at = data, *end = size > 0 ? at + size : at; /* none: `data` may be NULL */

    while (at < end) {
        gunichar c = g_utf8_get_char_validated(at, end - at);
        if (c == (gunichar) -1 || c == (gunichar) -2) {
            g_string_append_printf(out, "\\x%02X", (guchar) *at++);
            continue;
        }
        gsize step = (gsize) (g_utf8_next_char(at) - at);
        if (gca_text_is_showable(c))
            g_string_append_len(out, at, (gssize) step);
        else
            g_string_append_printf(out, "\\u{%X}", c);
        at += step;
    }
    return g_string_free(out, FALSE);
}

char *
gca_text_escape(const char *text)
{
    return gca_text_escape_bytes(text, strlen(text));
}

gboolean
gca_text_is_plain(const char *text)
{
    if (!g_utf8_validate(text, -1, NULL))
        return FALSE;
    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        if (!gca_text_is_showable(g_utf8_get_char(text)))
            return FALSE;
    }
    return TRUE;
}

void
gca_text_add_item(GString *list, const char *item)
{
    if (list->len > 0)
        /* Translators: between the items of a list, “a, b”; in Chinese “、” without a blank */
        g_string_append(list, _(", "));
    g_string_append(list, item);
}

void
gca_text_add_quoted(GString *list, const char *item)
{
    /* Translators: an item of a list, in the language's quotation marks */
    g_autofree char *quoted = g_strdup_printf(_("“%s”"), item);

    gca_text_add_item(list, quoted);
}

char *
gca_text_list(const char *const *items)
{
    GString *list = g_string_new(NULL);

    for (guint i = 0; items[i] != NULL; i++)
        gca_text_add_item(list, items[i]);
    return g_string_free(list, FALSE);
}

void
gca_text_add_sentence(GString *text, const char *sentence)
{
    if (sentence == NULL)
        return;
    g_autofree char *before = g_strdup(text->str);
    if (text->len > 0)
        /* Translators: a sentence behind another; in Chinese without a blank */
        g_string_printf(text, _("%s %s"), before, sentence);
    else
        g_string_assign(text, sentence);
}

char *
gca_text_group_hex(const char *hex)
{
    GString *out = g_string_new(NULL);

    for (gsize i = 0; hex[i] != '\0'; i++) {
        if (i > 0 && i % 4 == 0)
            g_string_append_c(out, ' ');
        g_string_append_c(out, hex[i]);
    }
    return g_string_free(out, FALSE);
}

char *
gca_text_hex(GBytes *bytes)
{
    gsize size;
    const guint8 *data = g_bytes_get_data(bytes, &size);
    GString *out = g_string_sized_new(2 * size);

    for (gsize i = 0; i < size; i++)
        g_string_append_printf(out, "%02x", data[i]);
    return g_string_free(out, FALSE);
}

char *
gca_text_sha256(GBytes *bytes)
{
    guint8 hash[SHA256_DIGEST_LENGTH];

    if (SHA256(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), hash) == NULL)
        g_error("no memory left");
    g_autoptr(GBytes) digest = g_bytes_new(hash, sizeof hash);
    return gca_text_hex(digest);
}

char *
gca_text_time(GDateTime *when)
{
    g_autoptr(GDateTime) utc = g_date_time_to_utc(when);
    return g_date_time_format(utc, "%Y-%m-%dT%H:%M:%SZ");
}

GDateTime *
gca_text_parse_time(const char *text)
{
    g_autoptr(GDateTime) when = g_date_time_new_from_iso8601(text, NULL);
    if (when == NULL)
        return NULL;
    g_autofree char *again = gca_text_time(when);
    return g_str_equal(again, text) ? g_steal_pointer(&when) : NULL;
}

const char *
gca_text_language(void)
{
    /* Asked of the catalogue, not of the environment: so text and dates are always of one kind. */
    return C_("code of the language of these messages, such as zh_TW", "en");
}

static char *
format_day(GDateTime *when, const char *iso_format)
{
    g_autoptr(GDateTime) local = g_date_time_to_local(when);

    if (local ==
        NULL) /* 9999-12-31T23:59:59Z, which certificates without an end have, east of UTC */
        local = g_date_time_ref(when);
    g_autofree char *iso = g_date_time_format(local, iso_format);

    if (!g_str_has_prefix(gca_text_language(), "zh"))
        return g_steal_pointer(&iso);
    return g_strdup_printf("%s（民國%d年%d月%d日）", iso,
                           g_date_time_get_year(local) - ROC_YEAR_ZERO,
                           g_date_time_get_month(local), g_date_time_get_day_of_month(local));
}

char *
gca_text_day(GDateTime *when)
{
    return format_day(when, "%Y-%m-%d");
}

char *
gca_text_minute(GDateTime *when)
{
    return format_day(when, "%Y-%m-%d %H:%M");
}

char *
gca_text_moment(GDateTime *when)
{
    return format_day(when, "%Y-%m-%d %H:%M:%S %z");
}

/* g_strdelimit() would look each character up in a list. */
static void
exchange(char *text, char from, char to)
{
    for (; *text != '\0'; text++) {
        if (*text == from)
            *text = to;
    }
}

char *
gca_text_base64url(const void *data, gsize size)
{
    char *text = g_base64_encode(data, size);
    gsize length = strcspn(text, "=");

    text[length] = '\0';
    exchange(text, '+', '-');
    exchange(text, '/', '_');
    return text;
}

GBytes *
gca_text_parse_base64url(const char *text)
{
    g_autofree char *padded = g_strconcat(text, &"==="[3 - (4 - strlen(text) % 4) % 4], NULL);
    exchange(padded, '-', '+');
    exchange(padded, '_', '/');
    gsize size;
    g_autofree guchar *data = g_base64_decode(padded, &size);

    /* GLib skips what it does not know: only what encodes back to the same text was base64url. */
    g_autofree char *again = gca_text_base64url(data, size);
    return g_str_equal(again, text) ? g_bytes_new_take(g_steal_pointer(&data), size) : NULL;
}
