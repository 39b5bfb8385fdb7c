#include "config.h"

#include "gui/exact-label.h"

#include "base/text.h"

void
gca_exact_label_set_up(GtkLabel *label)
{
    PangoAttrList *attributes = pango_attr_list_new();

    pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
    gtk_label_set_attributes(label, attributes);
    pango_attr_list_unref(attributes);
    gtk_label_set_selectable(label, TRUE);
    gtk_label_set_line_wrap(label, TRUE);
    gtk_label_set_line_wrap_mode(label, PANGO_WRAP_WORD_CHAR);
    gtk_label_set_max_width_chars(label, 60);
    gtk_label_set_xalign(label, 0);
    gtk_label_set_yalign(label, 0);
}

GtkWidget *
gca_exact_label_new(const char *text)
{
    GtkWidget *label = gtk_label_new(text);

    gca_exact_label_set_up(GTK_LABEL(label));
    gtk_widget_show(label);
    return label;
}

void
gca_exact_label_show_outside(GtkLabel *label, const char *text)
{
    g_autofree char *shown = text ? gca_text_escape(text) : NULL;

    gtk_label_set_text(label, shown ? shown : "");
    gtk_widget_set_visible(GTK_WIDGET(label), shown != NULL);
}
