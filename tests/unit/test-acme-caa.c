#include "config.h"

#include "acme/caa.h"
#include "acme/resolver.h"
#include "base/error.h"
#include "base/text.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define URI "https://acme.example.gov.tw:443/ACMEWeb/acct/a-_b"
#define ACCOUNT "; accounturi=" URI
#define LONG "a1234567890123456789012345678901234567890123456789012345678901234" /* 65 */

typedef struct {
    guint8 flags;
    const char *tag, *value;
} Row;

static GPtrArray *
make_records(const Row *rows)
{
    GPtrArray *records = g_ptr_array_new_with_free_func((GDestroyNotify) gca_caa_record_free);

    for (; rows->tag != NULL; rows++) {
        g_autoptr(GBytes) value = g_bytes_new(rows->value, strlen(rows->value));
        g_ptr_array_add(records, gca_caa_record_new(rows->flags, rows->tag, value));
    }
    return records;
}

static GcaCaaVerdict
judge(const Row *rows, gboolean is_wildcard)
{
    static const char *const issuers[] = {"ca.example", "ca2.example", NULL};
    static const char *const methods[] = {"http-01", NULL};
    const GcaCaaUse use = {issuers, URI, methods, is_wildcard};
    g_autoptr(GPtrArray) records = make_records(rows);

    return gca_caa_judge(records, &use);
}

/* One issue property and what a CA makes of it. */
static void
test_one_property(void)
{
    static const struct {
        const char *value;
        GcaCaaVerdict verdict;
    } rows[] = {
        {"ca.example" ACCOUNT, GCA_CAA_PRESENT},
        {"CA.Example" ACCOUNT, GCA_CAA_PRESENT},
        {"ca2.example" ACCOUNT, GCA_CAA_PRESENT},
        /* RFC 8659 section 4.2: blanks and tabs around all parts */
        {" \tca.example \t; \taccounturi \t= \t" URI " ", GCA_CAA_PRESENT},
        {"ca.example;accounturi=" URI, GCA_CAA_PRESENT},
        {"ca.example" ACCOUNT "; validationmethods=http-01", GCA_CAA_PRESENT},
        {"ca.example; validationmethods=dns-01,http-01" ACCOUNT, GCA_CAA_PRESENT},
        {"ca.example" ACCOUNT "; other=1=2", GCA_CAA_PRESENT},
        {"ca.example", GCA_CAA_UNBOUND},
        {"ca.example;", GCA_CAA_UNBOUND},
        {"ca.example; ", GCA_CAA_UNBOUND},
        {"ca.example; other=", GCA_CAA_UNBOUND},
        {"ca.example; validationmethods=http-01", GCA_CAA_UNBOUND},
        /* nobody, another CA, another account, another method */
        {"", GCA_CAA_OTHER},
        {";", GCA_CAA_OTHER},
        {" \t; ", GCA_CAA_OTHER},
        {" \t", GCA_CAA_OTHER},
        {ACCOUNT, GCA_CAA_OTHER},
        {"%%%%%", GCA_CAA_OTHER},
        {"other.example" ACCOUNT, GCA_CAA_OTHER},
        {"www.ca.example" ACCOUNT, GCA_CAA_OTHER},
        {"ca.example." ACCOUNT, GCA_CAA_OTHER},
        {"ca.example" ACCOUNT "x", GCA_CAA_OTHER},
        {"ca.example; accounturi=", GCA_CAA_OTHER},
        {"ca.example; accounturi=https://acme.example.gov.tw/ACMEWeb/acct/a-_b", GCA_CAA_OTHER},
        {"ca.example; validationmethods=dns-01", GCA_CAA_OTHER},
        {"ca.example; validationmethods=" ACCOUNT, GCA_CAA_OTHER},
        /* RFC 8657 section 4: [*(label ",") label]; more than one list is refused */
        {"ca.example; validationmethods=http-01," ACCOUNT, GCA_CAA_OTHER},
        {"ca.example; validationmethods=dns-01,,http-01" ACCOUNT, GCA_CAA_OTHER},
        {"ca.example; validationmethods=http_01,http-01" ACCOUNT, GCA_CAA_OTHER},
        {"ca.example; validationmethods=HTTP-01" ACCOUNT, GCA_CAA_OTHER},
        {"ca.example; validationmethods=http-01; validationmethods=http-01" ACCOUNT, GCA_CAA_OTHER},
        {"ca.example; validationmethods=ca-own,http-01" ACCOUNT, GCA_CAA_PRESENT},
        /* RFC 8659 section 4.2: parameters that are not known mean nothing, twice and long ones
         * too; a name that a CA may not know for accounturi binds nobody */
        {"ca.example; a=1; a=2" ACCOUNT, GCA_CAA_PRESENT},
        {"ca.example; " LONG "=1" ACCOUNT, GCA_CAA_PRESENT},
        {"ca.example; a--b=,\"\\~" ACCOUNT, GCA_CAA_PRESENT},
        {"ca.example; AccountURI=" URI, GCA_CAA_UNBOUND},
        {"ca.example \t;\t ", GCA_CAA_UNBOUND},
        {"\tca.example\t", GCA_CAA_UNBOUND},
        /* RFC 8657 section 3: two accounts are none */
        {"ca.example" ACCOUNT ACCOUNT, GCA_CAA_OTHER},
        {"ca.example" ACCOUNT "; accounturi=https://a.example/1", GCA_CAA_OTHER},
        /* not of the grammar */
        {"ca.example accounturi=" URI, GCA_CAA_OTHER},
        {"ca.example" ACCOUNT ";", GCA_CAA_OTHER},
        {"ca.example;" ACCOUNT, GCA_CAA_OTHER},
        {"ca.example; accounturi", GCA_CAA_OTHER},
        {"ca.example; =" URI, GCA_CAA_OTHER},
        {"ca.example;;", GCA_CAA_OTHER},
        {"ca.example; a-=1" ACCOUNT, GCA_CAA_OTHER},
        {"ca.example; a.b=1" ACCOUNT, GCA_CAA_OTHER},
        {"ca.example; a b=1" ACCOUNT, GCA_CAA_OTHER},
        {"ca.example\n" ACCOUNT, GCA_CAA_OTHER},
        {"ca.example; a=1\x7f" ACCOUNT, GCA_CAA_OTHER},
        {"ca.example; -a=1" ACCOUNT, GCA_CAA_OTHER},
        {"ca.example; a=1 2" ACCOUNT, GCA_CAA_OTHER},
        {"ca.example; a=\xE4" ACCOUNT, GCA_CAA_OTHER},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        const Row property[] = {{0, "issue", rows[i].value}, {0}};
        g_autofree char *shown = gca_text_escape(rows[i].value);
        g_test_message("%s", shown);
        g_assert_cmpint(judge(property, FALSE), ==, rows[i].verdict);
    }
}

