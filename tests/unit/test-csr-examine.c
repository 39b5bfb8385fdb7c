/* The mistakes of requests made elsewhere. */
#include "base/finding.h"
#include "csr/csr.h"
#include "test-csr-fixture.h"

#include <glib/gstdio.h>

#define CN "www.example.gov.tw"

static const char *const checks[] = {"csr-subject", "csr-names",    "csr-key",
                                     "csr-digest",  "csr-identity", "csr-attributes"};

static const GcaFinding *
find(GPtrArray *findings, const char *name)
{
    for (guint i = 0; i < findings->len; i++) {
        const GcaFinding *finding = g_ptr_array_index(findings, i);
        if (g_str_equal(finding->name, name))
            return finding;
    }
    g_error("there is no “%s”", name);
}

static GPtrArray *
examine(X509_REQ *csr, const char *profile_name)
{
    g_autoptr(GcaProfile) profile = gca_profile_load(profile_name, NULL);
    GPtrArray *findings = gca_csr_examine(csr, profile);

    g_assert_cmpuint(findings->len, ==, G_N_ELEMENTS(checks));
    g_assert_cmpuint(ERR_peek_error(), ==, 0);
    return findings;
}

/* Only the check `name` fails, and says so. */
static void
assert_finds(const Asked *asked, const char *name, const char *says)
{
    g_autoptr(X509_REQ) csr = make_request(asked);
    g_autoptr(GPtrArray) findings = examine(csr, "twca");

    for (gsize i = 0; i < G_N_ELEMENTS(checks); i++) {
        const GcaFinding *finding = find(findings, checks[i]);
        gboolean is_wanted = g_str_equal(checks[i], name);
        if (finding->state != (is_wanted ? GCA_FINDING_FAILED : GCA_FINDING_OK))
            g_error("%s: %s", finding->name, finding->text);
        if (is_wanted && strstr(finding->text, says) == NULL)
            g_error("“%s” does not say “%s”", finding->text, says);
        if (is_wanted)
            g_assert_nonnull(finding->fix);
    }
}

static void
assert_good(const Asked *asked, const char *profile_name)
{
    g_autoptr(X509_REQ) csr = make_request(asked);
    g_autoptr(GPtrArray) findings = examine(csr, profile_name);

    for (gsize i = 0; i < G_N_ELEMENTS(checks); i++) {
        const GcaFinding *finding = find(findings, checks[i]);
        if (finding->state != GCA_FINDING_OK)
            g_error("%s: %s", finding->name, finding->text);
    }
}

static void
test_passes_what_is_right(void)
{
    assert_good(&(Asked){0}, "gtlsca");
    assert_good(&(Asked){.extensions = GOOD_SAN "keyUsage = digitalSignature\n"}, "gtlsca");
    assert_good(&(Asked){.extensions = "subjectAltName = DNS:WWW.example.gov.tw,"
                                       "DNS:a.example.gov.tw\n",
                         .digest = EVP_sha384()},
                "twca");
}

static void
test_finds_a_wrong_subject(void)
{
    assert_finds(&(Asked){.subject = "CN=" CN ",O=測試署,ST=Some-State,C=TW"}, "csr-subject",
                 "Some-State");
    assert_finds(&(Asked){.subject = "CN=" CN ",OU=測試署,O=行政院,C=TW"}, "csr-subject",
                 "unit (OU)");
}

static void
test_finds_old_strings(void)
{
    g_autoptr(X509_REQ) csr = make_request(&(Asked){.subject = "C=TW"});
    X509_NAME *name = X509_REQ_get_subject_name(csr);
    g_assert_true(X509_NAME_add_entry_by_NID(name, NID_organizationName, V_ASN1_BMPSTRING,
                                             (const guint8 *) "\x6E\x2C\x8A\x66", 4, -1, 0));
    g_assert_true(X509_NAME_add_entry_by_NID(name, NID_commonName, V_ASN1_UTF8STRING,
                                             (const guint8 *) CN, -1, -1, 0));
    g_autoptr(GPtrArray) findings = examine(csr, "twca");

    const GcaFinding *finding = find(findings, "csr-subject");
    g_assert_cmpint(finding->state, ==, GCA_FINDING_FAILED);
    g_assert_nonnull(strstr(finding->text, "O=測試,CN=" CN "” are not written as UTF-8"));
}

