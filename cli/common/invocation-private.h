/* One run of one command, as parsing, commands and the tool's main share it. */
#pragma once

#include "cli/common/invocation.h"

G_BEGIN_DECLS

struct _GcaInvocation {
    const GcaCommand *commands;
    const GcaCommand *command;
    char *name; /* "gca-card show" */
    GStrv argv;
    GcaCancel *cancel;
    GcaInteraction *interaction;
    GcaCardChoice choice;
    GcaLoginOptions login;
    char *pin_file;
    char *contact[GCA_CONTACT_N_FIELDS];
    char *passphrase_file;
    GcaPassphraseSource passphrase;
    char *profile;
    gboolean json, quiet, verbose, version, help;
    gboolean has_answered;
    GArray *shared;                /* GOptionEntry; NULL: none */
    const char *switch_with_value; /* an option typed as in “--yes=no” */
};

/* The remedy of a command line that is not understood. */
void gca_invocation_hint_at_help(GError **error);

/* Adds options to `context`; their values go into `invocation`. */
void gca_option_groups_add_entries(GcaInvocation *invocation, GOptionContext *context,
                                   const GOptionEntry *entries);
void gca_option_groups_add(GcaInvocation *invocation, GOptionContext *context,
                           GcaOptionGroups groups);

G_END_DECLS
