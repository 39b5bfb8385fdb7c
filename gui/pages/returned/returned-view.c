#include "config.h"

#include "gui/pages/returned/returned-view.h"

#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "flow/attach.h"
#include "gui/error-view.h"
#include "gui/exact-label.h"
#include "gui/file-choice.h"
#include "gui/focus.h"
#include "gui/pages/returned/attachment-view.h"
#include "gui/task.h"

#include <glib/gi18n.h>

struct _GcaReturnedView {
    GtkScrolledWindow parent;
    GtkContainer *content;
    GtkBox *error_place;
    GtkLabel *file;
    GtkWidget *checking;
    GtkBox *results;
    GtkWidget *elsewhere;
    GtkWidget *trust;
    GtkLabel *trusted;

    GtkWidget *add;
    GtkWidget *another;

    GcaErrorView *error_view;
    GPtrArray *paths; /* char *: files, or a request folder */
    guint n_read;     /* of them: those that were looked at with a result */
    GPtrArray *taken; /* char *: SHA-256 of certificates that the user takes all the same */
    char *further;    /* folder to look in, too; or NULL */
    char *ca;         /* file of a CA that is trusted for this check; or NULL */
};

G_DEFINE_FINAL_TYPE(GcaReturnedView, gca_returned_view, GTK_TYPE_SCROLLED_WINDOW)

/* ---- the check ---- */

typedef struct {
    GStrv paths;
    GStrv taken;
    GPtrArray *folders; /* NULL-terminated */
    char *ca;
} Wish;

static void
wish_free(gpointer data)
{
    Wish *wish = data;

    g_strfreev(wish->paths);
    g_strfreev(wish->taken);
    g_ptr_array_unref(wish->folders);
    g_free(wish->ca);
    g_free(wish);
}

/* Before the first request there is no folder for them. */
static void
drop_missing(GPtrArray *folders)
{
    for (guint i = folders->len; i-- > 0;) {
        if (!g_file_test(g_ptr_array_index(folders, i), G_FILE_TEST_IS_DIR))
            g_ptr_array_remove_index(folders, i);
    }
    g_ptr_array_add(folders, NULL);
}

static gpointer
attach(gpointer data, GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    Wish *wish = data;
    const char *const anchors[] = {wish->ca, NULL};

    drop_missing(wish->folders);
    const GcaAttachWish parts = {
        .paths = (const char *const *) wish->paths,
        .folders = (const char *const *) wish->folders->pdata,
        .anchors = anchors,
        .taken = (const char *const *) wish->taken,
    };
    return gca_attach_run(&parts, error);
}

/* Where one was not put in there may be a file that it wants. */
static gboolean
is_any_refused(GPtrArray *attachments)
{
    for (guint i = 0; i < attachments->len; i++) {
        if (!((const GcaAttachment *) g_ptr_array_index(attachments, i))->is_attached)
            return TRUE;
    }
    return FALSE;
}

static gboolean
is_any_orphan(GPtrArray *attachments)
{
    for (guint i = 0; i < attachments->len; i++) {
        if (((const GcaAttachment *) g_ptr_array_index(attachments, i))->folder == NULL)
            return TRUE;
    }
    return FALSE;
}

static gboolean
is_untrusted(const GcaAttachment *attachment)
{
    for (guint i = 0; i < attachment->findings->len; i++) {
        const GcaFinding *finding = g_ptr_array_index(attachment->findings, i);
        if (finding->code == GCA_ERROR_UNTRUSTED &&
            (finding->state == GCA_FINDING_WARNING || finding->state == GCA_FINDING_FAILED))
            return TRUE;
    }
    return FALSE;
}

static gboolean
is_any_untrusted(GPtrArray *attachments)
{
    for (guint i = 0; i < attachments->len; i++) {
        if (is_untrusted(g_ptr_array_index(attachments, i)))
            return TRUE;
    }
    return FALSE;
}

static void
show_trust(GcaReturnedView *self, GPtrArray *attachments)
{
    g_autofree char *shown = self->ca ? gca_text_escape(self->ca) : NULL;
    g_autofree char *sentence =
        shown ? g_strdup_printf(_("Trusted for this check alone: “%s”."), shown) : NULL;

    gtk_widget_set_visible(self->trust, sentence != NULL || is_any_untrusted(attachments));
    gtk_label_set_text(self->trusted, sentence ? sentence : "");
    gtk_widget_set_visible(GTK_WIDGET(self->trusted), sentence != NULL);
}

