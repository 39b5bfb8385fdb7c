#include "config.h"

#include "gui/pin-dialog.h"

#include "base/error.h"
#include "gui/secret-buffer.h"

#include <glib/gi18n.h>
#include <string.h>

struct _GcaPinDialog {
    GtkDialog parent;
    GtkImage *icon;
    GtkLabel *title;
    GtkLabel *advice;
    GtkLabel *form;
    GtkLabel *complaint;
    GtkEntry *entry;
    GtkEntryBuffer *buffer;
    gsize min_length, max_length; /* characters; 0: not known */
    gboolean is_digits;
};

G_DEFINE_FINAL_TYPE(GcaPinDialog, gca_pin_dialog, GTK_TYPE_DIALOG)

/* Digits of an input method are as wide as a Chinese character, and none to the card. */
static gboolean
has_others_than_digits(GcaPinDialog *self)
{
    const char *text = gtk_entry_buffer_get_text(self->buffer);
    return text[strspn(text, "0123456789")] != '\0';
}

static void
judge(GcaPinDialog *self)
{
    gsize length = gtk_entry_buffer_get_length(self->buffer);
    gboolean fits = length > 0 && length >= self->min_length &&
                    (self->max_length == 0 || length <= self->max_length);
    gboolean is_wrong = self->is_digits && has_others_than_digits(self);

    gtk_dialog_set_response_sensitive(GTK_DIALOG(self), GTK_RESPONSE_OK, fits && !is_wrong);
    gtk_widget_set_visible(GTK_WIDGET(self->complaint), is_wrong);
}

static void
show_form(GcaPinDialog *self)
{
    g_autofree char *text = NULL;

    if (self->min_length > 0 && self->max_length > self->min_length)
        text =
            g_strdup_printf(self->is_digits ? _("%zu to %zu digits") : _("%zu to %zu characters"),
                            self->min_length, self->max_length);
    else if (self->min_length > 0)
        text = g_strdup_printf(_("At least %zu characters"), self->min_length);
    gtk_label_set_text(self->form, text ? text : "");
    gtk_widget_set_visible(GTK_WIDGET(self->form), text != NULL);
}

static void
show_advice(GcaPinDialog *self, const GcaSecretPrompt *prompt)
{
    gboolean is_grave = prompt->advice != NULL && prompt->tries_left != GCA_TRIES_UNKNOWN;

    gtk_image_set_from_icon_name(self->icon,
                                 is_grave ? "dialog-warning-symbolic" : "dialog-password-symbolic",
                                 GTK_ICON_SIZE_DIALOG);
    gtk_label_set_text(self->advice, prompt->advice ? prompt->advice : "");
    gtk_widget_set_visible(GTK_WIDGET(self->advice), prompt->advice != NULL);
    atk_object_set_description(gtk_widget_get_accessible(GTK_WIDGET(self->entry)),
                               prompt->advice ? prompt->advice : "");
}

/* However it is closed; a screen reader may hold the field for longer. */
static void
gca_pin_dialog_dispose(GObject *object)
{
    GcaPinDialog *self = GCA_PIN_DIALOG(object);

    if (self->buffer != NULL)
        gtk_entry_buffer_delete_text(self->buffer, 0, -1);
    G_OBJECT_CLASS(gca_pin_dialog_parent_class)->dispose(object);
    g_clear_object(&self->buffer);
}

static void
gca_pin_dialog_class_init(GcaPinDialogClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->dispose = gca_pin_dialog_dispose;
    gtk_widget_class_set_template_from_resource(widget, "/tw/gca_toolkit/Wizard/pin-dialog.ui");
    gtk_widget_class_bind_template_child(widget, GcaPinDialog, icon);
    gtk_widget_class_bind_template_child(widget, GcaPinDialog, title);
    gtk_widget_class_bind_template_child(widget, GcaPinDialog, advice);
    gtk_widget_class_bind_template_child(widget, GcaPinDialog, form);
    gtk_widget_class_bind_template_child(widget, GcaPinDialog, complaint);
    gtk_widget_class_bind_template_child(widget, GcaPinDialog, entry);
}

static void
gca_pin_dialog_init(GcaPinDialog *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
    self->buffer = gca_secret_buffer_new();
    gtk_entry_set_buffer(self->entry, self->buffer);
    g_signal_connect_object(self->entry, "changed", G_CALLBACK(judge), self, G_CONNECT_SWAPPED);
}

GtkWidget *
gca_pin_dialog_new(GtkWindow *parent, const GcaSecretPrompt *prompt)
{
    GcaPinDialog *self = g_object_new(GCA_TYPE_PIN_DIALOG, "use-header-bar", 0, "transient-for",
                                      parent, "title", prompt->title, NULL);

    self->min_length = prompt->min_length;
    self->max_length = prompt->max_length;
    self->is_digits = prompt->is_digits;
    gtk_label_set_text(self->title, prompt->title);
    show_advice(self, prompt);
    show_form(self);
    judge(self);
    gtk_dialog_set_default_response(GTK_DIALOG(self), GTK_RESPONSE_OK);
    gtk_widget_grab_focus(GTK_WIDGET(self->entry));
    return GTK_WIDGET(self);
}

GcaSecret *
gca_pin_dialog_take(GcaPinDialog *self)
{
    return gca_secret_buffer_take(GCA_SECRET_BUFFER(self->buffer));
}
