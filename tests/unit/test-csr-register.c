/* The register of agencies: files in order, found by bisection, searched, imported. */
#include "base/error.h"
#include "csr/register.h"
#include "profile/profile.h"
#include "tests/unit/test-csr-register-home.h"

#include <string.h>
#include <sys/stat.h>

#define HEADER "# Agencies by OID\n# Date: 2026-11-21\n"
#define ROWS                                                                                                         \
    "2.16.886.101.29001\t測試院\to=測試院,c=TW\n"                                                              \
    "2.16.886.101.29001.20001\t測試部\tou=測試部,o=測試院,c=TW\n"                                           \
    "2.16.886.101.29001.20001.1\t測試部臺北ABC辦公室\tou=臺北ABC辦公室,ou=測試部,o=測試院,c=TW\n" \
    "2.16.886.101.29001.20001.10\t測試部臺南分局\tou=臺南分局,ou=測試部,o=測試院,c=TW\n"            \
    "2.16.886.101.29001.3\t臺灣測試局\tou=測試局,o=測試院,c=TW\n"

static RegisterHome home;

/* Removed first: so there is no fsync, and some tests write hundreds. */
static void
write_user(const char *text)
{
    g_unlink(home.user);
    g_assert_cmpint(g_mkdir_with_parents(home.data, 0700), ==, 0);
    g_assert_true(g_file_set_contents(home.user, text, -1, NULL));
}

static void
write_packaged(const char *text)
{
    g_assert_true(g_file_set_contents(home.packaged, text, -1, NULL));
}

static GcaRegister *
open_good(void)
{
    g_autoptr(GError) error = NULL;
    GcaRegister *agencies = gca_register_open(&error);
    g_assert_no_error(error);
    return agencies;
}

static void
assert_found(const GcaRegister *agencies, const char *oid, const char *name, const char *dn)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaAgency) agency = gca_register_find(agencies, oid, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(agency->name, ==, name);
    g_assert_cmpstr(agency->dn, ==, dn);
}

/* ---- find ---- */

static void
test_finds_every_row(void)
{
    g_auto(GStrv) lines = g_strsplit(ROWS, "\n", -1);
    write_user(HEADER ROWS);
    g_autoptr(GcaRegister) agencies = open_good();

    for (guint i = 0; *lines[i] != '\0'; i++) {
        g_auto(GStrv) parts = g_strsplit(lines[i], "\t", -1);
        assert_found(agencies, parts[0], parts[1], parts[2]);
    }
    register_home_empty(&home);
}

/* Bisection at its edges: any number of rows, each found and each gap between them not. */
static void
test_finds_in_registers_of_any_size(void)
{
    g_autoptr(GString) text = g_string_new(HEADER);

    for (guint n = 1; n <= 12; n++) {
        g_string_append_printf(text, "1.2.%u\t測試%u\to=%u\n", n + 10, n, n);
        write_user(text->str);
        g_autoptr(GcaRegister) agencies = open_good();
        for (guint i = 0; i <= n + 1; i++) {
            g_autofree char *oid = g_strdup_printf("1.2.%u", i + 10);
            g_autoptr(GcaAgency) agency = gca_register_find(agencies, oid, NULL);
            g_assert_true((agency != NULL) == (i >= 1 && i <= n));
        }
    }
    register_home_empty(&home);
}

