/* The work behind the page: the papers of one request folder, to be seen or written. */
#pragma once

#include "gui/application-draft.h"
#include "gui/task.h"
#include "letter/page.h"

G_BEGIN_DECLS

typedef struct {
    GcaPage *form;
    GcaPage *letter;
    char *letter_text;
} GcaPapers;

void gca_papers_free(GcaPapers *papers);

/* For gca_task_start, without `done`; each holds a copy of what it needs of `draft`, which has a
 * folder. The results: GcaPapers *; GStrv of the files written, form and letter in the folder; the
 * same for one of them in the file `output`. */
GcaWork gca_papers_work_show(const GcaApplicationDraft *draft, gboolean is_bilingual);
GcaWork gca_papers_work_save(const GcaApplicationDraft *draft, gboolean is_bilingual);
GcaWork gca_papers_work_save_form(const GcaApplicationDraft *draft, gboolean is_bilingual,
                                  const char *output);
GcaWork gca_papers_work_save_letter(const GcaApplicationDraft *draft, gboolean is_bilingual,
                                    const char *output);

G_END_DECLS
