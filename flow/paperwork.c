#include "config.h"

#include "flow/paperwork.h"

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "csr/csr.h"
#include "csr/key.h"
#include "profile/profile.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define FORM_FILE "form.pdf"
#define LETTER_FILE "letter.pdf"
#define LETTER_TEXT_FILE "letter.txt"
#define CODE_SHEET_FILE "code-sheet.pdf"
#define FIRST_YEAR 1912 /* 民國元年 */
#define PAPER_MODE 0644
#define SECRET_MODE 0600

struct _GcaPaperwork {
    GPtrArray *folders; /* GcaRequestFolder * */
    GcaProfile *profile;
    GcaPaperCase *cases;
    GDateTime *date;
    char *agency;
    char *oid;
    GcaContact *contact;
    GcaPaperWish wish;
};

void
gca_paperwork_free(GcaPaperwork *paperwork)
{
    g_ptr_array_unref(paperwork->folders);
    g_clear_pointer(&paperwork->profile, gca_profile_unref);
    g_clear_pointer(&paperwork->date, g_date_time_unref);
    g_free(paperwork->cases);
    g_free(paperwork->agency);
    g_free(paperwork->oid);
    gca_contact_free(paperwork->contact);
    g_free(paperwork);
}

/* What is printed is to be compared with the upload: the request itself must have that key. */
static gboolean
check_csr(const GcaRequestFolder *folder, GError **error)
{
    g_autofree char *path = gca_request_folder_dup_file(folder, GCA_FOLDER_CSR);
    g_autoptr(GBytes) bytes = gca_file_read(path, GCA_CSR_FILE_LIMIT, error);
    g_autoptr(X509_REQ) csr = bytes ? gca_csr_parse(bytes, path, error) : NULL;

    if (csr == NULL)
        return FALSE;
    g_autofree char *sha256 = gca_key_fingerprint(X509_REQ_get0_pubkey(csr));
    if (g_str_equal(sha256, gca_request_folder_get_spki_sha256(folder)))
        return TRUE;
    g_autofree char *shown = gca_text_escape(path);
    gca_error_set(error, GCA_ERROR_CHECK_FAILED,
                  _("“%s” is not the request that this folder was made with: its key is another."),
                  shown);
    return FALSE;
}

