#include "config.h"

#include "gui/pages/returned/returned-view.h"

#include "base/place.h"
#include "base/text.h"
#include "flow/attach.h"
#include "gui/error-view.h"
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

    GcaErrorView *error_view;
    char *path;
};

G_DEFINE_FINAL_TYPE(GcaReturnedView, gca_returned_view, GTK_TYPE_SCROLLED_WINDOW)

/* ---- the check ---- */

typedef struct {
    char *path;
    GPtrArray *folders; /* NULL-terminated */
} Wish;

static void
wish_free(gpointer data)
{
    Wish *wish = data;

    g_free(wish->path);
    g_ptr_array_unref(wish->folders);
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
    const char *const paths[] = {wish->path, NULL};

    drop_missing(wish->folders);
    const GcaAttachWish parts = {
        .paths = paths,
        .folders = (const char *const *) wish->folders->pdata,
    };
    return gca_attach_run(&parts, error);
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

static void
on_attached(gpointer owner, gpointer result, const GError *error)
{
    GcaReturnedView *self = owner;
    GPtrArray *attachments = result;

    gtk_widget_hide(self->checking);
    gca_error_view_show(self->error_view, error);
    if (attachments == NULL)
        return;
    for (guint i = 0; i < attachments->len; i++)
        gtk_container_add(GTK_CONTAINER(self->results), gca_attachment_view_new(attachments, i));
    gtk_widget_set_visible(self->elsewhere, is_any_orphan(attachments));
    gca_focus_first(GTK_WIDGET(self->results));
}

/* `further` may be NULL. */
static void
begin(GcaReturnedView *self, const char *further)
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

    wish->path = g_strdup(self->path);
    wish->folders = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(wish->folders, gca_place_data("requests"));
    g_ptr_array_add(wish->folders, g_path_get_dirname(self->path));
    if (further != NULL)
        g_ptr_array_add(wish->folders, g_strdup(further));
    gtk_widget_show(self->checking);
    gca_task_start(self, &work, NULL);
}

/* ---- elsewhere ---- */

static void
on_folder_chosen(gpointer owner, const char *path)
{
    GcaReturnedView *self = owner;

    gtk_container_foreach(GTK_CONTAINER(self->results),
                          (GtkCallback) (void (*)(void)) gtk_widget_destroy, NULL);
    gtk_widget_hide(self->elsewhere);
    begin(self, path);
}

static void
on_elsewhere(GcaReturnedView *self)
{
    gca_file_choice_ask(GTK_WIDGET(self), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
                        _("The request folder, or the folder that holds it"), NULL,
                        on_folder_chosen);
}

/* ---- its making ---- */

static void
gca_returned_view_finalize(GObject *object)
{
    g_free(GCA_RETURNED_VIEW(object)->path);
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
    gtk_widget_class_bind_template_callback(widget, on_elsewhere);
}

static void
gca_returned_view_init(GcaReturnedView *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
    self->error_view = GCA_ERROR_VIEW(gca_error_view_new());
    gtk_container_add(GTK_CONTAINER(self->error_place), GTK_WIDGET(self->error_view));
    g_object_bind_property(self->error_view, "visible", self->error_place, "visible",
                           G_BINDING_SYNC_CREATE);
}

GtkWidget *
gca_returned_view_new(const char *path)
{
    GcaReturnedView *self = g_object_new(GCA_TYPE_RETURNED_VIEW, NULL);
    g_autofree char *shown = gca_text_escape(path);

    /* the template was made before the adjustment */
    gtk_container_set_focus_vadjustment(
        self->content, gtk_scrolled_window_get_vadjustment(GTK_SCROLLED_WINDOW(self)));
    self->path = g_strdup(path);
    gtk_label_set_text(self->file, shown);
    begin(self, NULL);
    return GTK_WIDGET(self);
}
