/* The content of a request as docs/prereg-request.md describes it: made, and read strictly. */
#include "base/error.h"
#include "base/text.h"
#include "prereg/request.h"

#include <string.h>

#define URI "https://ca.example:443/acct/AaBb-1"
#define THUMBPRINT "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
#define ACCOUNT "\"account\":{\"thumbprint\":\"" THUMBPRINT "\",\"uri\":\"" URI "\"}"
#define CARD "\"card\":{\"serial\":\"TP0000000001\"}"
#define CONTACT "\"contact\":{\"email\":\"test@agency.gov.tw\",\"name\":\"王測試\"}"
#define CREATED "\"created\":\"2026-11-21T02:30:00Z\""
#define DOMAINS "\"domains\":[\"www.agency-test.gov.tw\",\"xn--fsqu00a.xn--mxtq1m.tw\"]"
#define NONCE "\"nonce\":\"AAECAwQFBgcICQoLDA0ODw\""
#define ORGANIZATION                                                                               \
    "\"organization\":{\"dn\":\"C=TW,O=行政院,OU=測試署\",\"name\":\"行政院 測試署\"," \
    "\"oid\":\"2.16.886.101.90001\"}"
#define PROFILE "\"profile\":\"test\""
#define SUBJECT "\"subject\":[[\"C\",\"TW\"],[\"L\",\"臺灣\"],[\"O\",\"行政院-測試署\"]]"
#define TAIL "\"type\":\"gca-prereg\",\"version\":1}"

/* RFC 8785: members sorted, no white space, UTF-8 */
#define WHOLE                                                                                      \
    "{" ACCOUNT "," CARD "," CONTACT "," CREATED "," DOMAINS "," NONCE "," ORGANIZATION            \
    "," PROFILE "," SUBJECT "," TAIL
#define LEAST                                                                                      \
    "{\"account\":{\"uri\":\"" URI "\"}," CREATED "," DOMAINS "," NONCE                            \
    ",\"organization\":{\"dn\":\"C=TW\",\"name\":\"測試\"}," PROFILE "," SUBJECT "," TAIL

static GcaRequest *
parse(const char *text, GError **error)
{
    g_autoptr(GBytes) content = g_bytes_new(text, strlen(text));
    return gca_request_parse(content, error);
}

static void
test_parse_whole(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaRequest) request = parse(WHOLE, &error);
    g_assert_no_error(error);
    g_autofree char *created = gca_text_time(gca_request_get_created(request));
    const GcaName *subject = gca_request_get_subject(request);
    const GcaContact *contact = gca_request_get_contact(request);

    g_assert_cmpstr(gca_request_get_profile(request), ==, "test");
    g_assert_cmpstr(gca_request_get_account_uri(request), ==, URI);
    g_assert_cmpstr(gca_request_get_thumbprint(request), ==, THUMBPRINT);
    g_assert_cmpstr(gca_request_get_domains(request)[0], ==, "www.agency-test.gov.tw");
    g_assert_cmpstr(gca_request_get_domains(request)[1], ==, "xn--fsqu00a.xn--mxtq1m.tw");
    g_assert_null(gca_request_get_domains(request)[2]);
    g_assert_cmpuint(gca_name_get_length(subject), ==, 3);
    g_assert_cmpstr(gca_name_find(subject, "O"), ==, "行政院-測試署");
    g_assert_cmpstr(gca_request_get_organization_name(request), ==, "行政院 測試署");
    g_assert_cmpstr(gca_request_get_organization_dn(request), ==, "C=TW,O=行政院,OU=測試署");
    g_assert_cmpstr(gca_request_get_organization_oid(request), ==, "2.16.886.101.90001");
    g_assert_cmpstr(gca_request_get_card_serial(request), ==, "TP0000000001");
    g_assert_cmpstr(gca_contact_get(contact, GCA_CONTACT_NAME), ==, "王測試");
    g_assert_cmpstr(gca_contact_get(contact, GCA_CONTACT_EMAIL), ==, "test@agency.gov.tw");
    g_assert_cmpstr(created, ==, "2026-11-21T02:30:00Z");
}

