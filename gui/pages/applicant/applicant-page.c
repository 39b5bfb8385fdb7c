#include "config.h"

#include "base/error.h"
#include "gui/contact-form.h"
#include "gui/pages.h"
#include "letter/paper.h"
#include "profile/domain.h"

#include <glib/gi18n.h>

/* Stands for the key that is not made yet: what is asked here does not depend on it. */
#define ANY_FINGERPRINT "0000000000000000000000000000000000000000000000000000000000000000"

#define GCA_TYPE_APPLICANT_PAGE (gca_applicant_page_get_type())
G_DECLARE_FINAL_TYPE(GcaApplicantPage, gca_applicant_page, GCA, APPLICANT_PAGE, GcaAssistantPage)

struct _GcaApplicantPage {
    GcaAssistantPage parent;
    GcaContactForm *form;
    GcaApplicationDraft *draft;
    gboolean is_shown; /* the form holds more than the draft: what is wrong stays to be mended */
    char *agency;      /* which it was shown for */
};

G_DEFINE_FINAL_TYPE(GcaApplicantPage, gca_applicant_page, GCA_TYPE_ASSISTANT_PAGE)

static void
on_changed(GcaApplicantPage *self)
{
    gca_assistant_page_set_complete(GCA_ASSISTANT_PAGE(self),
                                    gca_contact_form_is_complete(self->form));
}

/* Half of it is kept, too: whoever goes back finds it again. */
static void
gca_applicant_page_leave(GcaAssistantPage *page)
{
    GcaApplicantPage *self = GCA_APPLICANT_PAGE(page);

    gca_contact_form_read(self->form, self->draft->contact, NULL);
}

/* What the papers will say must fit them now: once the request is made, it is too late. */
static gboolean
check_papers(const GcaApplicationDraft *draft, GError **error)
{
    g_auto(GStrv) names = gca_application_draft_list_hosts(draft);
    g_auto(GStrv) domains =
        gca_domains_parse_certificate(names[0] ? names[0] : "", NULL, draft->profile, error);
    g_autoptr(GDateTime) today = g_date_time_new_now_local();
    const GcaPaperCase one = {
        .agency_name = draft->agency,
        .agency_oid = draft->oid,
        .domain = domains ? domains[0] : NULL,
        .spki_sha256 = ANY_FINGERPRINT,
        .contact = draft->contact,
    };
    const GcaPaperWish wish = {
        .cases = &one,
        .n_cases = 1,
        .addressee = gca_profile_get_addressee(draft->profile),
        .date = today,
    };

    return domains != NULL && gca_paper_check(&wish, error);
}

static gpointer
save(gpointer contact, GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    return gca_contact_save(contact, error) ? contact : NULL;
}

/* To remember it is a comfort: what cannot be remembered is told, and the work goes on. */
static void
on_saved(gpointer owner, gpointer result, const GError *error)
{
    gca_assistant_page_advance(owner);
    if (error == NULL)
        return;
    g_autofree char *sentence =
        g_strdup_printf(_("The contact is not remembered for the next time: %s"), error->message);
    gca_assistant_page_warn(owner, sentence);
}

static void
gca_applicant_page_apply(GcaAssistantPage *page)
{
    GcaApplicantPage *self = GCA_APPLICANT_PAGE(page);
    g_autoptr(GError) error = NULL;

    if (!gca_contact_form_read(self->form, self->draft->contact, &error) ||
        !check_papers(self->draft, &error)) {
        gca_assistant_page_fail(page, error);
        return;
    }
    const GcaWork work = {
        .lane = GCA_LANE_OTHER,
        .run = save,
        .done = on_saved,
        .data = gca_contact_dup(self->draft->contact),
        .free_data = (GDestroyNotify) gca_contact_free,
    };
    gca_assistant_page_run(page, &work, _("Saving the contact for the next time…"));
}

static void
gca_applicant_page_enter(GcaAssistantPage *page)
{
    GcaApplicantPage *self = GCA_APPLICANT_PAGE(page);

    if (!self->is_shown || g_strcmp0(self->agency, self->draft->agency) != 0)
        gca_contact_form_show(self->form, self->draft->contact, self->draft->agency);
    if (!self->is_shown)
        gca_assistant_page_fail(page, self->draft->contact_trouble);
    self->is_shown = TRUE;
    g_free(self->agency);
    self->agency = g_strdup(self->draft->agency);
    on_changed(self);
}

static void
gca_applicant_page_finalize(GObject *object)
{
    g_free(GCA_APPLICANT_PAGE(object)->agency);
    gca_application_draft_unref(GCA_APPLICANT_PAGE(object)->draft);
    G_OBJECT_CLASS(gca_applicant_page_parent_class)->finalize(object);
}

static void
gca_applicant_page_class_init(GcaApplicantPageClass *class)
{
    GcaAssistantPageClass *page = GCA_ASSISTANT_PAGE_CLASS(class);

    G_OBJECT_CLASS(class)->finalize = gca_applicant_page_finalize;
    page->enter = gca_applicant_page_enter;
    page->leave = gca_applicant_page_leave;
    page->apply = gca_applicant_page_apply;
    gtk_widget_class_set_template_from_resource(GTK_WIDGET_CLASS(class),
                                                "/tw/gca_toolkit/Wizard/applicant-page.ui");
}

static void
gca_applicant_page_init(GcaApplicantPage *self)
{
    GtkWidget *form = gca_contact_form_new(gca_paper_dup_contact_fault);

    gtk_widget_init_template(GTK_WIDGET(self));
    self->form = GCA_CONTACT_FORM(form);
    gca_contact_form_set_needed(self->form, TRUE);
    gtk_container_add(GTK_CONTAINER(self), form);
    gtk_widget_show(form);
    g_signal_connect_swapped(form, "changed", G_CALLBACK(on_changed), self);
}

GcaAssistantPage *
gca_applicant_page_new(GcaApplicationDraft *draft)
{
    GcaApplicantPage *self = g_object_new(GCA_TYPE_APPLICANT_PAGE, NULL);

    self->draft = gca_application_draft_ref(draft);
    return GCA_ASSISTANT_PAGE(self);
}
