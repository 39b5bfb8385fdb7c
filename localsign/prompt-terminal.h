/* The questions of prompt.h at the terminal, in a process of its own that may wait for it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Reads the question from `fd`, asks at /dev/tty and writes the answer to `fd`, all as
 * docs/localsign.md has it. Gives up, and puts the terminal back, when `fd` is closed there. */
void gca_prompt_serve_terminal(int fd);

G_END_DECLS