static void
test_parse_least(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaRequest) request = parse(LEAST, &error);

    g_assert_no_error(error);
    g_assert_null(gca_request_get_thumbprint(request));
    g_assert_null(gca_request_get_organization_oid(request));
    g_assert_null(gca_request_get_card_serial(request));
    g_assert_true(gca_contact_is_empty(gca_request_get_contact(request)));
}

/* What differs from WHOLE: `with` in the place of `part`. */
typedef struct {
    const char *path, *part, *with, *speaks_of;
} Row;

static char *
replace(const Row *row)
{
    const char *at = strstr(WHOLE, row->part);
    g_assert_nonnull(at);
    return g_strdup_printf("%.*s%s%s", (int) (at - WHOLE), WHOLE, row->with,
                           at + strlen(row->part));
}

static const Row accepted[] = {
    {"/request/accepts/proof", PROFILE,
     PROFILE ",\"proof\":{\"payload\":\"AA\",\"protected\":\"e30\",\"signature\":\"AA\"}", ""},
    {"/request/accepts/wildcard", "\"www.", "\"*.", ""},
    {"/request/accepts/attribute-by-oid", "[\"L\",\"臺灣\"]", "[\"2.5.4.7\",\"臺灣\"]", ""},
};

static void
test_accepts(gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = replace(data);
    g_autoptr(GcaRequest) request = parse(text, &error);

    g_assert_no_error(error);
    g_assert_nonnull(request);
}

