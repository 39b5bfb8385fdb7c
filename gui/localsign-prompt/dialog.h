/* The question of consent. Answers GTK_RESPONSE_YES; everything else is a no. */
#pragma once

#include "gui/localsign-prompt/question.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define GCA_TYPE_CONSENT_DIALOG (gca_consent_dialog_get_type())
G_DECLARE_FINAL_TYPE(GcaConsentDialog, gca_consent_dialog, GCA, CONSENT_DIALOG, GtkDialog)

/* `question` is needed for this call only. */
GtkWidget *gca_consent_dialog_new(const GcaConsentQuestion *question);

/* What was typed; the field is empty afterwards. NULL where no PIN was asked. */
GcaSecret *gca_consent_dialog_take_pin(GcaConsentDialog *dialog);

G_END_DECLS
