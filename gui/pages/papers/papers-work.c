#include "config.h"

#include "gui/pages/papers/papers-work.h"

#include "base/error.h"
#include "flow/paperwork.h"

#include <glib/gi18n.h>

typedef struct {
    char *folder;
    GcaContact *contact;
    gboolean is_bilingual;
    char *output;
    GcaSecret *code;
} Wish;

static void
wish_free(gpointer data)
{
    Wish *wish = data;

    g_free(wish->folder);
    gca_contact_free(wish->contact);
    g_free(wish->output);
    g_clear_pointer(&wish->code, gca_secret_unref);
    g_free(wish);
}

static void
papers_free(gpointer data)
{
    GcaPapers *papers = data;

    g_clear_pointer(&papers->form, gca_page_free);
    g_clear_pointer(&papers->letter, gca_page_free);
    g_free(papers->form_text);
    g_free(papers->letter_text);
    g_clear_pointer(&papers->code_sheet, gca_page_free);
    g_free(papers);
}

static GcaPaperwork *
gather(const Wish *wish, GError **error)
{
    const char *const folders[] = {wish->folder, NULL};
    const GcaPaperworkWish parts = {
        .folders = folders,
        .contact = gca_contact_dup(wish->contact),
        .is_bilingual = wish->is_bilingual,
    };

    return gca_paperwork_new(&parts, error);
}

/* There is one folder: one form, one letter. */
static GcaPage *
take_page(GPtrArray *pages)
{
    return pages ? g_ptr_array_steal_index(pages, 0) : NULL;
}

static gpointer
show(gpointer data, GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    g_autoptr(GcaPaperwork) paperwork = gather(data, error);
    g_autoptr(GPtrArray) forms = paperwork ? gca_paperwork_make_forms(paperwork, error) : NULL;
    g_autoptr(GPtrArray) letters = forms ? gca_paperwork_make_letter(paperwork, error) : NULL;
    g_autofree char *form_text =
        letters ? gca_paper_make_form_text(gca_paperwork_get_wish(paperwork), error) : NULL;
    char *text =
        form_text ? gca_paper_make_letter_text(gca_paperwork_get_wish(paperwork), error) : NULL;

    if (text == NULL)
        return NULL;
    GcaPapers *papers = g_new0(GcaPapers, 1);
    papers->form = take_page(forms);
    papers->letter = take_page(letters);
    papers->form_text = g_steal_pointer(&form_text);
    papers->letter_text = text;
    return papers;
}

/* The message names the file. */
static void
tell_remedy(GError **error, const char *remedy)
{
    if (*error != NULL && gca_error_get_code(*error) == GCA_ERROR_FILE &&
        gca_error_get_hint(*error) == NULL)
        gca_error_set_hint(error, remedy);
}

static void
tell_remedy_for_paper(GError **error)
{
    tell_remedy(error, _("See that there is room on the disk and that you may write into that "
                         "folder; then try again. Or save the paper in another place with "
                         "“Save As…”."));
}

static gpointer
save_form(gpointer data, GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    const Wish *wish = data;
    g_autoptr(GcaPaperwork) paperwork = gather(wish, error);

    GStrv paths = paperwork ? gca_paperwork_write_forms(paperwork, wish->output, error) : NULL;

    if (paths == NULL)
        tell_remedy_for_paper(error);
    return paths;
}

static gpointer
save_letter(gpointer data, GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    const Wish *wish = data;
    g_autoptr(GcaPaperwork) paperwork = gather(wish, error);

    GStrv paths = paperwork ? gca_paperwork_write_letter(paperwork, wish->output, error) : NULL;

    if (paths == NULL)
        tell_remedy_for_paper(error);
    return paths;
}

static gpointer
save(gpointer data, GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    g_auto(GStrv) forms = save_form(data, interaction, cancel, error);
    g_auto(GStrv) letters = forms ? save_letter(data, interaction, cancel, error) : NULL;
    g_autoptr(GStrvBuilder) all = g_strv_builder_new();

    if (letters == NULL)
        return NULL;
    g_strv_builder_addv(all, (const char **) forms);
    g_strv_builder_addv(all, (const char **) letters);
    return g_strv_builder_end(all);
}

