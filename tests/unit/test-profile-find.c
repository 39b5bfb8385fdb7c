/* Which profile is found, where, and for which account. */
#include "base/error.h"
#include "base/place.h"
#include "profile/profile.h"
#include "test-home.h"

#include <glib/gstdio.h>
#include <string.h>

#define MINIMAL                                                                                    \
    "[profile]\nTitle=Mine\n[subject]\nCountry=TW\nOrganizationSeparator=-\n"                      \
    "OrganizationParts=O;OU\nLocalParts=L;O;OU\n[card]\nRenewalPlace=a\nUnblockPlace=b\n"

static void
write_user_file(const char *name, const char *content)
{
    g_autofree char *path = gca_place_user(name);

    g_assert_true(g_file_set_contents(path, content, -1, NULL));
}

static void
remove_user_file(const char *name)
{
    g_autofree char *path = gca_place_user(name);

    g_assert_cmpint(g_unlink(path), ==, 0);
}

static void
assert_found(const char *uri, const char *wanted, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaProfile) profile = gca_profile_find(uri, wanted, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(gca_profile_get_name(profile), ==, expected);
}

static void
test_takes_gtlsca_unless_told(void)
{
    assert_found(NULL, NULL, "gtlsca");
    assert_found(NULL, "twca", "twca");
    write_user_file("config.ini", "[gca]\nprofile=test\n");
    assert_found(NULL, NULL, "test");
    assert_found(NULL, "twca", "twca");
    remove_user_file("config.ini");
}

static void
test_account_goes_before_wish(void)
{
    const char *gtlsca = "https://gtlscaweb.nat.gov.tw:443/ACMEWeb/acct/Xy-Z_1";

    assert_found(gtlsca, NULL, "gtlsca");
    assert_found(gtlsca, "test", "gtlsca");
    assert_found("https://localhost:14000/my-account/1", "gtlsca", "test");
    assert_found("https://acme.example.org/acct/1", "twca", "twca");
    assert_found("https://acme.example.org/acct/1", NULL, "gtlsca");
}

static void
test_wish_goes_first_where_several_fit(void)
{
    write_user_file("profiles/a-copy.profile",
                    MINIMAL "[acme]\nAccounts=https://localhost:*/my-account/?*\n");
    assert_found("https://localhost:14000/my-account/1", "test", "test");
    assert_found("https://localhost:14000/my-account/1", "a-copy", "a-copy");
    remove_user_file("profiles/a-copy.profile");
}

static void
test_compares_accounts_normalised(void)
{
    /* RFC 3986 sections 6.2.2.1 (case of scheme and host) and 6.2.3 (default port) */
    static const struct {
        const char *uri;
        gboolean fits;
    } rows[] = {
        {"https://gtlscaweb.nat.gov.tw/ACMEWeb/acct/a", TRUE},
        {"https://gtlscaweb.nat.gov.tw:443/ACMEWeb/acct/a", TRUE},
        {"https://gtlscaweb.nat.gov.tw:/ACMEWeb/acct/a", TRUE},
        {"HTTPS://GTLSCAweb.NAT.gov.tw:443/ACMEWeb/acct/a", TRUE},
        {"https://gtlscaweb.nat.gov.tw:8443/ACMEWeb/acct/a", FALSE},
        {"http://gtlscaweb.nat.gov.tw/ACMEWeb/acct/a", FALSE},
        {"http://gtlscaweb.nat.gov.tw:443/ACMEWeb/acct/a", FALSE},
        {"https://gtlscaweb.nat.gov.tw/acmeweb/acct/a", FALSE},
        {"https://gtlscaweb.nat.gov.tw/ACMEWeb/acct/", FALSE},
        {"https://gtlscaweb.nat.gov.tw/ACMEWeb/order/a", FALSE},
        {"https://gtlscaweb.nat.gov.tw.evil.example/ACMEWeb/acct/a", FALSE},
        {"https://gtlscaweb.nat.gov.tw@evil.example/ACMEWeb/acct/a", FALSE},
        {"https://gtlscaweb.nat.gov.tw:443@evil.example/ACMEWeb/acct/a", FALSE},
        {"gtlscaweb.nat.gov.tw/ACMEWeb/acct/a", FALSE},
        {"", FALSE},
    };
    g_autoptr(GcaProfile) gtlsca = gca_profile_load("gtlsca", NULL);
    g_autoptr(GcaProfile) test = gca_profile_load("test", NULL);
    g_autoptr(GcaProfile) twca = gca_profile_load("twca", NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("%s", rows[i].uri);
        g_assert_true(gca_profile_fits_account(gtlsca, rows[i].uri) == rows[i].fits);
        g_assert_false(gca_profile_fits_account(twca, rows[i].uri));
    }
    g_assert_true(gca_profile_fits_account(test, "https://localhost:14000/my-account/4b"));
    g_assert_true(gca_profile_fits_account(test, "https://127.0.0.1:1/my-account/4b"));
    g_assert_false(gca_profile_fits_account(test, "https://localhost:1@evil.example/my-account/4"));
    g_assert_false(gca_profile_fits_account(test, "https://localhost.evil.example:1/my-account/4"));
}

