#include "config.h"

#include "localsign/guard.h"

#include "localsign/site.h"

#include <string.h>

gboolean
gca_guard_is_host(const char *host, guint16 port)
{
    static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};

    for (guint i = 0; host != NULL && i < G_N_ELEMENTS(names); i++) {
        g_autofree char *ours = g_strdup_printf("%s:%u", names[i], port);
        /* RFC 9110 section 4.2.3: a host's case does not matter. */
        if (g_ascii_strcasecmp(host, ours) == 0)
            return TRUE;
    }
    return FALSE;
}

GcaGuardOrigin
gca_guard_classify(const char *origin, const char *host, char **site)
{
    *site = NULL;
    if (origin == NULL)
        return GCA_GUARD_NOBODY;
    g_autofree char *ours = g_strconcat("http://", host, NULL);
    if (g_ascii_strcasecmp(origin, ours) == 0)
        return GCA_GUARD_OURSELVES;
    /* “null” and bare names are hosts to gca_site_parse, for people type those. */
    g_autofree char *parsed =
        strstr(origin, "://") != NULL ? gca_site_parse(origin, TRUE, NULL) : NULL;
    /* RFC 6454 section 6.2: a browser writes an origin in one way only. */
    if (g_strcmp0(parsed, origin) != 0)
        return GCA_GUARD_STRANGER;
    *site = g_steal_pointer(&parsed);
    return GCA_GUARD_SITE;
}

gboolean
gca_guard_is_page_load(const char *destination)
{
    return destination == NULL || g_str_equal(destination, "document");
}

const char *
gca_guard_get_reader(GcaGuardOrigin origin, const char *site, gboolean is_trusted)
{
    if (origin != GCA_GUARD_SITE)
        return NULL;
    return is_trusted || g_str_has_prefix(site, "https://") ? site : NULL;
}
