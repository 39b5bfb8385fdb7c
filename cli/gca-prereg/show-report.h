/* What was found in a signed request, as it is shown. */
#pragma once

#include "prereg/report.h"

#include <jansson.h>

G_BEGIN_DECLS

/* All of it, on standard output. */
void gca_print_report(const GcaReport *report);

/* The last line, for a reader who skips all the others; `verdict` NULL: acceptable. */
void gca_print_verdict(const GError *verdict);

json_t *gca_report_to_json(const GcaReport *report);

G_END_DECLS