static void
test_user_file_hides_packaged(void)
{
    g_autoptr(GError) error = NULL;

    write_user_file("profiles/gtlsca.profile", MINIMAL);
    write_user_file("profiles/mine.profile", MINIMAL);
    write_user_file("profiles/.hidden.profile", "not a profile");
    write_user_file("profiles/notes.txt", "not a profile");
    g_autoptr(GPtrArray) profiles = gca_profile_list(&error);
    g_assert_no_error(error);
    GString *names = g_string_new(NULL);
    for (guint i = 0; i < profiles->len; i++)
        g_string_append_printf(names, "%s=%s;", gca_profile_get_name(profiles->pdata[i]),
                               gca_profile_get_title(profiles->pdata[i]));
    g_autofree char *joined = g_string_free(names, FALSE);
    g_assert_nonnull(strstr(joined, "gtlsca=Mine;mine=Mine;test=Test with Pebble"));
    g_assert_true(g_str_has_suffix(joined, "for government sites);"));
    remove_user_file("profiles/gtlsca.profile");
    remove_user_file("profiles/mine.profile");
    remove_user_file("profiles/.hidden.profile");
    remove_user_file("profiles/notes.txt");
}

static void
assert_unknown(const char *name)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(gca_profile_load(name, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
    g_assert_nonnull(strstr(error->message, "gtlsca, test, twca"));
    g_assert_null(strchr(error->message, '\033'));
}

static void
test_unknown_name_lists_the_known(void)
{
    assert_unknown("nosuch");
    assert_unknown("");
    assert_unknown("../profiles/gtlsca");
    assert_unknown("/etc/passwd");
    assert_unknown("\033[31m");
}

static void
test_bad_configuration_is_told(void)
{
    g_autoptr(GError) error = NULL, damaged = NULL;

    write_user_file("config.ini", "[gca]\nprofile=gtlsac\n");
    g_assert_null(gca_profile_find(NULL, NULL, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
    g_assert_nonnull(strstr(error->message, "gtlsac"));
    g_assert_nonnull(strstr(gca_error_get_hint(error), "config.ini"));

    write_user_file("config.ini", "profile=gtlsca\n");
    g_assert_null(gca_profile_find(NULL, NULL, &damaged));
    g_assert_error(damaged, GCA_ERROR, GCA_ERROR_BAD_DATA);
    remove_user_file("config.ini");
}

int
main(int argc, char **argv)
{
    char *home = test_home_enter();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/profile/find/takes-gtlsca-unless-told", test_takes_gtlsca_unless_told);
    g_test_add_func("/profile/find/account-goes-before-wish", test_account_goes_before_wish);
    g_test_add_func("/profile/find/wish-goes-first-where-several-fit",
                    test_wish_goes_first_where_several_fit);
    g_test_add_func("/profile/find/compares-accounts-normalised",
                    test_compares_accounts_normalised);
    g_test_add_func("/profile/find/user-file-hides-packaged", test_user_file_hides_packaged);
    g_test_add_func("/profile/find/unknown-name-lists-the-known",
                    test_unknown_name_lists_the_known);
    g_test_add_func("/profile/find/bad-configuration-is-told", test_bad_configuration_is_told);
    int status = g_test_run();
    test_home_leave(home, NULL);
    return status;
}
