#include "config.h"

#include "gui/pages/returned/attachment-view.h"

#include "base/text.h"
#include "csr/server-config.h"
#include "flow/attach.h"
#include "flow/export.h"
#include "gui/error-view.h"
#include "gui/fact-list.h"
#include "gui/file-choice.h"
#include "gui/pages/returned/finding-row.h"
#include "gui/task.h"
#include "gui/window-interaction.h"
#include "x509/certificate.h"

#include <glib/gi18n.h>

struct _GcaAttachmentView {
    GtkBox parent;
    GtkImage *icon;
    GtkLabel *verdict;
    GtkBox *facts_place;
    GtkListBox *findings;
    GtkWidget *use;
    GtkComboBox *server;
    GtkTextView *config;
    GtkToggleButton *compatible;
    GtkWidget *export;
    GtkLabel *exported;
    GtkBox *error_place;

    GcaErrorView *error_view;
    GPtrArray *attachments; /* holds `attachment` */
    const GcaAttachment *attachment;
};

G_DEFINE_FINAL_TYPE(GcaAttachmentView, gca_attachment_view, GTK_TYPE_BOX)

/* ---- what was found ---- */

static void
show_verdict(GcaAttachmentView *self)
{
    const GcaAttachment *attachment = self->attachment;
    const GcaFinding *failure = gca_findings_get_failure(attachment->findings);
    g_autofree char *fault =
        failure ? g_strdup_printf(_("The certificate was not put in. The first thing to mend: %s."),
                                  failure->title)
                : NULL;

    gtk_image_set_from_icon_name(
        self->icon, attachment->is_attached ? "object-select-symbolic" : "dialog-error-symbolic",
        GTK_ICON_SIZE_DND);
    atk_object_set_name(gtk_widget_get_accessible(GTK_WIDGET(self->icon)),
                        attachment->is_attached ? _("good") : _("fault"));
    gtk_label_set_text(self->verdict,
                       fault ? fault : _("The certificate is good and lies beside its key now."));
}

static void
show_facts(GcaAttachmentView *self)
{
    const GcaAttachment *attachment = self->attachment;
    GcaFactList *facts = GCA_FACT_LIST(gca_fact_list_new());
    g_autofree char *subject = gca_certificate_describe(attachment->certificate);

    gca_fact_list_add(facts, _("Certificate"), subject);
    gca_fact_list_add_outside(facts, _("Request folder"),
                              attachment->folder ? gca_request_folder_get_path(attachment->folder)
                                                 : _("none"));
    gtk_container_add(GTK_CONTAINER(self->facts_place), GTK_WIDGET(facts));
    gtk_widget_show(GTK_WIDGET(facts));
}

/* ---- lines for the web server ---- */

static void
show_config(GcaAttachmentView *self)
{
    const GcaRequestFolder *folder = self->attachment->folder;
    g_autofree char *fullchain = gca_request_folder_dup_file(folder, GCA_FOLDER_FULLCHAIN);
    g_autofree char *key = gca_request_folder_dup_key_place(folder);
    g_autofree char *p12 = gca_export_dup_path(folder);
    const GcaServerFiles files = {
        .names = gca_request_folder_get_names(folder),
        .fullchain = fullchain,
        .key = key,
        .p12 = p12,
    };
    g_autoptr(GError) error = NULL;
    GcaServer server;

    if (!gca_server_parse(gtk_combo_box_get_active_id(self->server), &server))
        return;
    g_autofree char *config = gca_server_config(server, &files, &error);
    gtk_text_buffer_set_text(gtk_text_view_get_buffer(self->config), config ? config : "", -1);
    gca_error_view_show(self->error_view, error);
}

static void
on_copy(GcaAttachmentView *self)
{
    GtkTextBuffer *buffer = gtk_text_view_get_buffer(self->config);
    GtkTextIter start, end;

    gtk_text_buffer_get_bounds(buffer, &start, &end);
    g_autofree char *text = gtk_text_buffer_get_text(buffer, &start, &end, FALSE);
    gtk_clipboard_set_text(gtk_clipboard_get(GDK_SELECTION_CLIPBOARD), text, -1);
}

/* ---- export ---- */

typedef struct {
    char *folder;
    char *path;
    gboolean is_compatible;
} Wish;

static void
wish_free(gpointer data)
{
    Wish *wish = data;

    g_free(wish->folder);
    g_free(wish->path);
    g_free(wish);
}

static gpointer
export_file(gpointer data, GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    const Wish *wish = data;
    const GcaExportWish parts = {
        .path = wish->path,
        .passphrase = {NULL, -1},
        .key_passphrase = {NULL, -1},
        .is_compatible = wish->is_compatible,
    };
    g_autoptr(GcaRequestFolder) folder = gca_request_folder_load(wish->folder, error);

    return folder ? gca_export_pkcs12(folder, &parts, interaction, cancel, error) : NULL;
}

