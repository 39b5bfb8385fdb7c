#include "tests/card/trace.h"

#include "tests/card/apdu.h"

#include <errno.h>
#include <stdio.h>

struct Trace {
    FILE *file;
};

Trace *
trace_new(const char *path, GError **error)
{
    Trace *trace = g_new0(Trace, 1);

    if (path == NULL)
        return trace;
    trace->file = fopen(path, "ae");
    if (trace->file == NULL) {
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "%s: %s", path,
                    g_strerror(errno));
        g_clear_pointer(&trace, trace_free);
    }
    return trace;
}

void
trace_free(Trace *trace)
{
    if (trace->file != NULL)
        fclose(trace->file);
    g_free(trace);
}

static void
write_line(Trace *trace, const char *line)
{
    if (trace->file == NULL)
        return;
    fprintf(trace->file, "%s\n", line);
    fflush(trace->file);
}

void
trace_event(Trace *trace, const char *event)
{
    write_line(trace, event);
}

static gboolean
carries_pin(const guint8 *command, gsize length)
{
    if (length <= 5)
        return FALSE;
    return command[1] == INS_VERIFY || command[1] == INS_CHANGE_PIN ||
           command[1] == INS_RESET_RETRY;
}

void
trace_command(Trace *trace, guint number, const guint8 *command, gsize length, const char *outcome)
{
    g_autoptr(GString) line = g_string_new(NULL);
    gboolean secret = carries_pin(command, length);
    gsize shown = secret ? 4 : length;

    g_string_append_printf(line, "%u ", number);
    for (gsize i = 0; i < shown; i++)
        g_string_append_printf(line, "%02X", command[i]);
    g_string_append_printf(line, "%s %s", secret ? "**" : "", outcome);
    write_line(trace, line->str);
}
