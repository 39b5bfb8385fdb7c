/* Whether an assistant is to be left before its end, with what is lost then. */
#pragma once

#include "gui/assistant.h"

G_BEGIN_DECLS

/* Modal over `window`, gone with it; borrows `assistant`. Answers GTK_RESPONSE_YES (leave), _APPLY
 * (save first; only where something is unsaved) or another: stay, also once the assistant has come
 * to its end. */
GtkWidget *gca_leave_question_new(GtkWindow *window, GcaAssistant *assistant);

G_END_DECLS