static void
on_exported(gpointer owner, gpointer result, const GError *error)
{
    GcaAttachmentView *self = owner;
    g_autofree char *path = result ? gca_text_escape(result) : NULL;
    g_autofree char *sentence = result ? g_strdup_printf(_("Written: %s"), path) : NULL;

    gtk_widget_set_sensitive(self->export, TRUE);
    gtk_label_set_text(self->exported, sentence ? sentence : "");
    gtk_widget_set_visible(GTK_WIDGET(self->exported), sentence != NULL);
    gca_error_view_show(self->error_view, error);
}

static void
on_place_chosen(gpointer owner, const char *path)
{
    GcaAttachmentView *self = owner;
    GtkWindow *window = GTK_WINDOW(gtk_widget_get_toplevel(GTK_WIDGET(self)));
    g_autoptr(GcaWindowInteraction) interaction = gca_window_interaction_new(window);
    Wish *wish = g_new0(Wish, 1);
    const GcaWork work = {
        .lane = GCA_LANE_OTHER,
        .run = export_file,
        .done = on_exported,
        .data = wish,
        .free_data = wish_free,
        .free_result = g_free,
    };

    wish->folder = g_strdup(gca_request_folder_get_path(self->attachment->folder));
    wish->path = g_strdup(path);
    wish->is_compatible = gtk_toggle_button_get_active(self->compatible);
    gca_error_view_show(self->error_view, NULL);
    gtk_widget_set_sensitive(self->export, FALSE);
    gca_task_start(self, &work, GCA_INTERACTION(interaction));
}

static void
on_export(GcaAttachmentView *self)
{
    g_autofree char *path = gca_export_dup_path(self->attachment->folder);

    gca_file_choice_ask(GTK_WIDGET(self), GTK_FILE_CHOOSER_ACTION_SAVE,
                        _("Export as a PKCS#12 file"), path, on_place_chosen);
}

/* ---- its making ---- */

static void
gca_attachment_view_finalize(GObject *object)
{
    g_ptr_array_unref(GCA_ATTACHMENT_VIEW(object)->attachments);
    G_OBJECT_CLASS(gca_attachment_view_parent_class)->finalize(object);
}

static void
gca_attachment_view_class_init(GcaAttachmentViewClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->finalize = gca_attachment_view_finalize;
    gtk_widget_class_set_template_from_resource(widget,
                                                "/tw/gca_toolkit/Wizard/attachment-view.ui");
    gtk_widget_class_bind_template_child(widget, GcaAttachmentView, icon);
    gtk_widget_class_bind_template_child(widget, GcaAttachmentView, verdict);
    gtk_widget_class_bind_template_child(widget, GcaAttachmentView, facts_place);
    gtk_widget_class_bind_template_child(widget, GcaAttachmentView, findings);
    gtk_widget_class_bind_template_child(widget, GcaAttachmentView, use);
    gtk_widget_class_bind_template_child(widget, GcaAttachmentView, server);
    gtk_widget_class_bind_template_child(widget, GcaAttachmentView, config);
    gtk_widget_class_bind_template_child(widget, GcaAttachmentView, compatible);
    gtk_widget_class_bind_template_child(widget, GcaAttachmentView, export);
    gtk_widget_class_bind_template_child(widget, GcaAttachmentView, exported);
    gtk_widget_class_bind_template_child(widget, GcaAttachmentView, error_place);
    gtk_widget_class_bind_template_callback(widget, show_config);
    gtk_widget_class_bind_template_callback(widget, on_copy);
    gtk_widget_class_bind_template_callback(widget, on_export);
}

static void
gca_attachment_view_init(GcaAttachmentView *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
    self->error_view = GCA_ERROR_VIEW(gca_error_view_new());
    gtk_container_add(GTK_CONTAINER(self->error_place), GTK_WIDGET(self->error_view));
}

GtkWidget *
gca_attachment_view_new(GPtrArray *attachments, guint index)
{
    GcaAttachmentView *self = g_object_new(GCA_TYPE_ATTACHMENT_VIEW, NULL);
    const GcaAttachment *attachment = g_ptr_array_index(attachments, index);

    self->attachments = g_ptr_array_ref(attachments);
    self->attachment = attachment;
    show_verdict(self);
    show_facts(self);
    for (guint i = 0; i < attachment->findings->len; i++)
        gtk_container_add(GTK_CONTAINER(self->findings),
                          gca_finding_row_new(g_ptr_array_index(attachment->findings, i)));
    gtk_widget_set_visible(self->use, attachment->is_attached);
    if (attachment->is_attached)
        gtk_combo_box_set_active(self->server, 0);
    return GTK_WIDGET(self);
}
