/* One page of an assistant: widgets and four hooks. What is entered goes into the draft that its
 * kind of assistant shares among its pages; a page asks flow/ and decides nothing itself. */
#pragma once

#include "gui/task.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define GCA_TYPE_ASSISTANT_PAGE (gca_assistant_page_get_type())
G_DECLARE_DERIVABLE_TYPE(GcaAssistantPage, gca_assistant_page, GCA, ASSISTANT_PAGE, GtkBox)

/* All may be left out. */
struct _GcaAssistantPageClass {
    GtkBoxClass parent_class;

    /* It is shown now: fill it from the draft. */
    void (*enter)(GcaAssistantPage *page);
    /* It is no longer shown. */
    void (*leave)(GcaAssistantPage *page);
    /* “Next” was pressed: put what was entered into the draft and, now or when a task is done, call
     * gca_assistant_page_advance or gca_assistant_page_fail. Left out: advances. */
    void (*apply)(GcaAssistantPage *page);
};

/* Properties, for the template: "title" (of step and page), "next-label" (with mnemonic; “_Next”),
 * "complete" (TRUE: “Next” can be pressed), "final" (once here there is no way back). */

void gca_assistant_page_set_complete(GcaAssistantPage *page, gboolean is_complete);
void gca_assistant_page_set_next_label(GcaAssistantPage *page, const char *label);

/* What would be lost if the page were left, and “Next” would save it: a translated sentence, shown
 * when the user is about to; NULL (at first): nothing that is not entered easily again. */
void gca_assistant_page_set_unsaved(GcaAssistantPage *page, const char *sentence);
const char *gca_assistant_page_get_unsaved(GcaAssistantPage *page);

const char *gca_assistant_page_get_title(GcaAssistantPage *page);
const char *gca_assistant_page_get_next_label(GcaAssistantPage *page);
gboolean gca_assistant_page_is_complete(GcaAssistantPage *page);
gboolean gca_assistant_page_is_final(GcaAssistantPage *page);

/* What a page may ask of the assistant that it is in. */
void gca_assistant_page_advance(GcaAssistantPage *page);
void gca_assistant_page_fail(GcaAssistantPage *page, const GError *error); /* NULL: all is well */
void gca_assistant_page_warn(GcaAssistantPage *page, const char *sentence);

/* Runs `work` for the page (its owner) while the assistant shows `sentence`, progress and a button
 * to cancel; then `work->done`. */
void gca_assistant_page_run(GcaAssistantPage *page, const GcaWork *work, const char *sentence);

/* For the assistant. */
void gca_assistant_page_enter(GcaAssistantPage *page);
void gca_assistant_page_leave(GcaAssistantPage *page);
void gca_assistant_page_apply(GcaAssistantPage *page);

G_END_DECLS