static void
test_finds_a_subject_that_is_no_text(void)
{
    g_autoptr(X509_REQ) csr = make_request(&(Asked){.subject = "C=TW"});
    g_assert_true(X509_NAME_add_entry_by_NID(X509_REQ_get_subject_name(csr), NID_organizationName,
                                             V_ASN1_UTF8STRING, (const guint8 *) "\xA6\xE6", 2, -1,
                                             0));
    g_autoptr(GPtrArray) findings = examine(csr, "twca");

    g_assert_nonnull(strstr(find(findings, "csr-subject")->text, "not readable text"));
    g_assert_nonnull(find(findings, "csr-subject")->fix);
    g_assert_cmpint(find(findings, "csr-names")->state, ==, GCA_FINDING_SKIPPED);
}

/* openssl req takes what -subj holds for Latin-1 unless it is told otherwise. */
static void
test_finds_what_openssl_req_makes_without_utf8(void)
{
    g_autofree char *folder = g_dir_make_tmp("gca-csr-XXXXXX", NULL);
    g_autofree char *key = g_build_filename(folder, "privkey.pem", NULL);
    g_autofree char *out = g_build_filename(folder, "request.csr.pem", NULL);
    char subject[] = "/C=TW/L=臺灣/O=測試署/CN=" CN, san[] = "subjectAltName=DNS:" CN;
    char *argv[] = {(char *) "openssl",
                    (char *) "req",
                    (char *) "-new",
                    (char *) "-key",
                    key,
                    (char *) "-subj",
                    subject,
                    (char *) "-addext",
                    san,
                    (char *) "-out",
                    out,
                    NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) pem = encode_key(get_key(0));
    int status;

    g_assert_true(g_file_set_contents(key, g_bytes_get_data(pem, NULL),
                                      (gssize) g_bytes_get_size(pem), NULL));
    g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
                 NULL, NULL, &status, &error);
    g_assert_no_error(error);
    g_assert_true(g_spawn_check_wait_status(status, NULL));
    char *data;
    gsize size;
    g_assert_true(g_file_get_contents(out, &data, &size, NULL));
    g_autoptr(GBytes) bytes = g_bytes_new_take(data, size);
    g_autoptr(X509_REQ) csr = gca_csr_parse(bytes, "request", &error);
    g_assert_no_error(error);
    g_autoptr(GPtrArray) findings = examine(csr, "twca");
    const GcaFinding *finding = find(findings, "csr-subject");
    g_assert_cmpint(finding->state, ==, GCA_FINDING_FAILED);
    g_assert_nonnull(strstr(finding->text, "“臺灣” read in the wrong encoding"));
    g_assert_nonnull(strstr(finding->fix, "-utf8"));
    g_unlink(key);
    g_unlink(out);
    g_rmdir(folder);
}

