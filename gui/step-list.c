#include "config.h"

#include "gui/step-list.h"

#include <glib/gi18n.h>

#define TITLE_CHARS 10 /* so wide on every page; more where the text is small */

struct _GcaStepList {
    GtkBox parent;
    GPtrArray *steps; /* Step * */
};

typedef struct {
    char *title;
    GtkImage *sign;
    GtkLabel *label;
} Step;

G_DEFINE_FINAL_TYPE(GcaStepList, gca_step_list, GTK_TYPE_BOX)

static void
step_free(gpointer data)
{
    Step *step = data;
    g_free(step->title);
    g_free(step);
}

static void
gca_step_list_finalize(GObject *object)
{
    g_ptr_array_unref(GCA_STEP_LIST(object)->steps);
    G_OBJECT_CLASS(gca_step_list_parent_class)->finalize(object);
}

static void
gca_step_list_class_init(GcaStepListClass *class)
{
    G_OBJECT_CLASS(class)->finalize = gca_step_list_finalize;
}

static void
gca_step_list_init(GcaStepList *self)
{
    self->steps = g_ptr_array_new_with_free_func(step_free);
    gtk_orientable_set_orientation(GTK_ORIENTABLE(self), GTK_ORIENTATION_VERTICAL);
    gtk_box_set_spacing(GTK_BOX(self), 12);
    atk_object_set_name(gtk_widget_get_accessible(GTK_WIDGET(self)), _("Steps"));
}

GtkWidget *
gca_step_list_new(void)
{
    return g_object_new(GCA_TYPE_STEP_LIST, NULL);
}

/* It stands on the first line of the text, as large as that. */
static void
fit_sign(const Step *step)
{
    PangoLayout *layout = gtk_label_get_layout(step->label);
    PangoRectangle line;

    pango_layout_line_get_pixel_extents(pango_layout_get_line_readonly(layout, 0), NULL, &line);
    gtk_image_set_pixel_size(step->sign, line.height * 4 / 5);
    gtk_widget_set_size_request(GTK_WIDGET(step->sign), line.height, line.height);
}

void
gca_step_list_add(GcaStepList *self, const char *title)
{
    GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    Step *step = g_new0(Step, 1);

    step->title = g_strdup(title);
    step->sign = GTK_IMAGE(gtk_image_new());
    step->label = GTK_LABEL(gtk_label_new(title));
    gtk_label_set_xalign(step->label, 0);
    gtk_label_set_line_wrap(step->label, TRUE);
    gtk_label_set_line_wrap_mode(step->label, PANGO_WRAP_WORD_CHAR);
    gtk_label_set_width_chars(step->label, TITLE_CHARS);
    gtk_label_set_max_width_chars(step->label, TITLE_CHARS);
    gtk_widget_set_valign(GTK_WIDGET(step->sign), GTK_ALIGN_START);
    g_signal_connect_swapped(step->label, "style-updated", G_CALLBACK(fit_sign), step);
    gtk_container_add(GTK_CONTAINER(row), GTK_WIDGET(step->sign));
    gtk_box_pack_start(GTK_BOX(row), GTK_WIDGET(step->label), TRUE, TRUE, 0);
    gtk_container_add(GTK_CONTAINER(self), row);
    gtk_widget_show_all(row);
    fit_sign(step);
    g_ptr_array_add(self->steps, step);
}

static void
mark(const Step *step, const char *icon, const char *state, gboolean is_current)
{
    g_autoptr(PangoAttrList) attributes = pango_attr_list_new();
    g_autofree char *spoken = g_strdup_printf(_("%s (%s)"), step->title, state);
    GtkStyleContext *style = gtk_widget_get_style_context(GTK_WIDGET(step->label));

    if (is_current)
        pango_attr_list_insert(attributes, pango_attr_weight_new(PANGO_WEIGHT_BOLD));
    gtk_label_set_attributes(step->label, attributes);
    if (icon != NULL)
        gtk_image_set_from_icon_name(step->sign, icon, GTK_ICON_SIZE_MENU);
    else
        gtk_image_clear(step->sign);
    if (is_current)
        gtk_style_context_remove_class(style, "dim-label");
    else
        gtk_style_context_add_class(style, "dim-label");
    atk_object_set_name(gtk_widget_get_accessible(GTK_WIDGET(step->label)), spoken);
    atk_object_set_name(gtk_widget_get_accessible(GTK_WIDGET(step->sign)), state);
}

void
gca_step_list_set_current(GcaStepList *self, guint index)
{
    for (guint i = 0; i < self->steps->len; i++) {
        const Step *step = g_ptr_array_index(self->steps, i);
        if (i < index)
            mark(step, "object-select-symbolic", _("done"), FALSE);
        else if (i == index)
            mark(step, "go-next-symbolic", _("now"), TRUE);
        else
            mark(step, NULL, _("to come"), FALSE);
    }
}
