/* A real extract of the OID register, read in place. Needs $GCA_TEST_DATA. */
#include "csr/register.h"
#include "csr/table.h"
#include "profile/profile.h"
#include "tests/unit/test-csr-register-home.h"

#include <string.h>

#define USABLE 1836 /* of 1839 rows; three have no OID */

static RegisterHome home;
static GBytes *content;
static char *path;

/* Python's csv module finds the same: 1839 rows, OIDs all different but for three blank ones. */
static void
test_every_usable_row_is_taken(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaRegisterImport) import = gca_register_import(path, &error);
    g_assert_no_error(error);

    g_assert_cmpuint(import->taken, ==, USABLE);
    g_assert_cmpuint(import->skipped->len, ==, 3);
    for (guint i = 0; i < import->skipped->len; i++)
        g_assert_nonnull(strstr(g_ptr_array_index(import->skipped, i), "The OID is blank."));
}

static void
assert_row(const GcaRegister *agencies, const GcaTable *table, guint row, const GcaProfile *profile)
{
    g_autoptr(GError) error = NULL;
    const char *oid = gca_table_get(table, row, gca_table_find_column(table, "OID"));
    g_autoptr(GcaAgency) agency = gca_register_find(agencies, oid, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(agency->oid, ==, oid);
    g_assert_cmpstr(agency->name, ==, gca_table_get(table, row, 0));
    g_assert_cmpstr(agency->dn, ==, gca_table_get(table, row, gca_table_find_column(table, "DN")));

    gboolean unconfirmed;
    g_autoptr(GcaName) dn = gca_name_parse(agency->dn, &error);
    g_assert_no_error(error);
    g_autoptr(GcaName) subject = gca_profile_fold(profile, dn, &unconfirmed, &error);
    g_assert_no_error(error);
    g_assert_nonnull(gca_name_find(subject, "O"));
}

static void
test_every_oid_is_found_and_folds(void)
{
    g_autoptr(GcaTable) table = gca_table_parse(content, path, NULL);
    g_autoptr(GcaRegister) agencies = gca_register_open(NULL);
    g_autofree char *data = g_build_filename(g_getenv("GCA_SOURCE_DIR"), "data", NULL);
    g_setenv("GCA_DATADIR", data, TRUE);
    g_autoptr(GcaProfile) profile = gca_profile_load("gtlsca", NULL);
    guint n = 0;

    g_assert_cmpuint(gca_table_get_length(table), ==, 1839);
    for (guint row = 0; row < gca_table_get_length(table); row++) {
        if (*gca_table_get(table, row, gca_table_find_column(table, "OID")) == '\0')
            continue;
        assert_row(agencies, table, row, profile);
        n++;
    }
    g_assert_cmpuint(n, ==, USABLE);
}

/* Every name of the register, typed with 台, finds its agency among the first. */
static void
test_names_find_their_agencies(void)
{
    g_autoptr(GcaTable) table = gca_table_parse(content, path, NULL);
    g_autoptr(GcaRegister) agencies = gca_register_open(NULL);

    for (guint row = 0; row < gca_table_get_length(table); row += 17) {
        const char *name = gca_table_get(table, row, 0);
        g_auto(GStrv) parts = g_strsplit(name, "臺", -1);
        g_autofree char *typed = g_strjoinv("台", parts);
        g_autoptr(GPtrArray) found = gca_register_search(agencies, typed, 1, NULL);
        g_assert_cmpuint(found->len, ==, 1);
        const GcaAgency *best = g_ptr_array_index(found, 0);
        g_assert_cmpstr(best->name, ==, name);
    }
}

int
main(int argc, char **argv)
{
    home = register_home_enter();
    path = g_build_filename(g_getenv("GCA_TEST_DATA"), "GDS-2014.csv", NULL);
    g_test_init(&argc, &argv, NULL);
    char *text;
    gsize size;
    g_assert_true(g_file_get_contents(path, &text, &size, NULL));
    content = g_bytes_new_take(text, size);

    g_test_add_func("/csr/register-gds/every-usable-row-is-taken", test_every_usable_row_is_taken);
    g_test_add_func("/csr/register-gds/names-find-their-agencies", test_names_find_their_agencies);
    g_test_add_func("/csr/register-gds/every-oid-is-found-and-folds",
                    test_every_oid_is_found_and_folds);
    int status = g_test_run();
    register_home_leave(&home);
    g_bytes_unref(content);
    g_free(path);
    return status;
}