static gboolean
load_folders(GcaPaperwork *paperwork, const char *const *paths, GError **error)
{
    for (guint i = 0; paths[i] != NULL; i++) {
        GcaRequestFolder *folder = gca_request_folder_load(paths[i], error);
        if (folder == NULL)
            return FALSE;
        g_ptr_array_add(paperwork->folders, folder);
        if (!check_csr(folder, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
refuse_mixture(const GcaRequestFolder *a, const GcaRequestFolder *b, GError **error)
{
    g_autofree char *first = gca_text_escape(gca_request_folder_get_path(a));
    g_autofree char *second = gca_text_escape(gca_request_folder_get_path(b));

    gca_error_set(error, GCA_ERROR_USAGE,
                  _("“%s” and “%s” are of different agencies or CAs: they do not go into one "
                    "letter."),
                  first, second);
    gca_error_set_hint(error, _("Make a letter for each."));
    return FALSE;
}

/* All are one agency's and one CA's. */
static gboolean
check_unity(const GcaPaperwork *paperwork, GError **error)
{
    const GcaRequestFolder *first = g_ptr_array_index(paperwork->folders, 0);

    for (guint i = 1; i < paperwork->folders->len; i++) {
        const GcaRequestFolder *other = g_ptr_array_index(paperwork->folders, i);
        if (!g_str_equal(gca_request_folder_get_profile(first),
                         gca_request_folder_get_profile(other)) ||
            g_strcmp0(gca_request_folder_get_agency_oid(first),
                      gca_request_folder_get_agency_oid(other)) != 0)
            return refuse_mixture(first, other, error);
    }
    return TRUE;
}

static gboolean
take_date(GcaPaperwork *paperwork, const char *day, GError **error)
{
    g_autofree char *noon = day ? g_strconcat(day, "T12:00:00Z", NULL) : NULL;

    paperwork->date = noon ? gca_text_parse_time(noon) : g_date_time_new_now_local();
    if (paperwork->date != NULL && g_date_time_get_year(paperwork->date) >= FIRST_YEAR)
        return TRUE;
    g_autofree char *shown = gca_text_escape(day);
    gca_error_set(error, GCA_ERROR_USAGE,
                  _("“%s” is not a day of the form YYYY-MM-DD, such as 2026-11-21."), shown);
    return FALSE;
}

static void
gather_cases(GcaPaperwork *paperwork)
{
    paperwork->cases = g_new0(GcaPaperCase, paperwork->folders->len);
    for (guint i = 0; i < paperwork->folders->len; i++) {
        const GcaRequestFolder *folder = g_ptr_array_index(paperwork->folders, i);
        const char *name = gca_request_folder_get_agency_name(folder);
        paperwork->cases[i] = (GcaPaperCase){
            .agency_name = paperwork->agency ? paperwork->agency : name,
            .agency_oid =
                paperwork->oid ? paperwork->oid : gca_request_folder_get_agency_oid(folder),
            .domain = gca_request_folder_get_cn(folder),
            .spki_sha256 = gca_request_folder_get_spki_sha256(folder),
            .contact = paperwork->contact,
        };
    }
}

GcaPaperwork *
gca_paperwork_new(const GcaPaperworkWish *wish, GError **error)
{
    g_autoptr(GcaPaperwork) paperwork = g_new0(GcaPaperwork, 1);

    paperwork->folders = g_ptr_array_new_with_free_func((GDestroyNotify) gca_request_folder_free);
    paperwork->agency = g_strdup(wish->agency);
    paperwork->oid = g_strdup(wish->oid);
    paperwork->contact = wish->contact;
    if (!load_folders(paperwork, wish->folders, error) || !check_unity(paperwork, error) ||
        !take_date(paperwork, wish->date, error))
        return NULL;
    const GcaRequestFolder *first = g_ptr_array_index(paperwork->folders, 0);
    paperwork->profile = gca_profile_load(gca_request_folder_get_profile(first), error);
    if (paperwork->profile == NULL)
        return NULL;
    gather_cases(paperwork);
    paperwork->wish = (GcaPaperWish){
        .cases = paperwork->cases,
        .n_cases = paperwork->folders->len,
        .addressee = gca_profile_get_addressee(paperwork->profile),
        .date = paperwork->date,
        .is_bilingual = wish->is_bilingual,
    };
    return g_steal_pointer(&paperwork);
}

const GcaPaperWish *
gca_paperwork_get_wish(const GcaPaperwork *paperwork)
{
    return &paperwork->wish;
}

/* ---- pages ---- */

/* `page` (taken) alone; NULL for NULL. */
static GPtrArray *
list_page(GcaPage *page)
{
    if (page == NULL)
        return NULL;
    GPtrArray *pages = g_ptr_array_new_with_free_func((GDestroyNotify) gca_page_free);
    g_ptr_array_add(pages, page);
    return pages;
}

GPtrArray *
gca_paperwork_make_forms(const GcaPaperwork *paperwork, GError **error)
{
    return gca_paper_make_forms(&paperwork->wish, error);
}

GPtrArray *
gca_paperwork_make_letter(const GcaPaperwork *paperwork, GError **error)
{
    return list_page(gca_paper_make_letter(&paperwork->wish, error));
}

/* ---- writing ---- */

static const GcaRequestFolder *
get_folder(const GcaPaperwork *paperwork, guint index)
{
    return g_ptr_array_index(paperwork->folders, index);
}

/* A paper of ours makes room for a new one; what lies where the user points to does not. */
typedef gboolean (*Writer)(const char *path, GBytes *bytes, int mode, GError **error);

/* Writes and notes the path in `written`. */
static gboolean
save(Writer writer, const char *path, GBytes *bytes, GPtrArray *written, GError **error)
{
    if (!writer(path, bytes, PAPER_MODE, error))
        return FALSE;
    g_ptr_array_add(written, g_canonicalize_filename(path, NULL));
    return TRUE;
}

static gboolean
save_pdf(Writer writer, const char *path, GPtrArray *pages, const char *title, GPtrArray *written,
         GError **error)
{
    g_autoptr(GBytes) pdf = gca_pages_to_pdf(pages, title, error);
    return pdf != NULL && save(writer, path, pdf, written, error);
}

static GStrv
list_written(GPtrArray *written)
{
    g_ptr_array_add(written, NULL);
    return (GStrv) g_ptr_array_free(g_steal_pointer(&written), FALSE);
}

static gboolean
write_each_form(const GcaPaperwork *paperwork, GPtrArray *forms, GPtrArray *written, GError **error)
{
    for (guint i = 0; i < forms->len; i++) {
        g_autofree char *path = gca_request_folder_dup_file(get_folder(paperwork, i), FORM_FILE);
        g_autoptr(GPtrArray) one = g_ptr_array_new();
        g_ptr_array_add(one, g_ptr_array_index(forms, i));
        if (!save_pdf(gca_file_replace, path, one, paperwork->cases[i].domain, written, error))
            return FALSE;
    }
    return TRUE;
}

GStrv
gca_paperwork_write_forms(const GcaPaperwork *paperwork, const char *output, GError **error)
{
    g_autoptr(GPtrArray) forms = gca_paperwork_make_forms(paperwork, error);
    g_autoptr(GPtrArray) written = g_ptr_array_new_with_free_func(g_free);

    if (forms == NULL)
        return NULL;
    gboolean good = output != NULL ? save_pdf(gca_file_create, output, forms,
                                              paperwork->cases[0].domain, written, error)
                                   : write_each_form(paperwork, forms, written, error);
    return good ? list_written(g_steal_pointer(&written)) : NULL;
}

/* The text lies beside the PDF, under its name. */
static char *
text_path(const GcaPaperwork *paperwork, const char *output)
{
    if (output == NULL)
        return gca_request_folder_dup_file(get_folder(paperwork, 0), LETTER_TEXT_FILE);
    gsize stem = strlen(output) - (g_str_has_suffix(output, ".pdf") ? strlen(".pdf") : 0);
    return g_strdup_printf("%.*s.txt", (int) stem, output);
}

GStrv
gca_paperwork_write_letter(const GcaPaperwork *paperwork, const char *output, GError **error)
{
    g_autoptr(GPtrArray) pages = gca_paperwork_make_letter(paperwork, error);
    g_autoptr(GPtrArray) written = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *path =
        output ? g_strdup(output)
               : gca_request_folder_dup_file(get_folder(paperwork, 0), LETTER_FILE);
    g_autofree char *beside = text_path(paperwork, output);
    if (pages == NULL)
        return NULL;

    char *text = gca_paper_make_letter_text(&paperwork->wish, error);
    g_autoptr(GBytes) bytes = text ? g_bytes_new_take(text, strlen(text)) : NULL;
    Writer writer = output ? gca_file_create : gca_file_replace;
    if (bytes == NULL ||
        !save_pdf(writer, path, pages, paperwork->cases[0].agency_name, written, error) ||
        !save(writer, beside, bytes, written, error))
        return NULL;
    return list_written(g_steal_pointer(&written));
}

static char *
choose_code_sheet(const GcaPaperwork *paperwork, const char *output)
{
    return output ? g_strdup(output)
                  : gca_request_folder_dup_file(get_folder(paperwork, 0), CODE_SHEET_FILE);
}

gboolean
gca_paperwork_check_code_sheet(const GcaPaperwork *paperwork, const char *output, GError **error)
{
    g_autofree char *path = choose_code_sheet(paperwork, output);
    g_autofree char *shown = gca_text_escape(path);

    if (!g_file_test(path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK))
        return TRUE;
    gca_error_set(error, GCA_ERROR_FILE, _("“%s” exists already and is not written over."), shown);
    gca_error_set_hint(error, _("If that sheet's code is not used, remove the file first."));
    return FALSE;
}

GStrv
gca_paperwork_write_code_sheet(const GcaPaperwork *paperwork, GcaSecret *code, const char *output,
                               GError **error)
{
    g_autoptr(GPtrArray) pages =
        list_page(gca_paper_make_code_sheet(&paperwork->wish, code, error));
    g_autoptr(GPtrArray) written = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *path = choose_code_sheet(paperwork, output);
    if (pages == NULL)
        return NULL;

    g_autoptr(GBytes) pdf = gca_pages_to_pdf(pages, paperwork->cases[0].domain, error);
    if (pdf == NULL || !gca_file_create(path, pdf, SECRET_MODE, error))
        return NULL;
    g_ptr_array_add(written, g_canonicalize_filename(path, NULL));
    return list_written(g_steal_pointer(&written));
}
