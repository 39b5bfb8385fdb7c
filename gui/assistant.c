#include "config.h"

#include "gui/assistant.h"

#include "gui/busy-view.h"
#include "gui/focus.h"
#include "gui/step-list.h"
#include "gui/window-interaction.h"

#include <glib/gi18n.h>

struct _GcaAssistant {
    GtkBox parent;
    GtkBox *side;
    GtkLabel *whole; /* what all the steps are for */
    GtkLabel *title;
    GtkBox *error_place;
    GtkStack *pages;
    GtkStack *body; /* the pages, or that something is at work */
    GcaBusyView *busy;
    GtkButton *leave;
    GtkButton *back;
    GtkButton *next;

    GcaStepList *steps;
    GcaErrorView *error_view;
    GPtrArray *order; /* GcaAssistantPage *, borrowed from `pages` */
    guint current;
    GcaIsBegunFunc is_begun;
    gconstpointer draft;
    GcaWindowInteraction *interaction;
    GcaTask *task;      /* at work, or NULL */
    GcaWork work;       /* of it */
    guint focus_source; /* moves the focus once the page has its places; or 0 */
};

G_DEFINE_FINAL_TYPE(GcaAssistant, gca_assistant, GTK_TYPE_BOX)

enum { PROP_0, PROP_UNDER_WAY };

static guint closed_signal;

static GcaAssistantPage *
current_page(GcaAssistant *self)
{
    return g_ptr_array_index(self->order, self->current);
}

/* GTK leaves a button that can no longer be pressed as where the focus is in its row; Tab would
 * then skip those before it. */
static void
forget_focus(GtkWidget *button)
{
    GtkContainer *row = GTK_CONTAINER(gtk_widget_get_parent(button));

    if (!gtk_widget_get_sensitive(button) && gtk_container_get_focus_child(row) == button)
        gtk_container_set_focus_child(row, NULL);
}

static void
show_buttons(GcaAssistant *self)
{
    GcaAssistantPage *page = current_page(self);
    gboolean is_idle = self->task == NULL;
    gboolean is_complete = gca_assistant_page_is_complete(page);
    gboolean is_final = gca_assistant_page_is_final(page);
    gboolean is_last = self->current + 1 == self->order->len;

    gtk_button_set_label(self->next, gca_assistant_page_get_next_label(page));
    gtk_widget_set_sensitive(GTK_WIDGET(self->next), is_idle && is_complete);
    gtk_widget_set_visible(GTK_WIDGET(self->back), self->current > 0 && !is_final);
    gtk_widget_set_sensitive(GTK_WIDGET(self->back), is_idle);
    gtk_widget_set_visible(GTK_WIDGET(self->leave), !is_final && !(is_last && is_complete));
    gtk_widget_set_sensitive(GTK_WIDGET(self->leave), is_idle);
    forget_focus(GTK_WIDGET(self->next));
    g_object_notify(G_OBJECT(self), "under-way");
}

static GtkScrolledWindow *
view_of(GcaAssistantPage *page)
{
    return GTK_SCROLLED_WINDOW(gtk_widget_get_ancestor(GTK_WIDGET(page), GTK_TYPE_SCROLLED_WINDOW));
}

/* To the first thing to do, unless the page would be scrolled for it: what is to be read comes
 * first. */
static void
focus_first(GcaAssistant *self)
{
    GtkAdjustment *place = gtk_scrolled_window_get_vadjustment(view_of(current_page(self)));

    gtk_adjustment_set_value(place, 0);
    if (gca_focus_first(GTK_WIDGET(current_page(self))) && gtk_adjustment_get_value(place) == 0)
        return;
    gtk_widget_grab_focus(GTK_WIDGET(self->next));
    gtk_adjustment_set_value(place, 0);
}

/* GTK goes by the places of the widgets, which a new page does not have before it is laid out. */
static gboolean
move_focus(gpointer data)
{
    GcaAssistant *self = data;

    self->focus_source = 0;
    gtk_widget_grab_default(GTK_WIDGET(self->next)); /* Return in a field goes on */
    if (self->task == NULL)
        focus_first(self);
    return G_SOURCE_REMOVE;
}

