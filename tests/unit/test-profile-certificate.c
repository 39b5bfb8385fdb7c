/* The names of one certificate: hosts, and public addresses where the CA takes them. */
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "profile/domain.h"
#include "test-home.h"

#include <glib/gstdio.h>
#include <string.h>

#define LABEL_61 "a23456789-123456789-123456789-123456789-123456789-12345678901"

/* A profile with the [names] given. */
static GcaProfile *
load_names(const char *names)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = gca_place_user("profiles/changed.profile");
    g_autofree char *text = g_strconcat(
        "[profile]\nTitle=Changed\n[subject]\nCountry=TW\nOrganizationSeparator=-\n"
        "OrganizationParts=O\nLocalParts=O\n[card]\nRenewalPlace=a\nUnblockPlace=b\n[names]\n",
        names, NULL);

    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    GcaProfile *profile = gca_profile_load("changed", &error);
    g_unlink(path);
    g_assert_no_error(error);
    return profile;
}

static void
assert_gives(const char *names, const char *cn, const char *more, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaProfile) profile = load_names(names);
    const char *const typed[] = {more, NULL};
    g_auto(GStrv) found = gca_domains_parse_certificate(cn, typed, profile, &error);

    g_assert_no_error(error);
    g_autofree char *joined = g_strjoinv(" ", found);
    g_assert_cmpstr(joined, ==, expected);
}

static void
assert_refused(const char *names, const char *cn, const char *more, const char *reason)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaProfile) profile = load_names(names);
    const char *const typed[] = {more, NULL};

    g_assert_null(gca_domains_parse_certificate(cn, typed, profile, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
    g_test_message("%s", error->message);
    g_assert_nonnull(strstr(error->message, reason));
    g_assert_true(gca_text_is_plain(error->message));
}

static void
test_puts_cn_first_and_each_once(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaProfile) profile = load_names("");
    g_auto(GStrv) alone = gca_domains_parse_certificate("例子.政府.tw", NULL, profile, &error);

    g_assert_no_error(error);
    g_assert_cmpstrv(alone, ((const char *[]){"xn--fsqu00a.xn--mxtq1m.tw", NULL}));
    assert_gives("", "www.example.gov.tw", NULL, "www.example.gov.tw");
    assert_gives("", "www.example.gov.tw", "b.example.gov.tw, WWW.example.gov.tw,a.example.gov.tw",
                 "www.example.gov.tw b.example.gov.tw a.example.gov.tw");
}

static void
test_takes_one_name_for_cn(void)
{
    assert_refused("", "a.example.gov.tw,b.example.gov.tw", NULL, "character");
    assert_refused("", "", NULL, "empty");
    assert_refused("", "www.example.gov.tw", "", "empty");
    assert_refused("", "www.example.gov.tw", "a.example.gov.tw,", "empty");
    assert_refused("", "www.example.gov.tw", "https://a.example.gov.tw/", "web address");
}

static void
test_keeps_cn_to_64_characters(void)
{
    assert_gives("", LABEL_61 ".tw", NULL, LABEL_61 ".tw");
    assert_refused("", LABEL_61 ".com", NULL, "64");
    assert_gives("", "a.tw", LABEL_61 ".com", "a.tw " LABEL_61 ".com");
}

static void
test_counts_names(void)
{
    assert_gives("PerCertificate=2\n", "a.gov.tw", "b.gov.tw,a.gov.tw", "a.gov.tw b.gov.tw");
    assert_refused("PerCertificate=2\n", "a.gov.tw", "b.gov.tw,c.gov.tw", "3 names were given");
    assert_refused("PerCertificate=2\n", "a.gov.tw", "b.gov.tw,c.gov.tw", "at most 2 names");
    assert_refused("PerCertificate=1\n", "a.gov.tw", "b.gov.tw", "2 names were given");
    assert_refused("PerCertificate=1\n", "a.gov.tw", "b.gov.tw", "request for each");
}

static void
test_takes_wildcard_where_the_profile_does(void)
{
    assert_gives("Wildcard=true\n", "*.example.gov.tw", "example.gov.tw",
                 "*.example.gov.tw example.gov.tw");
    assert_refused("", "a.gov.tw", "*.example.gov.tw", "wildcard");
}

