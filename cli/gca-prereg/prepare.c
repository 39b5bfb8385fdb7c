#include "config.h"

#include "base/text.h"
#include "cli/common/output.h"
#include "cli/gca-prereg/commands.h"
#include "cli/gca-prereg/show-request.h"
#include "cli/gca-prereg/tell.h"
#include "cli/gca-prereg/wish.h"

#include <glib/gi18n.h>

typedef struct {
    GcaWishOptions wish;
    char *oid, *dn, *name;
    char *output;
} Options;

static void
options_clear(Options *options)
{
    gca_wish_options_clear(&options->wish);
    g_free(options->oid);
    g_free(options->dn);
    g_free(options->name);
    g_free(options->output);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static gboolean
parse(GcaInvocation *invocation, Options *options, GError **error)
{
    const GOptionEntry entries[] = {
        {"oid", 0, 0, G_OPTION_ARG_FILENAME, &options->oid,
         N_("The organisation whose card will sign, by its OID"), N_("OID")},
        {"organization-dn", 0, 0, G_OPTION_ARG_FILENAME, &options->dn,
         N_("Its DN as on the card, in place of the register's"), N_("DN")},
        {"organization-name", 0, 0, G_OPTION_ARG_FILENAME, &options->name,
         N_("Its name, in place of the one made from the DN"), N_("NAME")},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output,
         N_("Where to write (never over an existing file)"), N_("FILE")},
        G_OPTION_ENTRY_NULL};

    gca_wish_options_add(&options->wish, invocation);
    return gca_invocation_parse(invocation, entries, GCA_OPTIONS_PROFILE | GCA_OPTIONS_CONTACT, 0,
                                error);
}

static void
answer(GcaInvocation *invocation, const GcaPrereg *prereg, const char *path)
{
    const GcaRequest *request = gca_prereg_get_request(prereg);
    const char *proof = gca_request_has_proof(request) ? "proven" : "none";
    g_autofree char *base = g_path_get_basename(path);
    g_autofree char *quoted = g_shell_quote(base);
    g_autofree char *shown = gca_text_escape(quoted);

    if (gca_invocation_is_json(invocation)) {
        gca_invocation_answer(invocation,
                              json_pack("{sosssoso}", "file", gca_output_json_string(path), "proof",
                                        proof, "note",
                                        gca_output_json_string(gca_prereg_get_note(prereg)),
                                        "request", gca_request_to_json(request)));
        return;
    }
    g_autoptr(GString) out = g_string_new(NULL);
    gca_output_add_outside_field(out, _("Prepared"), path);
    gca_output_print("%s", out->str);
    gca_interaction_notice(gca_invocation_get_interaction(invocation), GCA_NOTICE_INFO,
                           _("It is not signed yet. Carry it to the desk where the card is, within "
                             "%d days, and sign it there: gca-prereg sign %s"),
                           GCA_PREREG_MAX_AGE_DAYS, shown);
}

gboolean
gca_prereg_command_prepare(GcaInvocation *invocation, GError **error)
{
    g_auto(Options) options = {0};

    if (!parse(invocation, &options, error) || !gca_target_check(options.output, error))
        return FALSE;
    g_autoptr(GcaContact) contact = gca_invocation_load_contact(invocation, error);
    g_autoptr(GcaPrereg) prereg =
        contact ? gca_wish_resolve(invocation, &options.wish, contact, error) : NULL;
    if (prereg == NULL)
        return FALSE;
    gca_tell_trust_note(invocation, gca_prereg_get_profile(prereg));
    if (!gca_prereg_bind_named(prereg, options.oid, options.dn, options.name, error))
        return FALSE;
    gca_tell_request(invocation, prereg, _("This is asked for:"), FALSE);

    g_autofree char *path = gca_prereg_save_prepared(prereg, options.output, error);
    if (path == NULL)
        return FALSE;
    answer(invocation, prereg, path);
    return TRUE;
}
