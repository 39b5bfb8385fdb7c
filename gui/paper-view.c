#include "config.h"

#include "gui/paper-view.h"

#include <cairo.h>

#define MIN_WIDTH 240

struct _GcaPaperView {
    GtkDrawingArea parent;
    cairo_surface_t *drawn; /* the page, in points; or NULL */
};

G_DEFINE_FINAL_TYPE(GcaPaperView, gca_paper_view, GTK_TYPE_DRAWING_AREA)

gboolean
gca_paper_view_show(GcaPaperView *self, const GcaPage *page, GError **error)
{
    const cairo_rectangle_t sheet = {0, 0, GCA_PAGE_WIDTH, GCA_PAGE_HEIGHT};
    cairo_surface_t *surface = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, &sheet);
    cairo_t *cairo = cairo_create(surface);
    gboolean is_drawn = gca_page_draw(page, cairo, error);

    cairo_destroy(cairo);
    g_clear_pointer(&self->drawn, cairo_surface_destroy);
    if (is_drawn)
        self->drawn = surface;
    else
        cairo_surface_destroy(surface);
    gtk_widget_queue_draw(GTK_WIDGET(self));
    return is_drawn;
}

void
gca_paper_view_describe(GcaPaperView *self, const char *name, const char *description)
{
    AtkObject *accessible = gtk_widget_get_accessible(GTK_WIDGET(self));

    atk_object_set_name(accessible, name);
    atk_object_set_description(accessible, description);
}

/* White with black on it in every theme, as paper is. */
static gboolean
gca_paper_view_draw(GtkWidget *widget, cairo_t *cairo)
{
    GcaPaperView *self = GCA_PAPER_VIEW(widget);
    double scale = gtk_widget_get_allocated_width(widget) / GCA_PAGE_WIDTH;

    cairo_scale(cairo, scale, scale);
    cairo_rectangle(cairo, 0, 0, GCA_PAGE_WIDTH, GCA_PAGE_HEIGHT);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_fill_preserve(cairo);
    cairo_set_source_rgb(cairo, 0.5, 0.5, 0.5);
    cairo_stroke(cairo);
    if (self->drawn == NULL)
        return FALSE;
    cairo_set_source_surface(cairo, self->drawn, 0, 0);
    cairo_paint(cairo);
    return FALSE;
}

static GtkSizeRequestMode
gca_paper_view_get_request_mode(GtkWidget *widget)
{
    return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
gca_paper_view_get_preferred_width(GtkWidget *widget, int *minimum, int *natural)
{
    *minimum = MIN_WIDTH;
    *natural = (int) GCA_PAGE_WIDTH;
}

static void
gca_paper_view_get_preferred_height_for_width(GtkWidget *widget, int width, int *minimum,
                                              int *natural)
{
    *minimum = *natural = (int) (width * GCA_PAGE_HEIGHT / GCA_PAGE_WIDTH);
}

static void
gca_paper_view_get_preferred_height(GtkWidget *widget, int *minimum, int *natural)
{
    gca_paper_view_get_preferred_height_for_width(widget, MIN_WIDTH, minimum, natural);
}

static void
gca_paper_view_finalize(GObject *object)
{
    g_clear_pointer(&GCA_PAPER_VIEW(object)->drawn, cairo_surface_destroy);
    G_OBJECT_CLASS(gca_paper_view_parent_class)->finalize(object);
}

static void
gca_paper_view_class_init(GcaPaperViewClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->finalize = gca_paper_view_finalize;
    widget->draw = gca_paper_view_draw;
    widget->get_request_mode = gca_paper_view_get_request_mode;
    widget->get_preferred_width = gca_paper_view_get_preferred_width;
    widget->get_preferred_height = gca_paper_view_get_preferred_height;
    widget->get_preferred_height_for_width = gca_paper_view_get_preferred_height_for_width;
}

static void
gca_paper_view_init(GcaPaperView *self)
{
    atk_object_set_role(gtk_widget_get_accessible(GTK_WIDGET(self)), ATK_ROLE_IMAGE);
}

GtkWidget *
gca_paper_view_new(void)
{
    return g_object_new(GCA_TYPE_PAPER_VIEW, "visible", TRUE, NULL);
}
