#include "config.h"

#include "flow/caa.h"

#include "base/finding.h"
#include "cli/common/output.h"
#include "cli/common/show-findings.h"
#include "cli/gca-prereg/commands.h"

#include <glib/gi18n.h>

typedef struct {
    char *account, *issuer, *dns, *tls_ca;
    GStrv domains;
    gboolean check;
} Options;

static void
options_clear(Options *options)
{
    g_free(options->account);
    g_free(options->issuer);
    g_free(options->dns);
    g_free(options->tls_ca);
    g_strfreev(options->domains);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static json_t *
strings_to_json(GStrv strings)
{
    json_t *list = json_array();

    for (guint i = 0; strings != NULL && strings[i] != NULL; i++)
        json_array_append_new(list, gca_output_json_string(strings[i]));
    return list;
}

static json_t *
entries_to_json(GPtrArray *entries)
{
    json_t *list = json_array();

    for (guint i = 0; i < entries->len; i++) {
        const GcaCaaEntry *entry = g_ptr_array_index(entries, i);
        json_array_append_new(list, json_pack("{ss ss so so so so}", "domain", entry->domain,
                                              "record", entry->record, "state",
                                              gca_output_json_string(gca_caa_entry_get_nick(entry)),
                                              "found_at", gca_output_json_string(entry->found_at),
                                              "found", strings_to_json(entry->found), "text",
                                              gca_output_json_string(entry->text)));
    }
    return list;
}

/* What was found stands below what it means. */
static void
add_finding(GPtrArray *findings, const GcaCaaEntry *entry)
{
    gboolean is_answered = entry->answer == GCA_CAA_ANSWERED;
    gboolean is_good = is_answered && entry->verdict == GCA_CAA_PRESENT;
    g_autofree char *found = entry->found ? g_strjoinv("\n", entry->found) : NULL;
    gboolean has_found = found != NULL && *found != '\0';
    g_autofree char *fix =
        is_answered ? g_strdup_printf(_("Put into DNS: %s"), entry->record)
                    : g_strdup(_("Check the DNS settings, or name another server with --dns."));

    gca_findings_add(findings, "caa", entry->domain, is_good ? GCA_FINDING_OK : GCA_FINDING_FAILED,
                     g_strconcat(entry->text, has_found ? "\n" : "", has_found ? found : "", NULL),
                     is_good ? NULL : fix,
                     is_answered ? GCA_ERROR_CHECK_FAILED : GCA_ERROR_NETWORK);
}

static void
print_records(GPtrArray *entries)
{
    for (guint i = 0; i < entries->len; i++) {
        const GcaCaaEntry *entry = g_ptr_array_index(entries, i);
        gca_output_print("%s\n", entry->record);
    }
}

static gboolean
answer(GcaInvocation *invocation, GPtrArray *entries, gboolean check, GError **error)
{
    g_autoptr(GPtrArray) findings = gca_findings_new();

    if (gca_invocation_is_json(invocation))
        gca_invocation_answer(invocation, json_pack("{so}", "domains", entries_to_json(entries)));
    else if (!check)
        print_records(entries);
    for (guint i = 0; check && i < entries->len; i++)
        add_finding(findings, g_ptr_array_index(entries, i));
    gca_show_findings(invocation, findings);
    return gca_findings_conclude(findings, error);
}

static gboolean
examine(GcaInvocation *invocation, const Options *options, GError **error)
{
    const GcaCaaWish wish = {
        .account = options->account,
        .domains = (const char *const *) options->domains,
        .profile = gca_invocation_get_profile(invocation),
        .issuer = options->issuer,
        .check = options->check,
        .dns = options->dns,
        .tls_ca = options->tls_ca,
    };
    g_autoptr(GPtrArray) entries =
        gca_caa_examine(&wish, gca_invocation_get_interaction(invocation),
                        gca_invocation_get_cancel(invocation), error);

    return entries != NULL && answer(invocation, entries, options->check, error);
}

static gboolean
check_options(const Options *options, GError **error)
{
    if (options->account == NULL) {
        gca_error_set(error, GCA_ERROR_USAGE, "%s", _("Which account? Name it with --account."));
        gca_error_set_hint(error, _("“gca-prereg accounts” lists those of this computer."));
    } else if (options->domains == NULL) {
        gca_error_set(error, GCA_ERROR_USAGE, "%s", _("Which domains? Name them with -d."));
    } else if (!options->check && (options->dns != NULL || options->tls_ca != NULL)) {
        gca_error_set(error, GCA_ERROR_USAGE, "%s",
                      _("--dns and --tls-ca are of use with --check only."));
    } else {
        return TRUE;
    }
    return FALSE;
}

gboolean
gca_prereg_command_caa(GcaInvocation *invocation, GError **error)
{
    g_auto(Options) options = {0};
    const GOptionEntry entries[] = {
        {"account", 'a', 0, G_OPTION_ARG_FILENAME, &options.account,
         N_("The account, as for signing"), N_("WHERE")},
        {"domain", 'd', 0, G_OPTION_ARG_FILENAME_ARRAY, &options.domains,
         N_("A host name; may be repeated or hold several, separated by commas"), N_("NAME")},
        {"issuer", 0, 0, G_OPTION_ARG_FILENAME, &options.issuer, N_("The CA's name in CAA records"),
         N_("NAME")},
        {"check", 0, 0, G_OPTION_ARG_NONE, &options.check, N_("Ask DNS whether it is there"), NULL},
        {"dns", 0, 0, G_OPTION_ARG_FILENAME, &options.dns,
         N_("The DNS server to ask, in place of this computer's"), N_("ADDRESS[:PORT]")},
        {"tls-ca", 0, 0, G_OPTION_ARG_FILENAME, &options.tls_ca,
         N_("A CA certificate to trust beside this computer's"), N_("FILE")},
        G_OPTION_ENTRY_NULL};

    return gca_invocation_parse(invocation, entries, GCA_OPTIONS_PROFILE, 0, error) &&
           check_options(&options, error) && examine(invocation, &options, error);
}
