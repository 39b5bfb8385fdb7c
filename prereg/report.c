#include "config.h"

#include "base/text.h"
#include "prereg/report-private.h"

#include <glib/gi18n-lib.h>

static void
check_free(gpointer data)
{
    GcaCheck *check = data;
    g_clear_error(&check->error);
    g_free(check->remark);
    g_free(check);
}

static GcaCheck *
add(GcaReport *report, const char *name, const char *title)
{
    GcaCheck *check = g_new0(GcaCheck, 1);

    check->name = name;
    check->title = title;
    g_ptr_array_add(report->checks, check);
    return check;
}

void
gca_report_add_check(GcaReport *report, const char *name, const char *title, const char *remark,
                     GError *error)
{
    if (error != NULL && gca_error_get_code(error) != GCA_ERROR_UNTRUSTED &&
        gca_error_get_code(error) != GCA_ERROR_CHECK_FAILED) {
        g_autofree char *message = g_strdup(error->message);
        gca_error_replace(&error, GCA_ERROR_CHECK_FAILED, "%s", message);
    }
    GcaCheck *check = add(report, name, title);
    check->error = error;
    check->remark = error ? NULL : g_strdup(remark);
}

void
gca_report_add_note(GcaReport *report, const char *name, const char *title, const char *note)
{
    add(report, name, title)->note = note;
}

/* FALSE where the file is no message at all. */
static gboolean
open_envelope(GcaReport *report, GBytes *file, GcaCertificatePool *pool, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    report->message = gca_signed_data_parse_pooled(file, pool, &trouble);

    if (trouble != NULL && gca_error_get_code(trouble) != GCA_ERROR_CHECK_FAILED) {
        g_propagate_error(error, g_steal_pointer(&trouble));
        return FALSE;
    }
    gca_report_add_check(report, "envelope", _("One signed message and nothing else"), NULL,
                         g_steal_pointer(&trouble));
    return TRUE;
}

GcaReport *
gca_report_new(GBytes *file, const GcaReportWish *wish, GError **error)
{
    g_autoptr(GcaReport) report = g_new0(GcaReport, 1);
    g_autoptr(GDateTime) now = wish->now ? g_date_time_ref(wish->now) : g_date_time_new_now_utc();
    GcaReportWish dated = *wish;

    dated.now = now;
    report->checks = g_ptr_array_new_with_free_func(check_free);
    if (!open_envelope(report, file, wish->pool, error))
        return NULL;
    report->sha256 =
        gca_text_sha256(report->message ? gca_signed_data_get_der(report->message) : file);
    if (report->message != NULL)
        gca_report_run_checks(report, &dated);
    return g_steal_pointer(&report);
}

void
gca_report_free(GcaReport *report)
{
    g_ptr_array_unref(report->checks);
    g_clear_pointer(&report->message, gca_signed_data_free);
    g_clear_pointer(&report->request, gca_request_unref);
    g_clear_pointer(&report->holder, gca_holder_unref);
    g_clear_pointer(&report->signing_time, g_date_time_unref);
    g_clear_pointer(&report->chain, gca_x509_stack_free);
    g_free(report->sha256);
    g_free(report);
}

GPtrArray *
gca_report_get_checks(const GcaReport *report)
{
    return report->checks;
}

GcaRequest *
gca_report_get_request(const GcaReport *report)
{
    return report->request;
}

GcaHolder *
gca_report_get_holder(const GcaReport *report)
{
    return report->holder;
}

GDateTime *
gca_report_get_signing_time(const GcaReport *report)
{
    return report->signing_time;
}

const char *
gca_report_get_sha256(const GcaReport *report)
{
    return report->sha256;
}

const GError *
gca_report_get_verdict(const GcaReport *report)
{
    const GError *untrusted = NULL;

    for (guint i = 0; i < report->checks->len; i++) {
        const GcaCheck *check = g_ptr_array_index(report->checks, i);
        if (check->error == NULL)
            continue;
        if (gca_error_get_code(check->error) != GCA_ERROR_UNTRUSTED)
            return check->error;
        if (untrusted == NULL)
            untrusted = check->error;
    }
    return untrusted;
}