static void
test_forgives_blanks_and_tells_a_wrong_form(void)
{
    g_autoptr(GError) error = NULL;
    write_user(HEADER ROWS);
    g_autoptr(GcaRegister) agencies = open_good();

    assert_found(agencies, "  2.16.886.101.29001\n", "測試院", "o=測試院,c=TW");
    g_assert_null(gca_register_find(agencies, "2.16.886.101.29001.", &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
    g_assert_nonnull(strstr(error->message, "ends in a dot"));
    register_home_empty(&home);
}

static void
test_the_users_register_goes_first(void)
{
    write_user(HEADER "1.2.3\t新測試部\to=新\n");
    write_packaged(HEADER "1.2.3\t測試部\to=舊\n1.2.4\t測試局\to=局\n");
    g_autoptr(GcaRegister) agencies = open_good();
    g_autoptr(GcaAgency) imported = gca_register_find(agencies, "1.2.3", NULL);
    g_autoptr(GcaAgency) packaged = gca_register_find(agencies, "1.2.4", NULL);

    g_assert_cmpstr(imported->name, ==, "新測試部");
    g_assert_cmpstr(packaged->name, ==, "測試局");
    g_assert_cmpstr(gca_register_get_path(agencies, imported->file), ==, home.user);
    g_assert_cmpstr(gca_register_get_path(agencies, packaged->file), ==, home.packaged);
    g_assert_cmpstr(gca_register_get_date(agencies, imported->file), ==, "2026-11-21");
    g_assert_false(gca_register_is_starter(agencies));
    register_home_empty(&home);
}

static void
assert_not_found(const char *oid, const char *const *parts)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaRegister) agencies = open_good();

    g_assert_null(gca_register_find(agencies, oid, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
    for (guint i = 0; parts[i] != NULL; i++)
        g_assert_nonnull(strstr(error->message, parts[i]));
    g_assert_nonnull(strstr(gca_error_get_hint(error), "gca-csr oid import GDS.csv"));
}

static void
test_an_unknown_oid_is_told_with_what_was_searched(void)
{
    static const char *const nothing[] = {"no register", NULL};
    static const char *const starter[] = {"starter register", "2026-11-21", "5 agencies",
                                          "2.16.886.101.29001.20001, “測試部”", NULL};
    static const char *const imported[] = {"register imported on 2026-11-21", "5 agencies", NULL};

    assert_not_found("1.2.3", nothing);
    write_packaged(HEADER ROWS);
    assert_not_found("2.16.886.101.29001.20001.2.7", starter);
    write_user(HEADER ROWS);
    assert_not_found("1.2.3", imported);
    register_home_empty(&home);
}

/* ---- damage ---- */

static void
test_refuses_what_is_no_register(void)
{
    static const char *const bad[] = {"",
                                      "\n",
                                      "x",
                                      "#",
                                      ROWS,
                                      "\x7f"
                                      "ELF",
                                      HEADER "1.2.3\ta\tb",
                                      "OrgName,OID,DN\r\n"};

    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        write_user(bad[i]);
        g_assert_null(gca_register_open(&error));
        g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
        g_assert_nonnull(strstr(error->message, home.user));
    }
    register_home_empty(&home);
}

static void
test_refuses_damaged_rows(void)
{
    static const char *const bad[] = {
        "1.2.9\ta\tb\n1.2.8\ta\tb\n", /* out of order */
        "1.2.3\ta\tb\n1.2.3\tc\td\n", /* twice, though 1.2.7 is asked for */
        "1.2.3\n1.2.7\n",             /* no tabs */
        "1.2.7\ta\n",                 /* one */
        "1.2.7\ta\tb\tc\n",           /* three */
        "1.2.7\t\tb\n",               /* no name */
        "1.2.7\ta\t\n",               /* no DN */
        "1.2.7\t\xA4\xA4\to=b\n",     /* Big5 */
        "\n\n\n",                     /* blank lines */
        "1.2.3\ta\tb\n# late\n",      /* a comment behind rows */
        "\xff\xfe\xfd\n\x80\n\t\t\t\n",
    };

    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = g_strconcat(HEADER, bad[i], NULL);
        write_user(text);
        g_autoptr(GcaRegister) agencies = open_good();
        g_assert_null(gca_register_find(agencies, "1.2.7", &error));
        g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
        g_autoptr(GPtrArray) found = gca_register_search(agencies, "zz", 0, NULL);
        g_assert_cmpuint(found->len, ==, 0);
    }
    register_home_empty(&home);
}

