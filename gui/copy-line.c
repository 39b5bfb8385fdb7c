#include "config.h"

#include "gui/copy-line.h"

#include "gui/copy-button.h"
#include "gui/exact-label.h"

void
gca_copy_line_add(GtkBox *lines, GtkSizeGroup *titles, const char *title, const char *shown,
                  const char *copy_name, const char *text)
{
    GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
    GtkWidget *value = gca_exact_label_new(shown);
    GtkWidget *head = g_object_new(GTK_TYPE_LABEL, "label", title, "xalign", 0.0, "yalign", 0.0,
                                   "visible", TRUE, NULL);

    gtk_style_context_add_class(gtk_widget_get_style_context(head), GTK_STYLE_CLASS_DIM_LABEL);
    gtk_style_context_add_class(gtk_widget_get_style_context(value), GTK_STYLE_CLASS_MONOSPACE);
    gtk_label_set_mnemonic_widget(GTK_LABEL(head), value);
    gtk_size_group_add_widget(titles, head);
    gtk_box_pack_start(GTK_BOX(line), head, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(line), value, TRUE, TRUE, 0);
    gtk_box_pack_start(GTK_BOX(line), gca_copy_button_new(copy_name, text), FALSE, FALSE, 0);
    gtk_widget_show(line);
    gtk_container_add(GTK_CONTAINER(lines), line);
}
