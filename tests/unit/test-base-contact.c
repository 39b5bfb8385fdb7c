/* The contact person's fields, from options and contact.ini. */
#include "base/contact.h"
#include "base/error.h"
#include "test-home.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

typedef struct {
    const char *path;
    GcaContactField field;
    const char *value;
} Row;

static const Row good[] = {
    {"/contact/keeps/name", GCA_CONTACT_NAME, "王測試"},
    {"/contact/keeps/purpose", GCA_CONTACT_PURPOSE, "測試機關網站"},
    {"/contact/keeps/email", GCA_CONTACT_EMAIL, "test.one+acme@agency-test.gov.tw"},
    {"/contact/keeps/postcode-3", GCA_CONTACT_POSTCODE, "100"},
    {"/contact/keeps/postcode-5", GCA_CONTACT_POSTCODE, "10058"},
    {"/contact/keeps/postcode-6", GCA_CONTACT_POSTCODE, "100001"},
    {"/contact/keeps/address", GCA_CONTACT_ADDRESS, "測試市測試區測試路1號"},
    {"/contact/keeps/phone", GCA_CONTACT_PHONE, "(02) 1234-5678 #123"},
    {"/contact/keeps/phone-abroad", GCA_CONTACT_PHONE, "+886-2-12345678 ext. 9"},
    {"/contact/keeps/phone-extension-in-chinese", GCA_CONTACT_PHONE, "02-12345678分機123"},
    {"/contact/keeps/fax", GCA_CONTACT_FAX, "(02) 1234-5679"},
};

static const Row bad[] = {
    {"/contact/refuses/control-character", GCA_CONTACT_NAME, "王\x1b[31m測試"},
    {"/contact/refuses/bidirectional-mark", GCA_CONTACT_ADDRESS, "測試路\xe2\x80\xae 1號"},
    {"/contact/refuses/not-utf8", GCA_CONTACT_NAME, "\xb4\xfa\xb8\xd5"}, /* Big5 */
    {"/contact/refuses/email-without-at", GCA_CONTACT_EMAIL, "test.agency.gov.tw"},
    {"/contact/refuses/email-two-at", GCA_CONTACT_EMAIL, "a@b@agency.gov.tw"},
    {"/contact/refuses/email-no-dot", GCA_CONTACT_EMAIL, "test@agency"},
    {"/contact/refuses/email-empty-label", GCA_CONTACT_EMAIL, "test@agency..tw"},
    {"/contact/refuses/email-final-dot", GCA_CONTACT_EMAIL, "test@agency.tw."},
    {"/contact/refuses/email-blank", GCA_CONTACT_EMAIL, "te st@agency.gov.tw"},
    {"/contact/refuses/email-list", GCA_CONTACT_EMAIL, "a@agency.gov.tw,b.tw"},
    {"/contact/refuses/email-full-width", GCA_CONTACT_EMAIL, "test＠agency.gov.tw"},
    {"/contact/refuses/postcode-4", GCA_CONTACT_POSTCODE, "1000"},
    {"/contact/refuses/postcode-letters", GCA_CONTACT_POSTCODE, "10a"},
    {"/contact/refuses/phone-short", GCA_CONTACT_PHONE, "02-123"},
    {"/contact/refuses/phone-words", GCA_CONTACT_PHONE, "請洽 02-12345678"},
    {"/contact/refuses/fax-short", GCA_CONTACT_FAX, "02-123"},
    {"/contact/refuses/fax-words", GCA_CONTACT_FAX, "同電話 02-12345678"},
};

