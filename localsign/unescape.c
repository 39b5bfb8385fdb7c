#include "config.h"

#include "localsign/unescape.h"

#include <string.h>

typedef enum {
    WAY_NONE,
    WAY_PLUS, /* %2B alone */
    WAY_URI,  /* each %XX (RFC 3986 section 2.1) */
    WAY_FORM, /* the same, and “+” for a blank */
} Way;

/* Reads what stands behind `text`, up to a NUL. */
static gboolean
is_pair(const char *text)
{
    return text[0] == '%' && g_ascii_isxdigit(text[1]) && g_ascii_isxdigit(text[2]);
}

static gboolean
looks_escaped(const char *text)
{
    while (*text != '\0') {
        if (is_pair(text))
            text += 3;
        else if (g_ascii_isalnum(*text) || strchr("-._~:/?#[]@!$&'()*+,;=", *text) != NULL)
            text++; /* RFC 3986 sections 2.2 and 2.3 */
        else
            return FALSE;
    }
    return TRUE;
}

static gboolean
is_decoded(const char *text, Way way)
{
    if (way == WAY_NONE || !is_pair(text))
        return FALSE;
    return way != WAY_PLUS || g_ascii_strncasecmp(text, "%2B", 3) == 0;
}

/* There is a NUL behind the `size` bytes of `text`, and room for as many in `out`. */
static gsize
decode(const char *text, gsize size, Way way, char *out)
{
    const char *end = text + size;
    gsize length = 0;

    while (text < end) {
        if (is_decoded(text, way)) {
            out[length++] =
                (char) (g_ascii_xdigit_value(text[1]) * 16 + g_ascii_xdigit_value(text[2]));
            text += 3;
        } else {
            out[length++] = way == WAY_FORM && *text == '+' ? ' ' : *text;
            text++;
        }
    }
    return length;
}

gsize
gca_unescape_form(const char *text, gsize size, char *out)
{
    return decode(text, size, WAY_FORM, out);
}

gsize
gca_unescape_member(const char *text, gboolean has_plus, char *out)
{
    gsize size = strlen(text);

    if (looks_escaped(text)) {
        gsize length = decode(text, size, WAY_URI, out);
        if (g_utf8_validate_len(out, length, NULL))
            return length;
    }
    return decode(text, size, has_plus ? WAY_NONE : WAY_PLUS, out);
}
