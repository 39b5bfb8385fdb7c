/* What a report holds, for the files that fill it in. */
#pragma once

#include "cms/signed-data.h"
#include "prereg/report.h"

G_BEGIN_DECLS

struct _GcaReport {
    GPtrArray *checks;
    GcaSignedData *message;
    X509 *signer; /* the message's, or NULL */
    GcaRequest *request;
    GcaHolder *holder;
    GDateTime *signing_time;
    GcaX509Stack *chain;
    char *sha256;
};

/* Adds a check made and takes `error`: what a check finds is a failed check, whatever the layer
 * below calls it. `title` and `remark` (may be NULL) are translated. */
void gca_report_add_check(GcaReport *report, const char *name, const char *title,
                          const char *remark, GError *error);

/* Adds one that found nothing to check. */
void gca_report_add_note(GcaReport *report, const char *name, const char *title, const char *note);

/* Makes all checks that can be made of `report->message`; `wish->now` is set. */
void gca_report_run_checks(GcaReport *report, const GcaReportWish *wish);

G_END_DECLS
