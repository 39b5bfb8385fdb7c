/* A row of pages to be gone through: the steps at the side, one page, what went wrong on it, and
 * the way back and on. Emits "closed" at the end; before, the window's action "start" leaves it. */
#pragma once

#include "gui/assistant-page.h"
#include "gui/error-view.h"

G_BEGIN_DECLS

#define GCA_TYPE_ASSISTANT (gca_assistant_get_type())
G_DECLARE_FINAL_TYPE(GcaAssistant, gca_assistant, GCA, ASSISTANT, GtkBox)

/* Whether anything was entered or chosen that is given up with the draft. */
typedef gboolean (*GcaIsBegunFunc)(gconstpointer draft);

/* `window` is where dialogs stand; `draft` is what the pages share, and stays as long as they. */
GtkWidget *gca_assistant_new(GtkWindow *window, GcaIsBegunFunc is_begun, gconstpointer draft);

/* In the order in which they are gone through. */
void gca_assistant_add_page(GcaAssistant *assistant, GcaAssistantPage *page);

/* Shows the page at `index`, counted from 0: the first, unless the work was begun before. */
void gca_assistant_begin(GcaAssistant *assistant, guint index);

/* On to the next page; after the last one "closed". */
void gca_assistant_advance(GcaAssistant *assistant);

/* TRUE where something is at work, or begun and not at its last page: leaving should be asked.
 * Property "under-way", which is notified of. */
gboolean gca_assistant_is_under_way(GcaAssistant *assistant);

/* What would be lost with it that its page could save, or NULL (gca_assistant_page_set_unsaved);
 * and the page's way to do so. */
const char *gca_assistant_get_unsaved(GcaAssistant *assistant);
void gca_assistant_save(GcaAssistant *assistant);

/* For GcaAssistantPage. */
GcaErrorView *gca_assistant_get_error_view(GcaAssistant *assistant);
void gca_assistant_run(GcaAssistant *assistant, GcaAssistantPage *page, const GcaWork *work,
                       const char *sentence);

G_END_DECLS
