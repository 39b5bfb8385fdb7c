/* Host names as every tool shows them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One a line, with the form people type where it differs: "xn--…  (例子.政府.tw)". */
char *gca_show_names(const char *const *names);

G_END_DECLS
