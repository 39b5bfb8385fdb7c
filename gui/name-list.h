/* Host names as they are typed into a window. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Lines, blanks, “,” and “;” (also in full width) separate. NULL gives an empty list. */
GStrv gca_name_list_split(const char *text);

G_END_DECLS
