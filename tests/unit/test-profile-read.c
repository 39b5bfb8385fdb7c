/* What a profile file says, and that no mistake in one passes silently. */
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "profile/profile.h"
#include "test-home.h"

#include <glib/gstdio.h>
#include <libintl.h>
#include <locale.h>
#include <string.h>

static const char minimal[] =
    "[profile]\nTitle=Mine\nTitle[zh_TW]=我的\n[subject]\nCountry=TW\nOrganizationSeparator=-\n"
    "OrganizationParts=O;OU;\nLocalParts=L;O;OU\n[card]\nRenewalPlace=a\nUnblockPlace=b\n";

static GcaProfile *
load_text(const char *text, gssize size, GError **error)
{
    g_autofree char *path = gca_place_user("profiles/mine.profile");

    g_assert_true(g_file_set_contents(path, text, size, NULL));
    GcaProfile *profile = gca_profile_load("mine", error);
    g_unlink(path);
    return profile;
}

static void
assert_refused(const char *text, const char *group, const char *key)
{
    g_autoptr(GError) error = NULL;

    g_test_message("%s %s", group, key);
    g_assert_null(load_text(text, -1, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
    g_assert_nonnull(strstr(error->message, "mine.profile"));
    g_assert_nonnull(strstr(error->message, group));
    g_assert_nonnull(strstr(error->message, key));
    g_assert_true(gca_text_is_plain(error->message));
}

static void
test_gtlsca_says_what_is_known(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaProfile) profile = gca_profile_load("gtlsca", &error);

    g_assert_no_error(error);
    g_assert_cmpstr(gca_profile_get_directory(profile), ==,
                    "https://gtlscaweb.nat.gov.tw/ACMEWeb/directory");
    g_assert_cmpstr(gca_profile_get_page(profile), ==,
                    "https://gtlscaweb.nat.gov.tw/GCP/views/ACME/ACME_apply.html");
    g_assert_null(gca_profile_get_endpoint(profile));
    g_assert_nonnull(strstr(gca_profile_get_next_step(profile), gca_profile_get_page(profile)));
    g_assert_nonnull(strstr(gca_profile_get_trust_note(profile), "2025-07-31"));
    g_assert_nonnull(strstr(gca_profile_get_trust_note(profile), "TWCA"));
    g_assert_nonnull(gca_profile_get_trust_note_date(profile));
    g_assert_nonnull(strstr(gca_profile_get_renewal_place(profile), "https://gca.nat.gov.tw/"));
    g_assert_nonnull(strstr(gca_profile_get_unblock_place(profile), "https://gca.nat.gov.tw/"));
    g_assert_cmpuint(gca_profile_get_max_characters(profile), ==, 900);
    g_assert_false(gca_profile_allows_wildcard(profile));
    g_assert_false(gca_profile_allows_ip_address(profile));
    g_assert_cmpuint(gca_profile_get_names_per_certificate(profile), ==, 1);
    g_assert_cmpuint(gca_profile_get_key_bits(profile), ==, 2048);
    g_assert_false(gca_profile_allows_key_bits(profile, 3072));
    g_assert_cmpstrv(gca_profile_get_challenges(profile), ((const char *[]){"http-01", NULL}));
    g_assert_cmpstrv(gca_profile_get_chain(profile),
                     ((const char *[]){"GTLSCA", "eCA1_to_eCA2-New", NULL}));
    g_assert_cmpstr(gca_profile_get_chain_download(profile), ==, "GTLSCA_All.zip");
    g_assert_cmpstr(gca_profile_get_addressee(profile), ==, "數位發展部");
    g_assert_cmpuint(gca_profile_get_renewal_percent(profile), ==, 67);
}

static void
test_twca_says_what_is_known(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaProfile) profile = gca_profile_load("twca", &error);

    g_assert_no_error(error);
    g_assert_null(gca_profile_get_directory(profile));
    g_assert_cmpuint(gca_profile_get_names_per_certificate(profile), ==, 0);
    g_assert_cmpuint(gca_profile_get_key_bits(profile), ==, 2048);
    g_assert_cmpstrv(gca_profile_get_challenges(profile),
                     ((const char *[]){"http-01", "dns-01", NULL}));
    g_assert_cmpstrv(gca_profile_get_chain(profile),
                     ((const char *[]){"TWCA Secure SSL CA", NULL}));
    g_assert_null(gca_profile_get_chain_download(profile));
    g_assert_null(gca_profile_get_addressee(profile));
}

