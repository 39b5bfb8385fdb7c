/* Pages to be seen are those that are written. */
#include "base/error.h"
#include "base/file.h"
#include "csr/csr.h"
#include "csr/key.h"
#include "flow/paperwork.h"

#include <glib/gstdio.h>

#define SUBJECT "C=TW,L=臺灣,O=行政院-測試署,CN=www.example.gov.tw"
#define DAY "2026-11-21"

typedef struct {
    char *parent;
    GcaRequestFolder *folders[2];
    GcaPaperwork *paperwork;
} Desk;

static GcaRequestFolder *
make_folder(const char *parent, const char *cn)
{
    const char *const names[] = {cn, NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(EVP_PKEY) key = gca_key_generate(2048, NULL);
    g_autoptr(GcaName) subject = gca_name_parse(SUBJECT, NULL);
    g_autoptr(X509_REQ) csr = gca_csr_new(key, subject, names, NULL);
    g_autoptr(GBytes) pem = gca_key_encode(key, NULL, NULL);
    GcaRequestFolderFields fields = {.profile = "gtlsca",
                                     .names = names,
                                     .subject = subject,
                                     .agency_name = "行政院測試署",
                                     .agency_oid = "2.16.886.101.90001"};
    GcaRequestFolder *folder = gca_request_folder_create(parent, &fields, pem, csr, &error);

    g_assert_no_error(error);
    return folder;
}

static GcaContact *
make_contact(void)
{
    static const char *const values[] = {
        "測小明",         "測試網站", "tester@example.gov.tw", "10051", "臺北市中正區測試路一段2號",
        "02-23450000#123"};
    GcaContact *contact = gca_contact_new();

    for (guint i = 0; i < G_N_ELEMENTS(values); i++)
        g_assert_true(gca_contact_set(contact, i, values[i], NULL));
    return contact;
}

static void
set_up(Desk *desk, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    desk->parent = g_dir_make_tmp("gca-paperwork-XXXXXX", NULL);
    desk->folders[0] = make_folder(desk->parent, "www.example.gov.tw");
    desk->folders[1] = make_folder(desk->parent, "mail.example.gov.tw");
    const char *const paths[] = {gca_request_folder_get_path(desk->folders[0]),
                                 gca_request_folder_get_path(desk->folders[1]), NULL};
    GcaPaperworkWish wish = {.folders = paths, .contact = make_contact(), .date = DAY};
    desk->paperwork = gca_paperwork_new(&wish, &error);
    g_assert_no_error(error);
}

static void
remove_tree(const char *path)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    const char *name;

    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *inner = g_build_filename(path, name, NULL);
        remove_tree(inner);
    }
    g_assert_cmpint(g_remove(path), ==, 0);
}

static void
tear_down(Desk *desk, gconstpointer data)
{
    g_clear_pointer(&desk->paperwork, gca_paperwork_free);
    gca_request_folder_free(desk->folders[0]);
    gca_request_folder_free(desk->folders[1]);
    remove_tree(desk->parent);
    g_free(desk->parent);
}

static guint
count_files(const GcaRequestFolder *folder)
{
    g_autoptr(GDir) dir = g_dir_open(gca_request_folder_get_path(folder), 0, NULL);
    guint n = 0;

    while (g_dir_read_name(dir) != NULL)
        n++;
    return n;
}

/* The pages make, byte for byte, the PDF that lies at `path`. */
static void
assert_same(GPtrArray *pages, const char *title, const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) pdf = gca_pages_to_pdf(pages, title, &error);
    g_autoptr(GBytes) written = gca_file_read(path, 16 * 1024 * 1024, &error);

    g_assert_no_error(error);
    g_assert_true(g_bytes_equal(pdf, written));
}

static void
test_forms(Desk *desk, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *output = g_build_filename(desk->parent, "forms.pdf", NULL);
    guint before = count_files(desk->folders[0]);
    g_autoptr(GPtrArray) pages = gca_paperwork_make_forms(desk->paperwork, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(pages->len, ==, 2);
    g_assert_cmpuint(count_files(desk->folders[0]), ==, before);
    g_auto(GStrv) written = gca_paperwork_write_forms(desk->paperwork, output, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(written[0], ==, output);
    assert_same(pages, "www.example.gov.tw", output);
}

static void
test_letter(Desk *desk, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    guint before = count_files(desk->folders[0]);
    g_autoptr(GPtrArray) pages = gca_paperwork_make_letter(desk->paperwork, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(pages->len, ==, 1);
    g_assert_cmpuint(count_files(desk->folders[0]), ==, before);
    g_auto(GStrv) written = gca_paperwork_write_letter(desk->paperwork, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(count_files(desk->folders[0]), ==, before + 2);
    assert_same(pages, "行政院測試署", written[0]);
}

static void
test_pages_outlive_the_paperwork(Desk *desk, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) forms = gca_paperwork_make_forms(desk->paperwork, &error);
    g_autoptr(GPtrArray) letter = gca_paperwork_make_letter(desk->paperwork, &error);

    g_clear_pointer(&desk->paperwork, gca_paperwork_free);
    g_autoptr(GBytes) one = gca_pages_to_pdf(forms, "forms", &error);
    g_autoptr(GBytes) other = gca_pages_to_pdf(letter, "letter", &error);
    g_assert_no_error(error);
    g_assert_true(g_bytes_get_size(one) > 0 && g_bytes_get_size(other) > 0);
}

static void
test_letter_of_another_contact(Desk *desk, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    GcaPaperCase *cases = (GcaPaperCase *) gca_paperwork_get_wish(desk->paperwork)->cases;
    g_autoptr(GcaContact) other = make_contact();

    cases[1].contact = other;
    g_assert_null(gca_paperwork_make_letter(desk->paperwork, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/flow/paperwork/forms-are-those-written", Desk, NULL, set_up, test_forms,
               tear_down);
    g_test_add("/flow/paperwork/letter-is-the-one-written", Desk, NULL, set_up, test_letter,
               tear_down);
    g_test_add("/flow/paperwork/pages-outlive-it", Desk, NULL, set_up,
               test_pages_outlive_the_paperwork, tear_down);
    g_test_add("/flow/paperwork/letter-has-one-sender", Desk, NULL, set_up,
               test_letter_of_another_contact, tear_down);
    return g_test_run();
}
