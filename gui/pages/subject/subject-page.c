#include "config.h"

#include "base/error.h"
#include "gui/contact-form.h"
#include "gui/exact-label.h"
#include "gui/field-error.h"
#include "gui/pages.h"
#include "gui/remembered.h"
#include "prereg/request.h"

#include <glib/gi18n.h>

#define GCA_TYPE_SUBJECT_PAGE (gca_subject_page_get_type())
G_DECLARE_FINAL_TYPE(GcaSubjectPage, gca_subject_page, GCA, SUBJECT_PAGE, GcaAssistantPage)

struct _GcaSubjectPage {
    GcaAssistantPage parent;
    GtkLabel *subject;
    GtkWidget *doubt_box;
    GtkLabel *doubt;
    GtkToggleButton *by_hand;
    GtkWidget *own_box;
    GtkEntry *own;
    GcaFieldError *own_error;
    GtkWidget *demand;
    GcaContactForm *contact;

    GcaPreregDraft *draft;
    char *holder; /* the DN that all this was asked for, or NULL */
};

G_DEFINE_FINAL_TYPE(GcaSubjectPage, gca_subject_page, GCA_TYPE_ASSISTANT_PAGE)

/* ---- what is kept between runs, read and written beside the window ---- */

typedef struct {
    char *profile;
    char *holder;
    char *subject; /* NULL: folded */
    GcaContact *contact;
} Memory;

static Memory *
memory_new(GcaSubjectPage *self)
{
    Memory *memory = g_new0(Memory, 1);

    memory->profile = g_strdup(gca_profile_get_name(self->draft->profile));
    memory->holder = g_strdup(self->holder);
    memory->subject = g_strdup(self->draft->subject);
    memory->contact = gca_contact_dup(self->draft->contact);
    return memory;
}

static void
memory_free(gpointer data)
{
    Memory *memory = data;

    g_free(memory->profile);
    g_free(memory->holder);
    g_free(memory->subject);
    gca_contact_free(memory->contact);
    g_free(memory);
}

static gpointer
recall(gpointer data, GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    const Memory *memory = data;
    char *subject = gca_remembered_dup_subject(memory->profile, memory->holder);

    return subject ? subject : g_strdup("");
}

/* What was typed meanwhile stays. */
static void
on_recalled(gpointer owner, gpointer result, const GError *error)
{
    GcaSubjectPage *self = owner;
    const char *subject = result;

    if (subject == NULL || *subject == '\0' || gtk_toggle_button_get_active(self->by_hand) ||
        !gtk_widget_get_mapped(GTK_WIDGET(self)))
        return;
    gtk_entry_set_text(self->own, subject);
    gtk_toggle_button_set_active(self->by_hand, TRUE);
}

static gpointer
keep(gpointer data, GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    const Memory *memory = data;
    gboolean is_kept =
        gca_contact_save(memory->contact, error) &&
        gca_remembered_set_subject(memory->profile, memory->holder, memory->subject, error);

    return is_kept ? data : NULL;
}

static void
on_kept(gpointer owner, gpointer result, const GError *error)
{
    if (error == NULL || g_error_matches(error, GCA_ERROR, GCA_ERROR_CANCELLED))
        return;
    g_autofree char *sentence = g_strdup_printf(
        _("Subject and contact will have to be given anew the next time: %s"), error->message);
    gca_assistant_page_warn(GCA_ASSISTANT_PAGE(owner), sentence);
}

static void
start(GcaSubjectPage *self, gpointer (*run)(gpointer, GcaInteraction *, GcaCancel *, GError **),
      void (*done)(gpointer, gpointer, const GError *), GDestroyNotify free_result)
{
    const GcaWork work = {GCA_LANE_OTHER, run, done, memory_new(self), memory_free, free_result};

    gca_task_start(self, &work, NULL);
}

/* ---- what is shown ---- */

static gboolean
has_own_subject(GcaSubjectPage *self, GError **error)
{
    g_autoptr(GcaName) name = gca_name_parse(gtk_entry_get_text(self->own), error);

    return name != NULL && gca_request_accepts_subject(name, error);
}

