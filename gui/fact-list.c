#include "config.h"

#include "gui/fact-list.h"

#include "base/text.h"
#include "gui/exact-label.h"

#define TITLE_CHARS 16
#define TEXT_CHARS 24 /* fewer would break what is to be compared */
#define LEAST_WIDTH 480

/* Not a GtkGrid: a screen reader is given the children of that in the opposite order. */
struct _GcaFactList {
    GtkBox parent;
    GtkSizeGroup *titles; /* as wide as the widest */
    gboolean is_narrow;   /* text so large that titles must stand above */
    gboolean is_selectable;
};

G_DEFINE_FINAL_TYPE(GcaFactList, gca_fact_list, GTK_TYPE_BOX)

enum { PROP_0, PROP_SELECTABLE };

static GtkWidget *
make_title(const GcaFactList *self, const char *text)
{
    GtkWidget *title = g_object_new(GTK_TYPE_LABEL, "label", text, "xalign", 0.0, "yalign", 0.0,
                                    "wrap", TRUE, "max-width-chars", TITLE_CHARS, NULL);

    gtk_style_context_add_class(gtk_widget_get_style_context(title), GTK_STYLE_CLASS_DIM_LABEL);
    gtk_size_group_add_widget(self->titles, title);
    return title;
}

static int
baseline_of(GtkWidget *label)
{
    return PANGO_PIXELS(pango_layout_get_baseline(gtk_label_get_layout(GTK_LABEL(label))));
}

/* Side by side their first lines stand on one base, whatever the scripts. To GTK_ALIGN_BASELINE
 * GTK gives too little height where a text has several lines. */
static void
arrange(GtkWidget *line, gpointer list)
{
    gboolean is_narrow = GCA_FACT_LIST(list)->is_narrow;
    g_autoptr(GList) parts = gtk_container_get_children(GTK_CONTAINER(line));
    GtkWidget *head = parts->data, *value = parts->next->data;
    int lower = is_narrow ? 0 : baseline_of(value) - baseline_of(head);

    gtk_orientable_set_orientation(GTK_ORIENTABLE(line), is_narrow ? GTK_ORIENTATION_VERTICAL
                                                                   : GTK_ORIENTATION_HORIZONTAL);
    gtk_box_set_spacing(GTK_BOX(line), is_narrow ? 0 : 18);
    gtk_widget_set_margin_top(head, MAX(lower, 0));
    gtk_widget_set_margin_top(value, MAX(-lower, 0));
}

void
gca_fact_list_add(GcaFactList *self, const char *title, const char *text)
{
    if (text == NULL)
        return;
    GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 18);
    GtkWidget *head = make_title(self, title);
    GtkWidget *value = gca_exact_label_new(text);

    gtk_label_set_selectable(GTK_LABEL(value), self->is_selectable);
    atk_object_add_relationship(gtk_widget_get_accessible(value), ATK_RELATION_LABELLED_BY,
                                gtk_widget_get_accessible(head));
    gtk_box_pack_start(GTK_BOX(line), head, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(line), value, TRUE, TRUE, 0);
    arrange(line, self);
    gtk_widget_show_all(line);
    gtk_container_add(GTK_CONTAINER(self), line);
}

void
gca_fact_list_add_outside(GcaFactList *self, const char *title, const char *text)
{
    g_autofree char *shown = text ? gca_text_escape(text) : NULL;

    gca_fact_list_add(self, title, shown);
}

void
gca_fact_list_clear(GcaFactList *self)
{
    gtk_container_foreach(GTK_CONTAINER(self), (GtkCallback) (void (*)(void)) gtk_widget_destroy,
                          NULL);
}

/* Of an empty list that is not shown yet GTK would keep “constant” when it is filled. */
static GtkSizeRequestMode
get_request_mode(GtkWidget *widget)
{
    return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
style_updated(GtkWidget *widget)
{
    GcaFactList *self = GCA_FACT_LIST(widget);
    PangoContext *context = gtk_widget_get_pango_context(widget);
    PangoFontMetrics *metrics = pango_context_get_metrics(context, NULL, NULL);
    int width = pango_font_metrics_get_approximate_char_width(metrics);

    pango_font_metrics_unref(metrics);
    self->is_narrow = PANGO_PIXELS(width) * (TITLE_CHARS + TEXT_CHARS) > LEAST_WIDTH;
    gtk_container_foreach(GTK_CONTAINER(self), arrange, self);
    GTK_WIDGET_CLASS(gca_fact_list_parent_class)->style_updated(widget);
}

static void
set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
    GCA_FACT_LIST(object)->is_selectable = g_value_get_boolean(value);
}

static void
gca_fact_list_finalize(GObject *object)
{
    g_object_unref(GCA_FACT_LIST(object)->titles);
    G_OBJECT_CLASS(gca_fact_list_parent_class)->finalize(object);
}

static void
gca_fact_list_class_init(GcaFactListClass *class)
{
    GObjectClass *object = G_OBJECT_CLASS(class);

    object->finalize = gca_fact_list_finalize;
    object->set_property = set_property;
    GTK_WIDGET_CLASS(class)->get_request_mode = get_request_mode;
    GTK_WIDGET_CLASS(class)->style_updated = style_updated;
    g_object_class_install_property(
        object, PROP_SELECTABLE,
        g_param_spec_boolean("selectable", NULL, NULL, TRUE,
                             G_PARAM_WRITABLE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS));
}

static void
gca_fact_list_init(GcaFactList *self)
{
    self->titles = gtk_size_group_new(GTK_SIZE_GROUP_HORIZONTAL);
    gtk_orientable_set_orientation(GTK_ORIENTABLE(self), GTK_ORIENTATION_VERTICAL);
    gtk_box_set_spacing(GTK_BOX(self), 6);
}

GtkWidget *
gca_fact_list_new(void)
{
    return g_object_new(GCA_TYPE_FACT_LIST, NULL);
}
