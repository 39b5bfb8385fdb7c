#include "config.h"

#include "gui/pages/start/start-view.h"

#include "base/place.h"
#include "flow/recent.h"
#include "gui/pages/start/recent-row.h"
#include "gui/task.h"

#define SHOWN_MAX 8

struct _GcaStartView {
    GtkScrolledWindow parent;
    GtkContainer *content;
    GtkWidget *prereg;
    GtkImage *prereg_icon;
    GtkLabel *prereg_title;
    GtkLabel *prereg_sentence;
    GtkWidget *application;
    GtkImage *application_icon;
    GtkLabel *application_title;
    GtkLabel *application_sentence;
    GtkWidget *recent_box;
    GtkListBox *recent;
    gboolean is_seen;
    guint after_seen; /* source */
};

G_DEFINE_FINAL_TYPE(GcaStartView, gca_start_view, GTK_TYPE_SCROLLED_WINDOW)

/* ---- recent work ---- */

static gpointer
list_recent(gpointer parent, GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();

    return gca_recent_list(parent, SHOWN_MAX, now);
}

static void
on_listed(gpointer owner, gpointer result, const GError *error)
{
    GcaStartView *self = owner;
    GPtrArray *list = result;

    for (guint i = 0; i < list->len; i++)
        gtk_container_add(GTK_CONTAINER(self->recent),
                          gca_recent_row_new(g_ptr_array_index(list, i)));
    gtk_widget_set_visible(self->recent_box, list->len > 0);
}

static void
look_for_recent(GcaStartView *self)
{
    const GcaWork work = {
        .lane = GCA_LANE_OTHER,
        .run = list_recent,
        .done = on_listed,
        .data = gca_place_data("requests"),
        .free_data = g_free,
        .free_result = (GDestroyNotify) g_ptr_array_unref,
    };

    gca_task_start(self, &work, NULL);
}

/* The first thing to be seen is the window. To draw SVG takes longer than all else that is in it.
 */
static gboolean
on_seen(gpointer data)
{
    GcaStartView *self = data;

    gtk_image_set_from_icon_name(self->prereg_icon, "gca-card-ok-symbolic", GTK_ICON_SIZE_DIALOG);
    gtk_image_set_from_icon_name(self->application_icon, "text-x-generic-symbolic",
                                 GTK_ICON_SIZE_DIALOG);
    look_for_recent(self);
    self->after_seen = 0;
    return G_SOURCE_REMOVE;
}

static gboolean
gca_start_view_draw(GtkWidget *widget, cairo_t *cairo)
{
    GcaStartView *self = GCA_START_VIEW(widget);

    if (!self->is_seen)
        self->after_seen = g_idle_add_full(G_PRIORITY_LOW, on_seen, self, NULL);
    self->is_seen = TRUE;
    return GTK_WIDGET_CLASS(gca_start_view_parent_class)->draw(widget, cairo);
}

static void
gca_start_view_destroy(GtkWidget *widget)
{
    g_clear_handle_id(&GCA_START_VIEW(widget)->after_seen, g_source_remove);
    GTK_WIDGET_CLASS(gca_start_view_parent_class)->destroy(widget);
}

static void
on_row_activated(GtkListBox *list, GtkListBoxRow *row, GcaStartView *self)
{
    GActionGroup *actions = gtk_widget_get_action_group(GTK_WIDGET(self), "win");
    const char *path = gca_recent_row_get_path(GCA_RECENT_ROW(row));

    if (gca_recent_row_is_application(GCA_RECENT_ROW(row)))
        g_action_group_activate_action(actions, "application", g_variant_new_string(path));
    else
        g_action_group_activate_action(actions, "open", g_variant_new_bytestring(path));
}

/* ---- its making ---- */

static void
gca_start_view_class_init(GcaStartViewClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

    widget->draw = gca_start_view_draw;
    widget->destroy = gca_start_view_destroy;
    gtk_widget_class_set_template_from_resource(widget, "/tw/gca_toolkit/Wizard/start-view.ui");
    gtk_widget_class_bind_template_child(widget, GcaStartView, content);
    gtk_widget_class_bind_template_child(widget, GcaStartView, prereg);
    gtk_widget_class_bind_template_child(widget, GcaStartView, prereg_icon);
    gtk_widget_class_bind_template_child(widget, GcaStartView, prereg_title);
    gtk_widget_class_bind_template_child(widget, GcaStartView, prereg_sentence);
    gtk_widget_class_bind_template_child(widget, GcaStartView, application);
    gtk_widget_class_bind_template_child(widget, GcaStartView, application_icon);
    gtk_widget_class_bind_template_child(widget, GcaStartView, application_title);
    gtk_widget_class_bind_template_child(widget, GcaStartView, application_sentence);
    gtk_widget_class_bind_template_child(widget, GcaStartView, recent_box);
    gtk_widget_class_bind_template_child(widget, GcaStartView, recent);
    gtk_widget_class_bind_template_callback(widget, on_row_activated);
}

/* A button with several labels has none that a screen reader would read. */
static void
name_choice(GtkWidget *button, GtkLabel *title, GtkLabel *sentence)
{
    AtkObject *accessible = gtk_widget_get_accessible(button);

    atk_object_set_name(accessible, gtk_label_get_text(title));
    atk_object_set_description(accessible, gtk_label_get_text(sentence));
}

static void
gca_start_view_init(GcaStartView *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
    name_choice(self->prereg, self->prereg_title, self->prereg_sentence);
    name_choice(self->application, self->application_title, self->application_sentence);
}

GtkWidget *
gca_start_view_new(void)
{
    GcaStartView *self = g_object_new(GCA_TYPE_START_VIEW, NULL);

    /* the template was made before the adjustment */
    gtk_container_set_focus_vadjustment(
        self->content, gtk_scrolled_window_get_vadjustment(GTK_SCROLLED_WINDOW(self)));
    return GTK_WIDGET(self);
}