/* A field that is empty yet is not wrong. */
static gboolean
check_own_subject(GcaSubjectPage *self)
{
    g_autoptr(GError) fault = NULL;
    gboolean is_good = has_own_subject(self, &fault);

    if (gtk_entry_get_text_length(self->own) == 0)
        gca_field_error_show(self->own_error, GCA_FIELD_NOTE,
                             _("Type the subject, or untick the box above."));
    else
        gca_field_error_show(self->own_error, GCA_FIELD_WRONG, is_good ? NULL : fault->message);
    return is_good;
}

static void
judge(GcaSubjectPage *self)
{
    gboolean by_hand = gtk_toggle_button_get_active(self->by_hand);
    gboolean is_subject =
        by_hand ? check_own_subject(self) : gtk_widget_get_sensitive(GTK_WIDGET(self->by_hand));

    gca_assistant_page_set_complete(GCA_ASSISTANT_PAGE(self),
                                    is_subject && gca_contact_form_is_complete(self->contact));
}

static void
on_by_hand(GcaSubjectPage *self)
{
    gboolean by_hand = gtk_toggle_button_get_active(self->by_hand);

    gtk_widget_set_visible(self->own_box, by_hand);
    if (by_hand && gtk_widget_has_focus(GTK_WIDGET(self->by_hand)))
        gtk_widget_grab_focus(GTK_WIDGET(self->own));
    judge(self);
}

static void
on_own_changed(GcaSubjectPage *self)
{
    judge(self);
}

/* `sentence` NULL: nothing is to be said. */
static void
show_doubt(GcaSubjectPage *self, const char *sentence)
{
    gtk_label_set_text(self->doubt, sentence ? sentence : "");
    gtk_widget_set_visible(self->doubt_box, sentence != NULL);
}

/* Where the name cannot be folded, only the user can give it. */
static void
show_folded(GcaSubjectPage *self, const GcaName *dn)
{
    g_autoptr(GError) fault = NULL;
    gboolean unconfirmed = FALSE;
    g_autoptr(GcaName) name = gca_profile_fold(self->draft->profile, dn, &unconfirmed, &fault);

    gtk_widget_set_sensitive(GTK_WIDGET(self->by_hand), name != NULL);
    if (name == NULL) {
        gtk_label_set_text(self->subject, _("The card's name does not fit into a certificate."));
        show_doubt(self, fault->message);
        gtk_toggle_button_set_active(self->by_hand, TRUE);
        return;
    }
    g_autofree char *text = gca_name_to_string(name);
    g_autofree char *whole = g_strconcat(text, ",CN=", _("<domain>"), NULL);
    gtk_label_set_text(self->subject, whole);
    show_doubt(self, unconfirmed ? _("How the CA writes a local government's name is not "
                                     "published. Check it, and give another where the CA says so.")
                                 : NULL);
}

/* Another card: what was given by hand for the one before is not meant for it. */
static void
change_holder(GcaSubjectPage *self, const char *dn)
{
    if (self->holder != NULL)
        g_clear_pointer(&self->draft->subject, g_free);
    g_free(self->holder);
    self->holder = g_strdup(dn);
    gtk_entry_set_text(self->own, self->draft->subject ? self->draft->subject : "");
    gtk_toggle_button_set_active(self->by_hand, self->draft->subject != NULL);
    start(self, recall, on_recalled, g_free);
}

/* Where the CA has a form for it, what that asks for is asked here. */
static void
show_demand(GcaSubjectPage *self)
{
    gboolean has_form = gca_profile_get_page(self->draft->profile) != NULL;

    gtk_label_set_text(GTK_LABEL(self->demand),
                       has_form ? _("The CA's pre-registration form asks for all of this but the "
                                    "fax number.")
                                : _("What is left empty is left out of the request."));
    gca_contact_form_set_needed(self->contact, has_form);
}

static void
gca_subject_page_enter(GcaAssistantPage *page)
{
    GcaSubjectPage *self = GCA_SUBJECT_PAGE(page);
    const GcaHolder *holder = self->draft->seat->holder;
    const GcaName *dn = gca_holder_get_dn(holder);
    g_autofree char *text = gca_name_to_string(dn);

    if (self->holder == NULL)
        gca_assistant_page_fail(page, self->draft->contact_trouble);
    if (g_strcmp0(text, self->holder) != 0) {
        change_holder(self, text);
        gca_contact_form_show(self->contact, self->draft->contact,
                              gca_holder_get_organization(holder));
    }
    show_folded(self, dn);
    show_demand(self);
    judge(self);
}