static const Row refused[] = {
    /* RFC 8785 */
    {"/request/refuses/blank", ",\"created\"", ", \"created\"", "canonical"},
    {"/request/refuses/order", ACCOUNT "," CARD, CARD "," ACCOUNT, "canonical"},
    {"/request/refuses/escaped-letter", "TP0", "\\u0054P0", "canonical"},
    {"/request/refuses/bom", "{\"account\"", "\xEF\xBB\xBF{\"account\"", "from byte 0"},
    {"/request/refuses/line-feed-behind", TAIL, TAIL "\n", "canonical"},
    {"/request/refuses/duplicate-member", PROFILE, PROFILE "," PROFILE, "JSON"},
    {"/request/refuses/not-json", TAIL, "", "JSON"},
    {"/request/refuses/control-character", "TP0", "TP\\n0", "control"},
    {"/request/refuses/delete-character", "TP0",
     "TP\x7f"
     "0",
     "control"},
    {"/request/refuses/c1-character", "TP0",
     "TP\xc2\x85"
     "0",
     "control"},
    {"/request/refuses/fraction", "\"version\":1", "\"version\":1.0", "version"},
    /* members */
    {"/request/refuses/no-account", ACCOUNT ",", "", "“account”"},
    {"/request/refuses/no-uri", ",\"uri\":\"" URI "\"", "", "“account.uri”"},
    {"/request/refuses/no-created", CREATED ",", "", "“created”"},
    {"/request/refuses/no-domains", DOMAINS ",", "", "“domains”"},
    {"/request/refuses/no-nonce", NONCE ",", "", "“nonce”"},
    {"/request/refuses/no-organization", ORGANIZATION ",", "", "“organization”"},
    {"/request/refuses/no-profile", PROFILE ",", "", "“profile”"},
    {"/request/refuses/no-subject", SUBJECT ",", "", "“subject”"},
    {"/request/refuses/no-type", "\"type\":\"gca-prereg\",", "", "“type”"},
    {"/request/refuses/no-version", ",\"version\":1", "", "“version”"},
    {"/request/refuses/unknown-member", TAIL, "\"type\":\"gca-prereg\",\"version\":1,\"x\":1}",
     "“x”"},
    {"/request/refuses/unknown-inner-member", "\"serial\":\"TP0000000001\"",
     "\"serial\":\"TP0000000001\",\"x\":\"1\"", "card.x"},
    {"/request/refuses/unknown-contact-member", "\"name\":\"王測試\"}",
     "\"name\":\"王測試\",\"x\":\"1\"}", "“contact”"},
    /* values */
    {"/request/refuses/other-type", "\"gca-prereg\"", "\"gca-other\"", "“type”"},
    {"/request/refuses/other-version", "\"version\":1", "\"version\":2", "“version”"},
    {"/request/refuses/version-as-text", "\"version\":1", "\"version\":\"1\"", "“version”"},
    {"/request/refuses/profile-path", "\"test\"", "\"../test\"", "“profile”"},
    {"/request/refuses/http-account", "https://ca", "http://ca", "https"},
    {"/request/refuses/account-fragment", "AaBb-1", "AaBb-1#x", "fragment"},
    {"/request/refuses/thumbprint-padded", THUMBPRINT, THUMBPRINT "=", "“account.thumbprint”"},
    {"/request/refuses/thumbprint-short", THUMBPRINT, "NzbLsXh8", "“account.thumbprint”"},
    {"/request/refuses/account-as-text", ACCOUNT, "\"account\":\"" URI "\"", "“account”"},
    {"/request/refuses/card-as-text", CARD, "\"card\":\"TP0000000001\"", "“card”"},
    {"/request/refuses/empty-serial", "TP0000000001", "", "“card.serial”"},
    {"/request/refuses/upper-case-domain", "www", "WWW", "“domains[0]”"},
    {"/request/refuses/u-label", "xn--fsqu00a", "例子", "“domains[1]”"},
    {"/request/refuses/final-dot", "test.gov.tw", "test.gov.tw.", "“domains[0]”"},
    {"/request/refuses/hyphen-first", "www", "-www", "“domains[0]”"},
    {"/request/refuses/hyphen-last", "www", "www-", "“domains[0]”"},
    {"/request/refuses/inner-star", "www", "w*w", "“domains[0]”"},
    {"/request/refuses/lone-star", "\"www.agency-test.gov.tw\"", "\"*\"", "“domains[0]”"},
    {"/request/refuses/long-label", "www",
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "“domains[0]”"},
    {"/request/refuses/duplicate-domain", "xn--fsqu00a.xn--mxtq1m.tw", "www.agency-test.gov.tw",
     "“domains[1]”"},
    {"/request/refuses/empty-domains", DOMAINS, "\"domains\":[]", "“domains”"},
    {"/request/refuses/domain-as-text", DOMAINS, "\"domains\":\"a.tw\"", "“domains”"},
    {"/request/refuses/empty-subject", SUBJECT, "\"subject\":[]", "“subject”"},
    {"/request/refuses/subject-triple", "[\"C\",\"TW\"]", "[\"C\",\"TW\",\"TW\"]", "“subject[0]”"},
    {"/request/refuses/subject-cn", "[\"C\",\"TW\"]", "[\"CN\",\"TW\"]", "“subject[0]”"},
    {"/request/refuses/subject-empty-value", "\"臺灣\"", "\"\"", "“subject[1]”"},
    {"/request/refuses/oid-with-zero", "2.16.886.101.90001", "2.16.0886", "“organization.oid”"},
    {"/request/refuses/oid-impossible", "2.16.886.101.90001", "3.16", "“organization.oid”"},
    {"/request/refuses/oid-by-name", "2.16.886.101.90001", "commonName", "“organization.oid”"},
    {"/request/refuses/empty-contact", CONTACT, "\"contact\":{}", "“contact”"},
    {"/request/refuses/contact-email", "test@agency.gov.tw", "test", "“test”"},
    {"/request/refuses/contact-blank-in-front", "王測試", " 王測試", "“contact.name”"},
    {"/request/refuses/created-zone", "02:30:00Z", "02:30:00+08:00", "“created”"},
    {"/request/refuses/created-fraction", "02:30:00Z", "02:30:00.5Z", "“created”"},
    {"/request/refuses/created-no-day", "11-21", "11-31", "“created”"},
    {"/request/refuses/nonce-short", "AAECAwQFBgcICQoLDA0ODw", "AAECAwQFBgcICQoLDA0O", "“nonce”"},
    {"/request/refuses/nonce-loose-bits", "AAECAwQFBgcICQoLDA0ODw", "AAECAwQFBgcICQoLDA0ODx",
     "“nonce”"},
    {"/request/refuses/proof-number", PROFILE, PROFILE ",\"proof\":{\"payload\":1}",
     "“proof.payload”"},
    {"/request/refuses/cn-by-oid", "[\"C\",\"TW\"]", "[\"2.5.4.3\",\"www.agency.gov.tw\"]",
     "subject[0]"},
    {"/request/refuses/proof-empty", PROFILE, PROFILE ",\"proof\":{}", "“proof.payload”"},
    {"/request/refuses/proof-header", PROFILE,
     PROFILE ",\"proof\":{\"header\":\"e30\",\"payload\":\"AA\",\"protected\":\"e30\","
             "\"signature\":\"AA\"}",
     "“proof.header”"},
    {"/request/refuses/proof-not-base64url", PROFILE,
     PROFILE ",\"proof\":{\"payload\":\"A+\",\"protected\":\"e30\",\"signature\":\"AA\"}",
     "“proof.payload”"},
};

