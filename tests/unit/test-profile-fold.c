/* How a holder's or a register's name becomes the subject of a TLS certificate. */
#include "base/error.h"
#include "profile/profile.h"

#include <string.h>

typedef struct {
    const char *dn; /* leaf first, as in the OID register */
    const char *subject;
    gboolean unconfirmed;
} Row;

static void
assert_folds(const char *profile_name, const Row *row)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaProfile) profile = gca_profile_load(profile_name, &error);
    g_assert_no_error(error);
    g_autoptr(GcaName) dn = gca_name_parse(row->dn, &error);
    g_assert_no_error(error);
    gboolean unconfirmed = !row->unconfirmed;
    g_autoptr(GcaName) subject = gca_profile_fold(profile, dn, &unconfirmed, &error);
    g_assert_no_error(error);
    g_autofree char *shown = gca_name_to_string(subject);
    g_assert_cmpstr(shown, ==, row->subject);
    g_assert_true(unconfirmed == row->unconfirmed);
}

/* The twelve shapes that names in the OID register have, with invented values. */
static void
test_folds_every_shape_of_the_register(void)
{
    static const Row rows[] = {
        {"o=甲院,c=TW", "C=TW,L=臺灣,O=甲院", FALSE},
        {"ou=乙部,o=甲院,c=TW", "C=TW,L=臺灣,O=甲院-乙部", FALSE},
        {"ou=丙署,ou=乙部,o=甲院,c=TW", "C=TW,L=臺灣,O=甲院-乙部-丙署", FALSE},
        {"ou=丁組,ou=丙署,ou=乙部,o=甲院,c=TW", "C=TW,L=臺灣,O=甲院-乙部-丙署-丁組", FALSE},
        {"ou=戊科,ou=丁組,ou=丙署,ou=乙部,o=甲院,c=TW", "C=TW,L=臺灣,O=甲院-乙部-丙署-丁組-戊科",
         FALSE},
        {"l=子縣,c=TW", "C=TW,L=臺灣,O=子縣", TRUE},
        {"l=丑鎮,l=子縣,c=TW", "C=TW,L=臺灣,O=子縣-丑鎮", TRUE},
        {"o=縣政府,l=子縣,c=TW", "C=TW,L=臺灣,O=子縣-縣政府", TRUE},
        {"o=鎮公所,l=丑鎮,l=子縣,c=TW", "C=TW,L=臺灣,O=子縣-丑鎮-鎮公所", TRUE},
        {"ou=寅局,o=縣政府,l=子縣,c=TW", "C=TW,L=臺灣,O=子縣-縣政府-寅局", TRUE},
        {"ou=卯課,o=鎮公所,l=丑鎮,l=子縣,c=TW", "C=TW,L=臺灣,O=子縣-丑鎮-鎮公所-卯課", TRUE},
        {"ou=辰所,ou=寅局,o=縣政府,l=子縣,c=TW", "C=TW,L=臺灣,O=子縣-縣政府-寅局-辰所", TRUE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        assert_folds("gtlsca", &rows[i]);
}

/* The examples that GTLSCA's course and TWCA's certificates show. */
static void
test_folds_as_the_authorities_show(void)
{
    const Row gtlsca = {"ou=憑證測試中心,ou=政府憑證管理中心,o=行政院,c=TW",
                        "C=TW,L=臺灣,O=行政院-政府憑證管理中心-憑證測試中心", FALSE};
    const Row twca = {"ou=資訊服務司,ou=內政部,o=行政院,c=TW",
                      "C=TW,L=臺灣,O=政府機關-行政院-內政部-資訊服務司", FALSE};

    assert_folds("gtlsca", &gtlsca);
    assert_folds("test", &gtlsca);
    assert_folds("twca", &twca);
}

static void
test_leaves_out_what_is_no_organisation(void)
{
    const Row row = {"serialNumber=0001,cn=某某,2.5.4.5=x,ou=乙部,o=甲院,c=TW",
                     "C=TW,L=臺灣,O=甲院-乙部", FALSE};

    assert_folds("gtlsca", &row);
}

static void
assert_refused(const GcaName *dn, const char *part)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaProfile) profile = gca_profile_load("gtlsca", NULL);
    gboolean unconfirmed;

    g_assert_null(gca_profile_fold(profile, dn, &unconfirmed, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
    g_assert_nonnull(strstr(error->message, part));
}

static void
test_refuses_a_name_without_organisation(void)
{
    g_autoptr(GcaName) citizen = gca_name_parse("serialNumber=1,cn=某某,c=TW", NULL);
    g_autoptr(GcaName) nothing = gca_name_new();

    assert_refused(citizen, "某某");
    assert_refused(nothing, "no organisation");
}

/* RFC 5280 appendix A.1: ub-organization-name is 64 characters, not bytes. */
static void
test_refuses_an_organisation_over_the_limit(void)
{
    g_autoptr(GString) value = g_string_new(NULL);
    while (g_utf8_strlen(value->str, -1) < 62)
        g_string_append(value, "院");
    g_autofree char *fits = g_strdup_printf("ou=部,o=%s,c=TW", value->str);
    g_autofree char *over = g_strdup_printf("ou=某部,o=%s,c=TW", value->str);
    g_autofree char *folded = g_strdup_printf("C=TW,L=臺灣,O=%s-部", value->str);
    const Row row = {fits, folded, FALSE};
    g_autoptr(GcaName) dn = gca_name_parse(over, NULL);

    assert_folds("gtlsca", &row);
    assert_refused(dn, "65");
}

int
main(int argc, char **argv)
{
    g_autofree char *data = g_build_filename(g_getenv("GCA_SOURCE_DIR"), "data", NULL);

    g_setenv("GCA_DATADIR", data, TRUE);
    g_setenv("XDG_CONFIG_HOME", "/nonexistent", TRUE);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/profile/fold/folds-every-shape-of-the-register",
                    test_folds_every_shape_of_the_register);
    g_test_add_func("/profile/fold/folds-as-the-authorities-show",
                    test_folds_as_the_authorities_show);
    g_test_add_func("/profile/fold/leaves-out-what-is-no-organisation",
                    test_leaves_out_what_is_no_organisation);
    g_test_add_func("/profile/fold/refuses-a-name-without-organisation",
                    test_refuses_a_name_without_organisation);
    g_test_add_func("/profile/fold/refuses-an-organisation-over-the-limit",
                    test_refuses_an_organisation_over_the_limit);
    return g_test_run();
}
