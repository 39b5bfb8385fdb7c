#include "config.h"

#include "gui/pages/verify/examination.h"

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "flow/accounts.h"
#include "flow/recent.h"
#include "x509/certificate.h"
#include "x509/chain.h"

#include <glib/gi18n.h>

#define REQUEST_FILE_LIMIT (2 * 1024 * 1024)

typedef struct {
    char *path;
    char *ca;
} Wish;

static void
wish_free(gpointer data)
{
    Wish *wish = data;

    g_free(wish->path);
    g_free(wish->ca);
    g_free(wish);
}

/* Those of this computer, and of the file `ca` (may be NULL). */
static GcaX509Stack *
load_anchors(const char *ca, GError **error)
{
    g_autoptr(GcaX509Stack) anchors = gca_chain_load_anchors(error);
    g_autoptr(GcaX509Stack) more = anchors && ca ? gca_certificate_load(ca, error) : NULL;

    if (anchors == NULL || (ca != NULL && more == NULL))
        return NULL;
    while (more != NULL && sk_X509_num(more) > 0)
        sk_X509_push(anchors, sk_X509_shift(more));
    return g_steal_pointer(&anchors);
}

static void
examination_free(gpointer data)
{
    GcaExamination *examination = data;

    gca_report_free(examination->report);
    g_free(examination->state);
    g_clear_pointer(&examination->profile, gca_profile_unref);
    g_clear_pointer(&examination->account, gca_account_unref);
    g_free(examination);
}

/* As recent work has it. */
static char *
find_state(const char *path)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autoptr(GPtrArray) list = gca_recent_list(NULL, 0, now);
    g_autofree char *whole = g_canonicalize_filename(path, NULL);

    for (guint i = 0; i < list->len; i++) {
        const GcaRecent *recent = g_ptr_array_index(list, i);
        if (g_str_equal(recent->path, whole))
            return g_strdup(recent->state);
    }
    return NULL;
}

static GcaExamination *
look_further(GcaReport *report, const char *path, GcaCancel *cancel)
{
    GcaExamination *examination = g_new0(GcaExamination, 1);
    const GcaRequest *request = gca_report_get_request(report);

    examination->report = report;
    if (request == NULL)
        return examination;
    examination->state = find_state(path);
    examination->profile = gca_profile_load(gca_request_get_profile(request), NULL);
    if (examination->state != NULL)
        examination->account = gca_account_find_here(gca_request_get_account_uri(request), cancel);
    return examination;
}

/* For who was sent a file and knows nothing of what is in one. */
static void
explain(GError **error, const char *path)
{
    g_autofree char *shown = gca_text_escape(path);

    if (gca_error_get_code(*error) != GCA_ERROR_BAD_DATA) {
        gca_error_set_hint(error, _("Choose the file anew: it may have been moved or deleted, its "
                                    "drive may have been taken out, or you may not be allowed to "
                                    "read it."));
        return;
    }
    gca_error_replace(error, GCA_ERROR_BAD_DATA, _("“%s” is damaged, or it is no signed request."),
                      shown);
    gca_error_set_hint(error, _("A signed request is a file whose name ends in “.p7m”. Have it "
                                "sent once more by whoever has signed it, or choose another "
                                "file."));
}

static gpointer
examine(gpointer data, GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    const Wish *from = data;
    g_autoptr(GBytes) file = gca_file_read(from->path, REQUEST_FILE_LIMIT, error);

    if (file == NULL) {
        explain(error, from->path);
        return NULL;
    }
    g_autoptr(GcaX509Stack) anchors = load_anchors(from->ca, error);
    const GcaReportWish wish = {.anchors = anchors};
    if (anchors == NULL)
        return NULL;
    GcaReport *report = gca_report_new(file, &wish, error);
    if (report == NULL) {
        explain(error, from->path);
        return NULL;
    }
    GcaExamination *examination = look_further(report, from->path, cancel);
    examination->has_anchors = sk_X509_num(anchors) > 0;
    return examination;
}

GcaWork
gca_examination_work(const char *path, const char *ca)
{
    Wish *wish = g_new0(Wish, 1);

    wish->path = g_strdup(path);
    wish->ca = g_strdup(ca);
    return (GcaWork){
        .lane = GCA_LANE_OTHER,
        .run = examine,
        .data = wish,
        .free_data = wish_free,
        .free_result = examination_free,
    };
}