static void
test_finds_wrong_names(void)
{
    static const struct {
        const char *extensions, *says;
    } cases[] = {
        {"keyUsage = digitalSignature\n", "no subjectAltName"},
        {"subjectAltName = DNS:a.example.gov.tw\n", "“" CN "” is not in subjectAltName"},
        {"subjectAltName = DNS:" CN ",email:a@example.gov.tw\n", "neither a host name"},
        {"subjectAltName = DNS:" CN ",DNS:*.example.gov.tw\n", "wildcard"},
        {"subjectAltName = DNS:" CN ",DNS:https://a.example.gov.tw\n", "web address"},
        {"subjectAltName = DNS:" CN ",IP:10.0.0.1\n", "10.0.0.1"},
        /* “a.example.gov.tw,b.example.gov.tw” */
        {"subjectAltName = DER:30378212"
         "7777772e6578616d706c652e676f762e7477"
         "8221"
         "612e6578616d706c652e676f762e74772c622e6578616d706c652e676f762e7477\n",
         "“a.example.gov.tw,b.example.gov.tw”, which is no host name"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        assert_finds(&(Asked){.extensions = cases[i].extensions}, "csr-names", cases[i].says);
}

static void
test_counts_names_by_profile(void)
{
    g_autoptr(X509_REQ) csr =
        make_request(&(Asked){.extensions = "subjectAltName = DNS:" CN ",DNS:a.example.gov.tw\n"});
    g_autoptr(GPtrArray) findings = examine(csr, "gtlsca");

    g_assert_nonnull(strstr(find(findings, "csr-names")->text, "2 names were given"));
}

static void
test_finds_a_key_not_taken(void)
{
    g_autoptr(EVP_PKEY) weak = EVP_RSA_gen(1024);
    g_autoptr(EVP_PKEY) curve = EVP_EC_gen("P-256");

    assert_finds(&(Asked){.key = weak}, "csr-key", "1024");
    g_autoptr(X509_REQ) csr = make_request(&(Asked){.key = curve});
    g_autoptr(GPtrArray) findings = examine(csr, "gtlsca");
    g_assert_cmpint(find(findings, "csr-key")->state, ==, GCA_FINDING_FAILED);
}

static void
test_finds_a_weak_digest(void)
{
    assert_finds(&(Asked){.digest = EVP_sha1()}, "csr-digest", "sha1WithRSAEncryption");
    assert_finds(&(Asked){.digest = EVP_md5()}, "csr-digest", "md5WithRSAEncryption");
}

/* subjectDirectoryAttributes, as a card's certificate has it */
static void
test_finds_a_card_holders_attributes(void)
{
    assert_finds(&(Asked){.extensions = GOOD_SAN "2.5.29.9 = DER:3000\n"}, "csr-identity",
                 "2.5.29.9");
}

static void
test_finds_a_challenge_password_and_does_not_show_it(void)
{
    g_autoptr(X509_REQ) csr = make_request(&(Asked){.challenge = "s3cret"});
    g_autoptr(GPtrArray) findings = examine(csr, "twca");

    assert_finds(&(Asked){.challenge = "s3cret"}, "csr-attributes", "challenge password");
    for (guint i = 0; i < findings->len; i++) {
        const GcaFinding *finding = g_ptr_array_index(findings, i);
        g_assert_null(strstr(finding->text, "s3cret"));
    }
}

/* What one program reads in the first, another may read in the second. */
static void
test_finds_extensions_asked_for_twice(void)
{
    g_autoptr(X509_REQ) csr = make_request(&(Asked){0});
    static const guint8 empty[] = {0x30, 0x00};

    g_assert_true(X509_REQ_add1_attr_by_NID(csr, NID_ms_ext_req, V_ASN1_SEQUENCE, empty, 2));
    g_autoptr(GPtrArray) findings = examine(csr, "twca");
    g_assert_nonnull(strstr(find(findings, "csr-attributes")->text, "more than one place"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/csr/examine/passes-what-is-right", test_passes_what_is_right);
    g_test_add_func("/csr/examine/finds-a-wrong-subject", test_finds_a_wrong_subject);
    g_test_add_func("/csr/examine/finds-old-strings", test_finds_old_strings);
    g_test_add_func("/csr/examine/finds-a-subject-that-is-no-text",
                    test_finds_a_subject_that_is_no_text);
    g_test_add_func("/csr/examine/finds-what-openssl-req-makes-without-utf8",
                    test_finds_what_openssl_req_makes_without_utf8);
    g_test_add_func("/csr/examine/finds-wrong-names", test_finds_wrong_names);
    g_test_add_func("/csr/examine/counts-names-by-profile", test_counts_names_by_profile);
    g_test_add_func("/csr/examine/finds-a-key-not-taken", test_finds_a_key_not_taken);
    g_test_add_func("/csr/examine/finds-a-weak-digest", test_finds_a_weak_digest);
    g_test_add_func("/csr/examine/finds-a-card-holders-attributes",
                    test_finds_a_card_holders_attributes);
    g_test_add_func("/csr/examine/finds-a-challenge-password-and-does-not-show-it",
                    test_finds_a_challenge_password_and_does_not_show_it);
    g_test_add_func("/csr/examine/finds-extensions-asked-for-twice",
                    test_finds_extensions_asked_for_twice);
    return g_test_run();
}
