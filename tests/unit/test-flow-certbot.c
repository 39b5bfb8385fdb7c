/* certbot's command lines, taken apart as a shell does. */
#include "base/place.h"
#include "flow/certbot.h"
#include "flow/prereg.h"
#include "test-home.h"

#include <glib/gstdio.h>
#include <string.h>

#define ACME "[acme]\nDirectory=https://ca.example.tw:14000/acme/dir\n"

static GcaProfile *
load_changed(const char *lines)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = gca_place_user("profiles/changed.profile");
    g_autofree char *text =
        g_strconcat("[profile]\nTitle=Changed\n[subject]\nCountry=TW\nOrganizationSeparator=-\n"
                    "OrganizationParts=O\nLocalParts=O\n[card]\nRenewalPlace=a\nUnblockPlace=b\n",
                    lines, NULL);

    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    GcaProfile *profile = gca_profile_load("changed", &error);
    g_unlink(path);
    g_assert_no_error(error);
    return profile;
}

/* The command's words behind “certbot certonly”, joined with “|”. */
static char *
take_apart(const char *command)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) words = NULL;

    g_assert_null(strchr(command, '\n'));
    g_assert_true(g_shell_parse_argv(command, NULL, &words, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(words[0], ==, "certbot");
    g_assert_cmpstr(words[1], ==, "certonly");
    return g_strjoinv("|", words + 2);
}

static void
assert_commands(const GcaProfile *profile, const char *domains, const char *expected)
{
    g_auto(GStrv) names = g_strsplit(domains, " ", -1);
    g_auto(GStrv) commands = gca_certbot_list_commands(profile, (const char *const *) names);
    g_autoptr(GString) found = g_string_new(NULL);

    for (guint i = 0; commands != NULL && commands[i] != NULL; i++) {
        g_autofree char *words = take_apart(commands[i]);
        g_string_append_printf(found, "%s%s", i ? "\n" : "", words);
    }
    g_assert_cmpstr(commands ? found->str : NULL, ==, expected);
}

static void
test_gtlsca_gets_one_for_each_name(void)
{
#define GTLSCA                                                                                     \
    "--server|https://gtlscaweb.nat.gov.tw/ACMEWeb/directory|--preferred-challenges|http|"         \
    "--key-type|rsa|--rsa-key-size|2048|-d|"
    g_autoptr(GcaProfile) profile = gca_profile_load("gtlsca", NULL);

    assert_commands(profile, "www.example.gov.tw", GTLSCA "www.example.gov.tw");
    assert_commands(profile, "a.example.gov.tw xn--fsqu00a.xn--mxtq1m.tw",
                    GTLSCA "a.example.gov.tw\n" GTLSCA "xn--fsqu00a.xn--mxtq1m.tw");
}

static void
test_puts_as_many_names_into_one_as_the_profile_says(void)
{
#define REST "--server|https://ca.example.tw:14000/acme/dir|--key-type|rsa|--rsa-key-size|2048|-d|"
    g_autoptr(GcaProfile) two = load_changed(ACME "[names]\nPerCertificate=2\n");
    g_autoptr(GcaProfile) many = load_changed(ACME "[names]\nPerCertificate=2147483647\n");
    g_autoptr(GcaProfile) all = load_changed(ACME);

    assert_commands(two, "a.tw b.tw c.tw", REST "a.tw|-d|b.tw\n" REST "c.tw");
    assert_commands(two, "a.tw b.tw c.tw d.tw", REST "a.tw|-d|b.tw\n" REST "c.tw|-d|d.tw");
    assert_commands(many, "a.tw b.tw", REST "a.tw|-d|b.tw");
    assert_commands(all, "a.tw b.tw c.tw", REST "a.tw|-d|b.tw|-d|c.tw");
}

static void
test_names_a_challenge_that_fits(void)
{
#define BEGIN "--server|https://ca.example.tw:14000/acme/dir|"
#define END "|--key-type|rsa|--rsa-key-size|3072|-d|"
#define KEYS "[keys]\nBits=3072;4096\n[names]\nPerCertificate=1\nWildcard=true\n"
    g_autoptr(GcaProfile) http = load_changed(ACME "Challenges=http-01\n" KEYS);
    g_autoptr(GcaProfile) dns = load_changed(ACME "Challenges=dns-01\n" KEYS);
    g_autoptr(GcaProfile) both = load_changed(ACME "Challenges=dns-01;http-01\n" KEYS);
    g_autoptr(GcaProfile) alpn = load_changed(ACME "Challenges=tls-alpn-01\n" KEYS);

    assert_commands(http, "a.tw", BEGIN "--preferred-challenges|http" END "a.tw");
    assert_commands(http, "*.a.tw", NULL);
    assert_commands(http, "b.tw *.a.tw", NULL);
    assert_commands(dns, "a.tw", BEGIN "--manual|--preferred-challenges|dns" END "a.tw");
    assert_commands(both, "b.tw *.a.tw",
                    BEGIN "--preferred-challenges|http" END "b.tw\n" BEGIN
                          "--manual|--preferred-challenges|dns" END "*.a.tw");
    assert_commands(alpn, "a.tw", NULL);
    assert_commands(http, "a.tw 168.95.1.1", NULL);
    assert_commands(http, "2001:b000:168::1", NULL);
}

/* A wildcard that the shell would fill with files' names; an address that it would cut. */
static void
test_quotes_for_the_shell_only_where_needed(void)
{
    g_autoptr(GcaProfile) profile =
        load_changed("[acme]\nDirectory=https://ca.example.tw/dir?a='1'&b=$c;\n");
    const char *const names[] = {"*.example.gov.tw", "example.gov.tw", NULL};
    g_auto(GStrv) commands = gca_certbot_list_commands(profile, names);

    assert_commands(profile, "*.example.gov.tw",
                    "--server|https://ca.example.tw/dir?a='1'&b=$c;|--key-type|rsa|--rsa-key-size|"
                    "2048|-d|*.example.gov.tw");
    g_assert_nonnull(strstr(commands[0], " -d '*.example.gov.tw' -d example.gov.tw"));
}

static void
test_says_nothing_without_a_directory(void)
{
    g_autoptr(GcaProfile) twca = gca_profile_load("twca", NULL);
    assert_commands(twca, "www.example.gov.tw", NULL);
}

/* The command for a request that is made for the account in `where`; NULL: none. */
static char *
command_for(const char *where)
{
    static const char *const domains[] = {"www.example.gov.tw", NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaContact) contact = gca_contact_new();
    const GcaPreregWish wish = {.account = where,
                                .profile = "changed",
                                .domains = domains,
                                .contact = contact,
                                .without_proof = TRUE};
    g_autoptr(GcaPrereg) prereg = gca_prereg_new(&wish, &error);
    g_assert_no_error(error);
    g_assert_true(gca_prereg_bind_named(prereg, NULL, "C=TW,O=測試", NULL, &error));
    g_auto(GStrv) commands = gca_certbot_list_commands_for(gca_prereg_get_request(prereg),
                                                           gca_prereg_get_profile(prereg),
                                                           gca_prereg_get_account(prereg));

    return commands ? take_apart(commands[0]) : NULL;
}

static void
assert_command_for(const char *folder, const char *file, const char *content, const char *expected)
{
    g_autofree char *path = g_build_filename(folder, file, NULL);
    g_autofree char *parent = g_path_get_dirname(path);

    g_assert_cmpint(g_mkdir_with_parents(parent, 0700), ==, 0);
    g_assert_true(g_file_set_contents(path, content, -1, NULL));
    g_autofree char *words = command_for(path);
    g_assert_cmpstr(words, ==, expected);
}

#define ACCOUNTS ACME "Accounts=https://ca.example.tw:*\n"
#define ID "0123456789abcdef0123456789abcdef"
#define OWN "https://ca.example.tw:24000/acme/acct/1"
#define USUAL "https://ca.example.tw:14000/acme/acct/1"
#define KEY "|--key-type|rsa|--rsa-key-size|2048|-d|www.example.gov.tw"

/* Followed as it stands, another would use or register another account. */
static void
test_is_for_the_account_of_the_request(void)
{
    g_autofree char *folder = g_dir_make_tmp("gca-certbot-XXXXXX", NULL);
    g_autofree char *profile = gca_place_user("profiles/changed.profile");
    g_autofree char *expected =
        g_strconcat("--server|https://ca.example.tw:24000/acme/dir|--config-dir|", folder,
                    "|--account|" ID KEY, NULL);
    const char *argv[] = {"rm", "-rf", folder, NULL};
    g_autofree char *text = g_strconcat(
        "[profile]\nTitle=Changed\n" ACCOUNTS "[subject]\nCountry=TW\nOrganizationSeparator=-\n"
        "OrganizationParts=O\nLocalParts=O\n[card]\nRenewalPlace=a\nUnblockPlace=b\n",
        NULL);
    g_assert_true(g_file_set_contents(profile, text, -1, NULL));

    assert_command_for(folder, "accounts/ca.example.tw:24000/acme/dir/" ID "/regr.json",
                       "{\"uri\":\"" OWN "\"}", expected);
    assert_command_for(folder, "apart/regr.json", "{\"uri\":\"" USUAL "\"}",
                       "--server|https://ca.example.tw:14000/acme/dir" KEY);
    assert_command_for(folder, "apart/regr.json", "{\"uri\":\"" OWN "\"}", NULL);
    assert_command_for(folder, "lego/account.json", "{\"registration\":{\"uri\":\"" USUAL "\"}}",
                       NULL);
    g_autofree char *by_uri = command_for(USUAL);
    g_assert_cmpstr(by_uri, ==, "--server|https://ca.example.tw:14000/acme/dir" KEY);
    g_autofree char *by_other_uri = command_for(OWN);
    g_assert_null(by_other_uri);
    g_unlink(profile);
    g_spawn_sync(NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                 NULL);
}

int
main(int argc, char **argv)
{
    char *home = test_home_enter();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flow/certbot/gtlsca-gets-one-for-each-name",
                    test_gtlsca_gets_one_for_each_name);
    g_test_add_func("/flow/certbot/puts-as-many-names-into-one-as-the-profile-says",
                    test_puts_as_many_names_into_one_as_the_profile_says);
    g_test_add_func("/flow/certbot/is-for-the-account-of-the-request",
                    test_is_for_the_account_of_the_request);
    g_test_add_func("/flow/certbot/names-a-challenge-that-fits", test_names_a_challenge_that_fits);
    g_test_add_func("/flow/certbot/quotes-for-the-shell-only-where-needed",
                    test_quotes_for_the_shell_only_where_needed);
    g_test_add_func("/flow/certbot/says-nothing-without-a-directory",
                    test_says_nothing_without_a_directory);
    int status = g_test_run();
    test_home_leave(home, NULL);
    return status;
}
