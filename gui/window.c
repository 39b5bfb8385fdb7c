#include "config.h"

#include "gui/window.h"

#include "base/error.h"
#include "gui/error-view.h"
#include "gui/file-choice.h"
#include "gui/file-look.h"
#include "gui/leave-question.h"
#include "gui/pages.h"
#include "gui/pages/returned/returned-view.h"
#include "gui/pages/start/start-view.h"
#include "gui/pages/verify/verify-view.h"

#include <glib/gi18n.h>

struct _GcaWindow {
    GtkApplicationWindow parent;
    GtkBox *content;
    GtkWidget *way_back;      /* an assistant has its own */
    GcaErrorView *error_view; /* NULL until something goes wrong */
    GtkWidget *view;          /* what is shown in `content` */
    GtkWidget *question;      /* whether to leave it; or NULL */
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
    if (self->error_view != NULL)
        gca_error_view_show(self->error_view, NULL);
    gtk_box_pack_end(self->content, view, TRUE, TRUE, 0);
    gtk_widget_show(view);
    gtk_window_set_title(GTK_WINDOW(self), title);
    gtk_widget_set_visible(self->way_back, !gca_window_is_free(self) && !GCA_IS_ASSISTANT(view));
}

static void
show_error(GcaWindow *self, const GError *error)
{
    if (self->error_view == NULL) {
        self->error_view = GCA_ERROR_VIEW(gca_error_view_new());
        gtk_box_pack_start(self->content, GTK_WIDGET(self->error_view), FALSE, FALSE, 0);
    }
    gca_error_view_show(self->error_view, error);
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

/* ---- leaving it ---- */

typedef void (*Way)(GcaWindow *self, GVariant *parameter);

typedef struct {
    GcaWindow *window; /* the question goes with it */
    Way way;
    GVariant *parameter; /* or NULL */
} Departure;

static void
departure_free(gpointer data, GClosure *closure)
{
    Departure *departure = data;

    g_clear_pointer(&departure->parameter, g_variant_unref);
    g_free(departure);
}

static void
on_answer(GtkWidget *question, int answer, Departure *departure)
{
    if (answer == GTK_RESPONSE_YES)
        departure->way(departure->window, departure->parameter);
    else if (answer == GTK_RESPONSE_APPLY)
        gca_assistant_save(GCA_ASSISTANT(departure->window->view));
    gtk_widget_destroy(question);
}

static gboolean
loses_nothing(GcaWindow *self)
{
    return !GCA_IS_ASSISTANT(self->view) || !gca_assistant_is_under_way(GCA_ASSISTANT(self->view));
}

static void
ask(GcaWindow *self, Way way, GVariant *parameter)
{
    const Departure departure = {self, way, parameter ? g_variant_ref(parameter) : NULL};
    GtkWidget *question = gca_leave_question_new(GTK_WINDOW(self), GCA_ASSISTANT(self->view));

    if (self->question != NULL)
        gtk_widget_destroy(self->question);
    g_set_weak_pointer(&self->question, question);
    g_signal_connect_data(question, "response", G_CALLBACK(on_answer),
                          g_memdup2(&departure, sizeof departure), departure_free, 0);
    gtk_window_present(GTK_WINDOW(question));
}

/* Goes the way; where something would be lost, only if that is wanted. */
static void
leave(GcaWindow *self, Way way, GVariant *parameter)
{
    if (loses_nothing(self))
        way(self, parameter);
    else
        ask(self, way, parameter);
}

/* ---- actions ---- */

static void
to_start(GcaWindow *self, GVariant *parameter)
{
    show_start(self);
}

static void
to_prereg(GcaWindow *self, GVariant *parameter)
{
    g_autoptr(GError) error = NULL;
    GcaProfile *profile = gca_app_get_profile(app_of(self), &error);

    if (profile == NULL) {
        show_error(self, error);
        return;
    }
    g_autoptr(GcaPreregDraft) draft =
        gca_prereg_draft_new(gca_app_get_card_choice(app_of(self)), profile);
    show_assistant(self, gca_prereg_assistant_new(GTK_WINDOW(self), draft),
                   _("Pre-register an ACME Account with a GCA Card"));
}

static void
show_returned(GcaWindow *self, const char *const *paths)
{
    show_view(self, gca_returned_view_new(paths), _("Certificate from the CA"));
}

static gboolean
has_certificate(const GcaRequestFolder *folder)
{
    g_autofree char *path = gca_request_folder_dup_file(folder, GCA_FOLDER_CERT);
    return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* Once the certificate has come, it is what there is to go on with. */
static void
to_application(GcaWindow *self, GVariant *parameter)
{
    const char *path = g_variant_get_string(parameter, NULL);
    g_autoptr(GError) error = NULL;
    GcaProfile *profile = gca_app_get_profile(app_of(self), &error);
    GcaRequestFolder *folder = NULL;

    if (profile == NULL ||
        (*path != '\0' && (folder = gca_request_folder_load(path, &error)) == NULL)) {
        show_error(self, error);
        return;
    }
    if (folder != NULL && has_certificate(folder)) {
        const char *const paths[] = {path, NULL};
        gca_request_folder_free(folder);
        show_returned(self, paths);
        return;
    }
    g_autoptr(GcaApplicationDraft) draft = gca_application_draft_new(profile, folder);
    show_assistant(self, gca_application_assistant_new(GTK_WINDOW(self), draft),
                   _("Key and Certificate Request (Official Letter)"));
}

/* A signed request is looked into; all else is taken, together, for what a CA has handed out. */
static void
to_files(GcaWindow *self, GVariant *parameter)
{
    g_autofree const char **paths = g_variant_get_bytestring_array(parameter, NULL);

    if (gca_app_is_request(paths[0]))
        show_view(self, gca_verify_view_new(paths[0]), _("Signed Request"));
    else
        show_returned(self, paths);
}

static void
on_looked(gpointer owner, gpointer result, const GError *error)
{
    GcaWindow *self = owner;

    if (error == NULL) {
        g_autoptr(GVariant) paths = g_variant_ref_sink(g_variant_new_bytestring_array(result, -1));
        leave(self, to_files, paths);
    } else if (GCA_IS_ASSISTANT(self->view)) {
        gca_error_view_show(gca_assistant_get_error_view(GCA_ASSISTANT(self->view)), error);
    } else {
        show_error(self, error);
    }
}

/* A page that was worked on does not go for a file that is of no use; other views do: what comes
 * then tells what is wrong. */
static void
open_here(GcaWindow *self, const char *const *paths)
{
    g_autoptr(GVariant) parameter = g_variant_ref_sink(g_variant_new_bytestring_array(paths, -1));

    if (!GCA_IS_ASSISTANT(self->view)) {
        to_files(self, parameter);
        return;
    }
    GcaWork work = gca_file_look(paths);
    work.done = on_looked;
    gca_task_start(self, &work, NULL);
}

static void
to_end(GcaWindow *self, GVariant *parameter)
{
    gtk_widget_destroy(GTK_WIDGET(self));
}

static void
on_start(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    leave(data, to_start, NULL);
}

static void
on_prereg(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    leave(data, to_prereg, NULL);
}

static void
on_application(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    leave(data, to_application, parameter);
}

static void
on_open(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    g_autofree const char **paths = g_variant_get_bytestring_array(parameter, NULL);

    open_here(data, paths);
}

static gboolean
is_any_request(const char *const *paths)
{
    for (guint i = 0; paths[i] != NULL; i++) {
        if (gca_app_is_request(paths[i]))
            return TRUE;
    }
    return FALSE;
}

/* Here; where several have to be told apart, in windows of their own. */
static void
open_paths(GcaWindow *self, const char *const *paths)
{
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_object_unref);

    if (paths[0] != NULL && (paths[1] == NULL || !is_any_request(paths))) {
        open_here(self, paths);
        return;
    }
    for (guint i = 0; paths[i] != NULL; i++)
        g_ptr_array_add(files, g_file_new_for_path(paths[i]));
    if (files->len > 0)
        g_application_open(G_APPLICATION(app_of(self)), (GFile **) files->pdata, (int) files->len,
                           "");
}

static void
on_choose(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    g_autoptr(GtkFileChooserNative) chooser =
        gtk_file_chooser_native_new(_("Open a signed request or a certificate from the CA"),
                                    GTK_WINDOW(data), GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);

    gtk_file_chooser_set_select_multiple(GTK_FILE_CHOOSER(chooser), TRUE);
    if (gtk_native_dialog_run(GTK_NATIVE_DIALOG(chooser)) != GTK_RESPONSE_ACCEPT)
        return;
    g_auto(GStrv) paths = gca_file_choice_list(GTK_FILE_CHOOSER(chooser));
    open_paths(data, (const char *const *) paths);
}

/* ---- its making ---- */

static void
on_drop(GtkWidget *widget, GdkDragContext *context, int x, int y, GtkSelectionData *selection,
        guint info, guint time, gpointer data)
{
    g_auto(GStrv) uris = gtk_selection_data_get_uris(selection);
    g_auto(GStrv) list = gca_file_choice_list_paths((const char *const *) uris);
    const char *const *paths = (const char *const *) list;
    GcaWindow *self = GCA_WINDOW(widget);

    gtk_drag_finish(context, paths[0] != NULL, FALSE, time);
    if (!GCA_IS_RETURNED_VIEW(self->view) || is_any_request(paths) ||
        !gca_returned_view_add(GCA_RETURNED_VIEW(self->view), paths))
        open_paths(self, paths);
}

static gboolean
on_delete(GtkWidget *widget, GdkEvent *event, gpointer data)
{
    leave(GCA_WINDOW(widget), to_end, NULL);
    return TRUE;
}

static void
gca_window_dispose(GObject *object)
{
    g_clear_weak_pointer(&GCA_WINDOW(object)->question);
    G_OBJECT_CLASS(gca_window_parent_class)->dispose(object);
}

static void
gca_window_class_init(GcaWindowClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->dispose = gca_window_dispose;
    gtk_widget_class_set_template_from_resource(widget, "/tw/gca_toolkit/Wizard/window.ui");
    gtk_widget_class_bind_template_child(widget, GcaWindow, content);
    gtk_widget_class_bind_template_child(widget, GcaWindow, way_back);
}

static void
gca_window_init(GcaWindow *self)
{
    static const GActionEntry actions[] = {
        {.name = "start", .activate = on_start},
        {.name = "prereg", .activate = on_prereg},
        {.name = "application", .activate = on_application, .parameter_type = "s"},
        {.name = "choose", .activate = on_choose},
        {.name = "open", .activate = on_open, .parameter_type = "aay"},
    };

    gtk_widget_init_template(GTK_WIDGET(self));
    g_action_map_add_action_entries(G_ACTION_MAP(self), actions, G_N_ELEMENTS(actions), self);
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