/* RFC 8657 section 4: without knowing how we prove a domain, a list that allows nothing still does
 * not allow it. */
static void
test_methods_not_known(void)
{
    static const struct {
        const char *value;
        GcaCaaVerdict verdict;
    } rows[] = {
        {"ca.example" ACCOUNT "; validationmethods=dns-01", GCA_CAA_PRESENT},
        {"ca.example" ACCOUNT "; validationmethods=", GCA_CAA_OTHER},
        {"ca.example" ACCOUNT "; validationmethods=,", GCA_CAA_OTHER},
        {"ca.example" ACCOUNT "; validationmethods=a; validationmethods=a", GCA_CAA_OTHER},
    };
    static const char *const issuers[] = {"ca.example", NULL};
    const GcaCaaUse use = {issuers, URI, NULL, FALSE};

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        const Row property[] = {{0, "issue", rows[i].value}, {0}};
        g_autoptr(GPtrArray) records = make_records(property);
        g_test_message("%s", rows[i].value);
        g_assert_cmpint(gca_caa_judge(records, &use), ==, rows[i].verdict);
    }
}

/* RFC 8659 section 4.2: “;” and what is not of the grammar permit nobody, though a CA's directory
 * says that it is called so. */
static void
test_names_that_are_none(void)
{
    static const char *const issuers[] = {"", "%%%%%", "ca_1.example", "ca.example.", NULL};
    const GcaCaaUse use = {issuers, URI, NULL, FALSE};

    for (gsize i = 0; issuers[i] != NULL; i++) {
        g_autofree char *value = g_strconcat(issuers[i], ACCOUNT, NULL);
        const Row rows[] = {{0, "issue", value}, {0, "issue", ";"}, {0}};
        g_autoptr(GPtrArray) records = make_records(rows);
        g_assert_cmpint(gca_caa_judge(records, &use), ==, GCA_CAA_OTHER);
    }
}