static void
test_keeps(gconstpointer data)
{
    const Row *row = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaContact) contact = gca_contact_new();
    g_autofree char *padded = g_strconcat(" ", row->value, "\n", NULL);

    g_assert_true(gca_contact_set(contact, row->field, padded, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(gca_contact_get(contact, row->field), ==, row->value);
    g_assert_false(gca_contact_is_empty(contact));
}

static void
test_refuses(gconstpointer data)
{
    const Row *row = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaContact) contact = gca_contact_new();

    g_assert_false(gca_contact_set(contact, row->field, row->value, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
    g_assert_nonnull(strstr(error->message, gca_contact_field_to_string(row->field)));
    g_assert_null(strchr(error->message, '\x1b'));
    g_assert_true(gca_contact_is_empty(contact));
}

static void
test_length(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaContact) contact = gca_contact_new();
    g_autoptr(GString) text = g_string_new(NULL);

    for (int i = 0; i < 200; i++)
        g_string_append(text, "測");
    g_assert_true(gca_contact_set(contact, GCA_CONTACT_PURPOSE, text->str, &error));
    g_assert_no_error(error);
    g_string_append(text, "試");
    g_assert_false(gca_contact_set(contact, GCA_CONTACT_PURPOSE, text->str, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
}

static void
test_clears(void)
{
    g_autoptr(GcaContact) contact = gca_contact_new();

    g_assert_true(gca_contact_set(contact, GCA_CONTACT_NAME, "王測試", NULL));
    g_assert_true(gca_contact_set(contact, GCA_CONTACT_NAME, "", NULL));
    g_assert_null(gca_contact_get(contact, GCA_CONTACT_NAME));
    g_assert_true(gca_contact_set(contact, GCA_CONTACT_NAME, "王測試", NULL));
    g_assert_true(gca_contact_set(contact, GCA_CONTACT_NAME, NULL, NULL));
    g_assert_true(gca_contact_is_empty(contact));
}

static void
test_doubt(void)
{
    static const struct {
        const char *name;
        gboolean doubtful;
    } rows[] = {
        {"王測試", FALSE},      {"歐陽測試", FALSE},      {"環境保護署", TRUE},
        {"王院", FALSE},        {"測試市政府", TRUE},     {"測試資訊中心", TRUE},
        {"測試國民小學", TRUE}, {"署長環境保護署", TRUE}, {"行政院 環境保護署", TRUE},
        {"行政院", TRUE},       {"Test Person", FALSE},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GcaContact) contact = gca_contact_new();
        g_assert_true(gca_contact_set(contact, GCA_CONTACT_NAME, rows[i].name, NULL));
        g_autofree char *doubt = gca_contact_dup_doubt(contact, "行政院 環境保護署");
        g_assert_cmpint(doubt != NULL, ==, rows[i].doubtful);
    }
    g_autoptr(GcaContact) empty = gca_contact_new();
    g_assert_null(gca_contact_dup_doubt(empty, "行政院"));
}

/* data: contact.ini; the user's configuration folder is the test's own */
static gboolean
load(const char *text, GcaContact *contact, GError **error)
{
    g_autofree char *folder = g_build_filename(g_get_user_config_dir(), "gca-toolkit", NULL);
    g_autofree char *path = g_build_filename(folder, "contact.ini", NULL);

    g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    gboolean is_good = gca_contact_load(contact, error);
    g_remove(path);
    return is_good;
}

static void
test_load(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaContact) contact = gca_contact_new();

    g_assert_true(load("[contact]\nname=王測試\nemail = test@agency.gov.tw\n[other]\nx=1\n",
                       contact, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(gca_contact_get(contact, GCA_CONTACT_NAME), ==, "王測試");
    g_assert_cmpstr(gca_contact_get(contact, GCA_CONTACT_EMAIL), ==, "test@agency.gov.tw");
    g_assert_null(gca_contact_get(contact, GCA_CONTACT_PHONE));
}

static void
test_load_none(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaContact) contact = gca_contact_new();

    g_assert_true(gca_contact_load(contact, &error));
    g_assert_no_error(error);
    g_assert_true(gca_contact_is_empty(contact));
}

static void
test_load_refuses(gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaContact) contact = gca_contact_new();

    g_assert_false(load(data, contact, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
    g_assert_nonnull(strstr(error->message, "contact.ini"));
}

/* One bad value does not cost the others. */
static void
test_load_takes_what_is_good(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaContact) contact = gca_contact_new();

    g_assert_false(load("[contact]\nfax=無\nname=王測試\npostcode=1\nemail=test@agency.gov.tw\n",
                        contact, &error));
    g_assert_nonnull(strstr(error->message, "“無”"));
    g_assert_nonnull(strstr(error->message, "“1”"));
    g_assert_cmpstr(gca_contact_get(contact, GCA_CONTACT_NAME), ==, "王測試");
    g_assert_cmpstr(gca_contact_get(contact, GCA_CONTACT_EMAIL), ==, "test@agency.gov.tw");
    g_assert_null(gca_contact_get(contact, GCA_CONTACT_FAX));
}

static void
test_full_width_is_folded(void)
{
    g_autoptr(GcaContact) contact = gca_contact_new();

    g_assert_true(gca_contact_set(contact, GCA_CONTACT_POSTCODE, "　１００５８", NULL));
    g_assert_cmpstr(gca_contact_get(contact, GCA_CONTACT_POSTCODE), ==, "10058");
    g_assert_true(
        gca_contact_set(contact, GCA_CONTACT_PHONE, "（０２）１２３４－５６７８＃９", NULL));
    g_assert_cmpstr(gca_contact_get(contact, GCA_CONTACT_PHONE), ==, "(02)1234-5678#9");
    g_assert_true(gca_contact_set(contact, GCA_CONTACT_ADDRESS, "測試路１號", NULL));
    g_assert_cmpstr(gca_contact_get(contact, GCA_CONTACT_ADDRESS), ==, "測試路１號");
}

static char *
own_path(void)
{
    return g_build_filename(g_get_user_config_dir(), "gca-toolkit", "contact.ini", NULL);
}

static GcaContact *
full_contact(void)
{
    GcaContact *contact = gca_contact_new();

    for (guint i = 0; i < G_N_ELEMENTS(good); i++)
        g_assert_true(gca_contact_set(contact, good[i].field, good[i].value, NULL));
    return contact;
}

static void
assert_equal(const GcaContact *a, const GcaContact *b)
{
    for (guint i = 0; i < GCA_CONTACT_N_FIELDS; i++)
        g_assert_cmpstr(gca_contact_get(a, i), ==, gca_contact_get(b, i));
}

static void
test_dup(void)
{
    g_autoptr(GcaContact) contact = full_contact();
    g_autoptr(GcaContact) copy = gca_contact_dup(contact);

    assert_equal(copy, contact);
    g_assert_true(gca_contact_set(contact, GCA_CONTACT_NAME, NULL, NULL));
    g_assert_cmpstr(gca_contact_get(copy, GCA_CONTACT_NAME), ==, "王測試");
}

static void
test_save(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaContact) contact = full_contact();
    g_autofree char *path = own_path();
    GStatBuf st;

    /* what a key file would take for its own */
    g_assert_true(gca_contact_set(contact, GCA_CONTACT_ADDRESS, "\\s=#測試路; [1號]", NULL));
    g_assert_true(gca_contact_save(contact, &error));
    g_assert_no_error(error);
    g_assert_cmpint(g_stat(path, &st), ==, 0);
    g_assert_cmpint(st.st_mode & 0777, ==, 0600);
    g_autoptr(GcaContact) loaded = gca_contact_new();
    g_assert_true(gca_contact_load(loaded, &error));
    g_assert_no_error(error);
    assert_equal(loaded, contact);

    /* an emptied field is gone */
    g_assert_true(gca_contact_set(contact, GCA_CONTACT_FAX, NULL, NULL));
    g_assert_true(gca_contact_save(contact, &error));
    g_autoptr(GcaContact) again = gca_contact_new();
    g_assert_true(gca_contact_load(again, &error));
    g_assert_no_error(error);
    assert_equal(again, contact);
    g_remove(path);
}

static void
test_save_keeps_the_rest(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaContact) contact = gca_contact_new();
    g_autofree char *path = own_path();
    g_autofree char *text = NULL;
    GStatBuf st;

    g_assert_true(g_file_set_contents(path,
                                      "# ours\n\n[contact]\n# who\nname=李測試\nname[en]=Li\n"
                                      "fax=02-12345678\nroom=12\n\n[other]\n# why\nx=1\n",
                                      -1, NULL));
    g_assert_cmpint(g_chmod(path, 0644), ==, 0);
    g_assert_true(gca_contact_set(contact, GCA_CONTACT_NAME, "王測試", NULL));
    g_assert_true(gca_contact_save(contact, &error));
    g_assert_no_error(error);
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_cmpstr(text, ==,
                    "# ours\n\n[contact]\n# who\nname=王測試\nname[en]=Li\nroom=12\n\n[other]\n"
                    "# why\nx=1\n");
    g_assert_cmpint(g_stat(path, &st), ==, 0);
    g_assert_cmpint(st.st_mode & 0777, ==, 0600);
    g_remove(path);
}