static void
show_page(GcaAssistant *self, guint index)
{
    self->current = index;
    GcaAssistantPage *page = current_page(self);

    gca_error_view_show(self->error_view, NULL);
    gtk_label_set_text(self->title, gca_assistant_page_get_title(page));
    gtk_stack_set_visible_child(self->pages, GTK_WIDGET(view_of(page)));
    gca_step_list_set_current(self->steps, index);
    gtk_widget_grab_focus(GTK_WIDGET(self->next));
    gca_assistant_page_enter(page);
    show_buttons(self);
    g_clear_handle_id(&self->focus_source, g_source_remove);
    self->focus_source = g_idle_add_full(GDK_PRIORITY_REDRAW + 10, move_focus, self, NULL);
}

static void
move_to(GcaAssistant *self, guint index)
{
    gca_assistant_page_leave(current_page(self));
    show_page(self, index);
}

void
gca_assistant_advance(GcaAssistant *self)
{
    if (self->current + 1 < self->order->len)
        move_to(self, self->current + 1);
    else
        g_signal_emit(self, closed_signal, 0);
}

static void
on_next(GcaAssistant *self)
{
    gca_error_view_show(self->error_view, NULL);
    gca_assistant_page_apply(current_page(self));
}

static void
on_back(GcaAssistant *self)
{
    move_to(self, self->current - 1);
}

/* ---- while something is at work ---- */

static void
on_progress(GcaAssistant *self, guint done, guint total, const char *text)
{
    gca_busy_view_set_progress(self->busy, done, total);
    gca_busy_view_set_notice(self->busy, text, NULL);
}

/* A warning is for good; the rest says what is being done now. A reader that waits for its keys
 * cannot be told to stop. */
static void
on_notice(GcaAssistant *self, int kind, const char *text)
{
    const char *way_out =
        _("Now press the cancel key of the reader, which still waits for the PIN.");

    if (kind == GCA_NOTICE_WARNING && self->task == NULL)
        gca_error_view_warn(self->error_view, text);
    else
        gca_busy_view_set_notice(self->busy, text, kind == GCA_NOTICE_PIN_PAD ? way_out : NULL);
}

/* The page's own `done` may begin further work or leave the page. */
static void
on_done(gpointer owner, gpointer result, const GError *error)
{
    GcaAssistantPage *page = owner;
    GcaAssistant *self =
        GCA_ASSISTANT(gtk_widget_get_ancestor(GTK_WIDGET(page), GCA_TYPE_ASSISTANT));

    if (self == NULL)
        return;
    self->task = NULL;
    gca_busy_view_end(self->busy);
    gtk_stack_set_visible_child_name(self->body, "pages");
    show_buttons(self);
    gtk_widget_grab_focus(GTK_WIDGET(self->next));
    self->work.done(page, result, error);
}

void
gca_assistant_run(GcaAssistant *self, GcaAssistantPage *page, const GcaWork *work,
                  const char *sentence)
{
    GcaWork ours = *work;

    self->work = *work;
    ours.done = on_done;
    self->task = gca_task_start(page, &ours, GCA_INTERACTION(self->interaction));
    show_buttons(self);
    gtk_stack_set_visible_child_name(self->body, "busy");
    gca_busy_view_begin(self->busy, sentence);
}

static void
on_stopped(GcaAssistant *self)
{
    if (self->task != NULL)
        gca_task_cancel(self->task);
}

/* ---- its making ---- */

static void
get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
    g_value_set_boolean(value, gca_assistant_is_under_way(GCA_ASSISTANT(object)));
}

static void
gca_assistant_dispose(GObject *object)
{
    GcaAssistant *self = GCA_ASSISTANT(object);

    g_clear_handle_id(&self->focus_source, g_source_remove);
    g_clear_object(&self->interaction);
    g_clear_pointer(&self->order, g_ptr_array_unref);
    G_OBJECT_CLASS(gca_assistant_parent_class)->dispose(object);
}