static void
test_name_in_caa_records(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = g_strconcat(minimal, "[acme]\nCaaIdentity=tls-1.ca.example\n", NULL);
    g_autoptr(GcaProfile) profile = load_text(text, -1, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(gca_profile_get_caa_identity(profile), ==, "tls-1.ca.example");
}

static void
test_lengths_of_keys_are_listed(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = g_strconcat(minimal, "[keys]\nTypes=RSA\nBits=3072;4096;\n", NULL);
    g_autoptr(GcaProfile) profile = load_text(text, -1, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(gca_profile_get_key_bits(profile), ==, 3072);
    g_assert_true(gca_profile_allows_key_bits(profile, 4096));
    g_assert_false(gca_profile_allows_key_bits(profile, 2048));
    g_assert_false(gca_profile_allows_key_bits(profile, 0));
}

static void
test_finds_anchor_by_fingerprint(void)
{
    static const char *const names[] = {"gtlsca", "twca"};
    const char *gca2 = "1f992b635905fc0eecedaabceaf9741d77778dd838de92b5bb5111722f4631d6";
    const char *grca2 = "70B922BFDA0E3F4A342E4EE22D579AE598D071CC5EC9C30F123680340388AEA5";

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GcaProfile) profile = gca_profile_load(names[i], NULL);
        g_assert_cmpuint(gca_profile_get_anchors(profile)->len, ==, 2);
        g_assert_cmpstr(gca_profile_find_anchor(profile, gca2)->title, ==, "GCA2");
        g_assert_cmpstr(gca_profile_find_anchor(profile, grca2)->url, ==,
                        "https://grca.nat.gov.tw/repository/Certs/GRCA2.cer");
        g_assert_null(gca_profile_find_anchor(profile, ""));
    }
}

static void
test_minimal_has_nothing_else(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaProfile) profile = load_text(minimal, -1, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(gca_profile_get_title(profile), ==, "Mine");
    g_assert_null(gca_profile_get_directory(profile));
    g_assert_null(gca_profile_get_page(profile));
    g_assert_null(gca_profile_get_endpoint(profile));
    g_assert_null(gca_profile_get_next_step(profile));
    g_assert_null(gca_profile_get_trust_note(profile));
    g_assert_cmpuint(gca_profile_get_max_characters(profile), ==, 0);
    g_assert_cmpuint(gca_profile_get_anchors(profile)->len, ==, 0);
    g_assert_false(gca_profile_allows_ip_address(profile));
    g_assert_cmpuint(gca_profile_get_names_per_certificate(profile), ==, 0);
    g_assert_cmpuint(gca_profile_get_key_bits(profile), ==, 2048);
    g_assert_true(gca_profile_allows_key_bits(profile, 2048));
    g_assert_false(gca_profile_allows_key_bits(profile, 4096));
    g_assert_null(gca_profile_get_caa_identity(profile));
    g_assert_null(gca_profile_get_challenges(profile));
    g_assert_null(gca_profile_get_chain(profile));
    g_assert_null(gca_profile_get_chain_download(profile));
    g_assert_null(gca_profile_get_addressee(profile));
    g_assert_cmpuint(gca_profile_get_renewal_percent(profile), ==, 67);
}

static void
assert_title(const char *locale, const char *language, const char *expected)
{
    g_setenv("LANGUAGE", language, TRUE);
    g_assert_nonnull(setlocale(LC_ALL, locale));
    g_autoptr(GcaProfile) profile = load_text(minimal, -1, NULL);
    g_assert_cmpstr(gca_profile_get_title(profile), ==, expected);
    setlocale(LC_ALL, "C");
    g_setenv("LANGUAGE", "C", TRUE);
}

