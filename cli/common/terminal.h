/* The person at the terminal. */
#pragma once

#include "base/interaction.h"

G_BEGIN_DECLS

#define GCA_TYPE_TERMINAL (gca_terminal_get_type())
G_DECLARE_FINAL_TYPE(GcaTerminal, gca_terminal, GCA, TERMINAL, GObject)

GcaInteraction *gca_terminal_new(void);

/* Leaves out what need not be read (progress and information). */
void gca_terminal_set_quiet(GcaTerminal *terminal, gboolean quiet);

/* Puts echo back, from any thread, where a prompt has turned it off. */
void gca_terminal_restore(void);

G_END_DECLS