static void
test_takes_public_addresses(void)
{
    /* The edges of the blocks below; 2001:b000::/20 and 168.95.0.0/16 are given out in Taiwan. */
    static const struct {
        const char *typed, *expected;
    } rows[] = {
        {"168.95.1.1", "168.95.1.1"},
        {"１６８.９５.１.１", "168.95.1.1"},
        {"9.255.255.255", "9.255.255.255"},
        {"11.0.0.0", "11.0.0.0"},
        {"100.63.255.255", "100.63.255.255"},
        {"100.128.0.0", "100.128.0.0"},
        {"172.15.255.255", "172.15.255.255"},
        {"172.32.0.0", "172.32.0.0"},
        {"198.17.255.255", "198.17.255.255"},
        {"198.20.0.0", "198.20.0.0"},
        {"223.255.255.255", "223.255.255.255"},
        {"2001:B000:168::1", "2001:b000:168::1"},
        {"2001:b000:0168:0:0:0:0:1", "2001:b000:168::1"}, /* RFC 5952 */
        {"[2001:b000:168::1]", "2001:b000:168::1"},
        {"2001:200::1", "2001:200::1"},
        {"2001:db7:ffff::1", "2001:db7:ffff::1"},
        {"3ffe:ffff::1", "3ffe:ffff::1"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        assert_gives("IpAddress=true\n", rows[i].typed, NULL, rows[i].expected);
}

/* IANA's registries of special-purpose addresses for IPv4 and IPv6 (RFC 6890), as of 2025. */
static void
test_refuses_addresses_that_are_not_public(void)
{
    static const struct {
        const char *typed, *reason;
    } rows[] = {
        {"0.1.2.3", "RFC 791"},
        {"10.0.0.0", "private address (RFC 1918)"},
        {"10.255.255.255", "private address (RFC 1918)"},
        {"100.64.0.0", "RFC 6598"},
        {"100.127.255.255", "RFC 6598"},
        {"127.0.0.1", "loopback"},
        {"127.255.255.255", "loopback"},
        {"169.254.1.1", "link-local"},
        {"172.16.0.0", "private address (RFC 1918)"},
        {"172.31.255.255", "private address (RFC 1918)"},
        {"192.0.0.9", "RFC 6890"},
        {"192.0.2.1", "RFC 5737"},
        {"192.88.99.1", "RFC 7526"},
        {"192.168.0.1", "private address (RFC 1918)"},
        {"１９２.１６８.０.１", "private address (RFC 1918)"},
        {"[192.168.0.1]", "private address (RFC 1918)"},
        {"198.18.0.0", "RFC 2544"},
        {"198.19.255.255", "RFC 2544"},
        {"198.51.100.1", "RFC 5737"},
        {"203.0.113.255", "RFC 5737"},
        {"224.0.0.0", "multicast"},
        {"239.255.255.255", "multicast"},
        {"240.0.0.0", "reserved"},
        {"255.255.255.255", "reserved"},
        {"::", "no address"},
        {"::1", "loopback"},
        {"[::1]", "loopback"},
        {"::2", "reserved"},
        {"::168.95.1.1", "reserved"},
        {"::ffff:168.95.1.1", "IPv4"},
        {"::ffff:10.0.0.1", "IPv4"},
        {"64:ff9b::a85f:101", "IPv4"},
        {"64:ff9b:1::1", "reserved"},
        {"100::1", "reserved"},
        {"2001::1", "RFC 6890"},
        {"2001:2::1", "RFC 6890"},
        {"2001:1ff:ffff::1", "RFC 6890"},
        {"2001:db8::1", "RFC 3849"},
        {"2001:db8:ffff::1", "RFC 3849"},
        {"2002:a85f:101::1", "IPv4"},
        {"3fff::1", "RFC 9637"},
        {"3fff:fff::1", "RFC 9637"},
        {"4000::1", "reserved"},
        {"5f00::1", "reserved"},
        {"fc00::1", "RFC 4193"},
        {"fdff:ffff::1", "RFC 4193"},
        {"fe80::1", "link-local"},
        {"febf::1", "link-local"},
        {"fec0::1", "site-local"},
        {"ff02::1", "multicast"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        assert_refused("IpAddress=true\n", rows[i].typed, NULL, rows[i].reason);
        assert_refused("IpAddress=true\n", "a.gov.tw", rows[i].typed, rows[i].reason);
    }
}

static void
test_says_what_is_wrong_with_what_looks_like_an_address(void)
{
    assert_refused("IpAddress=true\n", "168.95.1.1:443", NULL, "port");
    assert_refused("IpAddress=true\n", "168.95.1.0/24", NULL, "path");
    assert_refused("IpAddress=true\n", "168.95.1", NULL, "number");
    assert_refused("IpAddress=true\n", "168.095.001.001", NULL, "number");
    assert_refused("IpAddress=true\n", "fe80::1%eth0", NULL, "IP address");
    assert_refused("IpAddress=true\n", "[2001:b000::1]:443", NULL, "IP address");
}

static void
test_refuses_addresses_where_the_profile_does(void)
{
    assert_refused("", "168.95.1.1", NULL, "for names only");
    assert_refused("", "a.gov.tw", "2001:b000:168::1", "for names only");
    assert_refused("", "10.0.0.1", NULL, "for names only");
}

int
main(int argc, char **argv)
{
    char *home = test_home_enter();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/profile/certificate/puts-cn-first-and-each-once",
                    test_puts_cn_first_and_each_once);
    g_test_add_func("/profile/certificate/takes-one-name-for-cn", test_takes_one_name_for_cn);
    g_test_add_func("/profile/certificate/keeps-cn-to-64-characters",
                    test_keeps_cn_to_64_characters);
    g_test_add_func("/profile/certificate/counts-names", test_counts_names);
    g_test_add_func("/profile/certificate/takes-wildcard-where-the-profile-does",
                    test_takes_wildcard_where_the_profile_does);
    g_test_add_func("/profile/certificate/takes-public-addresses", test_takes_public_addresses);
    g_test_add_func("/profile/certificate/refuses-addresses-that-are-not-public",
                    test_refuses_addresses_that_are_not_public);
    g_test_add_func("/profile/certificate/says-what-is-wrong-with-what-looks-like-an-address",
                    test_says_what_is_wrong_with_what_looks_like_an_address);
    g_test_add_func("/profile/certificate/refuses-addresses-where-the-profile-does",
                    test_refuses_addresses_where_the_profile_does);
    int status = g_test_run();
    test_home_leave(home, NULL);
    return status;
}
