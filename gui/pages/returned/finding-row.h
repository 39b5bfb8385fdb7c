/* One finding of an examination: how it went by sign and word, what was found, what to do. */
#pragma once

#include "base/finding.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A GtkListBoxRow. */
GtkWidget *gca_finding_row_new(const GcaFinding *finding);

G_END_DECLS
