#include "config.h"

#include "gui/contact-form.h"

#include "base/text.h"
#include "gui/field-error.h"

#include <glib/gi18n.h>

typedef struct {
    GcaContactField field;
    GtkEntry *entry;
    GcaFieldError *error;
    gboolean is_wrong;
} Row;

/* Not a GtkGrid: a screen reader is given the children of that in the opposite order. */
struct _GcaContactForm {
    GtkBox parent;
    GtkSizeGroup *heads; /* as wide as the widest */
    Row rows[GCA_CONTACT_N_FIELDS];
    GtkLabel *missing;
    GcaContactDemand *demand;
    gboolean is_needed;
    char *organization;
};

G_DEFINE_FINAL_TYPE(GcaContactForm, gca_contact_form, GTK_TYPE_BOX)

static guint changed_signal;

/* Beside the letters of _Cancel, _Back, _Next and _Sign. */
static const struct {
    const char *label;
    GtkInputPurpose purpose;
} looks[GCA_CONTACT_N_FIELDS] = {
    [GCA_CONTACT_NAME] = {N_("N_ame:"), GTK_INPUT_PURPOSE_NAME},
    [GCA_CONTACT_PURPOSE] = {N_("P_urpose of the certificate:"), GTK_INPUT_PURPOSE_FREE_FORM},
    [GCA_CONTACT_EMAIL] = {N_("_E-mail address:"), GTK_INPUT_PURPOSE_EMAIL},
    [GCA_CONTACT_POSTCODE] = {N_("P_ostcode:"), GTK_INPUT_PURPOSE_DIGITS},
    [GCA_CONTACT_ADDRESS] = {N_("Postal add_ress:"), GTK_INPUT_PURPOSE_FREE_FORM},
    [GCA_CONTACT_PHONE] = {N_("_Telephone number:"), GTK_INPUT_PURPOSE_PHONE},
    [GCA_CONTACT_FAX] = {N_("_Fax number:"), GTK_INPUT_PURPOSE_PHONE},
};

/* ---- what is thought of what was typed ---- */

/* What is to be said of it, or NULL. */
static char *
judge(GcaContactForm *self, GcaContactField field, const char *typed, GcaFieldState *state)
{
    g_autoptr(GcaContact) scratch = gca_contact_new();
    const char *organization = self->organization ? self->organization : "";
    const char *why = gca_contact_find_fault(field, typed);

    *state = GCA_FIELD_WRONG;
    if (why != NULL)
        return g_strdup_printf(_("This cannot be used: %s."), why);
    gca_contact_set(scratch, field, typed, NULL);
    if (gca_contact_get(scratch, field) == NULL)
        return NULL;
    if (self->demand != NULL)
        return self->demand(scratch, field, organization);
    *state = GCA_FIELD_NOTE;
    return gca_contact_dup_doubt(scratch, organization);
}

static void
check_row(GcaContactForm *self, Row *row)
{
    GcaFieldState state;
    g_autofree char *sentence = judge(self, row->field, gtk_entry_get_text(row->entry), &state);

    row->is_wrong = sentence != NULL && state == GCA_FIELD_WRONG;
    gca_field_error_show(row->error, state, sentence);
}

static gboolean
is_filled(const Row *row)
{
    g_autofree char *text = g_strstrip(g_strdup(gtk_entry_get_text(row->entry)));
    return *text != '\0';
}

static gboolean
needs(GcaContactForm *self, const Row *row)
{
    return self->is_needed && row->field != GCA_CONTACT_FAX;
}

/* Why it does not go on. */
static void
show_missing(GcaContactForm *self)
{
    GString *names = g_string_new(NULL);

    for (gsize i = 0; i < GCA_CONTACT_N_FIELDS; i++) {
        if (needs(self, &self->rows[i]) && !is_filled(&self->rows[i]))
            gca_text_add_item(names, gca_contact_field_to_string(self->rows[i].field));
    }
    g_autofree char *sentence = g_strdup_printf(_("Still to be filled in: %s."), names->str);
    gtk_label_set_text(self->missing, names->len > 0 ? sentence : "");
    gtk_widget_set_visible(GTK_WIDGET(self->missing), names->len > 0);
    g_string_free(names, TRUE);
}

static void
on_changed(GtkEntry *entry, GcaContactForm *self)
{
    for (gsize i = 0; i < GCA_CONTACT_N_FIELDS; i++) {
        if (self->rows[i].entry == entry)
            check_row(self, &self->rows[i]);
    }
    show_missing(self);
    g_signal_emit(self, changed_signal, 0);
}

gboolean
gca_contact_form_is_complete(GcaContactForm *self)
{
    for (gsize i = 0; i < GCA_CONTACT_N_FIELDS; i++) {
        const Row *row = &self->rows[i];
        if (row->is_wrong || (needs(self, row) && !is_filled(row)))
            return FALSE;
    }
    return TRUE;
}