static void
test_refuses_nul_in_a_row(void)
{
    static const char text[] = HEADER "1.2.7\ta\0b\tc\n";
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(g_mkdir_with_parents(home.data, 0700), ==, 0);
    g_assert_true(g_file_set_contents(home.user, text, sizeof text - 1, NULL));
    g_autoptr(GcaRegister) agencies = open_good();
    g_assert_null(gca_register_find(agencies, "1.2.7", &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
    register_home_empty(&home);
}

/* Any bytes in a row are refused or read, never more: run with sanitizers. */
static void
test_survives_any_damage(void)
{
    static const char whole[] = HEADER ROWS;

    for (gsize at = strlen("# Agencies by OID\n"); at < strlen(whole); at++) {
        g_autofree char *text = g_strdup(whole);
        text[at] ^= (char) (at % 3 == 0 ? 0x80 : at % 3 == 1 ? '\t' : '\n');
        write_user(text);
        g_autoptr(GcaRegister) agencies = gca_register_open(NULL);
        if (agencies == NULL)
            continue;
        g_autoptr(GcaAgency) agency =
            gca_register_find(agencies, "2.16.886.101.29001.20001.1", NULL);
        g_assert_true(agency == NULL || g_utf8_validate(agency->dn, -1, NULL));
        g_autoptr(GPtrArray) found = gca_register_search(agencies, "測試", 0, NULL);
        for (guint i = 0; i < found->len; i++) {
            const GcaAgency *hit = g_ptr_array_index(found, i);
            g_assert_true(g_utf8_validate(hit->name, -1, NULL));
        }
    }
    register_home_empty(&home);
}

static void
test_a_folder_in_its_place_is_refused(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(g_mkdir(home.packaged, 0700), ==, 0);
    g_assert_null(gca_register_open(&error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
    g_assert_cmpint(g_rmdir(home.packaged), ==, 0);
}

/* ---- search ---- */

static void
assert_search(const GcaRegister *agencies, const char *words, const char *const *names)
{
    guint total = 0, n = g_strv_length((char **) names);
    g_autoptr(GPtrArray) found = gca_register_search(agencies, words, 0, &total);

    g_assert_cmpuint(total, ==, n);
    g_assert_cmpuint(found->len, ==, n);
    for (guint i = 0; i < n; i++) {
        const GcaAgency *agency = g_ptr_array_index(found, i);
        g_assert_cmpstr(agency->name, ==, names[i]);
    }
}

/* Equal, begins so, holds it, DN only; the shorter name first among equals. */
static void
test_search_ranks(void)
{
    static const char *const names[] = {"測試部",   "測試部臺南分局", "測試部臺北ABC辦公室",
                                        "某測試部", "別的辦公室",     NULL};
    write_user(HEADER "1.2.1\t別的辦公室\tou=別的辦公室,ou=測試部,o=測試院,c=TW\n"
                      "1.2.2\t測試部臺北ABC辦公室\to=甲\n"
                      "1.2.3\t某測試部\to=甲\n"
                      "1.2.4\t測試部\to=甲\n"
                      "1.2.5\t測試部臺南分局\to=甲\n"
                      "1.2.6\t無關\to=甲\n");
    g_autoptr(GcaRegister) agencies = open_good();

    assert_search(agencies, "測試部", names);
    register_home_empty(&home);
}

static void
test_search_folds(void)
{
    static const char *const taiwan[] = {"臺灣測試局", NULL};
    static const char *const office[] = {"測試部臺北ABC辦公室", NULL};
    static const char *const ordinary[] = {"台Ａｂｃ測試", NULL};
    static const char *const nothing[] = {NULL};
    write_user(HEADER ROWS);
    g_autoptr(GcaRegister) agencies = open_good();

    assert_search(agencies, "台灣", taiwan);
    assert_search(agencies, "臺灣", taiwan);
    assert_search(agencies, "abc", office);
    assert_search(agencies, "ＡＢＣ", office);
    assert_search(agencies, "  測試部\t台北　辦公 ", office); /* all words, any order or blank */
    assert_search(agencies, "辦公 ABC 不在", nothing);
    assert_search(agencies, "", nothing);
    assert_search(agencies, " 　", nothing);
    assert_search(agencies, "\xFF", nothing);
    write_user(HEADER "1.2.3\t台Ａｂｃ測試\to=甲\n");
    g_autoptr(GcaRegister) other = open_good();
    assert_search(other, "臺aBC", ordinary);
    register_home_empty(&home);
}

static void
test_search_takes_an_oid(void)
{
    static const char *const all[] = {"測試部", "測試部臺南分局", "測試部臺北ABC辦公室", NULL};
    static const char *const south[] = {"測試部臺南分局", NULL};
    write_user(HEADER ROWS);
    g_autoptr(GcaRegister) agencies = open_good();

    assert_search(agencies, "2.16.886.101.29001.20001", all);
    assert_search(agencies, "20001.1 臺南", south);
    register_home_empty(&home);
}

static void
test_search_is_limited_and_counts(void)
{
    guint total = 0;
    write_user(HEADER ROWS);
    g_autoptr(GcaRegister) agencies = open_good();
    g_autoptr(GPtrArray) found = gca_register_search(agencies, "測試", 2, &total);
    const GcaAgency *best = g_ptr_array_index(found, 0);

    g_assert_cmpuint(found->len, ==, 2);
    g_assert_cmpuint(total, ==, 5);
    g_assert_cmpstr(best->oid, ==, "2.16.886.101.29001");
    register_home_empty(&home);
}

static void
test_search_shows_each_agency_once(void)
{
    static const char *const names[] = {"新測試部", NULL};
    static const char *const old[] = {NULL};
    write_user(HEADER "1.2.3\t新測試部\to=新\n");
    write_packaged(HEADER "1.2.3\t舊測試部\to=舊\n");
    g_autoptr(GcaRegister) agencies = open_good();

    assert_search(agencies, "測試", names);
    assert_search(agencies, "舊", old);
    register_home_empty(&home);
}

/* ---- import ---- */

static GcaRegisterImport *
import(const char *text, GError **error)
{
    g_autofree char *path = g_build_filename(home.top, "GDS.csv", NULL);

    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    GcaRegisterImport *done = gca_register_import(path, error);
    g_unlink(path);
    return done;
}

static void
assert_skipped(const GcaRegisterImport *done, guint index, const char *line, const char *part)
{
    const char *text = g_ptr_array_index(done->skipped, index);
    g_assert_true(g_str_has_prefix(text, line));
    g_assert_nonnull(strstr(text, part));
}

/* The official file's shape: BOM, CR LF, quoted commas; and what is found in it. */
static void
test_import_takes_what_is_usable_and_tells_the_rest(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaRegisterImport) done =
        import("\xEF\xBB\xBFOrgName,OID,TEL,Address,DN,OrgCode\r\n"
               "測試部,2.16.886.101.29001.20001,02,\"甲市,乙路\",\"ou=測試部,o=測試院,c=TW\",1A\r\n"
               " 測試院 , 2.16.886.101.29001 ,,,\"o=測試院,c=TW\",\r\n"
               "無號,,,,\"o=無號,c=TW\",\r\n"
               "壞號,2.16.x,,,\"o=壞號,c=TW\",\r\n"
               "壞名,2.16.886.101.29002,,,壞名,\r\n"
               "測試院,2.16.886.101.29001,,,\"o=測試院,c=TW\",\r\n"
               "別院,2.16.886.101.29001,,,\"o=別院,c=TW\",\r\n"
               ",2.16.886.101.29003,,,\"o=無名,c=TW\",\r\n"
               "\"跳\t格\",2.16.886.101.29004,,,\"o=跳格,c=TW\",\r\n"
               "移位,2.16.886.101.29005,,甲市,乙路,\"o=移位,c=TW\",1A\r\n",
               &error);

    g_assert_no_error(error);
    g_assert_cmpuint(done->taken, ==, 2);
    g_assert_cmpuint(done->skipped->len, ==, 8);
    assert_skipped(done, 0, "line 4: ", "OID is blank");
    assert_skipped(done, 1, "line 5: ", "“2.16.x”");
    assert_skipped(done, 2, "line 6: ", "“壞名”");
    assert_skipped(done, 3, "line 7: ", "same as line 3");
    assert_skipped(done, 4, "line 8: ", "line 3 was kept");
    assert_skipped(done, 5, "line 9: ", "name is blank");
    assert_skipped(done, 6, "line 10: ", "control or hidden");
    assert_skipped(done, 7, "line 11: ", "more fields");

    g_autoptr(GcaRegister) agencies = open_good();
    assert_found(agencies, "2.16.886.101.29001", "測試院", "o=測試院,c=TW");
    assert_found(agencies, "2.16.886.101.29001.20001", "測試部", "ou=測試部,o=測試院,c=TW");
    register_home_empty(&home);
}

static void
test_import_finds_columns_by_name(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaRegisterImport) done =
        import("dn,oid,x,ORGNAME\n\"o=甲,c=TW\",1.2.3,,甲\n", &error);
    g_assert_no_error(error);
    g_assert_cmpuint(done->taken, ==, 1);
    g_autoptr(GcaRegister) agencies = open_good();

    assert_found(agencies, "1.2.3", "甲", "o=甲,c=TW");
    register_home_empty(&home);
}

static void
test_import_writes_a_sorted_file_for_all_to_read(void)
{
    g_autoptr(GcaRegisterImport) done = import("OrgName,OID,DN\n乙,1.2.10,o=乙\n甲,1.2.9,o=甲\n"
                                               "丙,1.2.1,o=丙\n丁,1.2.1.1,o=丁\n",
                                               NULL);
    g_autofree char *text = NULL;
    struct stat file, folder;

    g_assert_cmpstr(done->path, ==, home.user);
    g_assert_cmpint(stat(home.user, &file) | stat(home.data, &folder), ==, 0);
    g_assert_cmpuint(file.st_mode & 0777, ==, 0644);
    g_assert_cmpuint(folder.st_mode & 0777, ==, 0700);
    g_assert_true(g_file_get_contents(home.user, &text, NULL, NULL));
    g_assert_true(g_str_has_suffix(text, "\n1.2.1\t丙\to=丙\n1.2.1.1\t丁\to=丁\n"
                                         "1.2.10\t乙\to=乙\n1.2.9\t甲\to=甲\n"));
    g_assert_nonnull(strstr(text, "\n# Rows: 4\n"));
    register_home_empty(&home);
}

static void
test_a_failed_import_changes_nothing(void)
{
    static const struct {
        const char *text;
        const char *part;
    } rows[] = {
        {"OrgName,OID\n甲,1.2.3\n", "“DN”"},
        {"OrgName,DN\n甲,o=甲\n", "“OID”"},
        {"OrgName,OID,DN\n", "no agency"},
        {"OrgName,OID,DN\n甲,,o=甲\n", "line 2: The OID is blank"},
        {"OrgName,OID,DN\n\xA5\xD2,1.2.3,o=x\n", "not UTF-8"},
    };

    write_user(HEADER ROWS);
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(import(rows[i].text, &error));
        g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
        g_assert_nonnull(strstr(error->message, rows[i].part));
    }
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(home.user, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, HEADER ROWS);
    register_home_empty(&home);
}

static void
test_import_mends_a_damaged_register(void)
{
    write_user("rubbish");
    g_autoptr(GcaRegisterImport) done = import("OrgName,OID,DN\n甲,1.2.3,o=甲\n", NULL);
    g_autoptr(GcaRegister) agencies = open_good();

    g_assert_nonnull(done);
    assert_found(agencies, "1.2.3", "甲", "o=甲");
    register_home_empty(&home);
}

static void
test_import_fetches_nothing(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(gca_register_import("https://oid.example.gov.tw/GDS.csv", &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
    g_assert_nonnull(strstr(error->message, "download"));
}

/* ---- the register that the package brings ---- */

static void
test_the_starter_is_sorted_and_usable(void)
{
    g_autofree char *path =
        g_build_filename(g_getenv("GCA_SOURCE_DIR"), "data", "oid-register.txt", NULL);
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    guint n_rows = 0;
    write_packaged(text);
    g_autoptr(GcaRegister) agencies = open_good();

    g_assert_true(gca_register_is_starter(agencies));
    for (guint i = 0; *lines[i] != '\0'; i++) {
        g_assert_true(i == 0 || strcmp(lines[i - 1], lines[i]) < 0);
        if (*lines[i] == '#')
            continue;
        g_auto(GStrv) parts = g_strsplit(lines[i], "\t", -1);
        g_autoptr(GcaName) dn = gca_name_parse(parts[2], NULL);
        g_assert_nonnull(dn);
        g_assert_cmpstr(gca_name_find(dn, "C"), ==, "TW");
        assert_found(agencies, parts[0], parts[1], parts[2]);
        n_rows++;
    }
    g_autofree char *count = g_strdup_printf("\n# Rows: %u\n", n_rows);
    g_assert_nonnull(strstr(text, count));
    assert_found(agencies, "2.16.886.101.20003.20060.20001", "政府憑證管理中心憑證測試中心",
                 "ou=憑證測試中心,ou=政府憑證管理中心,o=行政院,c=TW");
    register_home_empty(&home);
}

int
main(int argc, char **argv)
{
    home = register_home_enter();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/csr/register/finds-every-row", test_finds_every_row);
    g_test_add_func("/csr/register/finds-in-registers-of-any-size",
                    test_finds_in_registers_of_any_size);
    g_test_add_func("/csr/register/forgives-blanks-and-tells-a-wrong-form",
                    test_forgives_blanks_and_tells_a_wrong_form);
    g_test_add_func("/csr/register/the-users-register-goes-first",
                    test_the_users_register_goes_first);
    g_test_add_func("/csr/register/an-unknown-oid-is-told-with-what-was-searched",
                    test_an_unknown_oid_is_told_with_what_was_searched);
    g_test_add_func("/csr/register/refuses-what-is-no-register", test_refuses_what_is_no_register);
    g_test_add_func("/csr/register/refuses-damaged-rows", test_refuses_damaged_rows);
    g_test_add_func("/csr/register/refuses-nul-in-a-row", test_refuses_nul_in_a_row);
    g_test_add_func("/csr/register/survives-any-damage", test_survives_any_damage);
    g_test_add_func("/csr/register/a-folder-in-its-place-is-refused",
                    test_a_folder_in_its_place_is_refused);
    g_test_add_func("/csr/register/search-ranks", test_search_ranks);
    g_test_add_func("/csr/register/search-folds", test_search_folds);
    g_test_add_func("/csr/register/search-takes-an-oid", test_search_takes_an_oid);
    g_test_add_func("/csr/register/search-is-limited-and-counts",
                    test_search_is_limited_and_counts);
    g_test_add_func("/csr/register/search-shows-each-agency-once",
                    test_search_shows_each_agency_once);
    g_test_add_func("/csr/register/import-takes-what-is-usable-and-tells-the-rest",
                    test_import_takes_what_is_usable_and_tells_the_rest);
    g_test_add_func("/csr/register/import-finds-columns-by-name",
                    test_import_finds_columns_by_name);
    g_test_add_func("/csr/register/import-writes-a-sorted-file-for-all-to-read",
                    test_import_writes_a_sorted_file_for_all_to_read);
    g_test_add_func("/csr/register/a-failed-import-changes-nothing",
                    test_a_failed_import_changes_nothing);
    g_test_add_func("/csr/register/import-mends-a-damaged-register",
                    test_import_mends_a_damaged_register);
    g_test_add_func("/csr/register/import-fetches-nothing", test_import_fetches_nothing);
    g_test_add_func("/csr/register/the-starter-is-sorted-and-usable",
                    test_the_starter_is_sorted_and_usable);
    int status = g_test_run();
    register_home_leave(&home);
    return status;
}
