#include "config.h"

#include "gui/window.h"

#include "base/error.h"
#include "gui/error-view.h"
#include "gui/pages.h"
#include "gui/pages/returned/returned-view.h"
#include "gui/pages/start/start-view.h"
#include "gui/pages/verify/verify-view.h"

#include <glib/gi18n.h>

struct _GcaWindow {
    GtkApplicationWindow parent;
    GtkHeaderBar *header;
    GtkButton *home;
    GtkBox *content;
    GcaErrorView *error_view;
    GtkWidget *view; /* what is shown in `content` */
};

G_DEFINE_FINAL_TYPE(GcaWindow, gca_window, GTK_TYPE_APPLICATION_WINDOW)

static GcaApp *
app_of(GcaWindow *self)
{
    return GCA_APP(gtk_window_get_application(GTK_WINDOW(self)));
}

gboolean
gca_window_is_free(GcaWindow *self)
{
    return GCA_IS_START_VIEW(self->view);
}

/* ---- what is shown ---- */

static void
show_view(GcaWindow *self, GtkWidget *view, const char *title)
{
    if (self->view != NULL)
        gtk_widget_destroy(self->view);
    self->view = view;
    gca_error_view_show(self->error_view, NULL);
    gtk_box_pack_end(self->content, view, TRUE, TRUE, 0);
    gtk_widget_show(view);
    gtk_header_bar_set_title(self->header, title);
    gtk_window_set_title(GTK_WINDOW(self), title);
    gtk_widget_set_visible(GTK_WIDGET(self->home), !gca_window_is_free(self));
}

static void
show_start(GcaWindow *self)
{
    show_view(self, gca_start_view_new(), _("GCA Certificate Wizard"));
}

static void
show_assistant(GcaWindow *self, GtkWidget *assistant, const char *title)
{
    g_signal_connect_object(assistant, "closed", G_CALLBACK(show_start), self, G_CONNECT_SWAPPED);
    show_view(self, assistant, title);
}

/* TRUE where leaving what is shown loses nothing, or the user wants it. */
static gboolean
may_leave(GcaWindow *self)
{
    if (!GCA_IS_ASSISTANT(self->view) || !gca_assistant_is_under_way(GCA_ASSISTANT(self->view)))
        return TRUE;
    g_autoptr(GtkWidget) question = g_object_ref_sink(gtk_message_dialog_new(
        GTK_WINDOW(self), GTK_DIALOG_MODAL | GTK_DIALOG_DESTROY_WITH_PARENT, GTK_MESSAGE_QUESTION,
        GTK_BUTTONS_NONE, "%s", _("Leave before it is finished?")));
    gtk_message_dialog_format_secondary_text(GTK_MESSAGE_DIALOG(question), "%s",
                                             _("What was entered on these pages is given up. What "
                                               "has been signed or saved stays."));
    gtk_dialog_add_buttons(GTK_DIALOG(question), _("_Go On"), GTK_RESPONSE_CANCEL, _("_Leave"),
                           GTK_RESPONSE_YES, NULL);
    gtk_dialog_set_default_response(GTK_DIALOG(question), GTK_RESPONSE_CANCEL);
    int answer = gtk_dialog_run(GTK_DIALOG(question));
    gtk_widget_destroy(question);
    return answer == GTK_RESPONSE_YES;
}

/* ---- actions ---- */

static void
on_start(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    if (may_leave(data))
        show_start(data);
}

static void
on_prereg(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    GcaWindow *self = data;
    g_autoptr(GError) error = NULL;
    GcaProfile *profile = gca_app_get_profile(app_of(self), &error);

    if (profile == NULL) {
        gca_error_view_show(self->error_view, error);
        return;
    }
    if (!may_leave(self))
        return;
    g_autoptr(GcaPreregDraft) draft =
        gca_prereg_draft_new(gca_app_get_card_choice(app_of(self)), profile);
    show_assistant(self, gca_prereg_assistant_new(GTK_WINDOW(self), draft),
                   _("Pre-register an ACME Account with a GCA Card"));
}

