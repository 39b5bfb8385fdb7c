#include "config.h"

#include "gui/error-view.h"

#include "base/error.h"
#include "gui/exact-label.h"
#include "gui/focus.h"

#include <glib/gi18n.h>

struct _GcaErrorView {
    GtkInfoBar parent;
    GtkImage *icon;
    GtkLabel *message;
    GtkLabel *hint;
    GtkExpander *more;
    GtkLabel *detail;
};

G_DEFINE_FINAL_TYPE(GcaErrorView, gca_error_view, GTK_TYPE_INFO_BAR)

static void
set_or_hide(GtkLabel *label, const char *text)
{
    gtk_label_set_text(label, text ? text : "");
    gtk_widget_set_visible(GTK_WIDGET(label), text != NULL);
}

static void
show(GcaErrorView *self, GtkMessageType type, const char *message, const char *hint,
     const char *detail)
{
    const char *icon =
        type == GTK_MESSAGE_ERROR ? "dialog-error-symbolic" : "dialog-warning-symbolic";

    gtk_info_bar_set_message_type(GTK_INFO_BAR(self), type);
    gtk_image_set_from_icon_name(self->icon, icon, GTK_ICON_SIZE_LARGE_TOOLBAR);
    atk_object_set_name(gtk_widget_get_accessible(GTK_WIDGET(self->icon)),
                        type == GTK_MESSAGE_ERROR ? _("Error") : _("Warning"));
    set_or_hide(self->message, message);
    set_or_hide(self->hint, hint);
    gtk_label_set_text(self->detail, detail ? detail : "");
    gtk_widget_set_visible(GTK_WIDGET(self->more), detail != NULL);
    gtk_expander_set_expanded(self->more, FALSE);
    atk_object_set_name(gtk_widget_get_accessible(GTK_WIDGET(self)), message);
    atk_object_set_description(gtk_widget_get_accessible(GTK_WIDGET(self)), hint ? hint : "");
    gtk_widget_show(GTK_WIDGET(self));
    gca_focus_tell(GTK_WIDGET(self->message));
}

void
gca_error_view_show(GcaErrorView *self, const GError *error)
{
    if (error == NULL)
        gtk_widget_hide(GTK_WIDGET(self));
    else
        show(self, GTK_MESSAGE_ERROR, error->message, gca_error_get_hint(error),
             gca_error_get_detail(error));
}

void
gca_error_view_warn(GcaErrorView *self, const char *sentence)
{
    show(self, GTK_MESSAGE_WARNING, sentence, NULL, NULL);
}

static void
gca_error_view_class_init(GcaErrorViewClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

    gtk_widget_class_set_template_from_resource(widget, "/tw/gca_toolkit/Wizard/error-view.ui");
    gtk_widget_class_bind_template_child(widget, GcaErrorView, icon);
    gtk_widget_class_bind_template_child(widget, GcaErrorView, message);
    gtk_widget_class_bind_template_child(widget, GcaErrorView, hint);
    gtk_widget_class_bind_template_child(widget, GcaErrorView, more);
    gtk_widget_class_bind_template_child(widget, GcaErrorView, detail);
}

/* There may be paths and commands in it. A dialog is as wide as it wants; a page gives it more. */
static void
set_up(GtkLabel *label)
{
    gca_exact_label_set_up(label);
    gtk_label_set_max_width_chars(label, 36);
}

static void
gca_error_view_init(GcaErrorView *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
    set_up(self->message);
    set_up(self->hint);
    set_up(self->detail);
}

GtkWidget *
gca_error_view_new(void)
{
    return g_object_new(GCA_TYPE_ERROR_VIEW, NULL);
}
