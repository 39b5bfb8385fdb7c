#include "config.h"

#include "flow/export.h"

#include "base/error.h"
#include "base/text.h"
#include "cli/common/output.h"
#include "cli/gca-csr/commands.h"

#include <glib/gi18n.h>

static gboolean export(GcaInvocation *invocation, const GcaExportWish *wish, GError **error)
{
    g_autoptr(GcaRequestFolder) folder =
        gca_request_folder_load(gca_invocation_get_argument(invocation, 0), error);
    if (folder == NULL)
        return FALSE;
    g_autofree char *path =
        gca_export_pkcs12(folder, wish, gca_invocation_get_interaction(invocation),
                          gca_invocation_get_cancel(invocation), error);
    if (path == NULL)
        return FALSE;

    g_autofree char *shown = gca_text_escape(path);
    if (gca_invocation_is_json(invocation))
        gca_invocation_answer(invocation, json_pack("{so}", "file", gca_output_json_string(path)));
    else
        gca_output_print("%s\n", shown);
    if (!wish->is_compatible)
        gca_interaction_notice(gca_invocation_get_interaction(invocation), GCA_NOTICE_INFO,
                               _("Windows Server 2016 and Java before 8u301 need --compat."));
    return TRUE;
}

gboolean
gca_csr_command_export(GcaInvocation *invocation, GError **error)
{
    g_autofree char *output = NULL, *key_file = NULL;
    gboolean p12 = FALSE, compat = FALSE;
    int key_fd = -1;
    const GOptionEntry entries[] = {
        {"p12", 0, 0, G_OPTION_ARG_NONE, &p12, N_("PKCS#12 (the one form there is)"), NULL},
        {"compat", 0, 0, G_OPTION_ARG_NONE, &compat,
         N_("Older algorithms, for Windows Server 2016 and Java before 8u301"), NULL},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
         N_("Where to write (never over an existing file)"), N_("FILE")},
        {"key-passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &key_file,
         N_("Read the passphrase of an encrypted key from a file"), N_("FILE")},
        {"key-passphrase-fd", 0, 0, G_OPTION_ARG_INT, &key_fd,
         N_("Read the passphrase of an encrypted key from an open file descriptor"), N_("N")},
        G_OPTION_ENTRY_NULL};

    if (!gca_invocation_parse(invocation, entries, GCA_OPTIONS_PASSPHRASE, 1, error))
        return FALSE;
    GcaExportWish wish = {
        .path = output,
        .passphrase = *gca_invocation_get_passphrase(invocation),
        .key_passphrase = {key_file, key_fd},
        .is_compatible = compat,
    };
    return export(invocation, &wish, error);
}
