#include "config.h"

#include "gui/pages/card/card-row.h"

#include "base/error.h"
#include "base/text.h"
#include "gui/exact-label.h"
#include "gui/fact-list.h"

#include <glib/gi18n.h>

struct _GcaCardRow {
    GcaChoiceRow parent;
    GtkWidget *mark;
    GcaFactList *fields;
    GtkLabel *note;
    GtkBox *refusal;
    GtkLabel *reason;
    GtkLabel *remedy;
    GcaSeat *seat;
};

G_DEFINE_FINAL_TYPE(GcaCardRow, gca_card_row, GCA_TYPE_CHOICE_ROW)

static void
gca_card_row_finalize(GObject *object)
{
    gca_seat_free(GCA_CARD_ROW(object)->seat);
    G_OBJECT_CLASS(gca_card_row_parent_class)->finalize(object);
}

static void
gca_card_row_class_init(GcaCardRowClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->finalize = gca_card_row_finalize;
    gtk_widget_class_set_template_from_resource(widget, "/tw/gca_toolkit/Wizard/card-row.ui");
    gtk_widget_class_bind_template_child(widget, GcaCardRow, mark);
    gtk_widget_class_bind_template_child(widget, GcaCardRow, fields);
    gtk_widget_class_bind_template_child(widget, GcaCardRow, note);
    gtk_widget_class_bind_template_child(widget, GcaCardRow, refusal);
    gtk_widget_class_bind_template_child(widget, GcaCardRow, reason);
    gtk_widget_class_bind_template_child(widget, GcaCardRow, remedy);
}

static void
gca_card_row_init(GcaCardRow *self)
{
    g_type_ensure(GCA_TYPE_FACT_LIST);
    gtk_widget_init_template(GTK_WIDGET(self));
    gca_choice_row_set_mark(GCA_CHOICE_ROW(self), self->mark);
}

static void
show_holder(GcaCardRow *self, const GcaHolder *holder)
{
    g_autofree char *from = gca_text_day(gca_holder_get_not_before(holder));
    g_autofree char *until = gca_text_day(gca_holder_get_not_after(holder));
    g_autofree char *valid = g_strdup_printf(_("%s to %s"), from, until);
    gboolean is_gca = gca_holder_kind_is_gca(gca_holder_get_kind(holder));

    gca_fact_list_add_outside(self->fields, is_gca ? _("Government agency") : _("Holder"),
                              gca_holder_get_organization(holder));
    gca_fact_list_add_outside(self->fields, _("OID"), gca_holder_get_oid(holder));
    gca_fact_list_add_outside(self->fields, _("Card number"), self->seat->number);
    gca_fact_list_add_outside(self->fields, _("Kind"),
                              gca_holder_kind_to_string(gca_holder_get_kind(holder)));
    gca_fact_list_add_outside(self->fields, _("Valid"), valid);
}

static void
show_refusal(GcaCardRow *self, const GError *error)
{
    const char *note = self->seat->renewal_note;

    gtk_widget_set_visible(GTK_WIDGET(self->refusal), error != NULL);
    gca_exact_label_show_outside(self->reason, error ? error->message : NULL);
    gca_exact_label_show_outside(self->remedy, gca_seat_get_remedy(self->seat));
    gca_exact_label_show_outside(self->note, error ? NULL : note);
}

static void
name_it(GcaCardRow *self)
{
    const GcaSeat *seat = self->seat;
    const char *where = seat->reader ? seat->reader : seat->label;
    g_autofree char *name =
        g_strjoin(", ", seat->holder ? gca_holder_get_organization(seat->holder) : _("Card"),
                  seat->number ? seat->number : where, seat->number ? where : NULL, NULL);
    g_autofree char *shown = gca_text_escape(name);

    atk_object_set_name(gtk_widget_get_accessible(GTK_WIDGET(self)), shown);
}

GtkWidget *
gca_card_row_new(const GcaSeat *seat)
{
    GcaCardRow *self = g_object_new(GCA_TYPE_CARD_ROW, NULL);
    const GError *error = seat->trouble ? seat->trouble : seat->refusal;

    self->seat = gca_seat_dup(seat);
    gca_fact_list_add_outside(self->fields, _("Card reader"), seat->reader);
    gca_fact_list_add_outside(self->fields, _("Token"), seat->label);
    if (seat->holder != NULL)
        show_holder(self, seat->holder);
    show_refusal(self, error);
    gtk_list_box_row_set_selectable(GTK_LIST_BOX_ROW(self), gca_seat_can_sign(seat));
    gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(self), gca_seat_can_sign(seat));
    name_it(self);
    return GTK_WIDGET(self);
}

const GcaSeat *
gca_card_row_get_seat(GcaCardRow *self)
{
    return self->seat;
}

gboolean
gca_seat_can_sign(const GcaSeat *seat)
{
    return seat->holder != NULL && seat->trouble == NULL && seat->refusal == NULL;
}

/* The hint of an expired one names but the place; the note is a sentence with it. */
const char *
gca_seat_get_remedy(const GcaSeat *seat)
{
    const GError *error = seat->trouble ? seat->trouble : seat->refusal;
    const char *hint = error ? gca_error_get_hint(error) : NULL;

    return hint && seat->renewal_note ? seat->renewal_note : hint;
}
