#include "csr/csr.h"
#include "csr/examination.h"
#include "test-csr-chain-fixture.h"

static const char *const asked[] = {HOST, NULL};

/* A server's certificate that is as it should be but for what is set in `wanted`. */
static X509 *
make_server(const Wanted *wanted)
{
    Wanted all = *wanted;

    all.subject = all.subject ? all.subject : SERVER_DN;
    all.key = all.key ? all.key : get_key(SERVER_KEY);
    all.extensions = all.extensions ? all.extensions : AS_SERVER;
    if (all.from == NULL) {
        all.from = "2026-05-01T00:00:00Z";
        all.to = "2026-11-01T00:00:00Z";
    }
    return make_certificate(&all);
}

static GPtrArray *
examine(const GcaExaminationWish *wish)
{
    GPtrArray *findings = gca_findings_new();
    g_autoptr(GDateTime) now = moment(MOMENT);
    GcaExaminationWish dated = *wish;

    if (dated.now == NULL)
        dated.now = now;
    gca_examination_run(&dated, findings);
    g_assert_cmpuint(ERR_peek_error(), ==, 0);
    return findings;
}

static X509_REQ *
make_request(EVP_PKEY *key, const char *dn)
{
    X509_REQ *request = X509_REQ_new();

    set_name(X509_REQ_get_subject_name(request), dn);
    X509_REQ_set_pubkey(request, key);
    g_assert_cmpint(X509_REQ_sign(request, key, EVP_sha256()), >, 0);
    return request;
}

static void
test_good(void)
{
    g_autoptr(X509) server = make_server(&(Wanted){.serial = 1});
    g_autoptr(GcaProfile) profile = gca_profile_load("gtlsca", NULL);
    X509_REQ *request = make_request(get_key(SERVER_KEY), SERVER_DN);
    g_autoptr(GPtrArray) findings = examine(&(GcaExaminationWish){.certificate = server,
                                                                  .key = get_key(SERVER_KEY),
                                                                  .csr = request,
                                                                  .names = asked,
                                                                  .profile = profile});

    g_assert_cmpuint(count_findings(findings, GCA_FINDING_OK), ==, 8);
    g_assert_cmpuint(findings->len, ==, 8);
    assert_finding(findings, "validity", GCA_FINDING_OK, "153 days left");
    X509_REQ_free(request);
}

static void
test_looks_only_at_what_is_there(void)
{
    g_autoptr(X509) server = make_server(&(Wanted){.serial = 1});
    g_autoptr(GPtrArray) findings = examine(&(GcaExaminationWish){.certificate = server});

    g_assert_null(find_finding(findings, "key"));
    g_assert_null(find_finding(findings, "request"));
    assert_finding(findings, "names", GCA_FINDING_OK, HOST);
    g_assert_cmpuint(findings->len, ==, 5);
}

static void
test_key_of_another(void)
{
    g_autoptr(X509) server = make_server(&(Wanted){.serial = 1});
    X509_REQ *request = make_request(get_key(OTHER_KEY), SERVER_DN);
    g_autoptr(GPtrArray) findings = examine(
        &(GcaExaminationWish){.certificate = server, .key = get_key(OTHER_KEY), .csr = request});

    assert_finding(findings, "key", GCA_FINDING_FAILED, "another computer");
    assert_finding(findings, "request", GCA_FINDING_FAILED, "not issued for this request");
    g_assert_nonnull(strstr(find_finding(findings, "key")->fix, "where the request was made"));
    X509_REQ_free(request);
}

static void
test_subject_changed_by_the_ca(void)
{
    g_autoptr(X509) server = make_server(&(Wanted){.serial = 1});
    X509_REQ *request = make_request(get_key(SERVER_KEY), "cn=" HOST ",o=行政院測試署,c=TW");
    g_autoptr(GPtrArray) findings =
        examine(&(GcaExaminationWish){.certificate = server, .csr = request});

    assert_finding(findings, "subject", GCA_FINDING_WARNING, "行政院-測試署");
    assert_finding(findings, "subject", GCA_FINDING_WARNING, "行政院測試署");
    X509_REQ_free(request);
}

/* What the certificate must hold, and what it holds (RFC 9525 section 6). */
static void
assert_names(const char *held, const char *const *names, GcaFindingState state, const char *says)
{
    g_autofree char *extensions =
        held ? g_strconcat("subjectAltName = ", held, "\n", NULL) : g_strdup("");
    g_autoptr(X509) server = make_server(&(Wanted){.extensions = extensions});
    g_autoptr(GPtrArray) findings =
        examine(&(GcaExaminationWish){.certificate = server, .names = names});

    assert_finding(findings, "names", state, says);
}

