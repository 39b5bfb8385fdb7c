#include "config.h"

#include "gui/pages/returned/finding-row.h"

#include <glib/gi18n.h>

static const struct {
    const char *icon;
    const char *word;
} looks[] = {
    [GCA_FINDING_OK] = {"object-select-symbolic", N_("good")},
    [GCA_FINDING_WARNING] = {"dialog-warning-symbolic", N_("note")},
    [GCA_FINDING_FAILED] = {"dialog-error-symbolic", N_("fault")},
    [GCA_FINDING_SKIPPED] = {"content-loading-symbolic", N_("not checked")},
};

static void
add_label(GtkBox *box, const char *text, gboolean is_bold)
{
    GtkWidget *label = g_object_new(GTK_TYPE_LABEL, "label", text, "xalign", 0.0, "wrap", TRUE,
                                    "wrap-mode", PANGO_WRAP_WORD_CHAR, "hexpand", TRUE, NULL);
    g_autoptr(PangoAttrList) attributes = pango_attr_list_new();

    /* a digest that is broken into lines is still to be compared */
    pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
    if (is_bold)
        pango_attr_list_insert(attributes, pango_attr_weight_new(PANGO_WEIGHT_BOLD));
    gtk_label_set_attributes(GTK_LABEL(label), attributes);
    gtk_container_add(GTK_CONTAINER(box), label);
}

GtkWidget *
gca_finding_row_new(const GcaFinding *finding)
{
    GtkWidget *row = gtk_list_box_row_new();
    GtkWidget *content = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
    GtkWidget *words = gtk_box_new(GTK_ORIENTATION_VERTICAL, 3);
    GtkWidget *icon =
        gtk_image_new_from_icon_name(looks[finding->state].icon, GTK_ICON_SIZE_LARGE_TOOLBAR);
    const char *word = _(looks[finding->state].word);
    g_autofree char *head = g_strdup_printf(_("%s: %s"), finding->title, word);
    g_autofree char *spoken = g_strjoin("\n", head, finding->text, finding->fix, NULL);

    gtk_widget_set_valign(icon, GTK_ALIGN_START);
    atk_object_set_name(gtk_widget_get_accessible(icon), word);
    add_label(GTK_BOX(words), head, TRUE);
    add_label(GTK_BOX(words), finding->text, FALSE);
    if (finding->fix != NULL) {
        g_autofree char *fix = g_strconcat("→ ", finding->fix, NULL);
        add_label(GTK_BOX(words), fix, FALSE);
    }
    g_object_set(content, "margin", 6, NULL);
    gtk_container_add(GTK_CONTAINER(content), icon);
    gtk_container_add(GTK_CONTAINER(content), words);
    gtk_container_add(GTK_CONTAINER(row), content);
    gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), FALSE);
    atk_object_set_name(gtk_widget_get_accessible(row), spoken);
    gtk_widget_show_all(row);
    return row;
}