static void
test_save_leaves_what_is_no_key_file(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaContact) contact = full_contact();
    g_autofree char *path = own_path();
    g_autofree char *text = NULL;

    g_assert_true(g_file_set_contents(path, "name: 王測試\n", -1, NULL));
    g_assert_false(gca_contact_save(contact, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
    g_assert_nonnull(strstr(error->message, "contact.ini"));
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, "name: 王測試\n");
    g_remove(path);
}

static gboolean
save_while(int resource, rlim_t limit, GError **error)
{
    g_autoptr(GcaContact) contact = full_contact();
    struct rlimit old, small;

    g_assert_cmpint(getrlimit(resource, &old), ==, 0);
    small = old;
    small.rlim_cur = limit;
    signal(SIGXFSZ, SIG_IGN);
    g_assert_cmpint(setrlimit(resource, &small), ==, 0);
    gboolean is_saved = gca_contact_save(contact, error);
    g_assert_cmpint(setrlimit(resource, &old), ==, 0);
    return is_saved;
}

/* A file that cannot grow stands for a full disk, here also for root. */
static void
test_save_is_whole_or_not_at_all(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = own_path();
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *text = NULL;

    g_assert_true(g_file_set_contents(path, "[contact]\nname=李測試\n", -1, NULL));
    g_assert_false(save_while(RLIMIT_FSIZE, 30, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_FILE);
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, "[contact]\nname=李測試\n");
    g_remove(path);

    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    g_assert_cmpstr(g_dir_read_name(dir), ==, "profiles");
    g_assert_null(g_dir_read_name(dir));
}

