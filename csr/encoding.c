#include "config.h"

#include "csr/encoding-private.h"

#include <string.h>

#define FIRST_HAN_OR_KANA 0x2E80

/* 0x80 to 0x9F of Windows-1252; Latin-1 has control characters there. */
static const gunichar windows_1252[] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

/* -1 if neither encoding has the character. */
static int
find_byte(gunichar c)
{
    if (c <= 0xFF)
        return (int) c;
    for (guint i = 0; i < G_N_ELEMENTS(windows_1252); i++) {
        if (windows_1252[i] == c)
            return 0x80 + (int) i;
    }
    return -1;
}

/* The bytes that were read as `text`; NULL if it cannot have come about so. */
static char *
recover_bytes(const char *text)
{
    g_autoptr(GString) bytes = g_string_new(NULL);

    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        int byte = find_byte(g_utf8_get_char(text));
        if (byte < 0)
            return NULL;
        g_string_append_c(bytes, (char) byte);
    }
    return g_string_free(g_steal_pointer(&bytes), FALSE);
}

/* Accented Latin letters can make up a Big5 character by chance, but hardly a text of them. */
static gboolean
is_mostly_chinese(const char *text)
{
    glong chinese = 0, length = g_utf8_strlen(text, -1);

    for (; *text != '\0'; text = g_utf8_next_char(text))
        chinese += g_utf8_get_char(text) >= FIRST_HAN_OR_KANA;
    return chinese > length / 2;
}

char *
gca_encoding_recover(const char *text)
{
    if (g_str_is_ascii(text))
        return NULL;
    g_autofree char *bytes = recover_bytes(text);
    if (bytes == NULL || g_utf8_validate(bytes, -1, NULL))
        return g_steal_pointer(&bytes);
    g_autofree char *big5 = g_convert(bytes, -1, "UTF-8", "BIG5", NULL, NULL, NULL);
    return big5 != NULL && is_mostly_chinese(big5) ? g_steal_pointer(&big5) : NULL;
}
