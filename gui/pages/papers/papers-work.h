/* The work behind the page: the papers of one request folder, to be seen or written. */
#pragma once

#include "base/secret.h"
#include "gui/application-draft.h"
#include "gui/task.h"
#include "letter/page.h"

G_BEGIN_DECLS

typedef struct {
    GcaPage *form;
    GcaPage *letter;
    char *form_text;
    char *letter_text;
    GcaPage *code_sheet; /* alone, where it was asked for */
} GcaPapers;

/* For gca_task_start, without `done`; each holds a copy of what it needs of `draft`, which has a
 * folder. The results: GcaPapers *; GStrv of the files written, form and letter in the folder; the
 * same for one of them in the file `output`. */
GcaWork gca_papers_work_show(const GcaApplicationDraft *draft, gboolean is_bilingual);
GcaWork gca_papers_work_save(const GcaApplicationDraft *draft, gboolean is_bilingual);
GcaWork gca_papers_work_save_form(const GcaApplicationDraft *draft, gboolean is_bilingual,
                                  const char *output);
GcaWork gca_papers_work_save_letter(const GcaApplicationDraft *draft, gboolean is_bilingual,
                                    const char *output);

/* For the sheet with the user code. FILE where one lies in the folder already, to be asked before
 * the code is; GcaPapers * with the sheet; GStrv of the file written. */
GcaWork gca_papers_work_check_code_sheet(const GcaApplicationDraft *draft);
GcaWork gca_papers_work_make_code_sheet(const GcaApplicationDraft *draft, GcaSecret *code);
GcaWork gca_papers_work_save_code_sheet(const GcaApplicationDraft *draft, GcaSecret *code);

G_END_DECLS
