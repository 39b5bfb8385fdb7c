/* What the papers share. For this folder only. */
#pragma once

#include "letter/paper.h"

G_BEGIN_DECLS

/* An empty list of GcaPaperFault *. */
GPtrArray *gca_paper_faults_new(void);

/* Adds what is wrong with the name of the site, if anything is. */
void gca_paper_add_domain_fault(GPtrArray *faults, const char *domain);

/* TRUE if `faults` (taken) is empty; else USAGE with all of them, a line each. */
gboolean gca_paper_accept(GPtrArray *faults, GError **error);

/* "host", or "host（U-label）" for an internationalized name. */
char *gca_paper_dup_domain(const char *domain);

/* "10051臺北市中正區…" */
char *gca_paper_dup_address(const GcaContact *contact);

/* "民國 115年 11月21日" as forms write it, and "中華民國115年11月21日" as letters do: the year
 * counted from 1912, nothing padded with zeros. */
char *gca_paper_dup_form_date(GDateTime *date);
char *gca_paper_dup_letter_date(GDateTime *date);

G_END_DECLS
