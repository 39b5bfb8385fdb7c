/* Papers for request folders: what they say is gathered, made and written beside the request. */
#pragma once

#include "base/contact.h"
#include "base/secret.h"
#include "csr/folder.h"
#include "letter/paper.h"

G_BEGIN_DECLS

typedef struct _GcaPaperwork GcaPaperwork;

typedef struct {
    const char *const *folders;
    GcaContact *contact; /* taken, whatever the outcome */
    const char *agency;  /* 機關全銜, in place of the folder's; or NULL */
    const char *oid;     /* in place of the folder's; or NULL */
    const char *date;    /* YYYY-MM-DD; NULL: today */
    gboolean is_bilingual;
} GcaPaperworkWish;

/* Reads the folders. Those of several profiles or agencies do not go into one letter (USAGE).
 * What is missing for the papers, gca_paper_list_faults tells. */
GcaPaperwork *gca_paperwork_new(const GcaPaperworkWish *wish, GError **error);
void gca_paperwork_free(GcaPaperwork *paperwork);

const GcaPaperWish *gca_paperwork_get_wish(const GcaPaperwork *paperwork);

/* GcaPage *, to be seen or printed: a form for each folder; the one page of the letter. They are
 * what is written below, and may outlive the paperwork. */
GPtrArray *gca_paperwork_make_forms(const GcaPaperwork *paperwork, GError **error);
GPtrArray *gca_paperwork_make_letter(const GcaPaperwork *paperwork, GError **error);

/* Each gives the paths written: form.pdf in each folder, letter.pdf and letter.txt in the first. An
 * earlier one there makes room. `output` (may be NULL) is another path for the PDF, never over a
 * file. */
GStrv gca_paperwork_write_forms(const GcaPaperwork *paperwork, const char *output, GError **error);
GStrv gca_paperwork_write_letter(const GcaPaperwork *paperwork, const char *output, GError **error);

/* FALSE where a sheet lies already (FILE): to be asked before a code is. */
gboolean gca_paperwork_check_code_sheet(const GcaPaperwork *paperwork, const char *output,
                                        GError **error);

/* code-sheet.pdf, 0600, in the one folder; never over an earlier one. */
GStrv gca_paperwork_write_code_sheet(const GcaPaperwork *paperwork, GcaSecret *code,
                                     const char *output, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaPaperwork, gca_paperwork_free)

G_END_DECLS