static void
show_paths(GcaReturnedView *self)
{
    g_autoptr(GString) list = g_string_new(NULL);

    for (guint i = 0; i < self->paths->len; i++) {
        g_autofree char *shown = gca_text_escape(g_ptr_array_index(self->paths, i));
        g_string_append_printf(list, "%s%s", i > 0 ? "\n" : "", shown);
    }
    gtk_label_set_text(self->file, list->str);
}

static void
fail(GcaReturnedView *self, const GError *error)
{
    gca_error_view_show(self->error_view, error);
    gca_focus_soon(GTK_WIDGET(self->error_view));
    /* one of what has come last may be what cannot be read */
    g_clear_pointer(&self->ca, g_free);
    if (self->n_read > 0) {
        g_ptr_array_set_size(self->paths, (int) self->n_read);
        show_paths(self);
        return;
    }
    /* the server's own certificate may be in another file */
    gtk_widget_set_visible(self->add, g_error_matches(error, GCA_ERROR, GCA_ERROR_NO_CERT));
}

static void on_taken(GcaReturnedView *self, const char *sha256);

static gpointer
first_of(GtkBox *box)
{
    g_autoptr(GList) children = gtk_container_get_children(GTK_CONTAINER(box));
    return children->data;
}

static void
add_result(GcaReturnedView *self, GPtrArray *attachments, guint index)
{
    GtkWidget *view = gca_attachment_view_new(attachments, index);

    g_signal_connect_object(view, "taken", G_CALLBACK(on_taken), self, G_CONNECT_SWAPPED);
    gtk_container_add(GTK_CONTAINER(self->results), view);
}

static void
on_attached(gpointer owner, gpointer result, const GError *error)
{
    GcaReturnedView *self = owner;
    GPtrArray *attachments = result;

    gtk_widget_hide(self->checking);
    gtk_widget_show(self->another);
    if (attachments == NULL) {
        fail(self, error);
        return;
    }
    self->n_read = self->paths->len;
    gtk_container_foreach(GTK_CONTAINER(self->results),
                          (GtkCallback) (void (*)(void)) gtk_widget_destroy, NULL);
    for (guint i = 0; i < attachments->len; i++)
        add_result(self, attachments, i);
    gtk_widget_set_visible(self->add, is_any_refused(attachments));
    gtk_widget_set_visible(self->elsewhere, is_any_orphan(attachments));
    show_trust(self, attachments);
    gca_attachment_view_focus(GCA_ATTACHMENT_VIEW(first_of(self->results)));
}

/* A request folder itself, or where the file lies. */
static void
add_folder(GPtrArray *folders, const char *path)
{
    g_ptr_array_add(folders, g_file_test(path, G_FILE_TEST_IS_DIR) ? g_strdup(path)
                                                                   : g_path_get_dirname(path));
}

static GStrv
dup_list(GPtrArray *list)
{
    g_autoptr(GStrvBuilder) copy = g_strv_builder_new();

    for (guint i = 0; i < list->len; i++)
        g_strv_builder_add(copy, g_ptr_array_index(list, i));
    return g_strv_builder_end(copy);
}

static void
begin(GcaReturnedView *self)
{
    Wish *wish = g_new0(Wish, 1);
    const GcaWork work = {
        .lane = GCA_LANE_OTHER,
        .run = attach,
        .done = on_attached,
        .data = wish,
        .free_data = wish_free,
        .free_result = (GDestroyNotify) g_ptr_array_unref,
    };

    wish->paths = dup_list(self->paths);
    wish->taken = dup_list(self->taken);
    wish->ca = g_strdup(self->ca);
    wish->folders = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(wish->folders, gca_place_data("requests"));
    for (guint i = 0; i < self->paths->len; i++)
        add_folder(wish->folders, g_ptr_array_index(self->paths, i));
    if (self->further != NULL)
        g_ptr_array_add(wish->folders, g_strdup(self->further));
    gca_error_view_show(self->error_view, NULL);
    gtk_widget_hide(self->another);
    gtk_widget_show(self->checking);
    gca_task_start(self, &work, NULL);
}

/* ---- further files ---- */

static void
take_paths(GcaReturnedView *self, const char *const *paths)
{
    for (guint i = 0; paths[i] != NULL; i++) {
        if (!g_ptr_array_find_with_equal_func(self->paths, paths[i], g_str_equal, NULL))
            g_ptr_array_add(self->paths, g_strdup(paths[i]));
    }
    show_paths(self);
    begin(self);
}

