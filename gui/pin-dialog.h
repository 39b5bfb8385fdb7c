/* Asks for a PIN or passphrase, once: what is known of the tries stands above the field. */
#pragma once

#include "base/interaction.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define GCA_TYPE_PIN_DIALOG (gca_pin_dialog_get_type())
G_DECLARE_FINAL_TYPE(GcaPinDialog, gca_pin_dialog, GCA, PIN_DIALOG, GtkDialog)

/* Modal over `parent`; answers GTK_RESPONSE_OK or something else. */
GtkWidget *gca_pin_dialog_new(GtkWindow *parent, const GcaSecretPrompt *prompt);

/* What was typed; the field is empty afterwards. */
GcaSecret *gca_pin_dialog_take(GcaPinDialog *dialog);

G_END_DECLS
