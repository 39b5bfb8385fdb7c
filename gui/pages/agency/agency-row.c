#include "config.h"

#include "gui/pages/agency/agency-row.h"

#include "base/text.h"

struct _GcaAgencyRow {
    GtkListBoxRow parent;
    char *oid;
    char *name;
};

G_DEFINE_FINAL_TYPE(GcaAgencyRow, gca_agency_row, GTK_TYPE_LIST_BOX_ROW)

const char *
gca_agency_row_get_oid(GcaAgencyRow *self)
{
    return self->oid;
}

const char *
gca_agency_row_get_name(GcaAgencyRow *self)
{
    return self->name;
}

static void
gca_agency_row_finalize(GObject *object)
{
    g_free(GCA_AGENCY_ROW(object)->oid);
    g_free(GCA_AGENCY_ROW(object)->name);
    G_OBJECT_CLASS(gca_agency_row_parent_class)->finalize(object);
}

static void
gca_agency_row_class_init(GcaAgencyRowClass *class)
{
    G_OBJECT_CLASS(class)->finalize = gca_agency_row_finalize;
}

static void
gca_agency_row_init(GcaAgencyRow *self)
{
}

static void
add_line(GtkBox *box, const char *text, gboolean is_dim)
{
    GtkWidget *label = gtk_label_new(text);

    gtk_label_set_xalign(GTK_LABEL(label), 0);
    gtk_label_set_line_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_line_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
    if (is_dim)
        gtk_style_context_add_class(gtk_widget_get_style_context(label), "dim-label");
    gtk_container_add(GTK_CONTAINER(box), label);
}

GtkWidget *
gca_agency_row_new(const GcaAgency *agency)
{
    GcaAgencyRow *self = g_object_new(GCA_TYPE_AGENCY_ROW, NULL);
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    g_autoptr(GcaName) dn = gca_name_parse(agency->dn, NULL);
    g_autofree char *shown_dn = dn ? gca_name_to_string(dn) : gca_text_escape(agency->dn);
    g_autofree char *oid = gca_text_escape(agency->oid);
    g_autofree char *name = gca_text_escape(agency->name);
    g_autofree char *spoken = g_strdup_printf("%s, OID %s", name, oid);

    self->oid = g_strdup(agency->oid);
    self->name = g_strdup(agency->name);
    g_object_set(box, "margin", 6, NULL);
    add_line(GTK_BOX(box), name, FALSE);
    add_line(GTK_BOX(box), oid, TRUE);
    add_line(GTK_BOX(box), shown_dn, TRUE);
    gtk_container_add(GTK_CONTAINER(self), box);
    atk_object_set_name(gtk_widget_get_accessible(GTK_WIDGET(self)), spoken);
    atk_object_set_description(gtk_widget_get_accessible(GTK_WIDGET(self)), shown_dn);
    gtk_widget_show_all(GTK_WIDGET(self));
    return GTK_WIDGET(self);
}
