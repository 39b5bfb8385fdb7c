/* Whether files from outside can be shown, before what is shown goes for them. */
#pragma once

#include "gui/task.h"

G_BEGIN_DECLS

/* `paths` as the window's action "open" takes them, copied; gives them (GStrv). For signed requests
 * and folders nothing is looked at: what is wrong with them is told in their own place. */
GcaWork gca_file_look(const char *const *paths);

G_END_DECLS
