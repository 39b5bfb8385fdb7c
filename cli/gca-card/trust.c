#include "config.h"

#include "flow/trust.h"

#include "base/error.h"
#include "base/text.h"
#include "cli/common/output.h"
#include "cli/gca-card/commands.h"
#include "x509/certificate.h"

#include <glib/gi18n.h>

static char *
show(const GcaTrustImport *import, GError **error)
{
    X509 *certificate = gca_trust_import_get_certificate(import);
    const GcaProfileAnchor *anchor = gca_trust_import_get_anchor(import);
    g_autoptr(GcaName) subject = gca_certificate_dup_subject(certificate, error);
    if (subject == NULL)
        return NULL;
    g_autoptr(GDateTime) end = gca_certificate_dup_not_after(certificate);
    g_autofree char *day = end ? gca_text_day(end) : g_strdup("?");
    g_autofree char *name = gca_name_to_string(subject);
    g_autofree char *hex = gca_text_group_hex(gca_trust_import_get_fingerprint(import));
    GString *out = g_string_new(NULL);

    gca_output_add_field(out, _("CA"), name);
    gca_output_add_field(out, _("Valid until"), day);
    gca_output_add_field(out, "SHA-256", hex);
    gca_output_add_field(out, _("Known as"), anchor ? anchor->title : _("not in the profile"));
    return g_string_free(out, FALSE);
}

/* The profile's word or the user's own, given with --sha256, must name this very certificate. */
static gboolean
check_fingerprint(const GcaTrustImport *import, const char *wanted, GError **error)
{
    const char *fingerprint = gca_trust_import_get_fingerprint(import);
    if (wanted == NULL && gca_trust_import_get_anchor(import) != NULL)
        return TRUE;
    if (wanted == NULL) {
        gca_error_set(error, GCA_ERROR_UNTRUSTED, "%s",
                      _("The profile does not name this certificate; it was not taken in."));
        gca_error_set_hint(error, _("If you have its fingerprint from the CA itself, repeat with "
                                    "--sha256 FINGERPRINT."));
        return FALSE;
    }
    g_auto(GStrv) parts = g_strsplit_set(wanted, " :", -1);
    g_autofree char *joined = g_strjoinv("", parts);
    if (g_ascii_strcasecmp(joined, fingerprint) == 0)
        return TRUE;
    gca_error_set(error, GCA_ERROR_CHECK_FAILED,
                  _("The fingerprint is not the one given: the file's is %s. It was not taken in."),
                  fingerprint);
    return FALSE;
}

static gboolean
import_file(GcaInvocation *invocation, const char *path, const char *sha256, gboolean yes,
            GError **error)
{
    GcaInteraction *interaction = gca_invocation_get_interaction(invocation);
    g_autoptr(GcaProfile) profile = gca_invocation_find_profile(invocation, NULL, error);
    if (profile == NULL)
        return FALSE;
    g_autoptr(GcaTrustImport) import = gca_trust_import_new(path, profile, error);
    if (import == NULL)
        return FALSE;
    g_autofree char *text = show(import, error);
    if (text == NULL)
        return FALSE;
    gca_output_complain("%s", text);
    if (!check_fingerprint(import, sha256, error))
        return FALSE;
    if (!yes && !gca_interaction_confirm(interaction, _("Trust this CA when requests are checked?"),
                                         gca_invocation_get_cancel(invocation), error))
        return FALSE;

    g_autofree char *target = gca_trust_import_save(import, error);
    if (target == NULL)
        return FALSE;
    if (gca_invocation_is_json(invocation))
        gca_invocation_answer(invocation,
                              json_pack("{soss}", "file", gca_output_json_string(target), "sha256",
                                        gca_trust_import_get_fingerprint(import)));
    else
        gca_output_print("%s\n", target);
    return TRUE;
}

gboolean
gca_card_trust(GcaInvocation *invocation, GError **error)
{
    g_autofree char *sha256 = NULL;
    gboolean yes = FALSE;
    const GOptionEntry entries[] = {
        {"sha256", 0, 0, G_OPTION_ARG_FILENAME, &sha256,
         N_("The fingerprint that the certificate must have"), N_("HEX")},
        {"yes", 'y', 0, G_OPTION_ARG_NONE, &yes, N_("Do not ask"), NULL},
        G_OPTION_ENTRY_NULL};

    if (!gca_invocation_parse(invocation, entries, GCA_OPTIONS_PROFILE, 2, error))
        return FALSE;
    if (!g_str_equal(gca_invocation_get_argument(invocation, 0), "import")) {
        gca_error_set(error, GCA_ERROR_USAGE, "%s",
                      _("“gca-card trust” knows only “import FILE”."));
        return FALSE;
    }
    return import_file(invocation, gca_invocation_get_argument(invocation, 1), sha256, yes, error);
}
