/* Asks for the passphrase of a PKCS#12 file, twice, and tells what is wrong with it as it is typed;
 * stays open until the file is there. */
#pragma once

#include "base/secret.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define GCA_TYPE_EXPORT_DIALOG (gca_export_dialog_get_type())
G_DECLARE_FINAL_TYPE(GcaExportDialog, gca_export_dialog, GCA, EXPORT_DIALOG, GtkDialog)

/* Modal over `parent`; `path` is what will be written. Answers GTK_RESPONSE_OK, and may do so
 * again, or something else. */
GtkWidget *gca_export_dialog_new(GtkWindow *parent, const char *path);

/* The file is being written: the passphrase, which stays in the fields. */
GcaSecret *gca_export_dialog_begin(GcaExportDialog *dialog);

/* It could not be. */
void gca_export_dialog_fail(GcaExportDialog *dialog, const GError *error);

G_END_DECLS
