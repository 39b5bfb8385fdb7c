#include "config.h"

#include "gui/pages.h"

static GcaAssistantPage *(*const prereg_pages[])(GcaPreregDraft *) = {
    gca_card_page_new,    gca_account_page_new, gca_domains_page_new,
    gca_subject_page_new, gca_review_page_new,  gca_result_page_new,
};

static GcaAssistantPage *(*const application_pages[])(GcaApplicationDraft *) = {
    gca_agency_page_new,  gca_hosts_page_new,  gca_applicant_page_new,
    gca_request_page_new, gca_papers_page_new,
};

GtkWidget *
gca_prereg_assistant_new(GtkWindow *window, GcaPreregDraft *draft)
{
    GcaAssistant *assistant =
        GCA_ASSISTANT(gca_assistant_new(window, gca_prereg_draft_is_begun, draft));

    for (guint i = 0; i < G_N_ELEMENTS(prereg_pages); i++)
        gca_assistant_add_page(assistant, prereg_pages[i](draft));
    gca_assistant_begin(assistant, 0);
    return GTK_WIDGET(assistant);
}

GtkWidget *
gca_application_assistant_new(GtkWindow *window, GcaApplicationDraft *draft)
{
    GcaAssistant *assistant =
        GCA_ASSISTANT(gca_assistant_new(window, gca_application_draft_is_begun, draft));

    for (guint i = 0; i < G_N_ELEMENTS(application_pages); i++)
        gca_assistant_add_page(assistant, application_pages[i](draft));
    gca_assistant_begin(assistant, draft->folder ? G_N_ELEMENTS(application_pages) - 1 : 0);
    return GTK_WIDGET(assistant);
}
