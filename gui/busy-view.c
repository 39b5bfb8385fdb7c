#include "config.h"

#include "gui/busy-view.h"

#define PULSE_MS 150

struct _GcaBusyView {
    GtkBox parent;
    GtkLabel *sentence;
    GtkProgressBar *bar;
    GtkLabel *notice;
    GtkWidget *stop;
    char *way_out;      /* what is said once it is stopped; or NULL */
    guint pulse_source; /* moves the bar where nothing is known of the progress; or 0 */
};

G_DEFINE_FINAL_TYPE(GcaBusyView, gca_busy_view, GTK_TYPE_BOX)

static guint stopped_signal;

static gboolean
pulse(gpointer data)
{
    gtk_progress_bar_pulse(GCA_BUSY_VIEW(data)->bar);
    return G_SOURCE_CONTINUE;
}

void
gca_busy_view_begin(GcaBusyView *self, const char *sentence)
{
    gtk_label_set_text(self->sentence, sentence);
    gca_busy_view_set_notice(self, "", NULL);
    gtk_progress_bar_set_fraction(self->bar, 0);
    gca_busy_view_end(self);
    self->pulse_source = g_timeout_add(PULSE_MS, pulse, self);
    gtk_widget_set_sensitive(self->stop, TRUE);
    gtk_widget_grab_focus(self->stop);
}

void
gca_busy_view_end(GcaBusyView *self)
{
    g_clear_handle_id(&self->pulse_source, g_source_remove);
}

void
gca_busy_view_set_progress(GcaBusyView *self, guint done, guint total)
{
    gca_busy_view_end(self); /* of the pulse: more is known now */
    gtk_progress_bar_set_fraction(self->bar, total > 0 ? (double) done / total : 0);
}

void
gca_busy_view_set_notice(GcaBusyView *self, const char *text, const char *way_out)
{
    gtk_label_set_text(self->notice, text);
    g_free(self->way_out);
    self->way_out = g_strdup(way_out);
}

static void
on_stop(GcaBusyView *self)
{
    gtk_widget_set_sensitive(self->stop, FALSE);
    if (self->way_out != NULL)
        gtk_label_set_text(self->notice, self->way_out);
    g_signal_emit(self, stopped_signal, 0);
}

static void
gca_busy_view_dispose(GObject *object)
{
    gca_busy_view_end(GCA_BUSY_VIEW(object));
    G_OBJECT_CLASS(gca_busy_view_parent_class)->dispose(object);
}

static void
gca_busy_view_finalize(GObject *object)
{
    g_free(GCA_BUSY_VIEW(object)->way_out);
    G_OBJECT_CLASS(gca_busy_view_parent_class)->finalize(object);
}

static void
gca_busy_view_class_init(GcaBusyViewClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->dispose = gca_busy_view_dispose;
    G_OBJECT_CLASS(class)->finalize = gca_busy_view_finalize;
    stopped_signal = g_signal_new("stopped", GCA_TYPE_BUSY_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
    gtk_widget_class_set_template_from_resource(widget, "/tw/gca_toolkit/Wizard/busy-view.ui");
    gtk_widget_class_bind_template_child(widget, GcaBusyView, sentence);
    gtk_widget_class_bind_template_child(widget, GcaBusyView, bar);
    gtk_widget_class_bind_template_child(widget, GcaBusyView, notice);
    gtk_widget_class_bind_template_child(widget, GcaBusyView, stop);
    gtk_widget_class_bind_template_callback(widget, on_stop);
}

static void
gca_busy_view_init(GcaBusyView *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
}
