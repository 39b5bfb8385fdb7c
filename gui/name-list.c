#include "config.h"

#include "gui/name-list.h"

GStrv
gca_name_list_split(const char *text)
{
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();
    g_auto(GStrv) parts = g_regex_split_simple("[\\s,;，；、　]+", text ? text : "", 0, 0);

    for (guint i = 0; parts[i] != NULL; i++) {
        if (*parts[i] != '\0')
            g_strv_builder_add(names, parts[i]);
    }
    return g_strv_builder_end(names);
}