static void
test_names(void)
{
    static const char *const two[] = {HOST, "example.gov.tw", NULL};
    static const char *const idn[] = {"xn--fsqu00a.xn--mxtq1m.tw", NULL};
    static const char *const wild[] = {"*.example.gov.tw", NULL};
    static const char *const addresses[] = {"192.0.2.1", "2001:db8::1", NULL};
    static const char *const address[] = {"192.0.2.1", NULL};

    assert_names("DNS:WWW.example.gov.TW", asked, GCA_FINDING_OK, "");
    assert_names("DNS:" HOST, two, GCA_FINDING_FAILED, "not for “example.gov.tw”");
    assert_names("DNS:" HOST ",DNS:example.gov.tw", asked, GCA_FINDING_WARNING,
                 "more: “example.gov.tw”");
    assert_names("DNS:" HOST ",DNS:example.gov.tw", two, GCA_FINDING_OK, "");
    assert_names("DNS:xn--fsqu00a.xn--mxtq1m.tw", idn, GCA_FINDING_OK, "");
    assert_names("DNS:*.example.gov.tw", wild, GCA_FINDING_OK, "");
    assert_names("DNS:*.example.gov.tw", asked, GCA_FINDING_WARNING, "more: “*.example.gov.tw”");
    /* section 6.3: one label only */
    assert_names("DNS:*.gov.tw", asked, GCA_FINDING_FAILED, "not for");
    assert_names("DNS:w*.example.gov.tw", asked, GCA_FINDING_FAILED, "not for");
    assert_names("IP:192.0.2.1,IP:2001:db8::1", addresses, GCA_FINDING_OK, "");
    assert_names("DNS:192.0.2.1", address, GCA_FINDING_FAILED, "not for “192.0.2.1”");
    assert_names(NULL, asked, GCA_FINDING_FAILED, "do not look at the CN");
    assert_names(NULL, NULL, GCA_FINDING_FAILED, "for no host");
    assert_names("email:test@example.gov.tw", NULL, GCA_FINDING_FAILED, "for no host");
}

/* GTK and terminals would turn the line around. */
static void
test_names_are_shown_escaped(void)
{
    assert_names("DNS:a\033[2Jb", NULL, GCA_FINDING_OK, "a\\u{1B}[2Jb");
}

static void
assert_validity(const char *from, const char *to, GcaFindingState state, const char *says)
{
    g_autoptr(X509) server = make_server(&(Wanted){.from = from, .to = to});
    g_autoptr(GcaProfile) profile = gca_profile_load("gtlsca", NULL);
    g_autoptr(GPtrArray) findings =
        examine(&(GcaExaminationWish){.certificate = server, .profile = profile});

    assert_finding(findings, "validity", state, says);
}

static void
test_validity(void)
{
    assert_validity("2025-01-01T00:00:00Z", "2026-05-31T23:59:59Z", GCA_FINDING_FAILED, "expired");
    assert_validity("2026-06-01T00:00:01Z", "2026-09-01T00:00:00Z", GCA_FINDING_FAILED,
                    "not valid before");
    /* RFC 5280 section 4.1.2.5: both ends count */
    assert_validity(MOMENT, "2026-09-01T00:00:00Z", GCA_FINDING_OK, "92 days left");
    assert_validity("2026-05-31T23:00:00Z", MOMENT, GCA_FINDING_WARNING, "0 days left");
    /* gtlsca: renewal after 67 % of the lifetime; of 100 days 66, then 68 are over */
    assert_validity("2026-03-27T00:00:00Z", "2026-07-05T00:00:00Z", GCA_FINDING_OK, "34 days");
    assert_validity("2026-03-25T00:00:00Z", "2026-07-03T00:00:00Z", GCA_FINDING_WARNING, "32 days");
}

static void
assert_lifetime(const char *from, const char *to, const char *says)
{
    g_autoptr(X509) server = make_server(&(Wanted){.from = from, .to = to});
    g_autoptr(GPtrArray) findings = examine(&(GcaExaminationWish){.certificate = server});

    if (says == NULL)
        g_assert_null(find_finding(findings, "lifetime"));
    else
        assert_finding(findings, "lifetime", GCA_FINDING_WARNING, says);
}

/* Baseline Requirements section 6.3.2: at most 200 days from 2026-03-15, 100 from 2027-03-15, 47
 * from 2029-03-15. A day is 86,400 seconds, and the last second counts. */
static void
test_lifetime(void)
{
    assert_lifetime("2026-03-14T23:59:59Z", "2027-04-14T00:00:00Z", NULL);
    assert_lifetime("2026-03-15T00:00:00Z", "2026-09-30T23:59:59Z", NULL);
    assert_lifetime("2026-03-15T00:00:00Z", "2026-10-01T00:00:00Z", "201 days");
    assert_lifetime("2027-03-15T00:00:00Z", "2027-06-22T23:59:59Z", NULL);
    assert_lifetime("2027-03-15T00:00:00Z", "2027-06-23T00:00:00Z", "at most 100");
    assert_lifetime("2029-03-15T00:00:00Z", "2029-04-30T23:59:59Z", NULL);
    assert_lifetime("2029-03-15T00:00:00Z", "2029-05-01T00:00:00Z", "at most 47");
}

