#include "config.h"

#include "gui/pages/start/recent-row.h"

#include <glib/gi18n.h>

struct _GcaRecentRow {
    GtkListBoxRow parent;
    char *path;
    gboolean is_application;
};

G_DEFINE_FINAL_TYPE(GcaRecentRow, gca_recent_row, GTK_TYPE_LIST_BOX_ROW)

const char *
gca_recent_row_get_path(GcaRecentRow *self)
{
    return self->path;
}

gboolean
gca_recent_row_is_application(GcaRecentRow *self)
{
    return self->is_application;
}

static void
gca_recent_row_finalize(GObject *object)
{
    g_free(GCA_RECENT_ROW(object)->path);
    G_OBJECT_CLASS(gca_recent_row_parent_class)->finalize(object);
}

static void
gca_recent_row_class_init(GcaRecentRowClass *class)
{
    G_OBJECT_CLASS(class)->finalize = gca_recent_row_finalize;
}

static void
gca_recent_row_init(GcaRecentRow *self)
{
}

static GtkWidget *
make_label(const char *text, gboolean is_dim)
{
    GtkWidget *label = g_object_new(GTK_TYPE_LABEL, "label", text, "xalign", 0.0, "wrap", TRUE,
                                    "wrap-mode", PANGO_WRAP_WORD_CHAR, NULL);

    if (is_dim)
        gtk_style_context_add_class(gtk_widget_get_style_context(label), "dim-label");
    return label;
}

static GtkWidget *
make_content(const GcaRecent *recent, const char *what, const char *line)
{
    GtkWidget *content = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
    GtkWidget *words = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    GtkWidget *icon = gtk_image_new_from_icon_name(
        recent->kind == GCA_RECENT_PREREG ? "gca-card-ok-symbolic" : "text-x-generic-symbolic",
        GTK_ICON_SIZE_LARGE_TOOLBAR);

    atk_object_set_name(gtk_widget_get_accessible(icon), what);
    g_object_set(content, "margin", 6, NULL);
    gtk_container_add(GTK_CONTAINER(words), make_label(recent->title, FALSE));
    gtk_container_add(GTK_CONTAINER(words), make_label(line, TRUE));
    gtk_container_add(GTK_CONTAINER(content), icon);
    gtk_container_add(GTK_CONTAINER(content), words);
    return content;
}

GtkWidget *
gca_recent_row_new(const GcaRecent *recent)
{
    GcaRecentRow *self = g_object_new(GCA_TYPE_RECENT_ROW, NULL);
    const char *what =
        recent->kind == GCA_RECENT_PREREG ? _("Pre-registration") : _("Application by letter");
    g_autofree char *line = g_strdup_printf(_("%s: %s"), what, recent->state);

    self->path = g_strdup(recent->path);
    self->is_application = recent->kind == GCA_RECENT_APPLICATION;
    gtk_container_add(GTK_CONTAINER(self), make_content(recent, what, line));
    gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(self), !recent->is_gone);
    atk_object_set_name(gtk_widget_get_accessible(GTK_WIDGET(self)), recent->title);
    atk_object_set_description(gtk_widget_get_accessible(GTK_WIDGET(self)), line);
    gtk_widget_show_all(GTK_WIDGET(self));
    return GTK_WIDGET(self);
}
