/* The pages, and in which order each kind of assistant has them. A page keeps a reference to the
 * draft; each stands in a folder of its own in pages/. */
#pragma once

#include "gui/application-draft.h"
#include "gui/assistant.h"
#include "gui/prereg-draft.h"

G_BEGIN_DECLS

/* Pre-registration */
GcaAssistantPage *gca_card_page_new(GcaPreregDraft *draft);
GcaAssistantPage *gca_account_page_new(GcaPreregDraft *draft);
GcaAssistantPage *gca_domains_page_new(GcaPreregDraft *draft);
GcaAssistantPage *gca_subject_page_new(GcaPreregDraft *draft);
GcaAssistantPage *gca_review_page_new(GcaPreregDraft *draft);
GcaAssistantPage *gca_result_page_new(GcaPreregDraft *draft);

/* Application by letter */
GcaAssistantPage *gca_agency_page_new(GcaApplicationDraft *draft);
GcaAssistantPage *gca_hosts_page_new(GcaApplicationDraft *draft);
GcaAssistantPage *gca_applicant_page_new(GcaApplicationDraft *draft);
GcaAssistantPage *gca_request_page_new(GcaApplicationDraft *draft);
GcaAssistantPage *gca_papers_page_new(GcaApplicationDraft *draft);

/* An assistant with its pages, at the first; at the papers where the draft has its folder. */
GtkWidget *gca_prereg_assistant_new(GtkWindow *window, GcaPreregDraft *draft);
GtkWidget *gca_application_assistant_new(GtkWindow *window, GcaApplicationDraft *draft);

G_END_DECLS