/* With the catalogue in place, as the programs have it. */
static void
test_speaks_the_language_of_messages(void)
{
    bindtextdomain("gca-toolkit", g_getenv("GCA_LOCALEDIR"));
    bind_textdomain_codeset("gca-toolkit", "UTF-8");
    assert_title("C.UTF-8", "zh_TW", "我的");
    assert_title("C.UTF-8", "zh_TW.UTF-8:en", "我的");
    assert_title("C.UTF-8", "de", "Mine");
    assert_title("C", "zh_TW", "Mine"); /* as gettext does */
}

static void
test_unknown_keys_are_refused(void)
{
    static const struct {
        const char *lines, *group, *key;
    } rows[] = {
        {"[names]\nWildcards=true\n", "[names]", "“Wildcards”"},
        {"[name]\nWildcard=true\n", "[name]", "“Wildcard”"},
        {"[acme]\nDirectory[zh_TW]=https://a.tw/\n", "[acme]", "“Directory[zh_TW]”"},
        {"[trust]\nNotes[de]=x\n", "[trust]", "“Notes[de]”"},
        {"[trust]\nTitle=x\n", "[trust]", "“Title”"},
        {"[anchor]\nUrl=https://a.tw/\n", "[anchor]", "“Url”"},
        {"[anchor X]\nUrl=https://a.tw/\nSha1=00\n", "[anchor X]", "“Sha1”"},
        {"[anchor X]\nUrl=https://a.tw/\n", "[anchor X]", "“Sha256”"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text = g_strconcat(minimal, rows[i].lines, NULL);
        assert_refused(text, rows[i].group, rows[i].key);
    }
}

static void
test_ca_file_lies_beside_its_profile(void)
{
    g_autofree char *beside = gca_place_user("profiles/certs/ca.pem");
    const struct {
        const char *written, *expected;
    } rows[] = {{"CaFile=certs/ca.pem\n", beside},
                {"CaFile=/etc/ssl/測試.pem\n", "/etc/ssl/測試.pem"},
                {"", NULL}};

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text = g_strconcat(minimal, "[tls]\n", rows[i].written, NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(GcaProfile) profile = load_text(text, -1, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(gca_profile_get_tls_ca(profile), ==, rows[i].expected);
    }
}

static void
test_bad_values_are_refused(void)
{
    static const struct {
        const char *lines, *group, *key;
    } rows[] = {
        {"[names]\nWildcard=yes\n", "[names]", "“Wildcard”"},
        {"[names]\nIpAddress=1\n", "[names]", "“IpAddress”"},
        {"[names]\nPerCertificate=one\n", "[names]", "“PerCertificate”"},
        {"[keys]\nTypes=EC\n", "[keys]", "“Types”"},
        {"[keys]\nTypes=RSA;EC\n", "[keys]", "“Types”"},
        {"[keys]\nTypes=\n", "[keys]", "“Types”"},
        {"[keys]\nBits=\n", "[keys]", "“Bits”"},
        {"[keys]\nBits=1024\n", "[keys]", "“Bits”"},
        {"[keys]\nBits=2048;;4096\n", "[keys]", "“Bits”"},
        {"[keys]\nBits=2050\n", "[keys]", "“Bits”"},
        {"[keys]\nBits=4096;2048\n", "[keys]", "“Bits”"},
        {"[keys]\nBits=2048;2048\n", "[keys]", "“Bits”"},
        {"[keys]\nBits=2048,4096\n", "[keys]", "“Bits”"},
        {"[keys]\nBits=32768\n", "[keys]", "“Bits”"},
        {"[acme]\nChallenges=http01\n", "[acme]", "“Challenges”"},
        {"[acme]\nChallenges=\n", "[acme]", "“Challenges”"},
        {"[acme]\nCaaIdentity=\n", "[acme]", "“CaaIdentity”"},
        {"[acme]\nCaaIdentity=CA.example\n", "[acme]", "“CaaIdentity”"},
        {"[acme]\nCaaIdentity=ca.example;x\n", "[acme]", "“CaaIdentity”"},
        {"[chain]\nCertificates=A;;B\n", "[chain]", "“Certificates”"},
        {"[renewal]\nLifetimePercent=0\n", "[renewal]", "“LifetimePercent”"},
        {"[renewal]\nLifetimePercent=100\n", "[renewal]", "“LifetimePercent”"},
        {"[renewal]\nLifetimePercent=67%\n", "[renewal]", "“LifetimePercent”"},
        {"[preregistration]\nMaxCharacters=-1\n", "[preregistration]", "“MaxCharacters”"},
        {"[preregistration]\nMaxCharacters=9e2\n", "[preregistration]", "“MaxCharacters”"},
        {"[preregistration]\nMaxCharacters=99999999999\n", "[preregistration]", "“MaxCharacters”"},
        {"[preregistration]\nPage=http://a.tw/\n", "[preregistration]", "“Page”"},
        {"[preregistration]\nEndpoint=https:///x\n", "[preregistration]", "“Endpoint”"},
        {"[tls]\nCaFile=\n", "[tls]", "“CaFile”"},
        {"[tls]\nCaFile=folder/\n", "[tls]", "“CaFile”"},
        {"[acme]\nDirectory=\n", "[acme]", "“Directory”"},
        {"[trust]\nNoteDate=2026-02-30\n", "[trust]", "“NoteDate”"},
        {"[trust]\nNoteDate=20260228\n", "[trust]", "“NoteDate”"},
        {"[trust]\nNote=a\\nb\n", "[trust]", "“Note”"},
        {"[trust]\nNote=\xFF\n", "[trust]", "“Note”"},
        {"[subject]\nLocality=a\\qb\n", "[subject]", "“Locality”"},
        {"[subject]\nLocality=\xFF\n", "[subject]", "“Locality”"},
        {"[trust]\nNote=\xE2\x80\xAE\n", "[trust]", "“Note”"},
        {"[subject]\nOrganizationParts=O;CN\n", "[subject]", "“OrganizationParts”"},
        {"[subject]\nOrganizationParts=;\n", "[subject]", "“OrganizationParts”"},
        {"[anchor X]\nUrl=https://a.tw/\nSha256=1F99\n", "[anchor X]", "“Sha256”"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text = g_strconcat(minimal, rows[i].lines, NULL);
        assert_refused(text, rows[i].group, rows[i].key);
    }
}

static void
test_missing_keys_are_named(void)
{
    assert_refused("[profile]\nTitle=x\n", "[subject]", "“Country”");
    assert_refused("", "[profile]", "“Title”");
}

static void
test_what_is_no_key_file_is_refused(void)
{
    static const struct {
        const char *data;
        gssize size;
    } rows[] = {{"hello", 5}, {"[profile", 8}, {"Title=x\n", 8}, {"\0\1\2", 3}, {"[a]\n\xff\n", 6}};

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(load_text(rows[i].data, rows[i].size, &error));
        g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
        g_assert_true(gca_text_is_plain(error->message));
    }
}

int
main(int argc, char **argv)
{
    char *home = test_home_enter();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/profile/read/gtlsca-says-what-is-known", test_gtlsca_says_what_is_known);
    g_test_add_func("/profile/read/twca-says-what-is-known", test_twca_says_what_is_known);
    g_test_add_func("/profile/read/name-in-caa-records", test_name_in_caa_records);
    g_test_add_func("/profile/read/lengths-of-keys-are-listed", test_lengths_of_keys_are_listed);
    g_test_add_func("/profile/read/finds-anchor-by-fingerprint", test_finds_anchor_by_fingerprint);
    g_test_add_func("/profile/read/minimal-has-nothing-else", test_minimal_has_nothing_else);
    g_test_add_func("/profile/read/speaks-the-language-of-messages",
                    test_speaks_the_language_of_messages);
    g_test_add_func("/profile/read/unknown-keys-are-refused", test_unknown_keys_are_refused);
    g_test_add_func("/profile/read/ca-file-lies-beside-its-profile",
                    test_ca_file_lies_beside_its_profile);
    g_test_add_func("/profile/read/bad-values-are-refused", test_bad_values_are_refused);
    g_test_add_func("/profile/read/missing-keys-are-named", test_missing_keys_are_named);
    g_test_add_func("/profile/read/what-is-no-key-file-is-refused",
                    test_what_is_no_key_file_is_refused);
    int status = g_test_run();
    test_home_leave(home, NULL);
    return status;
}
