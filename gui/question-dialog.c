#include "config.h"

#include "gui/question-dialog.h"

#define WIDTH 40 /* characters: GTK has 60 */

static void
narrow(GtkWidget *child, gpointer data)
{
    if (GTK_IS_LABEL(child))
        gtk_label_set_max_width_chars(GTK_LABEL(child), WIDTH);
}

GtkWidget *
gca_question_dialog_new(GtkWindow *window, GtkButtonsType buttons, const char *question,
                        const char *more)
{
    GtkWidget *dialog =
        gtk_message_dialog_new(window, GTK_DIALOG_MODAL | GTK_DIALOG_DESTROY_WITH_PARENT,
                               GTK_MESSAGE_QUESTION, buttons, "%s", question);
    GtkMessageDialog *self = GTK_MESSAGE_DIALOG(dialog);

    if (more != NULL)
        gtk_message_dialog_format_secondary_text(self, "%s", more);
    gtk_container_foreach(GTK_CONTAINER(gtk_message_dialog_get_message_area(self)), narrow, NULL);
    return dialog;
}