static void
test_nul_permits_nobody(void)
{
    static const char *const issuers[] = {"ca.example", NULL};
    const GcaCaaUse use = {issuers, URI, NULL, FALSE};
    g_autoptr(GPtrArray) records =
        g_ptr_array_new_with_free_func((GDestroyNotify) gca_caa_record_free);
    g_autoptr(GBytes) value = g_bytes_new("ca.example\0x", 12);

    g_ptr_array_add(records, gca_caa_record_new(0, "issue", value));
    g_assert_cmpint(gca_caa_judge(records, &use), ==, GCA_CAA_OTHER);
    g_autofree char *text = gca_caa_record_to_string(g_ptr_array_index(records, 0));
    g_assert_null(strchr(text, '\n'));
    g_assert_nonnull(strstr(text, "ca.example\\"));
}

/* Which properties count (RFC 8659 sections 4.1 to 4.4). */
static void
test_sets(void)
{
    static const struct {
        Row records[4];
        GcaCaaVerdict plain, wildcard;
    } rows[] = {
        {{{0}}, GCA_CAA_ABSENT, GCA_CAA_ABSENT},
        {{{0, "iodef", "mailto:test@example.com"}}, GCA_CAA_ABSENT, GCA_CAA_ABSENT},
        {{{0, "unknown", "x"}}, GCA_CAA_ABSENT, GCA_CAA_ABSENT},
        {{{128, "unknown", "x"}}, GCA_CAA_OTHER, GCA_CAA_OTHER},
        {{{128, "issue", "ca.example" ACCOUNT}}, GCA_CAA_PRESENT, GCA_CAA_PRESENT},
        /* section 4.5, of what is for others, too; section 4.1: bit 0 alone, tags without case */
        {{{0, "issuewild", "ca.example" ACCOUNT}, {128, "UNKNOWN", ""}},
         GCA_CAA_OTHER,
         GCA_CAA_OTHER},
        {{{129, "IoDef", "x"}, {127, "unknown", "x"}}, GCA_CAA_ABSENT, GCA_CAA_ABSENT},
        {{{0, "issue\\u{0}", "ca.example" ACCOUNT}}, GCA_CAA_ABSENT, GCA_CAA_ABSENT},
        {{{0, "ISSUE", ";"}, {0, "IssueWild", "ca.example" ACCOUNT}},
         GCA_CAA_OTHER,
         GCA_CAA_PRESENT},
        {{{0, "issue", "ca.example" ACCOUNT}, {128, "unknown", "x"}}, GCA_CAA_OTHER, GCA_CAA_OTHER},
        {{{1, "unknown", "x"}, {0, "ISSUE", "ca.example" ACCOUNT}},
         GCA_CAA_PRESENT,
         GCA_CAA_PRESENT},
        /* one that fits is enough, and one for any account undoes one for ours */
        {{{0, "issue", ";"}, {0, "issue", "ca.example" ACCOUNT}}, GCA_CAA_PRESENT, GCA_CAA_PRESENT},
        {{{0, "issue", "ca.example"}, {0, "issue", "ca.example" ACCOUNT}},
         GCA_CAA_UNBOUND,
         GCA_CAA_UNBOUND},
        {{{0, "issue", "ca.example" ACCOUNT}, {0, "issue", "ca.example"}, {0, "issue", ";"}},
         GCA_CAA_UNBOUND,
         GCA_CAA_UNBOUND},
        /* issuewild is for wildcards, and goes before issue there */
        {{{0, "issuewild", "ca.example" ACCOUNT}}, GCA_CAA_ABSENT, GCA_CAA_PRESENT},
        {{{0, "issue", ";"}, {0, "issuewild", "ca.example" ACCOUNT}},
         GCA_CAA_OTHER,
         GCA_CAA_PRESENT},
        {{{0, "issue", "ca.example" ACCOUNT}, {0, "issuewild", ";"}},
         GCA_CAA_PRESENT,
         GCA_CAA_OTHER},
        /* section 4.3: one that is not of the grammar hides issue as well */
        {{{0, "issue", "ca.example" ACCOUNT}, {0, "issuewild", "%%%%%"}},
         GCA_CAA_PRESENT,
         GCA_CAA_OTHER},
        /* and without any, issue is for wildcards too */
        {{{0, "issue", "ca.example" ACCOUNT}, {0, "iodef", "x"}}, GCA_CAA_PRESENT, GCA_CAA_PRESENT},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("row %" G_GSIZE_FORMAT, i);
        g_assert_cmpint(judge(rows[i].records, FALSE), ==, rows[i].plain);
        g_assert_cmpint(judge(rows[i].records, TRUE), ==, rows[i].wildcard);
    }
}