gboolean
gca_returned_view_add(GcaReturnedView *self, const char *const *paths)
{
    if (!gtk_widget_get_visible(self->add) || gtk_widget_get_visible(self->checking))
        return FALSE;
    take_paths(self, paths);
    return TRUE;
}

static void
on_files_chosen(gpointer owner, const char *const *paths)
{
    take_paths(owner, paths);
}

static void
on_add(GcaReturnedView *self)
{
    gca_file_choice_ask_several(GTK_WIDGET(self), _("Further files from the CA"),
                                g_ptr_array_index(self->paths, 0), on_files_chosen);
}

static void
on_taken(GcaReturnedView *self, const char *sha256)
{
    g_ptr_array_add(self->taken, g_strdup(sha256));
    begin(self);
}

/* ---- elsewhere, and by whom else ---- */

static void
on_folder_chosen(gpointer owner, const char *path)
{
    GcaReturnedView *self = owner;

    g_free(self->further);
    self->further = g_strdup(path);
    begin(self);
}

static void
on_elsewhere(GcaReturnedView *self)
{
    gca_file_choice_ask(GTK_WIDGET(self), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
                        _("The request folder, or the folder that holds it"), NULL,
                        on_folder_chosen);
}

static void
on_ca_chosen(gpointer owner, const char *path)
{
    GcaReturnedView *self = owner;

    g_free(self->ca);
    self->ca = g_strdup(path);
    begin(self);
}

static void
on_trust(GcaReturnedView *self)
{
    gca_file_choice_ask(GTK_WIDGET(self), GTK_FILE_CHOOSER_ACTION_OPEN,
                        _("The certificate of a CA that you trust"),
                        g_ptr_array_index(self->paths, 0), on_ca_chosen);
}

/* ---- its making ---- */

static void
gca_returned_view_finalize(GObject *object)
{
    GcaReturnedView *self = GCA_RETURNED_VIEW(object);

    g_ptr_array_unref(self->paths);
    g_ptr_array_unref(self->taken);
    g_free(self->further);
    g_free(self->ca);
    G_OBJECT_CLASS(gca_returned_view_parent_class)->finalize(object);
}

static void
gca_returned_view_class_init(GcaReturnedViewClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->finalize = gca_returned_view_finalize;
    gtk_widget_class_set_template_from_resource(widget, "/tw/gca_toolkit/Wizard/returned-view.ui");
    gtk_widget_class_bind_template_child(widget, GcaReturnedView, content);
    gtk_widget_class_bind_template_child(widget, GcaReturnedView, error_place);
    gtk_widget_class_bind_template_child(widget, GcaReturnedView, file);
    gtk_widget_class_bind_template_child(widget, GcaReturnedView, checking);
    gtk_widget_class_bind_template_child(widget, GcaReturnedView, results);
    gtk_widget_class_bind_template_child(widget, GcaReturnedView, elsewhere);
    gtk_widget_class_bind_template_child(widget, GcaReturnedView, trust);
    gtk_widget_class_bind_template_child(widget, GcaReturnedView, trusted);
    gtk_widget_class_bind_template_child(widget, GcaReturnedView, add);
    gtk_widget_class_bind_template_child(widget, GcaReturnedView, another);
    gtk_widget_class_bind_template_callback(widget, on_add);
    gtk_widget_class_bind_template_callback(widget, on_elsewhere);
    gtk_widget_class_bind_template_callback(widget, on_trust);
}

static void
gca_returned_view_init(GcaReturnedView *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
    gca_exact_label_set_up(self->file);
    self->paths = g_ptr_array_new_with_free_func(g_free);
    self->taken = g_ptr_array_new_with_free_func(g_free);
    self->error_view = GCA_ERROR_VIEW(gca_error_view_new());
    gtk_container_add(GTK_CONTAINER(self->error_place), GTK_WIDGET(self->error_view));
    g_object_bind_property(self->error_view, "visible", self->error_place, "visible",
                           G_BINDING_SYNC_CREATE);
}

GtkWidget *
gca_returned_view_new(const char *const *paths)
{
    GcaReturnedView *self = g_object_new(GCA_TYPE_RETURNED_VIEW, NULL);

    /* the template was made before the adjustment */
    gtk_container_set_focus_vadjustment(
        self->content, gtk_scrolled_window_get_vadjustment(GTK_SCROLLED_WINDOW(self)));
    take_paths(self, paths);
    return GTK_WIDGET(self);
}