static void
on_application(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    GcaWindow *self = data;
    const char *path = g_variant_get_string(parameter, NULL);
    g_autoptr(GError) error = NULL;
    GcaProfile *profile = gca_app_get_profile(app_of(self), &error);
    GcaRequestFolder *folder = NULL;

    if (profile == NULL ||
        (*path != '\0' && (folder = gca_request_folder_load(path, &error)) == NULL)) {
        gca_error_view_show(self->error_view, error);
        return;
    }
    if (!may_leave(self)) {
        g_clear_pointer(&folder, gca_request_folder_free);
        return;
    }
    g_autoptr(GcaApplicationDraft) draft = gca_application_draft_new(profile, folder);
    show_assistant(self, gca_application_assistant_new(GTK_WINDOW(self), draft),
                   _("Key and Certificate Request (Official Letter)"));
}

/* Signed requests are looked into; all else is taken for what a CA has handed out. */
static void
open_path(GcaWindow *self, const char *path)
{
    if (!may_leave(self))
        return;
    if (g_str_has_suffix(path, ".p7m"))
        show_view(self, gca_verify_view_new(path), _("Signed Request"));
    else
        show_view(self, gca_returned_view_new(path), _("Certificate from the CA"));
}

static void
on_open(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    open_path(data, g_variant_get_bytestring(parameter));
}

static void
on_choose(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    g_autoptr(GtkFileChooserNative) chooser =
        gtk_file_chooser_native_new(_("Open a signed request or a certificate from the CA"),
                                    GTK_WINDOW(data), GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);

    if (gtk_native_dialog_run(GTK_NATIVE_DIALOG(chooser)) != GTK_RESPONSE_ACCEPT)
        return;
    g_autofree char *path = gtk_file_chooser_get_filename(GTK_FILE_CHOOSER(chooser));
    if (path != NULL)
        open_path(data, path);
}

/* ---- its making ---- */

static void
on_drop(GtkWidget *widget, GdkDragContext *context, int x, int y, GtkSelectionData *selection,
        guint info, guint time, gpointer data)
{
    g_auto(GStrv) uris = gtk_selection_data_get_uris(selection);
    g_autofree char *path = uris && uris[0] ? g_filename_from_uri(uris[0], NULL, NULL) : NULL;

    gtk_drag_finish(context, path != NULL, FALSE, time);
    if (path != NULL)
        open_path(GCA_WINDOW(widget), path);
}

static gboolean
on_delete(GtkWidget *widget, GdkEvent *event, gpointer data)
{
    return !may_leave(GCA_WINDOW(widget));
}

static void
gca_window_class_init(GcaWindowClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

    gtk_widget_class_set_template_from_resource(widget, "/tw/gca_toolkit/Wizard/window.ui");
    gtk_widget_class_bind_template_child(widget, GcaWindow, header);
    gtk_widget_class_bind_template_child(widget, GcaWindow, home);
    gtk_widget_class_bind_template_child(widget, GcaWindow, content);
}

static void
gca_window_init(GcaWindow *self)
{
    static const GActionEntry actions[] = {
        {.name = "start", .activate = on_start},
        {.name = "prereg", .activate = on_prereg},
        {.name = "application", .activate = on_application, .parameter_type = "s"},
        {.name = "choose", .activate = on_choose},
        {.name = "open", .activate = on_open, .parameter_type = "ay"},
    };

    gtk_widget_init_template(GTK_WIDGET(self));
    g_action_map_add_action_entries(G_ACTION_MAP(self), actions, G_N_ELEMENTS(actions), self);
    self->error_view = GCA_ERROR_VIEW(gca_error_view_new());
    gtk_box_pack_start(self->content, GTK_WIDGET(self->error_view), FALSE, FALSE, 0);
    gtk_drag_dest_set(GTK_WIDGET(self), GTK_DEST_DEFAULT_ALL, NULL, 0, GDK_ACTION_COPY);
    gtk_drag_dest_add_uri_targets(GTK_WIDGET(self));
    g_signal_connect(self, "drag-data-received", G_CALLBACK(on_drop), NULL);
    g_signal_connect(self, "delete-event", G_CALLBACK(on_delete), NULL);
}

GtkWidget *
gca_window_new(GcaApp *app)
{
    GcaWindow *self = g_object_new(GCA_TYPE_WINDOW, "application", app, NULL);

    show_start(self);
    return GTK_WIDGET(self);
}
