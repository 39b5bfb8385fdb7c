#include "config.h"

#include "gui/pages/account/account-row.h"

#include "base/text.h"
#include "gui/exact-label.h"
#include "gui/fact-list.h"

#include <glib/gi18n.h>

struct _GcaAccountRow {
    GcaChoiceRow parent;
    GtkWidget *mark;
    GcaFactList *fields;
    GtkBox *caution;
    GtkLabel *stranger;
    GtkLabel *doubt;
    GtkLabel *advice;
    GcaAccount *account;
    GcaProfile *profile; /* or NULL */
};

G_DEFINE_FINAL_TYPE(GcaAccountRow, gca_account_row, GCA_TYPE_CHOICE_ROW)

static void
gca_account_row_finalize(GObject *object)
{
    GcaAccountRow *self = GCA_ACCOUNT_ROW(object);

    gca_account_unref(self->account);
    g_clear_pointer(&self->profile, gca_profile_unref);
    G_OBJECT_CLASS(gca_account_row_parent_class)->finalize(object);
}

static void
gca_account_row_class_init(GcaAccountRowClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->finalize = gca_account_row_finalize;
    gtk_widget_class_set_template_from_resource(widget, "/tw/gca_toolkit/Wizard/account-row.ui");
    gtk_widget_class_bind_template_child(widget, GcaAccountRow, mark);
    gtk_widget_class_bind_template_child(widget, GcaAccountRow, fields);
    gtk_widget_class_bind_template_child(widget, GcaAccountRow, caution);
    gtk_widget_class_bind_template_child(widget, GcaAccountRow, stranger);
    gtk_widget_class_bind_template_child(widget, GcaAccountRow, doubt);
    gtk_widget_class_bind_template_child(widget, GcaAccountRow, advice);
}

static void
gca_account_row_init(GcaAccountRow *self)
{
    g_type_ensure(GCA_TYPE_FACT_LIST);
    gtk_widget_init_template(GTK_WIDGET(self));
    gca_choice_row_set_mark(GCA_CHOICE_ROW(self), self->mark);
}

static const char *
describe_key(const GcaAccount *account, const char *advice)
{
    if (gca_account_get_key_path(account) == NULL)
        return _("none beside it");
    if (gca_account_get_key_trouble(account) != NULL)
        return _("of no use");
    return advice ? _("not readable for you") : _("readable");
}

static char *
dup_client(const GcaAccount *account)
{
    const char *client = gca_account_get_client(account);
    const char *server = gca_account_get_server(account);

    return client && server ? g_strdup_printf(_("%s, with the server %s"), client, server)
                            : g_strdup(client);
}

static void
show_account(GcaAccountRow *self, const char *advice)
{
    const GcaAccount *account = self->account;
    g_autofree char *client = dup_client(account);

    gca_fact_list_add_outside(self->fields, _("Account URI"), gca_account_get_uri(account));
    gca_fact_list_add_outside(self->fields, _("Certification authority"),
                              self->profile ? gca_profile_get_title(self->profile)
                                            : _("none that this program knows"));
    gca_fact_list_add_outside(self->fields, _("E-mail"), gca_account_get_email(account));
    gca_fact_list_add_outside(self->fields, _("Client"), client);
    gca_fact_list_add_outside(self->fields, _("File"), gca_account_get_path(account));
    gca_fact_list_add_outside(self->fields, _("Account key"), describe_key(account, advice));
}

static void
show_cautions(GcaAccountRow *self, const char *advice, const GcaProfile *usual)
{
    const char *trouble = gca_account_get_key_trouble(self->account);
    const char *doubt = trouble ? trouble : gca_account_get_doubt(self->account);
    g_autofree char *stranger = NULL;

    if (self->profile == NULL)
        stranger = g_strdup_printf(_("This account belongs to no certification authority that "
                                     "this program knows. If it is chosen, the rules of “%s” are "
                                     "used."),
                                   gca_profile_get_title(usual));
    gca_exact_label_show_outside(self->stranger, stranger);
    gca_exact_label_show_outside(self->doubt, doubt);
    gca_exact_label_show_outside(self->advice, advice);
    gtk_widget_set_visible(GTK_WIDGET(self->caution), stranger || doubt || advice);
    if (stranger != NULL)
        atk_object_set_description(gtk_widget_get_accessible(GTK_WIDGET(self)), stranger);
}

GtkWidget *
gca_account_row_new(const GcaAccountEntry *entry, const GcaProfile *usual)
{
    GcaAccountRow *self = g_object_new(GCA_TYPE_ACCOUNT_ROW, NULL);
    g_autofree char *name = gca_text_escape(gca_account_get_uri(entry->account));

    self->account = gca_account_ref(entry->account);
    self->profile = entry->profile ? gca_profile_ref(entry->profile) : NULL;
    show_account(self, entry->advice);
    show_cautions(self, entry->advice, usual);
    atk_object_set_name(gtk_widget_get_accessible(GTK_WIDGET(self)), name);
    return GTK_WIDGET(self);
}

GcaProfile *
gca_account_row_get_profile(GcaAccountRow *self)
{
    return self->profile;
}

const char *
gca_account_row_get_where(GcaAccountRow *self)
{
    const char *path = gca_account_get_path(self->account);
    return path ? path : gca_account_get_uri(self->account);
}

gboolean
gca_account_row_is_typed(GcaAccountRow *self)
{
    return gca_account_get_path(self->account) == NULL;
}

gboolean
gca_account_row_is_of(GcaAccountRow *self, GcaAccount *account)
{
    const char *ours = gca_account_get_path(self->account), *theirs = gca_account_get_path(account);

    if (ours != NULL && theirs != NULL)
        return g_str_equal(ours, theirs);
    return gca_account_uri_equal(gca_account_get_uri(self->account), gca_account_get_uri(account));
}
