#include "config.h"

#include "csr/server-config.h"

#include "base/error.h"
#include "base/text.h"
#include "csr/server-config-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct {
    const char *no_way; /* begins a variable and cannot be quoted; NULL: there is nothing such */
    void (*write)(GString *out, const GcaServerFiles *files);
} Server;

static const char *const nicks[] = {
    [GCA_SERVER_APACHE] = "apache", [GCA_SERVER_NGINX] = "nginx", [GCA_SERVER_TOMCAT] = "tomcat",
    [GCA_SERVER_IIS] = "iis",       [GCA_N_SERVERS] = NULL,
};

static const Server servers[GCA_N_SERVERS] = {
    [GCA_SERVER_APACHE] = {"${", gca_server_write_apache},
    [GCA_SERVER_NGINX] = {"$", gca_server_write_nginx},
    [GCA_SERVER_TOMCAT] = {"$", gca_server_write_tomcat},
    [GCA_SERVER_IIS] = {NULL, gca_server_write_iis},
};

const char *const *
gca_server_list_nicks(void)
{
    return nicks;
}

gboolean
gca_server_parse(const char *nick, GcaServer *server)
{
    for (guint i = 0; i < GCA_N_SERVERS; i++) {
        if (g_str_equal(nicks[i], nick)) {
            *server = (GcaServer) i;
            return TRUE;
        }
    }
    return FALSE;
}

void
gca_server_add_comment(GString *out, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    for (guint i = 0; lines[i] != NULL; i++)
        g_string_append_printf(out, "# %s\n", lines[i]);
}

gboolean
gca_server_has_token_key(const GcaServerFiles *files)
{
    return g_str_has_prefix(files->key, "pkcs11:"); /* RFC 7512 section 2.3; a path begins with / */
}

/* The lines are pasted into a server's configuration: nothing may end them or pass for another. */
static gboolean
check_path(const char *path, const char *nick, const char *no_way, GError **error)
{
    g_autofree char *shown = gca_text_escape(path);

    if (!gca_text_is_plain(path))
        gca_error_set(error, GCA_ERROR_USAGE,
                      _("The path “%s” holds invisible or control characters, which do not belong "
                        "in a configuration. Move the folder to another place."),
                      shown);
    else if (no_way != NULL && strstr(path, no_way) != NULL)
        gca_error_set(error, GCA_ERROR_USAGE,
                      _("The path “%s” cannot be written in the configuration of %s because of "
                        "“%s” in it. Move the folder to another place."),
                      shown, nick, no_way);
    else
        return TRUE;
    return FALSE;
}

char *
gca_server_config(GcaServer server, const GcaServerFiles *files, GError **error)
{
    const char *const paths[] = {files->fullchain, files->key, files->p12};

    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
        if (!check_path(paths[i], nicks[server], servers[server].no_way, error))
            return NULL;
    }
    GString *out = g_string_new(NULL);
    servers[server].write(out, files);
    return g_string_free(out, FALSE);
}
