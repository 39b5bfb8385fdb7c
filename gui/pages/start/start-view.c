#include "config.h"

#include "gui/pages/start/start-view.h"

#include "base/place.h"
#include "flow/recent.h"
#include "gui/pages/start/recent-row.h"
#include "gui/task.h"

#define SHOWN_MAX 8 /* until all are asked for */

struct _GcaStartView {
    GtkBox parent;
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
    GtkWidget *more;
    GPtrArray *all; /* GcaRecent *; NULL until they are known */
};

G_DEFINE_FINAL_TYPE(GcaStartView, gca_start_view, GTK_TYPE_BOX)

/* ---- recent work ---- */

static gpointer
list_recent(gpointer parent, GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();

    return gca_recent_list(parent, 0, now);
}

static void
add_rows(GcaStartView *self, guint from, guint to)
{
    for (guint i = from; i < to; i++)
        gtk_container_add(GTK_CONTAINER(self->recent),
                          gca_recent_row_new(g_ptr_array_index(self->all, i)));
}

static void
on_more(GcaStartView *self)
{
    gtk_widget_hide(self->more);
    add_rows(self, SHOWN_MAX, self->all->len);
    gtk_widget_grab_focus(GTK_WIDGET(gtk_list_box_get_row_at_index(self->recent, SHOWN_MAX)));
}

/* A list without a selection has no place of its own for the focus. */
static gboolean
on_recent_mnemonic(GtkWidget *list)
{
    return gtk_widget_child_focus(list, GTK_DIR_TAB_FORWARD);
}

static void
on_listed(gpointer owner, gpointer result, const GError *error)
{
    GcaStartView *self = owner;

    self->all = g_ptr_array_ref(result);
    add_rows(self, 0, MIN(self->all->len, SHOWN_MAX));
    gtk_widget_set_visible(self->more, self->all->len > SHOWN_MAX);
    gtk_widget_set_visible(self->recent_box, self->all->len > 0);
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
on_frame(GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
    GcaStartView *self = GCA_START_VIEW(widget);

    if (gdk_frame_clock_get_frame_counter(clock) == 0)
        return G_SOURCE_CONTINUE;
    gtk_image_set_from_icon_name(self->prereg_icon, "gca-card-ok-symbolic", GTK_ICON_SIZE_DIALOG);
    gtk_image_set_from_icon_name(self->application_icon, "text-x-generic-symbolic",
                                 GTK_ICON_SIZE_DIALOG);
    look_for_recent(self);
    return G_SOURCE_REMOVE;
}

static void
on_row_activated(GtkListBox *list, GtkListBoxRow *row, GcaStartView *self)
{
    GActionGroup *actions = gtk_widget_get_action_group(GTK_WIDGET(self), "win");
    const char *path = gca_recent_row_get_path(GCA_RECENT_ROW(row));

    if (gca_recent_row_is_application(GCA_RECENT_ROW(row)))
        g_action_group_activate_action(actions, "application", g_variant_new_string(path));
    else
        g_action_group_activate_action(actions, "open", g_variant_new_bytestring_array(&path, 1));
}

/* ---- its making ---- */

static void
gca_start_view_finalize(GObject *object)
{
    g_clear_pointer(&GCA_START_VIEW(object)->all, g_ptr_array_unref);
    G_OBJECT_CLASS(gca_start_view_parent_class)->finalize(object);
}

static void
gca_start_view_class_init(GcaStartViewClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->finalize = gca_start_view_finalize;
    gtk_widget_class_set_template_from_resource(widget, "/tw/gca_toolkit/Wizard/start-view.ui");
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
    gtk_widget_class_bind_template_child(widget, GcaStartView, more);
    gtk_widget_class_bind_template_callback(widget, on_row_activated);
    gtk_widget_class_bind_template_callback(widget, on_recent_mnemonic);
    gtk_widget_class_bind_template_callback(widget, on_more);
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
    gtk_widget_add_tick_callback(GTK_WIDGET(self), on_frame, NULL, NULL);
}

GtkWidget *
gca_start_view_new(void)
{
    return g_object_new(GCA_TYPE_START_VIEW, NULL);
}
