#include "config.h"

#include "base/error.h"
#include "base/text.h"
#include "cli/common/output.h"
#include "cli/gca-csr/commands.h"
#include "csr/folder.h"
#include "csr/server-config.h"
#include "flow/export.h"

#include <glib/gi18n.h>

static gboolean
print_config(GcaInvocation *invocation, GcaServer server, const GcaRequestFolder *folder,
             GError **error)
{
    g_autofree char *fullchain = gca_request_folder_dup_file(folder, GCA_FOLDER_FULLCHAIN);
    g_autofree char *key = gca_request_folder_dup_key_place(folder);
    g_autofree char *p12 = gca_export_dup_path(folder);
    GcaServerFiles files = {
        .names = gca_request_folder_get_names(folder),
        .fullchain = fullchain,
        .key = key,
        .p12 = p12,
    };
    g_autofree char *config = gca_server_config(server, &files, error);

    if (config == NULL)
        return FALSE;
    if (!g_file_test(fullchain, G_FILE_TEST_EXISTS))
        gca_interaction_notice(gca_invocation_get_interaction(invocation), GCA_NOTICE_WARNING,
                               _("The certificate is not there yet; put it in with “gca-csr "
                                 "attach” before the server is started."));
    if (gca_invocation_is_json(invocation))
        gca_invocation_answer(invocation,
                              json_pack("{so}", "config", gca_output_json_string(config)));
    else
        gca_output_print("%s", config);
    return TRUE;
}

gboolean
gca_csr_command_install(GcaInvocation *invocation, GError **error)
{
    GcaServer server;

    if (!gca_invocation_parse(invocation, NULL, GCA_OPTIONS_NONE, 2, error))
        return FALSE;
    const char *nick = gca_invocation_get_argument(invocation, 0);
    if (!gca_server_parse(nick, &server)) {
        g_autofree char *shown = gca_text_escape(nick);
        g_autofree char *known = gca_text_list(gca_server_list_nicks());
        gca_error_set(error, GCA_ERROR_USAGE, _("No server “%s” is known; there are: %s."), shown,
                      known);
        return FALSE;
    }
    g_autoptr(GcaRequestFolder) folder =
        gca_request_folder_load(gca_invocation_get_argument(invocation, 1), error);
    return folder != NULL && print_config(invocation, server, folder, error);
}