static void
gca_assistant_class_init(GcaAssistantClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->dispose = gca_assistant_dispose;
    G_OBJECT_CLASS(class)->get_property = get_property;
    g_object_class_install_property(
        G_OBJECT_CLASS(class), PROP_UNDER_WAY,
        g_param_spec_boolean("under-way", NULL, NULL, FALSE,
                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
    closed_signal = g_signal_new("closed", GCA_TYPE_ASSISTANT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
    gtk_widget_class_set_template_from_resource(widget, "/tw/gca_toolkit/Wizard/assistant.ui");
    gtk_widget_class_bind_template_child(widget, GcaAssistant, side);
    gtk_widget_class_bind_template_child(widget, GcaAssistant, whole);
    gtk_widget_class_bind_template_child(widget, GcaAssistant, title);
    gtk_widget_class_bind_template_child(widget, GcaAssistant, error_place);
    gtk_widget_class_bind_template_child(widget, GcaAssistant, pages);
    gtk_widget_class_bind_template_child(widget, GcaAssistant, body);
    gtk_widget_class_bind_template_child(widget, GcaAssistant, busy);
    gtk_widget_class_bind_template_child(widget, GcaAssistant, leave);
    gtk_widget_class_bind_template_child(widget, GcaAssistant, back);
    gtk_widget_class_bind_template_child(widget, GcaAssistant, next);
    gtk_widget_class_bind_template_callback(widget, on_stopped);
    gtk_widget_class_bind_template_callback(widget, on_back);
    gtk_widget_class_bind_template_callback(widget, on_next);
}

static void
gca_assistant_init(GcaAssistant *self)
{
    g_type_ensure(GCA_TYPE_BUSY_VIEW);
    gtk_widget_init_template(GTK_WIDGET(self));
    self->order = g_ptr_array_new();
    self->steps = GCA_STEP_LIST(gca_step_list_new());
    gtk_container_add(GTK_CONTAINER(self->side), GTK_WIDGET(self->steps));
    gtk_widget_show(GTK_WIDGET(self->steps));
    self->error_view = GCA_ERROR_VIEW(gca_error_view_new());
    gtk_container_add(GTK_CONTAINER(self->error_place), GTK_WIDGET(self->error_view));
}

GtkWidget *
gca_assistant_new(GtkWindow *window, GcaIsBegunFunc is_begun, gconstpointer draft)
{
    GcaAssistant *self = g_object_new(GCA_TYPE_ASSISTANT, NULL);

    self->is_begun = is_begun;
    self->draft = draft;
    self->interaction = gca_window_interaction_new(window);
    g_object_bind_property(window, "title", self->whole, "label", G_BINDING_SYNC_CREATE);
    g_signal_connect_object(self->interaction, "progress", G_CALLBACK(on_progress), self,
                            G_CONNECT_SWAPPED);
    g_signal_connect_object(self->interaction, "notice", G_CALLBACK(on_notice), self,
                            G_CONNECT_SWAPPED);
    return GTK_WIDGET(self);
}

/* A page that is higher than the window can be scrolled. */
void
gca_assistant_add_page(GcaAssistant *self, GcaAssistantPage *page)
{
    GtkWidget *view = gtk_scrolled_window_new(NULL, NULL);

    gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(view), GTK_POLICY_NEVER,
                                   GTK_POLICY_AUTOMATIC);
    gtk_container_add(GTK_CONTAINER(view), GTK_WIDGET(page));
    gtk_widget_show(GTK_WIDGET(page));
    gtk_widget_show(view);
    gtk_container_add(GTK_CONTAINER(self->pages), view);
    gca_step_list_add(self->steps, gca_assistant_page_get_title(page));
    g_ptr_array_add(self->order, page);
    atk_object_set_name(gtk_widget_get_accessible(GTK_WIDGET(page)),
                        gca_assistant_page_get_title(page));
    g_signal_connect_object(page, "notify::complete", G_CALLBACK(show_buttons), self,
                            G_CONNECT_SWAPPED);
    g_signal_connect_object(page, "notify::next-label", G_CALLBACK(show_buttons), self,
                            G_CONNECT_SWAPPED);
}

void
gca_assistant_begin(GcaAssistant *self, guint index)
{
    show_page(self, index);
}

gboolean
gca_assistant_is_under_way(GcaAssistant *self)
{
    return self->task != NULL ||
           (self->current + 1 < self->order->len && self->is_begun(self->draft));
}

const char *
gca_assistant_get_unsaved(GcaAssistant *self)
{
    return gca_assistant_page_get_unsaved(current_page(self));
}

void
gca_assistant_save(GcaAssistant *self)
{
    on_next(self);
}

GcaErrorView *
gca_assistant_get_error_view(GcaAssistant *self)
{
    return self->error_view;
}
