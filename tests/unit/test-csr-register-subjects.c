/* Every usable agency of a real extract of the OID register gets a subject that
 * can be encoded. Needs $GCA_TEST_DATA. */
#include "base/file.h"
#include "csr/subject.h"
#include "csr/table.h"

#include <string.h>

#define CN "www.example.gov.tw"
#define FILE_LIMIT (16 * 1024 * 1024)
#define USABLE 1836

static GcaTable *
read_register(void)
{
    g_autofree char *path = g_build_filename(g_getenv("GCA_TEST_DATA"), "GDS-2014.csv", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = gca_file_read(path, FILE_LIMIT, &error);
    g_assert_no_error(error);
    GcaTable *table = gca_table_parse(bytes, "GDS-2014.csv", &error);
    g_assert_no_error(error);
    return table;
}

/* RFC 5280 section 4.1.2.4: in DER, C is a PrintableString, all else UTF8String. */
static void
assert_encoded(const GcaName *subject)
{
    g_autoptr(GError) error = NULL;
    X509_NAME *name = gca_subject_encode(subject, &error);

    g_assert_no_error(error);
    g_assert_cmpint(X509_NAME_entry_count(name), ==, 4);
    for (int i = 0; i < 4; i++) {
        const ASN1_STRING *value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, i));
        const char *text = gca_name_get_value(subject, (guint) i);
        g_assert_cmpint(ASN1_STRING_type(value), ==,
                        i == 0 ? V_ASN1_PRINTABLESTRING : V_ASN1_UTF8STRING);
        g_assert_cmpmem(ASN1_STRING_get0_data(value), ASN1_STRING_length(value), text,
                        strlen(text));
    }
    X509_NAME_free(name);
}

static void
assert_subject(const GcaProfile *profile, const char *text, const char *prefix)
{
    static const char *const types[] = {"C", "L", "O", "CN"};
    static const char *const below[] = {"L", "O", "OU", NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaName) dn = gca_name_parse(text, &error);
    g_assert_no_error(error);
    gboolean unconfirmed;
    GcaSubjectWish wish = {.agency = dn};
    g_autoptr(GcaName) subject = gca_subject_make(&wish, profile, CN, &unconfirmed, &error);
    g_assert_no_error(error);

    g_assert_cmpuint(gca_name_get_length(subject), ==, G_N_ELEMENTS(types));
    for (guint i = 0; i < G_N_ELEMENTS(types); i++)
        g_assert_cmpstr(gca_name_get_type(subject, i), ==, types[i]);
    g_autofree char *joined = gca_name_join(dn, below, "-");
    g_autofree char *organization = g_strconcat(prefix, joined, NULL);
    g_assert_cmpstr(gca_name_find(subject, "O"), ==, organization);
    g_assert_true(unconfirmed == (gca_name_find(dn, "L") != NULL));
    assert_encoded(subject);
}

static void
make_all(const char *profile_name, const char *prefix)
{
    g_autoptr(GcaProfile) profile = gca_profile_load(profile_name, NULL);
    g_autoptr(GcaTable) table = read_register();
    int oid = gca_table_find_column(table, "OID"), dn = gca_table_find_column(table, "DN");
    guint usable = 0;

    for (guint row = 0; row < gca_table_get_length(table); row++) {
        if (*gca_table_get(table, row, oid) == '\0')
            continue;
        assert_subject(profile, gca_table_get(table, row, dn), prefix);
        usable++;
    }
    g_assert_cmpuint(usable, ==, USABLE);
}

static void
test_every_agency_gets_a_subject_for_gtlsca(void)
{
    make_all("gtlsca", "");
}

static void
test_every_agency_gets_a_subject_for_twca(void)
{
    make_all("twca", "政府機關-");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/csr/register-subjects/every-agency-gets-one-for-gtlsca",
                    test_every_agency_gets_a_subject_for_gtlsca);
    g_test_add_func("/csr/register-subjects/every-agency-gets-one-for-twca",
                    test_every_agency_gets_a_subject_for_twca);
    return g_test_run();
}
