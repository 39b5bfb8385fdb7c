#include "config.h"

#include "acme/account.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/common/output.h"
#include "cli/common/show-holder.h"
#include "cli/gca-prereg/commands.h"
#include "cli/gca-prereg/show-request.h"
#include "prereg/report.h"
#include "profile/domain.h"
#include "profile/profile.h"
#include "x509/certificate.h"
#include "x509/chain.h"

#include <glib/gi18n.h>

#define REQUEST_FILE_LIMIT (2 * 1024 * 1024)

/* The certificates of all `paths`; the card-ca folders' where none is named. */
static GcaX509Stack *
load_anchors(const char *const *paths, GError **error)
{
    if (paths == NULL)
        return gca_chain_load_anchors(error);

    g_autoptr(GcaX509Stack) all = sk_X509_new_null();
    for (guint i = 0; paths[i] != NULL; i++) {
        g_autoptr(GcaX509Stack) some = gca_certificate_load(paths[i], error);
        if (some == NULL)
            return NULL;
        while (sk_X509_num(some) > 0)
            sk_X509_push(all, sk_X509_shift(some));
    }
    return g_steal_pointer(&all);
}

static GcaX509CrlStack *
load_crls(const char *const *paths, GError **error)
{
    g_autoptr(GcaX509CrlStack) all = sk_X509_CRL_new_null();

    for (guint i = 0; paths[i] != NULL; i++) {
        g_autoptr(GcaX509CrlStack) some = gca_crl_load(paths[i], error);
        if (some == NULL)
            return NULL;
        while (sk_X509_CRL_num(some) > 0)
            sk_X509_CRL_push(all, sk_X509_CRL_shift(some));
    }
    return g_steal_pointer(&all);
}

typedef struct {
    GStrv ca, crl, domains;
    char *account;
} Options;

