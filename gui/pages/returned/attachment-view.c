#include "config.h"

#include "gui/pages/returned/attachment-view.h"

#include "base/text.h"
#include "csr/server-config.h"
#include "flow/attach.h"
#include "flow/export.h"
#include "gui/error-view.h"
#include "gui/fact-list.h"
#include "gui/file-choice.h"
#include "gui/focus.h"
#include "gui/pages/returned/export-dialog.h"
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
    GtkLabel *exported;
    GtkBox *error_place;
    GtkWidget *take;

    GtkWidget *dialog; /* of the export; or NULL */
    char *place;       /* where it is to be written */
    GcaErrorView *error_view;
    GPtrArray *attachments; /* holds `attachment` */
    const GcaAttachment *attachment;
};

G_DEFINE_FINAL_TYPE(GcaAttachmentView, gca_attachment_view, GTK_TYPE_BOX)

static guint taken;

/* ---- what was found ---- */

static const GcaFinding *
find_note(const GcaAttachment *attachment, const char *name)
{
    for (guint i = 0; i < attachment->findings->len; i++) {
        const GcaFinding *finding = g_ptr_array_index(attachment->findings, i);
        if (finding->state == GCA_FINDING_WARNING && g_str_equal(finding->name, name))
            return finding;
    }
    return NULL;
}

static char *
describe_failure(const GcaAttachment *attachment, const GcaFinding *failure)
{
    if (attachment->folder == NULL && failure->code == GCA_ERROR_NO_KEY)
        return g_strdup(_("The certificate fits no key here: it was not put in."));
    if (attachment->is_to_decide)
        return g_strdup(_("The certificate is for another organisation than was asked for: it was "
                          "not put in."));
    return g_strdup_printf(attachment->was_there
                               ? _("The certificate lies beside its key, but there is a fault. "
                                   "The first thing to mend: %s.")
                               : _("The certificate was not put in. The first thing to mend: %s."),
                           failure->title);
}

/* A note that what is in place may still be of no use; NULL: there is none. */
static const char *
find_doubt(const GcaAttachment *attachment)
{
    if (find_note(attachment, "subject") != NULL)
        return _("The certificate lies beside its key now, but is not for the name that was asked "
                 "for.");
    if (find_note(attachment, "trust") != NULL)
        return _("The certificate lies beside its key now, but this computer does not trust its "
                 "issuer.");
    return NULL;
}

static void
show_verdict(GcaAttachmentView *self)
{
    const GcaAttachment *attachment = self->attachment;
    const GcaFinding *failure = gca_findings_get_failure(attachment->findings);
    const char *doubt = failure == NULL ? find_doubt(attachment) : NULL;
    g_autofree char *fault = failure ? describe_failure(attachment, failure) : NULL;

    gtk_image_set_from_icon_name(self->icon,
                                 failure ? "dialog-error-symbolic"
                                 : doubt ? "dialog-warning-symbolic"
                                         : "object-select-symbolic",
                                 GTK_ICON_SIZE_DND);
    atk_object_set_name(gtk_widget_get_accessible(GTK_WIDGET(self->icon)), failure ? _("fault")
                                                                           : doubt ? _("note")
                                                                                   : _("good"));
    gtk_label_set_text(self->verdict,
                       failure ? fault
                       : doubt ? doubt
                               : _("The certificate is good and lies beside its key now."));
}

/* What went wrong first, then what is to be noted. */
static void
show_findings(GcaAttachmentView *self)
{
    static const GcaFindingState order[] = {GCA_FINDING_FAILED, GCA_FINDING_WARNING,
                                            GCA_FINDING_SKIPPED, GCA_FINDING_OK};
    GPtrArray *findings = self->attachment->findings;

    for (guint i = 0; i < G_N_ELEMENTS(order); i++) {
        for (guint j = 0; j < findings->len; j++) {
            const GcaFinding *finding = g_ptr_array_index(findings, j);
            if (finding->state == order[i])
                gtk_container_add(GTK_CONTAINER(self->findings), gca_finding_row_new(finding));
        }
    }
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
    GcaSecret *passphrase;
    gboolean is_compatible;
} Wish;

static void
wish_free(gpointer data)
{
    Wish *wish = data;

    g_free(wish->folder);
    g_free(wish->path);
    gca_secret_unref(wish->passphrase);
    g_free(wish);
}