/* ---- into the draft ---- */

static void
store(GcaSubjectPage *self)
{
    gca_prereg_draft_touch(self->draft);
    g_free(self->draft->subject);
    self->draft->subject = gtk_toggle_button_get_active(self->by_hand)
                               ? g_strdup(gtk_entry_get_text(self->own))
                               : NULL;
}

/* Going back, what is half typed does not get lost: the widgets keep it; what is right of it goes
 * with another card too. */
static void
gca_subject_page_leave(GcaAssistantPage *page)
{
    GcaSubjectPage *self = GCA_SUBJECT_PAGE(page);

    store(self);
    gca_contact_form_read(self->contact, self->draft->contact, NULL);
}

static void
gca_subject_page_apply(GcaAssistantPage *page)
{
    GcaSubjectPage *self = GCA_SUBJECT_PAGE(page);
    g_autoptr(GError) error = NULL;

    store(self);
    if (!gca_contact_form_read(self->contact, self->draft->contact, &error)) {
        gca_assistant_page_fail(page, error);
        return;
    }
    start(self, keep, on_kept, NULL);
    gca_assistant_page_advance(page);
}

/* ---- its making ---- */

static void
gca_subject_page_finalize(GObject *object)
{
    GcaSubjectPage *self = GCA_SUBJECT_PAGE(object);

    gca_prereg_draft_unref(self->draft);
    g_free(self->holder);
    G_OBJECT_CLASS(gca_subject_page_parent_class)->finalize(object);
}

static void
gca_subject_page_class_init(GcaSubjectPageClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);
    GcaAssistantPageClass *page = GCA_ASSISTANT_PAGE_CLASS(class);

    G_OBJECT_CLASS(class)->finalize = gca_subject_page_finalize;
    page->enter = gca_subject_page_enter;
    page->leave = gca_subject_page_leave;
    page->apply = gca_subject_page_apply;
    gtk_widget_class_set_template_from_resource(widget, "/tw/gca_toolkit/Wizard/subject-page.ui");
    gtk_widget_class_bind_template_child(widget, GcaSubjectPage, subject);
    gtk_widget_class_bind_template_child(widget, GcaSubjectPage, doubt_box);
    gtk_widget_class_bind_template_child(widget, GcaSubjectPage, doubt);
    gtk_widget_class_bind_template_child(widget, GcaSubjectPage, by_hand);
    gtk_widget_class_bind_template_child(widget, GcaSubjectPage, own_box);
    gtk_widget_class_bind_template_child(widget, GcaSubjectPage, own);
    gtk_widget_class_bind_template_child(widget, GcaSubjectPage, own_error);
    gtk_widget_class_bind_template_child(widget, GcaSubjectPage, demand);
    gtk_widget_class_bind_template_callback(widget, on_by_hand);
    gtk_widget_class_bind_template_callback(widget, on_own_changed);
}

static void
gca_subject_page_init(GcaSubjectPage *self)
{
    g_type_ensure(GCA_TYPE_FIELD_ERROR);
    gtk_widget_init_template(GTK_WIDGET(self));
    gca_field_error_set_field(self->own_error, GTK_WIDGET(self->own));
    gca_exact_label_set_up(self->subject);
    GtkWidget *form = gca_contact_form_new(NULL);
    self->contact = GCA_CONTACT_FORM(form);
    g_signal_connect_object(form, "changed", G_CALLBACK(judge), self, G_CONNECT_SWAPPED);
    gtk_widget_show(form);
    gtk_box_pack_start(GTK_BOX(self), form, FALSE, FALSE, 0);
}

GcaAssistantPage *
gca_subject_page_new(GcaPreregDraft *draft)
{
    GcaSubjectPage *self = g_object_new(GCA_TYPE_SUBJECT_PAGE, NULL);

    self->draft = gca_prereg_draft_ref(draft);
    return GCA_ASSISTANT_PAGE(self);
}
