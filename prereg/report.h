/* What an auditor finds in a signed request: each check by itself, and the verdict. */
#pragma once

#include "base/error.h"
#include "cms/certificate-pool.h"
#include "prereg/request.h"
#include "x509/holder.h"

G_BEGIN_DECLS

typedef struct _GcaReport GcaReport;

/* One check: it holds where `error` and `note` are NULL. */
typedef struct {
    const char *name;  /* stable, for JSON: "signature" */
    const char *title; /* translated */
    GError *error;
    const char *note; /* translated: nothing is there to be checked, which is no failure */
    char *remark; /* translated: it holds, but this is still for the reader to compare; or NULL */
} GcaCheck;

/* What is demanded beyond the file itself, and what is known beside it; all may be NULL. */
typedef struct {
    GcaX509Stack *anchors;
    GcaX509CrlStack *crls;
    const char *account_uri;    /* the account it must be for */
    const char *thumbprint;     /* of that account's key */
    const char *const *domains; /* A-labels that must be among its domains */
    GPtrArray *profiles;        /* GcaProfile *, for many files; NULL: read for each */
    GDateTime *now;             /* NULL: the clock's */
    GcaCertificatePool *pool;   /* for many files; NULL: each by itself */
} GcaReportWish;

/* Checks `file` as far as it can be read. BAD_DATA only where it is no CMS SignedData at all. */
GcaReport *gca_report_new(GBytes *file, const GcaReportWish *wish, GError **error);
void gca_report_free(GcaReport *report);

GPtrArray *gca_report_get_checks(const GcaReport *report);   /* GcaCheck * */
GcaRequest *gca_report_get_request(const GcaReport *report); /* NULL where the content is not one */
GcaHolder *gca_report_get_holder(const GcaReport *report);   /* NULL where there is no signer */
GDateTime *gca_report_get_signing_time(const GcaReport *report); /* or NULL */
const char *gca_report_get_sha256(const GcaReport *report);      /* of the DER */

/* NULL if every check holds; else CHECK_FAILED, before UNTRUSTED, with the first failure's words.
 */
const GError *gca_report_get_verdict(const GcaReport *report);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaReport, gca_report_free)

G_END_DECLS