static void
test_refuses(gconstpointer data)
{
    const Row *row = data;
    g_autoptr(GError) error = NULL;
    g_autofree char *text = replace(row);

    g_assert_null(parse(text, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_CHECK_FAILED);
    g_test_message("%s", error->message);
    g_assert_nonnull(strstr(error->message, row->speaks_of));
}

/* the byte at which the blank stands */
static void
test_first_byte(void)
{
    g_autoptr(GError) error = NULL;
    const Row row = {NULL, ",\"created\"", ", \"created\"", NULL};
    g_autofree char *text = replace(&row);
    g_autofree char *place =
        g_strdup_printf("from byte %d on", (int) (strstr(text, ", \"created\"") - text) + 1);

    g_assert_null(parse(text, &error));
    g_assert_nonnull(strstr(error->message, place));
}

static void
test_too_large(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *blanks = g_strnfill(1024 * 1024, ' ');
    g_autofree char *text = g_strconcat(WHOLE, blanks, NULL);

    g_assert_null(parse(text, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_CHECK_FAILED);
    g_assert_nonnull(strstr(error->message, "1 MiB"));
}

static void
fill(GcaRequestFields *fields, GcaName *subject, GcaName *dn, GcaContact *contact)
{
    static const char *const domains[] = {"www.agency-test.gov.tw", "xn--fsqu00a.xn--mxtq1m.tw",
                                          NULL};

    gca_name_add(subject, "C", "TW");
    gca_name_add(subject, "L", "臺灣");
    gca_name_add(subject, "O", "行政院-測試署");
    gca_name_add(dn, "C", "TW");
    gca_name_add(dn, "O", "行政院");
    gca_name_add(dn, "OU", "測試署");
    gca_contact_set(contact, GCA_CONTACT_NAME, "王測試", NULL);
    gca_contact_set(contact, GCA_CONTACT_EMAIL, "test@agency.gov.tw", NULL);
    *fields = (GcaRequestFields){.profile = "test",
                                 .account_uri = URI,
                                 .thumbprint = THUMBPRINT,
                                 .domains = domains,
                                 .subject = subject,
                                 .organization_name = "行政院 測試署",
                                 .organization_dn = dn,
                                 .organization_oid = "2.16.886.101.90001",
                                 .card_serial = "TP0000000001",
                                 .contact = contact};
}

/* The text between `before` and the next quote. */
static char *
cut(const char *text, const char *before)
{
    const char *at = strstr(text, before);
    g_assert_nonnull(at);
    at += strlen(before);
    return g_strndup(at, strcspn(at, "\""));
}

static void
test_new(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaName) subject = gca_name_new();
    g_autoptr(GcaName) dn = gca_name_new();
    g_autoptr(GcaContact) contact = gca_contact_new();
    GcaRequestFields fields;
    fill(&fields, subject, dn, contact);

    g_autoptr(GcaRequest) request = gca_request_new(&fields, &error);
    g_assert_no_error(error);
    gsize size;
    const char *data = g_bytes_get_data(gca_request_get_content(request), &size);
    g_autofree char *text = g_strndup(data, size);
    g_autofree char *created = cut(text, "\"created\":\"");
    g_autofree char *nonce = cut(text, "\"nonce\":\"");
    g_autofree char *expected = g_strconcat(
        "{" ACCOUNT "," CARD "," CONTACT ",\"created\":\"", created, "\"," DOMAINS ",\"nonce\":\"",
        nonce, "\"," ORGANIZATION "," PROFILE "," SUBJECT "," TAIL, NULL);
    g_assert_cmpstr(text, ==, expected);

    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    GTimeSpan age = g_date_time_difference(now, gca_request_get_created(request));
    g_assert_cmpint(age, >=, 0);
    g_assert_cmpint(age, <, G_TIME_SPAN_MINUTE);
    g_autoptr(GcaRequest) other = gca_request_new(&fields, &error);
    g_autofree char *other_text =
        g_strndup(g_bytes_get_data(gca_request_get_content(other), NULL), size);
    g_autofree char *other_nonce = cut(other_text, "\"nonce\":\"");
    g_assert_cmpstr(nonce, !=, other_nonce);
}

static void
test_new_least(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaName) subject = gca_name_new();
    g_autoptr(GcaName) dn = gca_name_new();
    g_autoptr(GcaContact) contact = gca_contact_new();
    g_autoptr(GcaContact) empty = gca_contact_new();
    GcaRequestFields fields;
    fill(&fields, subject, dn, contact);
    fields.thumbprint = fields.organization_oid = fields.card_serial = NULL;
    fields.contact = empty;

    g_autoptr(GcaRequest) request = gca_request_new(&fields, &error);
    g_assert_no_error(error);
    g_assert_null(gca_request_get_thumbprint(request));
    g_assert_null(gca_request_get_organization_oid(request));
    g_assert_null(gca_request_get_card_serial(request));
    g_assert_true(gca_contact_is_empty(gca_request_get_contact(request)));
}

