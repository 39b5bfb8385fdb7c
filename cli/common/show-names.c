#include "config.h"

#include "cli/common/show-names.h"

#include "base/text.h"
#include "profile/domain.h"

char *
gca_show_names(const char *const *names)
{
    GString *list = g_string_new(NULL);

    for (guint i = 0; names[i] != NULL; i++) {
        g_autofree char *typed = gca_domain_to_unicode(names[i]);
        g_autofree char *shown = gca_text_escape(typed);
        g_string_append_printf(list, "%s%s", i ? "\n" : "", names[i]);
        if (!g_str_equal(typed, names[i]))
            g_string_append_printf(list, "  (%s)", shown);
    }
    return g_string_free(list, FALSE);
}