static void
test_lines(void)
{
    static const struct {
        const char *domain, *line;
    } rows[] = {
        {"www.example.gov.tw",
         "www.example.gov.tw. CAA 0 issue \"ca.example; accounturi=" URI "\""},
        {"*.example.gov.tw", "example.gov.tw. CAA 0 issuewild \"ca.example; accounturi=" URI "\""},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *line = gca_caa_format(rows[i].domain, "ca.example", URI, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(line, ==, rows[i].line);
    }
}

/* What is printed must be what a CA takes. */
static void
test_line_is_present(void)
{
    g_autofree char *line = gca_caa_format("www.example.gov.tw", "ca.example", URI, NULL);
    g_auto(GStrv) parts = g_strsplit(line, "\"", -1);
    const Row rows[] = {{0, "issue", parts[1]}, {0}};

    g_assert_cmpint(judge(rows, FALSE), ==, GCA_CAA_PRESENT);
}

static void
test_what_no_record_can_hold(void)
{
    static const char *const issuers[] = {"",    ".",  "ca.example.", "ca..example", "-ca.example",
                                          "ca-", "例", "a b",         "ca;x",        "a\"b",
                                          "a_b"};
    static const char *const uris[] = {"https://a.example/acct;1", "https://a.example/\"",
                                       "https://a.example/\\", "https://a.example/ 1",
                                       "http://a.example/1"};

    for (gsize i = 0; i < G_N_ELEMENTS(issuers); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(gca_caa_format("www.example.gov.tw", issuers[i], URI, &error));
        g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(uris); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(gca_caa_format("www.example.gov.tw", "ca.example", uris[i], &error));
        g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
    }
}

static void
test_server_addresses(void)
{
    static const char *const good[] = {"127.0.0.1", "127.0.0.1:5353", "[::1]:5353", "[::1]", "::1"};
    static const char *const bad[] = {
        "",      "dns.example",  "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:x",
        "127.1", "127.0.0.1/24", "a@127.0.0.1", "127.0.0.1?x",     "127.0.0.1 "};

    for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GcaResolver) resolver = gca_resolver_new(good[i], &error);
        g_assert_no_error(error);
        g_assert_nonnull(resolver);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_test_message("“%s”", bad[i]);
        g_assert_null(gca_resolver_new(bad[i], &error));
        g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
    }
}

/* ---- a DNS server that gives one answer ---- */

#define MAX_QUERY 512

typedef struct {
    int fd;
    guint8 flags[2];    /* RFC 1035 section 4.1.1 */
    const char *record; /* behind the name: type, class, TTL, length, data */
    gsize size;
} Dns;

/* The query up to its question, and the record for the name in it. */
static gpointer
answer_once(gpointer data)
{
    const Dns *dns = data;
    guint8 query[MAX_QUERY];
    struct sockaddr_in peer;
    socklen_t length = sizeof peer;
    gssize size = recvfrom(dns->fd, query, sizeof query, 0, (struct sockaddr *) &peer, &length);
    g_assert_cmpint(size, >, 12);
    gsize end = 12 + strlen((const char *) query + 12) + 1 + 4;

    g_autoptr(GByteArray) answer = g_byte_array_new();
    g_byte_array_append(answer, query, 2);
    g_byte_array_append(answer, dns->flags, 2);
    g_byte_array_append(answer, (const guint8 *) "\0\1\0\1\0\0\0\0", 8);
    g_byte_array_append(answer, query + 12, (guint) end - 12);
    g_byte_array_append(answer, (const guint8 *) "\xc0\x0c", 2); /* section 4.1.4: the same name */
    g_byte_array_append(answer, (const guint8 *) dns->record, (guint) dns->size);
    g_assert_cmpint(
        sendto(dns->fd, answer->data, answer->len, 0, (struct sockaddr *) &peer, length), ==,
        answer->len);
    return NULL;
}

