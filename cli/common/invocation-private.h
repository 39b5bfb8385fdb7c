/* One run of one command, as parsing, commands and the tool's main share it. */
#pragma once

#include "cli/common/invocation.h"

G_BEGIN_DECLS

struct _GcaInvocation {
    const GcaCommand *commands;
    const GcaCommand *command;
    char *name; /* "gca-card show" */
    GStrv argv;
    GCancellable *cancellable;
    GcaInteraction *interaction;
    GcaCardChoice choice;
    GcaLoginOptions login;
    char *pin_file;
    char *profile;
    gboolean json, quiet, verbose, version, help;
    gboolean has_answered;
    const char *switch_with_value; /* an option typed as in “--yes=no” */
};

G_END_DECLS
