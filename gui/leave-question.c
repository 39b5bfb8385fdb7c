#include "config.h"

#include "gui/leave-question.h"

#include "gui/question-dialog.h"

#include <glib/gi18n.h>

/* What is at work may come to its end while the question stands. */
static void
withdraw(GtkDialog *question, GParamSpec *spec, GcaAssistant *assistant)
{
    if (!gca_assistant_is_under_way(assistant))
        gtk_dialog_response(question, GTK_RESPONSE_CANCEL);
}

GtkWidget *
gca_leave_question_new(GtkWindow *window, GcaAssistant *assistant)
{
    const char *unsaved = gca_assistant_get_unsaved(assistant);
    GtkWidget *question = gca_question_dialog_new(
        window, GTK_BUTTONS_NONE,
        unsaved ? _("Leave without saving the signed request?") : _("Leave before it is finished?"),
        unsaved ? unsaved
                : _("What was entered on these pages is given up. What has been signed or saved "
                    "stays."));

    gtk_dialog_add_buttons(GTK_DIALOG(question), _("_Go On"), GTK_RESPONSE_CANCEL, _("_Leave"),
                           GTK_RESPONSE_YES, NULL);
    if (unsaved != NULL)
        gtk_dialog_add_button(GTK_DIALOG(question), _("_Save In…"), GTK_RESPONSE_APPLY);
    gtk_dialog_set_default_response(GTK_DIALOG(question),
                                    unsaved ? GTK_RESPONSE_APPLY : GTK_RESPONSE_CANCEL);
    g_signal_connect_object(assistant, "notify::under-way", G_CALLBACK(withdraw), question,
                            G_CONNECT_SWAPPED);
    return question;
}
