#include "config.h"

#include "gui/field-error.h"

#include <glib/gi18n.h>

struct _GcaFieldError {
    GtkBox parent;
    GtkImage *sign;
    GtkLabel *sentence;
    GtkWidget *field; /* beside it, and as long there */
    gboolean is_wrong;
};

G_DEFINE_FINAL_TYPE(GcaFieldError, gca_field_error, GTK_TYPE_BOX)

static void
tell_field(GcaFieldError *self, gboolean is_wrong, const char *sentence)
{
    AtkObject *field = gtk_widget_get_accessible(self->field);

    atk_object_set_description(field, sentence);
    if (is_wrong != self->is_wrong)
        atk_object_notify_state_change(field, ATK_STATE_INVALID_ENTRY, is_wrong);
    self->is_wrong = is_wrong;
}

void
gca_field_error_show(GcaFieldError *self, GcaFieldState state, const char *sentence)
{
    gboolean is_wrong = sentence != NULL && state == GCA_FIELD_WRONG;
    const char *text = sentence ? sentence : "";

    if (is_wrong == self->is_wrong && g_str_equal(text, gtk_label_get_text(self->sentence)))
        return;
    gtk_widget_hide(GTK_WIDGET(self)); /* what appears is spoken, what only changes is not */
    gtk_image_set_from_icon_name(self->sign,
                                 is_wrong ? "dialog-error-symbolic" : "dialog-warning-symbolic",
                                 GTK_ICON_SIZE_MENU);
    atk_object_set_name(gtk_widget_get_accessible(GTK_WIDGET(self->sign)),
                        is_wrong ? _("Wrong") : _("Note"));
    gtk_label_set_text(self->sentence, text);
    tell_field(self, is_wrong, text);
    gtk_widget_set_visible(GTK_WIDGET(self), sentence != NULL);
}

void
gca_field_error_set_field(GcaFieldError *self, GtkWidget *field)
{
    self->field = field;
}

static void
gca_field_error_class_init(GcaFieldErrorClass *class)
{
}

static void
gca_field_error_init(GcaFieldError *self)
{
    GtkWidget *sign = gtk_image_new();
    GtkWidget *sentence = g_object_new(GTK_TYPE_LABEL, "xalign", 0.0, "wrap", TRUE, "wrap-mode",
                                       PANGO_WRAP_WORD_CHAR, "max-width-chars", 40, NULL);

    gtk_box_set_spacing(GTK_BOX(self), 6);
    gtk_widget_set_no_show_all(GTK_WIDGET(self), TRUE);
    gtk_widget_set_valign(sign, GTK_ALIGN_START);
    atk_object_set_role(gtk_widget_get_accessible(sentence), ATK_ROLE_NOTIFICATION);
    gtk_box_pack_start(GTK_BOX(self), sign, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(self), sentence, TRUE, TRUE, 0);
    gtk_widget_show(sign);
    gtk_widget_show(sentence);
    self->sign = GTK_IMAGE(sign);
    self->sentence = GTK_LABEL(sentence);
}

GtkWidget *
gca_field_error_new(GtkWidget *field)
{
    GcaFieldError *self = g_object_new(GCA_TYPE_FIELD_ERROR, NULL);

    gca_field_error_set_field(self, field);
    return GTK_WIDGET(self);
}
