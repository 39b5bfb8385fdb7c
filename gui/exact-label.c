#include "config.h"

#include "gui/exact-label.h"

#include "base/text.h"

/* “民國115年11月21日” stays on one line. */
static void
keep_dates(PangoAttrList *attributes, const char *text)
{
    g_autoptr(GRegex) date = g_regex_new("民國[0-9]+年[0-9]+月[0-9]+日", 0, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;

    for (g_regex_match(date, text, 0, &match); g_match_info_matches(match);
         g_match_info_next(match, NULL)) {
        PangoAttribute *whole = pango_attr_allow_breaks_new(FALSE);
        int start, end;
        g_match_info_fetch_pos(match, 0, &start, &end);
        whole->start_index = (guint) start;
        whole->end_index = (guint) end;
        pango_attr_list_insert(attributes, whole);
    }
}

void
gca_exact_label_set_up(GtkLabel *label)
{
    PangoAttrList *before = gtk_label_get_attributes(label);
    g_autoptr(PangoAttrList) attributes =
        before ? pango_attr_list_copy(before) : pango_attr_list_new();

    pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
    keep_dates(attributes, gtk_label_get_text(label));
    gtk_label_set_attributes(label, attributes);
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