static gpointer
export_file(gpointer data, GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    const Wish *wish = data;
    const GcaExportWish parts = {
        .path = wish->path,
        .given = wish->passphrase,
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

    if (self->dialog == NULL)
        return; /* closed meanwhile: what was written lies where it was wanted */
    if (result == NULL) {
        gca_export_dialog_fail(GCA_EXPORT_DIALOG(self->dialog), error);
        return;
    }
    g_autofree char *path = gca_text_escape(result);
    g_autofree char *sentence = g_strdup_printf(_("Written: %s"), path);
    gtk_widget_destroy(self->dialog);
    gtk_label_set_text(self->exported, sentence);
    gtk_widget_show(GTK_WIDGET(self->exported));
    gca_focus_soon(GTK_WIDGET(self->exported));
}

static void
on_dialog_response(GtkDialog *dialog, int response, GcaAttachmentView *self)
{
    if (response != GTK_RESPONSE_OK) {
        gtk_widget_destroy(GTK_WIDGET(dialog));
        return;
    }
    g_autoptr(GcaWindowInteraction) interaction = gca_window_interaction_new(GTK_WINDOW(dialog));
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
    wish->path = g_strdup(self->place);
    wish->passphrase = gca_export_dialog_begin(GCA_EXPORT_DIALOG(dialog));
    wish->is_compatible = gtk_toggle_button_get_active(self->compatible);
    gca_task_start(self, &work, GCA_INTERACTION(interaction));
}

static void
on_place_chosen(gpointer owner, const char *path)
{
    GcaAttachmentView *self = owner;
    g_autoptr(GError) error = NULL;

    gtk_widget_hide(GTK_WIDGET(self->exported));
    gboolean is_free = gca_export_check_path(path, &error);
    gca_error_view_show(self->error_view, error);
    if (!is_free) {
        gca_focus_soon(GTK_WIDGET(self->error_view));
        return;
    }
    g_free(self->place);
    self->place = g_strdup(path);
    self->dialog =
        gca_export_dialog_new(GTK_WINDOW(gtk_widget_get_toplevel(GTK_WIDGET(self))), path);
    g_signal_connect(self->dialog, "destroy", G_CALLBACK(gtk_widget_destroyed), &self->dialog);
    g_signal_connect_object(self->dialog, "response", G_CALLBACK(on_dialog_response), self, 0);
    gtk_window_present(GTK_WINDOW(self->dialog));
}

static void
on_export(GcaAttachmentView *self)
{
    g_autofree char *path = gca_export_dup_free_path(self->attachment->folder);

    gca_file_choice_ask(GTK_WIDGET(self), GTK_FILE_CHOOSER_ACTION_SAVE,
                        _("Export as a PKCS#12 File"), path, on_place_chosen);
}

/* ---- all the same ---- */

static void
on_take(GcaAttachmentView *self)
{
    g_autofree char *sha256 = gca_certificate_fingerprint(self->attachment->certificate);
    g_signal_emit(self, taken, 0, sha256);
}

/* ---- its making ---- */

static void
gca_attachment_view_dispose(GObject *object)
{
    GcaAttachmentView *self = GCA_ATTACHMENT_VIEW(object);

    if (self->dialog != NULL)
        gtk_widget_destroy(self->dialog);
    G_OBJECT_CLASS(gca_attachment_view_parent_class)->dispose(object);
}

static void
gca_attachment_view_finalize(GObject *object)
{
    GcaAttachmentView *self = GCA_ATTACHMENT_VIEW(object);

    g_ptr_array_unref(self->attachments);
    g_free(self->place);
    G_OBJECT_CLASS(gca_attachment_view_parent_class)->finalize(object);
}

static void
gca_attachment_view_class_init(GcaAttachmentViewClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->dispose = gca_attachment_view_dispose;
    G_OBJECT_CLASS(class)->finalize = gca_attachment_view_finalize;
    taken = g_signal_new("taken", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                         G_TYPE_NONE, 1, G_TYPE_STRING);
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
    gtk_widget_class_bind_template_child(widget, GcaAttachmentView, exported);
    gtk_widget_class_bind_template_child(widget, GcaAttachmentView, error_place);
    gtk_widget_class_bind_template_child(widget, GcaAttachmentView, take);
    gtk_widget_class_bind_template_callback(widget, on_take);
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
    gboolean is_in_place = attachment->is_attached || attachment->was_there;

    self->attachments = g_ptr_array_ref(attachments);
    self->attachment = attachment;
    show_verdict(self);
    show_facts(self);
    show_findings(self);
    gtk_widget_set_visible(self->take, attachment->is_to_decide);
    gtk_widget_set_visible(self->use, is_in_place);
    if (is_in_place)
        gtk_combo_box_set_active(self->server, 0);
    return GTK_WIDGET(self);
}

void
gca_attachment_view_focus(GcaAttachmentView *self)
{
    gca_focus_soon(GTK_WIDGET(self->verdict));
}
