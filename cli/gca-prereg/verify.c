#include "config.h"

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/common/output.h"
#include "cli/gca-prereg/commands.h"
#include "cli/gca-prereg/demand.h"
#include "cli/gca-prereg/show-report.h"

#include <glib/gi18n.h>

#define REQUEST_FILE_LIMIT (2 * 1024 * 1024)

/* A run over several files. */
typedef struct {
    GcaInvocation *invocation;
    GcaReportWish wish;
    json_t *reports;
    guint refused;
    GError *worst;
} Run;

static GcaReport *
examine(const char *path, const GcaReportWish *wish, GError **error)
{
    g_autoptr(GBytes) file = gca_file_read(path, REQUEST_FILE_LIMIT, error);
    return file ? gca_report_new(file, wish, error) : NULL;
}

static gboolean
verify_one(GcaInvocation *invocation, const GcaDemand *demand, GError **error)
{
    g_autoptr(GcaReport) report =
        examine(gca_invocation_get_argument(invocation, 0), &demand->wish, error);
    if (report == NULL)
        return FALSE;

    const GError *verdict = gca_report_get_verdict(report);
    if (gca_invocation_is_json(invocation)) {
        gca_invocation_answer(invocation, gca_report_to_json(report));
    } else {
        if (!gca_invocation_is_quiet(invocation))
            gca_print_report(report);
        gca_print_verdict(verdict);
    }
    if (verdict != NULL)
        g_propagate_error(error, g_error_copy(verdict));
    return verdict == NULL;
}

/* 9 before 10 before 8 before what says that nothing could be looked at. */
static guint
get_weight(const GError *error)
{
    switch (gca_error_get_code(error)) {
    case GCA_ERROR_CHECK_FAILED:
        return 3;
    case GCA_ERROR_UNTRUSTED:
        return 2;
    case GCA_ERROR_BAD_DATA:
        return 1;
    default:
        return 0;
    }
}

/* Keeps the first of the worst. */
static void
count(Run *run, const char *shown, const GError *verdict)
{
    if (verdict == NULL)
        return;
    run->refused++;
    if (run->worst != NULL && get_weight(verdict) <= get_weight(run->worst))
        return;
    g_clear_error(&run->worst);
    run->worst = g_error_copy(verdict);
    g_autofree char *message = g_strdup(verdict->message);
    gca_error_replace(&run->worst, gca_error_get_code(verdict), _("“%s”: %s"), shown, message);
}

static json_t *
failure_to_json(const GError *error)
{
    const char *code = gca_error_info(gca_error_get_code(error))->name;

    return json_pack("{s:b, s:{s:s, s:o}}", "accepted", FALSE, "error", "code", code, "message",
                     gca_output_json_string(error->message));
}

/* `report` NULL: the file could not be looked at. */
static void
tell(Run *run, const char *path, const char *shown, const GcaReport *report, const GError *verdict)
{
    gboolean is_quiet = gca_invocation_is_quiet(run->invocation);

    if (gca_invocation_is_json(run->invocation)) {
        json_t *entry = report ? gca_report_to_json(report) : failure_to_json(verdict);
        json_object_set_new(entry, "file", gca_output_json_string(path));
        json_array_append_new(run->reports, entry);
        return;
    }
    if (is_quiet && verdict != NULL)
        gca_output_print(_("“%s”: NOT ACCEPTABLE: %s\n"), shown, verdict->message);
    if (is_quiet)
        return;
    gca_output_print(_("File “%s”\n\n"), shown);
    if (report != NULL)
        gca_print_report(report);
    gca_print_verdict(verdict);
    gca_output_print("\n");
}

static gboolean
verify_each(Run *run, const char *const *paths, GError **error)
{
    GcaCancel *cancel = gca_invocation_get_cancel(run->invocation);

    for (guint i = 0; paths[i] != NULL; i++) {
        g_autoptr(GError) trouble = NULL;
        g_autofree char *shown = gca_text_escape(paths[i]);
        if (!gca_cancel_check(cancel, error))
            return FALSE;
        g_autoptr(GcaReport) report = examine(paths[i], &run->wish, &trouble);
        const GError *verdict = report ? gca_report_get_verdict(report) : trouble;
        tell(run, paths[i], shown, report, verdict);
        count(run, shown, verdict);
    }
    return TRUE;
}

static gboolean
verify_many(GcaInvocation *invocation, const GcaDemand *demand, const char *const *paths,
            GError **error)
{
    guint n = g_strv_length((char **) paths);
    g_autoptr(GcaCertificatePool) pool = gca_certificate_pool_new();
    Run run = {.invocation = invocation, .wish = demand->wish, .reports = json_array()};
    run.wish.pool = pool;

    if (!verify_each(&run, paths, error)) {
        json_decref(run.reports);
        g_clear_error(&run.worst);
        return FALSE;
    }
    if (gca_invocation_is_json(invocation))
        gca_invocation_answer(invocation, json_pack("{s:b, s:O}", "accepted", run.worst == NULL,
                                                    "reports", run.reports));
    else if (run.refused == 0)
        gca_output_print(_("ACCEPTABLE: all %u requests.\n"), n);
    else
        gca_output_print(_("NOT ACCEPTABLE: %u of %u requests.\n"), run.refused, n);
    json_decref(run.reports);
    if (run.worst == NULL)
        return TRUE;
    g_propagate_error(error, run.worst);
    return FALSE;
}

gboolean
gca_prereg_command_verify(GcaInvocation *invocation, GError **error)
{
    g_auto(GcaDemandOptions) options = {0};
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

    if (!gca_invocation_parse(invocation, entries, GCA_OPTIONS_PROFILE, GCA_ARGUMENTS_SOME, error))
        return FALSE;
    g_autoptr(GcaDemand) demand = gca_demand_load(invocation, &options, error);
    if (demand == NULL)
        return FALSE;
    const char *const *paths = gca_invocation_get_arguments(invocation);
    return paths[1] == NULL ? verify_one(invocation, demand, error)
                            : verify_many(invocation, demand, paths, error);
}