static void
options_clear(Options *options)
{
    g_strfreev(options->ca);
    g_strfreev(options->crl);
    g_strfreev(options->domains);
    g_free(options->account);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static GcaReport *
examine(const char *path, const Options *options, const GcaAccount *account,
        const GcaProfile *profile, GError **error)
{
    g_autoptr(GcaX509Stack) anchors = load_anchors((const char *const *) options->ca, error);
    g_autoptr(GcaX509CrlStack) crls = NULL;
    g_auto(GStrv) domains = NULL;

    if (anchors == NULL)
        return NULL;
    if (options->crl != NULL &&
        (crls = load_crls((const char *const *) options->crl, error)) == NULL)
        return NULL;
    if (options->domains != NULL &&
        (domains = gca_domains_parse((const char *const *) options->domains, profile, error)) ==
            NULL)
        return NULL;

    GcaReportWish wish = {
        .anchors = anchors,
        .crls = crls,
        .account_uri = account ? gca_account_get_uri(account) : NULL,
        .thumbprint = account ? gca_account_get_thumbprint(account) : NULL,
        .domains = (const char *const *) domains,
    };
    g_autoptr(GBytes) file = gca_file_read(path, REQUEST_FILE_LIMIT, error);
    return file ? gca_report_new(file, &wish, error) : NULL;
}

static void
print_report(const GcaReport *report)
{
    GcaHolder *holder = gca_report_get_holder(report);
    GcaRequest *request = gca_report_get_request(report);
    GDateTime *time = gca_report_get_signing_time(report);
    GPtrArray *checks = gca_report_get_checks(report);
    g_autoptr(GString) out = g_string_new(NULL);

    if (request != NULL) {
        g_autofree char *text = gca_show_request(request, 0);
        gca_output_print("%s\n%s\n", _("Request"), text);
    }
    if (holder != NULL) {
        g_autofree char *text = gca_show_holder(holder);
        gca_output_print("%s\n%s", _("Signed by"), text);
    }
    if (time != NULL) {
        g_autofree char *moment = gca_text_moment(time);
        gca_output_add_field(out, _("Signed at"), moment);
    }
    g_autofree char *groups = gca_text_group_hex(gca_report_get_sha256(report));
    gca_output_add_field(out, "SHA-256", groups);
    gca_output_print("%s\n%s\n", out->str, _("Checks"));
    for (guint i = 0; i < checks->len; i++) {
        const GcaCheck *check = g_ptr_array_index(checks, i);
        if (check->error == NULL)
            gca_output_print(_("  [good] %s\n"), check->title);
        else
            gca_output_print(_("  [BAD] %s: %s\n"), check->title, check->error->message);
    }
}

static json_t *
check_to_json(const GcaCheck *check)
{
    json_t *object = json_object();

    json_object_set_new(object, "name", json_string(check->name));
    json_object_set_new(object, "passed", json_boolean(check->error == NULL));
    json_object_set_new(object, "message",
                        gca_output_json_string(check->error ? check->error->message : NULL));
    return object;
}

static json_t *
report_to_json(const GcaReport *report)
{
    GcaHolder *holder = gca_report_get_holder(report);
    GcaRequest *request = gca_report_get_request(report);
    GDateTime *time = gca_report_get_signing_time(report);
    GPtrArray *checks = gca_report_get_checks(report);
    g_autofree char *moment = time ? gca_text_time(time) : NULL;
    json_t *object = json_object(), *list = json_array();

    for (guint i = 0; i < checks->len; i++)
        json_array_append_new(list, check_to_json(g_ptr_array_index(checks, i)));
    json_object_set_new(object, "accepted", json_boolean(gca_report_get_verdict(report) == NULL));
    json_object_set_new(object, "checks", list);
    json_object_set_new(object, "holder", holder ? gca_holder_to_json(holder) : json_null());
    json_object_set_new(object, "request", request ? gca_request_to_json(request) : json_null());
    json_object_set_new(object, "signing_time", gca_output_json_string(moment));
    json_object_set_new(object, "sha256", json_string(gca_report_get_sha256(report)));
    return object;
}

/* The last line is for a reader who skips all the others. */
static gboolean
conclude(GcaInvocation *invocation, const GcaReport *report, GError **error)
{
    const GError *verdict = gca_report_get_verdict(report);
    gboolean is_json = gca_invocation_is_json(invocation);

    if (is_json)
        gca_invocation_answer(invocation, report_to_json(report));
    else if (!gca_invocation_is_quiet(invocation))
        print_report(report);
    if (!is_json && verdict == NULL)
        gca_output_print("\n%s\n", _("ACCEPTABLE: every check holds."));
    else if (!is_json)
        gca_output_print(_("\nNOT ACCEPTABLE: %s\n"), verdict->message);
    if (verdict != NULL && error != NULL)
        *error = g_error_copy(verdict);
    return verdict == NULL;
}

static gboolean
verify(GcaInvocation *invocation, const Options *options, GError **error)
{
    g_autoptr(GcaAccount) account = NULL;

    if (options->account != NULL && (account = gca_account_load(options->account, error)) == NULL)
        return FALSE;
    g_autoptr(GcaProfile) profile = gca_invocation_find_profile(
        invocation, account ? gca_account_get_uri(account) : NULL, error);
    if (profile == NULL)
        return FALSE;
    g_autoptr(GcaReport) report =
        examine(gca_invocation_get_argument(invocation, 0), options, account, profile, error);
    return report != NULL && conclude(invocation, report, error);
}

gboolean
gca_prereg_command_verify(GcaInvocation *invocation, GError **error)
{
    g_auto(Options) options = {0};
    const GOptionEntry entries[] = {
        {"ca", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.ca,
         N_("A CA certificate to trust; may be repeated"), N_("FILE")},
        {"crl", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.crl,
         N_("A revocation list to look into; may be repeated"), N_("FILE")},
        {"account", 'a', 0, G_OPTION_ARG_FILENAME, &options.account,
         N_("The account that the request must be for (as for signing)"), N_("WHERE")},
        {"domain", 'd', 0, G_OPTION_ARG_FILENAME_ARRAY, &options.domains,
         N_("A host name that must be in the request; may be repeated"), N_("NAME")},
        G_OPTION_ENTRY_NULL};

    return gca_invocation_parse(invocation, entries, GCA_OPTIONS_PROFILE, 1, error) &&
           verify(invocation, &options, error);
}