static GPtrArray *
ask_once(Dns *dns, GError **error)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    g_autofree char *found_at = NULL;

    dns->fd = socket(AF_INET, SOCK_DGRAM, 0);
    g_assert_cmpint(bind(dns->fd, (struct sockaddr *) &address, length), ==, 0);
    getsockname(dns->fd, (struct sockaddr *) &address, &length);
    g_autofree char *server = g_strdup_printf("127.0.0.1:%u", ntohs(address.sin_port));
    g_autoptr(GcaResolver) resolver = gca_resolver_new(server, error);
    GThread *thread = g_thread_new("dns", answer_once, dns);
    GPtrArray *records = gca_resolver_fetch_caa(resolver, "tw", &found_at, NULL, error);
    g_thread_join(thread);
    close(dns->fd);
    return records;
}

#define ALIAS "\0\5\0\1\0\0\0\1\0\3\1x\0"
#define CAA_WITH_NUL "\1\1\0\1\0\0\0\1\0\x09\x80\6issue\0;"

/* RFC 8659 section 3: the records of a name are those at the end of its alias; a server that is not
 * recursive has not looked there, and “none” would be a guess. */
static void
test_alias_not_followed(void)
{
    Dns recursive = {.flags = {0x81, 0x80}, .record = ALIAS, .size = sizeof ALIAS - 1};
    Dns other = {.flags = {0x84, 0x00}, .record = ALIAS, .size = sizeof ALIAS - 1};
    g_autoptr(GError) error = NULL;

    g_autoptr(GPtrArray) records = ask_once(&recursive, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(records->len, ==, 0);
    g_assert_null(ask_once(&other, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_NETWORK);
}

/* RFC 8659 section 4.1: a tag has letters and digits; what stands in front of a NUL is none. */
static void
test_tag_with_nul(void)
{
    static const char *const issuers[] = {"ca.example", NULL};
    const GcaCaaUse use = {issuers, URI, NULL, FALSE};
    Dns dns = {.flags = {0x81, 0x80}, .record = CAA_WITH_NUL, .size = sizeof CAA_WITH_NUL - 1};
    g_autoptr(GError) error = NULL;

    g_autoptr(GPtrArray) records = ask_once(&dns, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(records->len, ==, 1);
    GcaCaaRecord *record = g_ptr_array_index(records, 0);
    g_assert_cmpuint(record->flags, ==, 128);
    g_assert_cmpstr(record->tag, !=, "issue");
    g_assert_cmpint(gca_caa_judge(records, &use), ==, GCA_CAA_OTHER);
    record->flags = 0;
    g_assert_cmpint(gca_caa_judge(records, &use), ==, GCA_CAA_ABSENT);
}

static void
test_cancelled_before_it_begins(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaCancel) cancel = gca_cancel_new();
    g_autoptr(GcaResolver) resolver = gca_resolver_new("127.0.0.1:9", &error);
    g_autofree char *found_at = NULL;

    gca_cancel_request(cancel);
    g_assert_null(
        gca_resolver_fetch_caa(resolver, "www.example.gov.tw", &found_at, cancel, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_CANCELLED);
    g_assert_true(gca_resolver_is_answering(resolver));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/acme/caa/one-property", test_one_property);
    g_test_add_func("/acme/caa/methods-that-are-not-known", test_methods_not_known);
    g_test_add_func("/acme/caa/names-that-no-ca-can-have", test_names_that_are_none);
    g_test_add_func("/acme/caa/nul-permits-nobody", test_nul_permits_nobody);
    g_test_add_func("/acme/caa/which-properties-count", test_sets);
    g_test_add_func("/acme/caa/line-for-the-zone-file", test_lines);
    g_test_add_func("/acme/caa/line-is-what-a-ca-takes", test_line_is_present);
    g_test_add_func("/acme/caa/refuses-what-no-record-can-hold", test_what_no_record_can_hold);
    g_test_add_func("/acme/resolver/addresses-of-servers", test_server_addresses);
    g_test_add_func("/acme/resolver/alias-that-nobody-followed", test_alias_not_followed);
    g_test_add_func("/acme/resolver/tag-with-nul-is-unknown", test_tag_with_nul);
    g_test_add_func("/acme/resolver/cancelled-before-it-begins", test_cancelled_before_it_begins);
    return g_test_run();
}
