#include "config.h"

#include "gui/pages/returned/export-dialog.h"

#include "base/text.h"
#include "csr/pkcs12.h"
#include "gui/error-view.h"
#include "gui/exact-label.h"
#include "gui/secret-buffer.h"

#include <glib/gi18n.h>

struct _GcaExportDialog {
    GtkDialog parent;
    GtkLabel *place;
    GtkWidget *fields;
    GtkEntry *passphrase;
    GtkEntry *again;
    GtkLabel *fault;
    GtkContainer *error_place;

    GcaErrorView *error_view;
    GtkEntryBuffer *buffer;
    GtkEntryBuffer *buffer_again;
};

G_DEFINE_FINAL_TYPE(GcaExportDialog, gca_export_dialog, GTK_TYPE_DIALOG)

static GcaSecret *
copy(GtkEntryBuffer *buffer)
{
    gsize size = gtk_entry_buffer_get_bytes(buffer);
    GcaSecret *secret = gca_secret_new(size);

    memcpy(gca_secret_get_data(secret), gtk_entry_buffer_get_text(buffer), size);
    return secret;
}

/* NULL where it is good, or nothing stands there yet. */
static char *
find_fault(GcaExportDialog *self)
{
    g_autoptr(GcaSecret) passphrase = copy(self->buffer);
    g_autoptr(GcaSecret) again = copy(self->buffer_again);
    g_autoptr(GError) error = NULL;

    if (gca_secret_get_size(passphrase) == 0)
        return NULL;
    if (!gca_pkcs12_check_passphrase(passphrase, &error))
        return g_strdup(error->message);
    if (gca_secret_get_size(again) == 0 || gca_secret_equal(passphrase, again))
        return NULL;
    return g_strdup(_("The two passphrases are not the same."));
}

static void
on_typed(GcaExportDialog *self)
{
    g_autofree char *fault = find_fault(self);
    gboolean is_whole = gtk_entry_buffer_get_length(self->buffer) > 0 &&
                        gtk_entry_buffer_get_length(self->buffer_again) > 0;

    gtk_label_set_text(self->fault, fault ? fault : "");
    atk_object_set_description(gtk_widget_get_accessible(GTK_WIDGET(self->passphrase)),
                               fault ? fault : "");
    gtk_dialog_set_response_sensitive(GTK_DIALOG(self), GTK_RESPONSE_OK, is_whole && fault == NULL);
}

GcaSecret *
gca_export_dialog_begin(GcaExportDialog *self)
{
    gca_error_view_show(self->error_view, NULL);
    gtk_widget_set_sensitive(self->fields, FALSE);
    gtk_dialog_set_response_sensitive(GTK_DIALOG(self), GTK_RESPONSE_OK, FALSE);
    return copy(self->buffer);
}

void
gca_export_dialog_fail(GcaExportDialog *self, const GError *error)
{
    gtk_widget_set_sensitive(self->fields, TRUE);
    gtk_dialog_set_response_sensitive(GTK_DIALOG(self), GTK_RESPONSE_OK, TRUE);
    gca_error_view_show(self->error_view, error);
}

/* ---- its making ---- */

/* However it is closed; a screen reader may hold the fields for longer. */
static void
gca_export_dialog_dispose(GObject *object)
{
    GcaExportDialog *self = GCA_EXPORT_DIALOG(object);

    if (self->buffer != NULL) {
        g_signal_handlers_disconnect_by_data(self->passphrase, self);
        g_signal_handlers_disconnect_by_data(self->again, self);
        gtk_entry_buffer_delete_text(self->buffer, 0, -1);
        gtk_entry_buffer_delete_text(self->buffer_again, 0, -1);
    }
    g_clear_object(&self->buffer);
    g_clear_object(&self->buffer_again);
    G_OBJECT_CLASS(gca_export_dialog_parent_class)->dispose(object);
}

static void
gca_export_dialog_class_init(GcaExportDialogClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->dispose = gca_export_dialog_dispose;
    gtk_widget_class_set_template_from_resource(widget, "/tw/gca_toolkit/Wizard/export-dialog.ui");
    gtk_widget_class_bind_template_child(widget, GcaExportDialog, place);
    gtk_widget_class_bind_template_child(widget, GcaExportDialog, fields);
    gtk_widget_class_bind_template_child(widget, GcaExportDialog, passphrase);
    gtk_widget_class_bind_template_child(widget, GcaExportDialog, again);
    gtk_widget_class_bind_template_child(widget, GcaExportDialog, fault);
    gtk_widget_class_bind_template_child(widget, GcaExportDialog, error_place);
}

static void
gca_export_dialog_init(GcaExportDialog *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
    self->error_view = GCA_ERROR_VIEW(gca_error_view_new());
    gtk_container_add(self->error_place, GTK_WIDGET(self->error_view));
    gca_exact_label_set_up(self->place);
    gtk_label_set_max_width_chars(self->place, 40); /* in a window of its own */
    self->buffer = gca_secret_buffer_new();
    self->buffer_again = gca_secret_buffer_new();
    gtk_entry_set_buffer(self->passphrase, self->buffer);
    gtk_entry_set_buffer(self->again, self->buffer_again);
    g_signal_connect_swapped(self->passphrase, "changed", G_CALLBACK(on_typed), self);
    g_signal_connect_swapped(self->again, "changed", G_CALLBACK(on_typed), self);
    gtk_dialog_set_default_response(GTK_DIALOG(self), GTK_RESPONSE_OK);
    on_typed(self);
}

GtkWidget *
gca_export_dialog_new(GtkWindow *parent, const char *path)
{
    GcaExportDialog *self =
        g_object_new(GCA_TYPE_EXPORT_DIALOG, "use-header-bar", 0, "transient-for", parent, NULL);
    g_autofree char *shown = gca_text_escape(path);

    gtk_label_set_text(self->place, shown);
    gtk_widget_grab_focus(GTK_WIDGET(self->passphrase));
    return GTK_WIDGET(self);
}