static void
test_new_refuses(void)
{
    static const char *const latin[] = {"www.\xe4.tw", NULL};
    g_autoptr(GcaName) subject = gca_name_new();
    g_autoptr(GcaName) dn = gca_name_new();
    g_autoptr(GcaContact) contact = gca_contact_new();
    GcaRequestFields fields, good;
    fill(&good, subject, dn, contact);

    g_autoptr(GError) domain = NULL;
    fields = good;
    fields.domains = latin; /* must not be left out in silence */
    g_assert_null(gca_request_new(&fields, &domain));
    g_assert_error(domain, GCA_ERROR, GCA_ERROR_BAD_DATA);

    g_autoptr(GError) serial = NULL;
    fields = good;
    fields.card_serial = "\xff";
    g_assert_null(gca_request_new(&fields, &serial));
    g_assert_error(serial, GCA_ERROR, GCA_ERROR_BAD_DATA);

    g_autoptr(GError) control = NULL;
    fields = good;
    fields.organization_name = "測\x01試";
    g_assert_null(gca_request_new(&fields, &control));
    g_assert_error(control, GCA_ERROR, GCA_ERROR_BAD_DATA);

    g_autoptr(GError) uri = NULL;
    fields = good;
    fields.account_uri = "\xff";
    g_assert_null(gca_request_new(&fields, &uri));
    g_assert_error(uri, GCA_ERROR, GCA_ERROR_BAD_DATA);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    g_test_add_func("/request/parse/all-members", test_parse_whole);
    g_test_add_func("/request/parse/needed-members-only", test_parse_least);
    for (guint i = 0; i < G_N_ELEMENTS(accepted); i++)
        g_test_add_data_func(accepted[i].path, &accepted[i], test_accepts);
    for (guint i = 0; i < G_N_ELEMENTS(refused); i++)
        g_test_add_data_func(refused[i].path, &refused[i], test_refuses);
    g_test_add_func("/request/refuses/names-the-first-byte", test_first_byte);
    g_test_add_func("/request/refuses/too-large", test_too_large);
    g_test_add_func("/request/new/is-canonical-and-fresh", test_new);
    g_test_add_func("/request/new/leaves-out-what-is-not-known", test_new_least);
    g_test_add_func("/request/new/refuses-what-cannot-be-read-back", test_new_refuses);
    return g_test_run();
}