/* A folder where the file should be refuses root too. */
static void
test_save_where_it_cannot(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaContact) contact = full_contact();
    g_autofree char *path = own_path();

    g_assert_cmpint(g_mkdir(path, 0700), ==, 0);
    g_assert_false(gca_contact_save(contact, &error));
    g_assert_nonnull(error);
    g_assert_nonnull(strstr(error->message, "contact.ini"));
    g_assert_cmpint(g_rmdir(path), ==, 0);
}

static void
test_is_shown(void)
{
    g_autoptr(GcaContact) contact = gca_contact_new();
    g_autofree char *nobody = gca_contact_to_string(contact);

    g_assert_cmpstr(nobody, ==, "none given");
    gca_contact_set(contact, GCA_CONTACT_POSTCODE, "10051", NULL);
    gca_contact_set(contact, GCA_CONTACT_NAME, "王測試", NULL);
    g_autofree char *shown = gca_contact_to_string(contact);
    g_assert_cmpstr(shown, ==, "name: 王測試\npostcode: 10051");
}

int
main(int argc, char **argv)
{
    char *home = test_home_enter();
    g_test_init(&argc, &argv, NULL);

    for (guint i = 0; i < G_N_ELEMENTS(good); i++)
        g_test_add_data_func(good[i].path, &good[i], test_keeps);
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++)
        g_test_add_data_func(bad[i].path, &bad[i], test_refuses);
    g_test_add_func("/contact/length-is-in-characters", test_length);
    g_test_add_func("/contact/empty-clears", test_clears);
    g_test_add_func("/contact/doubt/agency-in-place-of-a-person", test_doubt);
    g_test_add_func("/contact/load/takes-the-group", test_load);
    g_test_add_func("/contact/load/none-is-empty", test_load_none);
    g_test_add_data_func("/contact/load/refuses-bad-value", "[contact]\nemail=nobody\n",
                         test_load_refuses);
    g_test_add_data_func("/contact/load/refuses-no-key-file", "name: 王測試\n", test_load_refuses);
    g_test_add_data_func("/contact/load/refuses-big5", "[contact]\nname=\xb4\xfa\n",
                         test_load_refuses);
    g_test_add_func("/contact/load/takes-what-is-good", test_load_takes_what_is_good);
    g_test_add_func("/contact/set/folds-full-width", test_full_width_is_folded);
    g_test_add_func("/contact/dup/is-its-own", test_dup);
    g_test_add_func("/contact/is-shown", test_is_shown);
    g_test_add_func("/contact/save/is-loaded-again", test_save);
    g_test_add_func("/contact/save/keeps-the-rest-of-the-file", test_save_keeps_the_rest);
    g_test_add_func("/contact/save/leaves-what-is-no-key-file",
                    test_save_leaves_what_is_no_key_file);
    g_test_add_func("/contact/save/is-whole-or-not-at-all", test_save_is_whole_or_not_at_all);
    g_test_add_func("/contact/save/refuses-a-folder-in-its-place", test_save_where_it_cannot);
    int result = g_test_run();
    test_home_leave(home, NULL);
    return result;
}
