#include "config.h"

#include "cli/common/output.h"

#include "base/text.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define DEFAULT_COLUMNS 80
#define LABEL_WIDTH 16 /* terminal columns */

void
gca_output_print(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vfprintf(stdout, format, args);
    va_end(args);
}

/* The bytes up to the first character that is not written as itself. */
static gsize
count_shown(const char *text)
{
    const char *at = text;

    for (;;) {
        if (*at == '\n' || g_ascii_isprint(*at))
            at++;
        else if (*at != '\0' && gca_text_is_showable(g_utf8_get_char(at)))
            at = g_utf8_next_char(at);
        else
            return (gsize) (at - text);
    }
}

void
gca_output_print_json(json_t *value)
{
    char *text = json_dumps(value, JSON_INDENT(2) | JSON_SORT_KEYS);

    /* What a terminal would obey or hide is written as JSON can write it too: the value is the
     * same. */
    for (const char *at = text, *next; *at != '\0'; at = next) {
        next = at + count_shown(at);
        fwrite(at, 1, (gsize) (next - at), stdout);
        if (*next == '\0')
            break;
        gunichar c = g_utf8_get_char(next);
        if (c < 0x10000)
            fprintf(stdout, "\\u%04x", c);
        else
            fprintf(stdout, "\\u%04x\\u%04x", 0xD7C0 + (c >> 10), 0xDC00 + (c & 0x3FF));
        next = g_utf8_next_char(next);
    }
    fputc('\n', stdout);
    free(text);
}

void
gca_output_complain(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);

    fflush(stdout); /* so that both come in order where they go to one place */
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        g_autofree char *safe = gca_text_escape(lines[i]);
        fprintf(stderr, "%s%s", i ? "\n" : "", safe);
    }
}

static gsize
terminal_width(const char *text)
{
    gsize width = 0;

    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        width += g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
    }
    return width;
}

/* Terminal columns of standard error. */
static gsize
terminal_columns(void)
{
    struct winsize size = {0};

    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col
                                                                           : DEFAULT_COLUMNS;
}

void
gca_output_redraw(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    g_autofree char *line = gca_text_escape(text);

    for (gsize width = terminal_width(line), limit = terminal_columns() - 1; width > limit;
         width = terminal_width(line))
        *g_utf8_find_prev_char(line, line + strlen(line)) = '\0';
    fprintf(stderr, "\r%s\033[K", line);
}

void
gca_output_add_field(GString *out, const char *label, const char *value)
{
    gsize width = terminal_width(label);
    g_auto(GStrv) lines = g_strsplit(value, "\n", -1);

    g_string_append_printf(out, "%s%*s", label,
                           width < LABEL_WIDTH ? (int) (LABEL_WIDTH - width) : 1, "");
    for (guint i = 0; lines[i] != NULL; i++)
        g_string_append_printf(out, "%*s%s\n", i ? LABEL_WIDTH : 0, "", lines[i]);
}

void
gca_output_add_outside_field(GString *out, const char *label, const char *value)
{
    g_autofree char *shown = value ? gca_text_escape(value) : g_strdup(_("not known"));
    gca_output_add_field(out, label, shown);
}

json_t *
gca_output_json_string(const char *text)
{
    if (text == NULL)
        return json_null();
    g_autofree char *valid =
        g_utf8_validate(text, -1, NULL) ? g_strdup(text) : gca_text_escape(text);
    return json_string(valid);
}

gboolean
gca_output_flush(void)
{
    return fflush(stdout) == 0 && !ferror(stdout);
}
