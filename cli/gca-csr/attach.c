#include "config.h"

#include "flow/attach.h"

#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "cli/common/output.h"
#include "cli/common/show-findings.h"
#include "cli/gca-csr/commands.h"
#include "cli/gca-csr/show-request-folder.h"
#include "flow/certbot.h"
#include "x509/certificate.h"

#include <glib/gi18n.h>

typedef struct {
    GStrv search, ca, taken;
} Options;

static void
options_clear(Options *options)
{
    g_strfreev(options->search);
    g_strfreev(options->ca);
    g_strfreev(options->taken);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

/* For the day when the account is pre-registered: from then on certbot renews by itself. */
static GStrv
list_commands(const GcaAttachment *attachment)
{
    g_autoptr(GcaProfile) profile =
        gca_profile_load(gca_request_folder_get_profile(attachment->folder), NULL);

    return profile ? gca_certbot_list_commands(profile,
                                               gca_request_folder_get_names(attachment->folder))
                   : NULL;
}

static void
print_next_step(const GcaAttachment *attachment)
{
    g_autofree char *path = gca_text_escape(gca_request_folder_get_path(attachment->folder));
    g_autofree char *fullchain =
        gca_request_folder_dup_file(attachment->folder, GCA_FOLDER_FULLCHAIN);
    g_autofree char *shown = gca_text_escape(fullchain);
    g_auto(GStrv) commands = list_commands(attachment);

    gca_output_print(_("\nWritten: %s (and cert.pem, chain.pem)\n"
                       "Next: gca-csr install nginx %s\n"),
                     shown, path);
    if (commands == NULL || commands[0] == NULL)
        return;
    gca_output_print("%s\n", _("Without letters next time: pre-register an ACME account with "
                               "gca-prereg, then"));
    for (guint i = 0; commands[i] != NULL; i++)
        gca_output_print("  %s\n", commands[i]);
}

static gboolean
has(const GcaAttachment *attachment, GcaFindingState state, const char *name)
{
    for (guint i = 0; i < attachment->findings->len; i++) {
        const GcaFinding *finding = g_ptr_array_index(attachment->findings, i);
        if (finding->state == state && g_str_equal(finding->name, name))
            return TRUE;
    }
    return FALSE;
}

static gboolean
lacks_issuer(const GcaAttachment *attachment)
{
    return has(attachment, GCA_FINDING_FAILED, "chain-leaf-only") ||
           has(attachment, GCA_FINDING_FAILED, "chain-issuer");
}

/* The findings tell what to do; this is how. */
static void
print_options(const GcaAttachment *attachment)
{
    g_autofree char *sha256 = gca_certificate_fingerprint(attachment->certificate);

    if (attachment->folder == NULL)
        gca_output_print("%s\n", _("“--search FOLDER” looks for request folders there."));
    if (attachment->is_to_decide)
        gca_output_print(_("“--take %s” takes this certificate all the same.\n"), sha256);
    if (lacks_issuer(attachment)) {
        g_autofree char *folder = gca_place_user("chain");
        g_autofree char *shown = gca_text_escape(folder);
        gca_output_print(_("Intermediate certificates that are put into the folder “%s” are known "
                           "once and for all.\n"),
                         shown);
    }
    if (has(attachment, GCA_FINDING_WARNING, "trust"))
        gca_output_print("%s\n", _("“--ca FILE” has that CA trusted for this check."));
}

static void
print_attachment(GcaInvocation *invocation, const GcaAttachment *attachment)
{
    g_autofree char *subject = gca_certificate_describe(attachment->certificate);
    g_autoptr(GString) out = g_string_new(NULL);

    gca_output_add_field(out, _("Certificate"), subject);
    gca_output_add_outside_field(
        out, _("Folder"),
        attachment->folder ? gca_request_folder_get_path(attachment->folder) : _("none"));
    gca_output_print("%s", out->str);
    gca_show_findings(invocation, attachment->findings);
    print_options(attachment);
    if (attachment->is_attached)
        print_next_step(attachment);
}

static json_t *
attachment_to_json(const GcaAttachment *attachment)
{
    json_t *object = json_object();
    g_autofree char *sha256 = gca_certificate_fingerprint(attachment->certificate);
    const char *path = attachment->folder ? gca_request_folder_get_path(attachment->folder) : NULL;
    g_auto(GStrv) commands = attachment->is_attached ? list_commands(attachment) : NULL;
    json_t *certbot = json_array();

    for (guint i = 0; commands != NULL && commands[i] != NULL; i++)
        json_array_append_new(certbot, json_string(commands[i]));
    json_object_set_new(object, "certificate_sha256", json_string(sha256));
    json_object_set_new(object, "folder", gca_output_json_string(path));
    json_object_set_new(object, "attached", json_boolean(attachment->is_attached));
    json_object_set_new(object, "findings", gca_findings_to_json(attachment->findings));
    json_object_set_new(object, "certbot", certbot);
    return object;
}

static void
answer(GcaInvocation *invocation, GPtrArray *attachments)
{
    json_t *list = json_array();

    for (guint i = 0; i < attachments->len; i++) {
        const GcaAttachment *attachment = g_ptr_array_index(attachments, i);
        if (gca_invocation_is_json(invocation))
            json_array_append_new(list, attachment_to_json(attachment));
        else
            print_attachment(invocation, attachment);
    }
    if (gca_invocation_is_json(invocation))
        gca_invocation_answer(invocation, json_pack("{sO}", "certificates", list));
    json_decref(list);
}

/* The first certificate that was not attached gives the exit status. */
static gboolean
conclude(GPtrArray *attachments, GError **error)
{
    for (guint i = 0; i < attachments->len; i++) {
        const GcaAttachment *attachment = g_ptr_array_index(attachments, i);
        if (!gca_findings_conclude(attachment->findings, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
gca_csr_command_attach(GcaInvocation *invocation, GError **error)
{
    g_auto(Options) options = {0};
    const GOptionEntry entries[] = {
        {"search", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.search,
         N_("A folder of request folders (the current one); may be repeated"), N_("FOLDER")},
        {"ca", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.ca,
         N_("A root to trust beside this computer's; may be repeated"), N_("FILE")},
        {"take", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.taken,
         N_("Take the certificate with this SHA-256 although it is for another organisation than "
            "was asked for; may be repeated"),
         N_("SHA256")},
        G_OPTION_ENTRY_NULL};
    const char *const here[] = {".", NULL};

    if (!gca_invocation_parse(invocation, entries, GCA_OPTIONS_NONE, GCA_ARGUMENTS_SOME, error))
        return FALSE;
    GcaAttachWish wish = {
        .paths = gca_invocation_get_arguments(invocation),
        .folders = options.search ? (const char *const *) options.search : here,
        .anchors = (const char *const *) options.ca,
        .taken = (const char *const *) options.taken,
    };
    g_autoptr(GPtrArray) attachments = gca_attach_run(&wish, error);
    if (attachments == NULL)
        return FALSE;
    answer(invocation, attachments);
    return conclude(attachments, error);
}
