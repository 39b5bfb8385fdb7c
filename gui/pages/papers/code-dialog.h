/* Asks which user code (用戶代碼) is to stand on its sheet: one made by chance, or one typed twice.
 */
#pragma once

#include "base/secret.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define GCA_TYPE_CODE_DIALOG (gca_code_dialog_get_type())
G_DECLARE_FINAL_TYPE(GcaCodeDialog, gca_code_dialog, GCA, CODE_DIALOG, GtkDialog)

/* Modal over `parent`; answers GCA_CODE_PRINT, GCA_CODE_SAVE or something else. */
GtkWidget *gca_code_dialog_new(GtkWindow *parent);

enum { GCA_CODE_PRINT = 1, GCA_CODE_SAVE };

/* The code; the fields are empty afterwards. NULL where it cannot be one, which the dialog tells.
 */
GcaSecret *gca_code_dialog_take(GcaCodeDialog *dialog);

G_END_DECLS