static void
assert_usage(const char *extensions, GcaFindingState state, const char *says)
{
    g_autoptr(X509) server = make_server(&(Wanted){.extensions = extensions});
    g_autoptr(GPtrArray) findings = examine(&(GcaExaminationWish){.certificate = server});

    assert_finding(findings, "usage", state, says);
}

static void
test_usage(void)
{
    assert_usage("extendedKeyUsage = serverAuth,clientAuth\n", GCA_FINDING_OK, "serverAuth");
    assert_usage("keyUsage = keyEncipherment\nextendedKeyUsage = serverAuth\n", GCA_FINDING_OK, "");
    assert_usage("keyUsage = digitalSignature\nextendedKeyUsage = serverAuth\n", GCA_FINDING_OK,
                 "");
    assert_usage("keyUsage = dataEncipherment\nextendedKeyUsage = serverAuth\n", GCA_FINDING_FAILED,
                 "key usage");
    assert_usage("extendedKeyUsage = clientAuth\n", GCA_FINDING_FAILED, "serverAuth");
    assert_usage("keyUsage = digitalSignature\n", GCA_FINDING_FAILED, "serverAuth");
    assert_usage(AS_CA, GCA_FINDING_FAILED, "of a CA");
    assert_usage("2.5.29.19 = DER:04:00\n" AS_SERVER, GCA_FINDING_FAILED, "malformed");
}

/* RFC 5280 section 4.2.1.8: SEQUENCE OF Attribute, here a card's organisation OID. */
static void
test_identity(void)
{
    g_autoptr(X509) server = make_server(&(Wanted){
        .extensions = AS_SERVER "2.5.29.9 = ASN1:SEQUENCE:attributes\n"
                                "[attributes]\na = SEQUENCE:attribute\n"
                                "[attribute]\na = OID:2.16.886.1.100.2.102\nb = SET:values\n"
                                "[values]\na = OID:2.16.886.101.20003.20060.20001\n"});
    g_autoptr(GPtrArray) findings = examine(&(GcaExaminationWish){.certificate = server});

    assert_finding(findings, "identity", GCA_FINDING_FAILED, "2.5.29.9");
    assert_finding(findings, "identity", GCA_FINDING_FAILED, "12,911");
}

static void
assert_strength(EVP_PKEY *key, const EVP_MD *digest, GcaFindingState state, const char *says)
{
    g_autoptr(X509) server = make_server(&(Wanted){.key = key, .digest = digest, .serial = 1});
    g_autoptr(GPtrArray) findings = examine(&(GcaExaminationWish){.certificate = server});

    assert_finding(findings, "strength", state, says);
}

static void
test_strength(void)
{
    g_autoptr(EVP_PKEY) weak = EVP_RSA_gen(1024);
    g_autoptr(EVP_PKEY) curve = EVP_EC_gen("P-256");
    g_autoptr(EVP_PKEY) small_curve = EVP_EC_gen("P-192");

    assert_strength(get_key(SERVER_KEY), EVP_sha384(), GCA_FINDING_OK, "2048 bits");
    assert_strength(curve, EVP_sha256(), GCA_FINDING_OK, "256 bits");
    assert_strength(weak, EVP_sha256(), GCA_FINDING_FAILED, "1024 bits");
    assert_strength(small_curve, EVP_sha256(), GCA_FINDING_FAILED, "192 bits");
    assert_strength(get_key(SERVER_KEY), EVP_sha1(), GCA_FINDING_FAILED, "weaker than SHA-256");
    assert_strength(get_key(SERVER_KEY), EVP_sha224(), GCA_FINDING_FAILED, "weaker than SHA-256");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_setenv("TZ", "UTC", TRUE);
    g_test_add_func("/csr/examination/finds-nothing-wrong-with-a-good-one", test_good);
    g_test_add_func("/csr/examination/looks-only-at-what-is-there",
                    test_looks_only_at_what_is_there);
    g_test_add_func("/csr/examination/explains-key-of-another", test_key_of_another);
    g_test_add_func("/csr/examination/notes-subject-changed-by-the-ca",
                    test_subject_changed_by_the_ca);
    g_test_add_func("/csr/examination/compares-names", test_names);
    g_test_add_func("/csr/examination/shows-names-escaped", test_names_are_shown_escaped);
    g_test_add_func("/csr/examination/judges-validity", test_validity);
    g_test_add_func("/csr/examination/knows-longest-lifetimes", test_lifetime);
    g_test_add_func("/csr/examination/judges-usage", test_usage);
    g_test_add_func("/csr/examination/refuses-identity-data", test_identity);
    g_test_add_func("/csr/examination/judges-strength", test_strength);
    return g_test_run();
}
