#include "config.h"

#include "gui/choice-row.h"

typedef struct {
    GtkWidget *mark; /* a child of the row; weak: NULL when that is gone */
} GcaChoiceRowPrivate;

G_DEFINE_TYPE_WITH_PRIVATE(GcaChoiceRow, gca_choice_row, GTK_TYPE_LIST_BOX_ROW)

/* The mark keeps its place where it is not seen. */
static void
show_whether_selected(GtkWidget *widget, GtkStateFlags before)
{
    GcaChoiceRowPrivate *private = gca_choice_row_get_instance_private(GCA_CHOICE_ROW(widget));
    gboolean is_selected = gtk_list_box_row_is_selected(GTK_LIST_BOX_ROW(widget));

    if (private->mark != NULL)
        gtk_widget_set_opacity(private->mark, is_selected ? 1 : 0);
}

/* GTK would select what is merely come by; which one it is, is for the user to say. */
static gboolean
focus_only(GtkWidget *widget, GtkDirectionType direction)
{
    if (gtk_widget_has_focus(widget))
        return FALSE;
    gtk_widget_grab_focus(widget);
    return TRUE;
}

static void
gca_choice_row_dispose(GObject *object)
{
    GcaChoiceRowPrivate *private = gca_choice_row_get_instance_private(GCA_CHOICE_ROW(object));

    g_clear_weak_pointer(&private->mark);
    G_OBJECT_CLASS(gca_choice_row_parent_class)->dispose(object);
}

static void
gca_choice_row_class_init(GcaChoiceRowClass *class)
{
    G_OBJECT_CLASS(class)->dispose = gca_choice_row_dispose;
    GTK_WIDGET_CLASS(class)->state_flags_changed = show_whether_selected;
    GTK_WIDGET_CLASS(class)->focus = focus_only;
}

static void
gca_choice_row_init(GcaChoiceRow *self)
{
}

void
gca_choice_row_set_mark(GcaChoiceRow *self, GtkWidget *mark)
{
    GcaChoiceRowPrivate *private = gca_choice_row_get_instance_private(self);

    g_set_weak_pointer(&private->mark, mark);
    show_whether_selected(GTK_WIDGET(self), 0);
}
