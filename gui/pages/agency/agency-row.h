/* An agency in a list: name, OID, DN. */
#pragma once

#include "csr/register.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define GCA_TYPE_AGENCY_ROW (gca_agency_row_get_type())
G_DECLARE_FINAL_TYPE(GcaAgencyRow, gca_agency_row, GCA, AGENCY_ROW, GtkListBoxRow)

GtkWidget *gca_agency_row_new(const GcaAgency *agency);

const char *gca_agency_row_get_oid(GcaAgencyRow *row);
const char *gca_agency_row_get_name(GcaAgencyRow *row);

G_END_DECLS