static GcaWork
make_work(const GcaApplicationDraft *draft, gboolean is_bilingual, const char *output)
{
    Wish *wish = g_new0(Wish, 1);

    wish->folder = g_strdup(gca_request_folder_get_path(draft->folder));
    wish->contact = gca_contact_dup(draft->contact);
    wish->is_bilingual = is_bilingual;
    wish->output = g_strdup(output);
    return (GcaWork){
        .lane = GCA_LANE_OTHER,
        .data = wish,
        .free_data = wish_free,
        .free_result = (GDestroyNotify) g_strfreev,
    };
}

GcaWork
gca_papers_work_show(const GcaApplicationDraft *draft, gboolean is_bilingual)
{
    GcaWork work = make_work(draft, is_bilingual, NULL);

    work.run = show;
    work.free_result = papers_free;
    return work;
}

GcaWork
gca_papers_work_save(const GcaApplicationDraft *draft, gboolean is_bilingual)
{
    GcaWork work = make_work(draft, is_bilingual, NULL);

    work.run = save;
    return work;
}

GcaWork
gca_papers_work_save_form(const GcaApplicationDraft *draft, gboolean is_bilingual,
                          const char *output)
{
    GcaWork work = make_work(draft, is_bilingual, output);

    work.run = save_form;
    return work;
}

GcaWork
gca_papers_work_save_letter(const GcaApplicationDraft *draft, gboolean is_bilingual,
                            const char *output)
{
    GcaWork work = make_work(draft, is_bilingual, output);

    work.run = save_letter;
    return work;
}

/* ---- the user code ---- */

static gpointer
check_code_sheet(gpointer data, GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    g_autoptr(GcaPaperwork) paperwork = gather(data, error);

    if (paperwork == NULL || !gca_paperwork_check_code_sheet(paperwork, NULL, error))
        return NULL;
    return g_steal_pointer(&paperwork);
}

static gpointer
make_code_sheet(gpointer data, GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    const Wish *wish = data;
    g_autoptr(GcaPaperwork) paperwork = gather(wish, error);
    GcaPage *page =
        paperwork ? gca_paper_make_code_sheet(gca_paperwork_get_wish(paperwork), wish->code, error)
                  : NULL;

    if (page == NULL)
        return NULL;
    GcaPapers *papers = g_new0(GcaPapers, 1);
    papers->code_sheet = page;
    return papers;
}

static gpointer
save_code_sheet(gpointer data, GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    const Wish *wish = data;
    g_autoptr(GcaPaperwork) paperwork = gather(wish, error);

    GStrv paths =
        paperwork ? gca_paperwork_write_code_sheet(paperwork, wish->code, NULL, error) : NULL;

    if (paths == NULL)
        tell_remedy(error, _("See that there is room on the disk and that you may write into that "
                             "folder; then try again. Or print the sheet, which needs no file."));
    return paths;
}

GcaWork
gca_papers_work_check_code_sheet(const GcaApplicationDraft *draft)
{
    GcaWork work = make_work(draft, FALSE, NULL);

    work.run = check_code_sheet;
    work.free_result = (GDestroyNotify) gca_paperwork_free;
    return work;
}

static GcaWork
make_code_work(const GcaApplicationDraft *draft, GcaSecret *code)
{
    GcaWork work = make_work(draft, FALSE, NULL);
    Wish *wish = work.data;

    wish->code = gca_secret_ref(code);
    return work;
}

GcaWork
gca_papers_work_make_code_sheet(const GcaApplicationDraft *draft, GcaSecret *code)
{
    GcaWork work = make_code_work(draft, code);

    work.run = make_code_sheet;
    work.free_result = papers_free;
    return work;
}

GcaWork
gca_papers_work_save_code_sheet(const GcaApplicationDraft *draft, GcaSecret *code)
{
    GcaWork work = make_code_work(draft, code);

    work.run = save_code_sheet;
    return work;
}
