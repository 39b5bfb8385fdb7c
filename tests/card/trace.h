#pragma once

#include <glib.h>

/* A line for each thing that happens, written at once. PINs never get in. */
typedef struct Trace Trace;

/* A trace without a path writes nothing. */
Trace *trace_new(const char *path, GError **error);
void trace_free(Trace *trace);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Trace, trace_free)

void trace_event(Trace *trace, const char *event);

/* "number command outcome"; the body of PIN commands is written as **. */
void trace_command(Trace *trace, guint number, const guint8 *command, gsize length,
                   const char *outcome);
