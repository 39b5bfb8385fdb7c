#include "config.h"

#include "gui/pages/papers/code-dialog.h"

#include "base/error.h"
#include "gui/secret-buffer.h"
#include "letter/paper.h"

#include <glib/gi18n.h>

struct _GcaCodeDialog {
    GtkDialog parent;
    GtkToggleButton *own;
    GtkEntry *code;
    GtkEntry *again;
    GtkLabel *fault;
    GtkEntryBuffer *buffer;
    GtkEntryBuffer *buffer_again;
};

G_DEFINE_FINAL_TYPE(GcaCodeDialog, gca_code_dialog, GTK_TYPE_DIALOG)

static void
on_own(GcaCodeDialog *self)
{
    gtk_widget_hide(GTK_WIDGET(self->fault));
    if (gtk_toggle_button_get_active(self->own))
        gtk_widget_grab_focus(GTK_WIDGET(self->code));
}

/* However it is closed; a screen reader may hold the fields for longer. */
static void
gca_code_dialog_dispose(GObject *object)
{
    GcaCodeDialog *self = GCA_CODE_DIALOG(object);

    if (self->buffer != NULL) {
        gtk_entry_buffer_delete_text(self->buffer, 0, -1);
        gtk_entry_buffer_delete_text(self->buffer_again, 0, -1);
    }
    G_OBJECT_CLASS(gca_code_dialog_parent_class)->dispose(object);
    g_clear_object(&self->buffer);
    g_clear_object(&self->buffer_again);
}

static void
gca_code_dialog_class_init(GcaCodeDialogClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->dispose = gca_code_dialog_dispose;
    gtk_widget_class_set_template_from_resource(widget, "/tw/gca_toolkit/Wizard/code-dialog.ui");
    gtk_widget_class_bind_template_child(widget, GcaCodeDialog, own);
    gtk_widget_class_bind_template_child(widget, GcaCodeDialog, code);
    gtk_widget_class_bind_template_child(widget, GcaCodeDialog, again);
    gtk_widget_class_bind_template_child(widget, GcaCodeDialog, fault);
    gtk_widget_class_bind_template_callback(widget, on_own);
}

static void
gca_code_dialog_init(GcaCodeDialog *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
    self->buffer = gca_secret_buffer_new();
    self->buffer_again = gca_secret_buffer_new();
    gtk_entry_set_buffer(self->code, self->buffer);
    gtk_entry_set_buffer(self->again, self->buffer_again);
    gtk_dialog_set_default_response(GTK_DIALOG(self), GCA_CODE_PRINT);
}

GtkWidget *
gca_code_dialog_new(GtkWindow *parent)
{
    return g_object_new(GCA_TYPE_CODE_DIALOG, "use-header-bar", 0, "transient-for", parent, NULL);
}

/* Twice, for what is mistyped on the sheet is lost. */
static GcaSecret *
take_typed(GcaCodeDialog *self, GError **error)
{
    g_autoptr(GcaSecret) code = gca_secret_buffer_take(GCA_SECRET_BUFFER(self->buffer));
    g_autoptr(GcaSecret) again = gca_secret_buffer_take(GCA_SECRET_BUFFER(self->buffer_again));

    if (!gca_user_code_check(code, error))
        return NULL;
    if (gca_secret_equal(code, again))
        return g_steal_pointer(&code);
    gca_error_set(error, GCA_ERROR_USAGE, "%s", _("The two codes are not the same."));
    return NULL;
}

GcaSecret *
gca_code_dialog_take(GcaCodeDialog *self)
{
    g_autoptr(GError) error = NULL;

    if (!gtk_toggle_button_get_active(self->own))
        return gca_user_code_generate();
    GcaSecret *code = take_typed(self, &error);
    if (error != NULL) {
        gtk_label_set_text(self->fault, error->message);
        gtk_widget_show(GTK_WIDGET(self->fault));
        gtk_widget_grab_focus(GTK_WIDGET(self->code));
    }
    return code;
}