/* ---- in and out ---- */

void
gca_contact_form_set_needed(GcaContactForm *self, gboolean is_needed)
{
    const Row *fax = &self->rows[GCA_CONTACT_FAX];

    self->is_needed = is_needed;
    gtk_entry_set_placeholder_text(fax->entry, is_needed ? _("optional") : NULL);
    show_missing(self);
}

void
gca_contact_form_show(GcaContactForm *self, const GcaContact *contact, const char *organization)
{
    g_free(self->organization);
    self->organization = g_strdup(organization);
    for (gsize i = 0; i < GCA_CONTACT_N_FIELDS; i++) {
        const char *value = gca_contact_get(contact, self->rows[i].field);
        gtk_entry_set_text(self->rows[i].entry, value ? value : "");
        check_row(self, &self->rows[i]); /* the organisation may be another one */
    }
}

gboolean
gca_contact_form_read(GcaContactForm *self, GcaContact *contact, GError **error)
{
    for (gsize i = 0; i < GCA_CONTACT_N_FIELDS; i++) {
        const Row *row = &self->rows[i];
        if (!gca_contact_set(contact, row->field, gtk_entry_get_text(row->entry), error))
            return FALSE;
    }
    return TRUE;
}

/* ---- its making ---- */

static void
gca_contact_form_finalize(GObject *object)
{
    g_free(GCA_CONTACT_FORM(object)->organization);
    g_object_unref(GCA_CONTACT_FORM(object)->heads);
    G_OBJECT_CLASS(gca_contact_form_parent_class)->finalize(object);
}

static void
gca_contact_form_class_init(GcaContactFormClass *class)
{
    G_OBJECT_CLASS(class)->finalize = gca_contact_form_finalize;
    changed_signal = g_signal_new("changed", GCA_TYPE_CONTACT_FORM, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
}

static GtkWidget *
make_label(const char *text)
{
    return g_object_new(GTK_TYPE_LABEL, "label", text, "use-underline", TRUE, "xalign", 0.0, "wrap",
                        TRUE, "max-width-chars", 18, "visible", TRUE, NULL);
}

/* `head` beside `tail`. */
static GtkWidget *
add_line(GcaContactForm *self, GtkWidget *head, GtkWidget *tail)
{
    GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);

    gtk_size_group_add_widget(self->heads, head);
    gtk_box_pack_start(GTK_BOX(line), head, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(line), tail, TRUE, TRUE, 0);
    gtk_widget_show(head);
    gtk_container_add(GTK_CONTAINER(self), line);
    return line;
}

static void
add_row(GcaContactForm *self, GcaContactField field)
{
    Row *row = &self->rows[field];
    GtkWidget *label = make_label(_(looks[field].label));
    GtkWidget *entry =
        g_object_new(GTK_TYPE_ENTRY, "valign", GTK_ALIGN_CENTER, "visible", TRUE, "input-purpose",
                     looks[field].purpose, "activates-default", TRUE, NULL);
    GtkWidget *error = gca_field_error_new(entry);

    *row = (Row){field, GTK_ENTRY(entry), GCA_FIELD_ERROR(error), FALSE};
    gtk_label_set_mnemonic_widget(GTK_LABEL(label), entry);
    gtk_widget_show(add_line(self, label, entry));
    GtkWidget *below = add_line(self, gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0), error);
    g_object_bind_property(error, "visible", below, "visible", G_BINDING_SYNC_CREATE);
    g_signal_connect(entry, "changed", G_CALLBACK(on_changed), self);
}

static void
gca_contact_form_init(GcaContactForm *self)
{
    GtkWidget *missing = g_object_new(GTK_TYPE_LABEL, "xalign", 0.0, "wrap", TRUE, "wrap-mode",
                                      PANGO_WRAP_WORD_CHAR, "max-width-chars", 60, NULL);

    self->heads = gtk_size_group_new(GTK_SIZE_GROUP_HORIZONTAL);
    gtk_orientable_set_orientation(GTK_ORIENTABLE(self), GTK_ORIENTATION_VERTICAL);
    gtk_box_set_spacing(GTK_BOX(self), 6);
    for (gsize i = 0; i < GCA_CONTACT_N_FIELDS; i++)
        add_row(self, (GcaContactField) i);
    self->missing = GTK_LABEL(missing);
    gtk_container_add(GTK_CONTAINER(self), missing);
}

GtkWidget *
gca_contact_form_new(GcaContactDemand *demand)
{
    GcaContactForm *self = g_object_new(GCA_TYPE_CONTACT_FORM, NULL);

    self->demand = demand;
    return GTK_WIDGET(self);
}
