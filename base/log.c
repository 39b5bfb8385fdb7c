#include "config.h"

#include "base/log.h"

#include <stdio.h>

static gboolean enabled;

static gboolean
is_enabled(void)
{
    return enabled || !g_log_writer_default_would_drop(G_LOG_LEVEL_DEBUG, G_LOG_DOMAIN);
}

static GLogWriterOutput
write_to_stderr(GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
    g_autofree char *line = g_log_writer_format_fields(level, fields, n_fields, FALSE);
    if (level <= G_LOG_LEVEL_WARNING || is_enabled())
        fprintf(stderr, "%s\n", line); /* not g_printerr: it spoils UTF-8 in the C locale */
    return G_LOG_WRITER_HANDLED;
}

void
gca_log_start(void)
{
    g_log_set_writer_func(write_to_stderr, NULL, NULL);
}

void
gca_log_enable(void)
{
    enabled = TRUE;
}

static char *
hex(const guint8 *data, gsize size)
{
    GString *out = g_string_new(NULL);
    for (gsize i = 0; i < size; i++)
        g_string_append_printf(out, i ? " %02X" : "%02X", data[i]);
    return g_string_free(out, FALSE);
}

static gboolean
body_is_public(guint8 instruction)
{
    return instruction == 0xA4 /* SELECT */ || instruction == 0xB0 /* READ BINARY */ ||
           instruction == 0xC0 /* GET RESPONSE */;
}

void
gca_log_apdu(const guint8 *command, gsize command_size, const guint8 *answer, gsize answer_size)
{
    if (!is_enabled() || command_size < 4 || answer_size < 2)
        return;
    gboolean is_public = body_is_public(command[1]);
    g_autofree char *head = hex(command, is_public ? command_size : 4);
    g_autofree char *status = hex(answer + answer_size - 2, 2);

    if (is_public)
        g_debug("apdu: %s -> %zu bytes, %s", head, answer_size - 2, status);
    else
        g_debug("apdu: %s [%zu bytes not shown] -> %s", head, command_size - 4, status);
}
