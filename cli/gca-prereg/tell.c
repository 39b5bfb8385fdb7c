#include "config.h"

#include "cli/gca-prereg/tell.h"

#include "base/error.h"
#include "base/text.h"
#include "cli/common/output.h"
#include "cli/gca-prereg/show-request.h"
#include "flow/certbot.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

gboolean
gca_target_check(const char *path, GError **error)
{
    g_autofree char *folder = path ? g_path_get_dirname(path) : g_get_current_dir();
    g_autofree char *shown = gca_text_escape(path ? path : folder);
    g_autofree char *shown_folder = gca_text_escape(folder);

    if (path != NULL && g_file_test(path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK))
        gca_error_set(error, GCA_ERROR_USAGE, _("“%s” exists already and is not written over."),
                      shown);
    else if (g_access(folder, W_OK | X_OK) != 0)
        gca_error_set(error, GCA_ERROR_FILE, _("Nothing can be written to the folder “%s”."),
                      shown_folder);
    else
        return TRUE;
    return FALSE;
}

void
gca_tell_trust_note(GcaInvocation *invocation, const GcaProfile *profile)
{
    GcaInteraction *interaction = gca_invocation_get_interaction(invocation);
    const char *note = gca_profile_get_trust_note(profile);
    const char *date = gca_profile_get_trust_note_date(profile);

    if (note == NULL)
        return;
    if (date == NULL)
        gca_interaction_notice(interaction, GCA_NOTICE_WARNING, "%s", note);
    else
        gca_interaction_notice(interaction, GCA_NOTICE_WARNING, _("%s (as of %s)"), note, date);
}

/* What is to be minded, and whether there is a proof. */
static void
tell_warnings(GcaInvocation *invocation, const GcaPrereg *prereg)
{
    GcaInteraction *interaction = gca_invocation_get_interaction(invocation);
    const char *const *warnings = gca_prereg_get_warnings(prereg);
    const char *note = gca_prereg_get_note(prereg);

    for (guint i = 0; warnings[i] != NULL; i++)
        gca_interaction_notice(interaction, GCA_NOTICE_WARNING, "%s", warnings[i]);
    if (note != NULL)
        gca_interaction_notice(interaction, GCA_NOTICE_WARNING, "%s", note);
}

void
gca_tell_request(GcaInvocation *invocation, const GcaPrereg *prereg, const char *heading,
                 gboolean will_ask)
{
    guint limit = gca_profile_get_max_characters(gca_prereg_get_profile(prereg));
    g_autofree char *text = g_strchomp(gca_show_request(gca_prereg_get_request(prereg), limit));

    if (will_ask || !gca_invocation_is_quiet(invocation))
        gca_output_complain("%s\n%s\n", heading, text);
    tell_warnings(invocation, prereg);
}

static json_t *
commands_to_json(char **commands)
{
    json_t *list = json_array();

    for (guint i = 0; commands != NULL && commands[i] != NULL; i++)
        json_array_append_new(list, json_string(commands[i]));
    return list;
}

/* Each on a line of its own, to be copied. */
static void
print_commands(char **commands)
{
    g_autofree char *lines = g_strjoinv("\n", commands);
    gca_output_print("\n%s\n%s\n", _("When the CA has accepted it, get the certificates with:"),
                     lines);
}

json_t *
gca_signed_to_json(const GcaPrereg *prereg, GBytes *message, const char *path)
{
    const char *next = gca_profile_get_next_step(gca_prereg_get_profile(prereg));
    g_autofree char *sha256 = gca_text_sha256(message);
    g_auto(GStrv) commands = gca_certbot_list_commands_for(gca_prereg_get_request(prereg),
                                                           gca_prereg_get_profile(prereg),
                                                           gca_prereg_get_account(prereg));

    return json_pack("{sosssosososo}", "file", gca_output_json_string(path), "sha256", sha256,
                     "request", gca_request_to_json(gca_prereg_get_request(prereg)), "note",
                     gca_output_json_string(gca_prereg_get_note(prereg)), "next_step",
                     gca_output_json_string(next), "certbot", commands_to_json(commands));
}

void
gca_tell_signed(GcaInvocation *invocation, const GcaPrereg *prereg, GBytes *message,
                const char *path)
{
    const char *next = gca_profile_get_next_step(gca_prereg_get_profile(prereg));
    g_autofree char *sha256 = gca_text_sha256(message);
    g_autofree char *groups = gca_text_group_hex(sha256);
    g_auto(GStrv) commands = gca_certbot_list_commands_for(gca_prereg_get_request(prereg),
                                                           gca_prereg_get_profile(prereg),
                                                           gca_prereg_get_account(prereg));
    g_autoptr(GString) out = g_string_new(NULL);

    gca_output_add_outside_field(out, _("Signed"), path);
    gca_output_add_field(out, "SHA-256", groups);
    gca_output_print("%s", out->str);
    if (commands != NULL && !gca_invocation_is_quiet(invocation))
        print_commands(commands);
    if (next != NULL)
        gca_interaction_notice(gca_invocation_get_interaction(invocation), GCA_NOTICE_INFO,
                               _("Next: %s"), next);
}
