/* Signed requests: what gca_request_sign makes passes, and each way of altering a message fails the
 * check that is named for it. The messages are made here with OpenSSL's own functions. */
#include "base/error.h"
#include "base/text.h"
#include "cms/signed-data.h"
#include "prereg/report.h"
#include "x509/certificate.h"

#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <string.h>

#define URI "https://ca.example:443/acct/AaBb-1"
#define DOMAIN "www.agency-test.gov.tw"
#define FLAGS (CMS_BINARY | CMS_NOSMIMECAP | CMS_CADES)

static GcaCertificatePool *pool;

static char *
pki_path(const char *name, const char *suffix)
{
    g_autofree char *file = g_strconcat(name, suffix, NULL);
    return g_build_filename(g_getenv("GCA_TEST_PKI"), file, NULL);
}

static GcaX509Stack *
load_certificates(const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = pki_path(name, ".pem");
    GcaX509Stack *stack = gca_certificate_load(path, &error);
    g_assert_no_error(error);
    return stack;
}

static X509 *
load_certificate(const char *name)
{
    g_autoptr(GcaX509Stack) stack = load_certificates(name);
    return sk_X509_shift(stack);
}

static EVP_PKEY *
load_key(const char *name)
{
    g_autofree char *path = pki_path(name, ".key.pem");
    g_autoptr(BIO) file = BIO_new_file(path, "r");
    EVP_PKEY *key = PEM_read_bio_PrivateKey(file, NULL, NULL, NULL);
    g_assert_nonnull(key);
    return key;
}

/* A request that speaks for the holder of the certificate `name`. */
static GcaRequest *
make_request(const char *name)
{
    static const char *const domains[] = {DOMAIN, "xn--fsqu00a.xn--mxtq1m.tw", NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(X509) certificate = load_certificate(name);
    g_autoptr(GcaHolder) holder = gca_holder_new(certificate, &error);
    g_autoptr(GcaName) subject = gca_name_new();
    g_autoptr(GcaContact) contact = gca_contact_new();
    g_assert_no_error(error);

    gca_name_add(subject, "C", "TW");
    gca_name_add(subject, "O", "測試");
    const GcaRequestFields fields = {.profile = "test",
                                     .account_uri = URI,
                                     .domains = domains,
                                     .subject = subject,
                                     .organization_name = gca_holder_get_organization(holder),
                                     .organization_dn = gca_holder_get_dn(holder),
                                     .organization_oid = gca_holder_get_oid(holder),
                                     .contact = contact};
    GcaRequest *request = gca_request_new(&fields, &error);
    g_assert_no_error(error);
    return request;
}

typedef struct {
    const char *path;
    const char *fails;      /* names of the checks that fail, joined with blanks */
    const char *signer;     /* NULL: agency */
    const char *speaks_for; /* NULL: the signer */
    const char *content;    /* NULL: a good one */
    const char *second;     /* another signer */
    const char *anchor;     /* NULL: the issuing CA; "": none */
    const char *crl;        /* NULL: none */
    const char *account;    /* demanded; NULL: none */
    const char *domain;     /* demanded; NULL: none */
    const char *digest;     /* NULL: SHA-256 */
    guint without;          /* flags left out */
    guint with;             /* flags added */
    gint64 signed_later;    /* seconds from now to signingTime */
    gboolean pss;
    void (*damage)(GByteArray *der);
} Row;

static void
add_signing_time(CMS_SignerInfo *signer_info, gint64 seconds)
{
    /* a second more: OpenSSL's clock, time(), may lag behind GLib's where a second begins */
    ASN1_TIME *time = X509_gmtime_adj(NULL, (long) seconds + 1);
    g_assert_cmpint(
        CMS_signed_add1_attr_by_NID(signer_info, NID_pkcs9_signingTime, time->type, time, -1), ==,
        1);
    ASN1_TIME_free(time);
}

static void
add_signer(CMS_ContentInfo *cms, const char *name, const Row *row)
{
    g_autoptr(X509) certificate = load_certificate(name);
    g_autoptr(EVP_PKEY) key = load_key(name);
    const EVP_MD *digest = EVP_get_digestbyname(row->digest ? row->digest : "SHA256");
    guint flags =
        (FLAGS & ~row->without) | row->with | CMS_PARTIAL | (row->pss ? CMS_KEY_PARAM : 0);
    CMS_SignerInfo *signer_info = CMS_add1_signer(cms, certificate, key, digest, flags);

    g_assert_nonnull(signer_info);
    if (row->pss)
        g_assert_cmpint(EVP_PKEY_CTX_set_rsa_padding(CMS_SignerInfo_get0_pkey_ctx(signer_info),
                                                     RSA_PKCS1_PSS_PADDING),
                        ==, 1);
    if (!(row->with & CMS_NOATTR))
        add_signing_time(signer_info, row->signed_later);
}

static GBytes *
make_content(const Row *row, const char *signer)
{
    if (row->content != NULL)
        return g_bytes_new_static(row->content, strlen(row->content));
    g_autoptr(GcaRequest) request = make_request(row->speaks_for ? row->speaks_for : signer);
    return g_bytes_ref(gca_request_get_content(request));
}

static GBytes *
make_message(const Row *row)
{
    const char *signer = row->signer ? row->signer : "agency";
    g_autoptr(GBytes) content = make_content(row, signer);
    g_autoptr(BIO) input =
        BIO_new_mem_buf(g_bytes_get_data(content, NULL), (int) g_bytes_get_size(content));
    g_autoptr(CMS_ContentInfo) cms = CMS_sign(NULL, NULL, NULL, NULL, CMS_PARTIAL | CMS_BINARY);
    g_autoptr(GByteArray) der = g_byte_array_new();
    guint8 *data = NULL;

    add_signer(cms, signer, row);
    if (row->second != NULL)
        add_signer(cms, row->second, row);
    g_assert_cmpint(CMS_final(cms, input, NULL, CMS_BINARY), ==, 1);
    int length = i2d_CMS_ContentInfo(cms, &data);
    g_byte_array_append(der, data, (guint) length);
    OPENSSL_free(data);
    if (row->damage != NULL)
        row->damage(der);
    return g_byte_array_free_to_bytes(g_steal_pointer(&der));
}

/* The signature stands last. */
static void
damage_signature(GByteArray *der)
{
    der->data[der->len - 1] ^= 1;
}

static guint8 *
find(GByteArray *der, const char *text)
{
    guint8 *at = memmem(der->data, der->len, text, strlen(text));
    g_assert_nonnull(at);
    return at;
}

/* The content stays a good request, but is not what was signed. */
static void
damage_content(GByteArray *der)
{
    find(der, DOMAIN)[0] = 'v';
}

static void
add_trailing_byte(GByteArray *der)
{
    g_byte_array_append(der, (const guint8 *) "", 1);
}

/* Not the certificate that the attribute names, though its key, name and number are the same. */
static void
swap_policy(GByteArray *der)
{
    /* 2.16.886.101.0.3.0 in the certificate's policies becomes …3.1 */
    find(der, "\x60\x86\x76\x65\x00\x03\x00")[6] = 1;
}

static char *
list_failures(GcaReport *report)
{
    GPtrArray *checks = gca_report_get_checks(report);
    g_autoptr(GString) names = g_string_new(NULL);

    for (guint i = 0; i < checks->len; i++) {
        const GcaCheck *check = g_ptr_array_index(checks, i);
        if (check->error == NULL)
            continue;
        g_test_message("%s: %s", check->name, check->error->message);
        g_string_append_printf(names, "%s%s", names->len ? " " : "", check->name);
    }
    return g_strdup(names->str);
}

static void
check_verdict(GcaReport *report, const char *fails)
{
    const GError *verdict = gca_report_get_verdict(report);

    if (*fails == '\0')
        g_assert_null(verdict);
    else if (g_str_equal(fails, "chain"))
        g_assert_error(verdict, GCA_ERROR, GCA_ERROR_UNTRUSTED);
    else
        g_assert_error(verdict, GCA_ERROR, GCA_ERROR_CHECK_FAILED);
}

static GcaX509CrlStack *
load_crls(const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = pki_path(name, ".pem");
    GcaX509CrlStack *crls = gca_crl_load(path, &error);
    g_assert_no_error(error);
    return crls;
}

/* The same words and codes for each check. */
static void
assert_same(const GcaReport *report, const GcaReport *alone)
{
    GPtrArray *checks = gca_report_get_checks(report), *others = gca_report_get_checks(alone);

    g_assert_cmpuint(checks->len, ==, others->len);
    g_assert_cmpstr(gca_report_get_sha256(report), ==, gca_report_get_sha256(alone));
    for (guint i = 0; i < checks->len; i++) {
        const GcaCheck *check = g_ptr_array_index(checks, i), *other = g_ptr_array_index(others, i);
        g_assert_cmpstr(check->name, ==, other->name);
        g_assert_true((check->error == NULL) == (other->error == NULL));
        if (check->error == NULL)
            continue;
        g_assert_cmpint(gca_error_get_code(check->error), ==, gca_error_get_code(other->error));
        g_assert_cmpstr(check->error->message, ==, other->error->message);
    }
}

/* Among others, before and after the pool has met its certificates, a message is what it is alone.
 * All rows share the pool, those with altered certificates too. */
static void
check_pooled(GBytes *message, const GcaReportWish *alone, const GcaReport *report)
{
    GcaReportWish wish = *alone;

    wish.pool = pool;
    for (guint i = 0; i < 2; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GcaReport) pooled = gca_report_new(message, &wish, &error);
        g_assert_no_error(error);
        assert_same(pooled, report);
    }
}

static void
test_row(gconstpointer data)
{
    const Row *row = data;
    const char *anchor = row->anchor ? row->anchor : "ca";
    const char *const domains[] = {row->domain, NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) message = make_message(row);
    g_autoptr(GcaX509Stack) anchors = *anchor != '\0' ? load_certificates(anchor) : NULL;
    g_autoptr(GcaX509CrlStack) crls = row->crl ? load_crls(row->crl) : NULL;
    const GcaReportWish wish = {.anchors = anchors,
                                .crls = crls,
                                .account_uri = row->account,
                                .domains = row->domain ? domains : NULL};

    g_autoptr(GcaReport) report = gca_report_new(message, &wish, &error);
    g_assert_no_error(error);
    g_autofree char *fails = list_failures(report);
    g_assert_cmpstr(fails, ==, row->fails);
    check_verdict(report, row->fails);
    check_pooled(message, &wish, report);
}

#define BAD_CONTENT "{\"type\": \"gca-prereg\"}"

static const Row rows[] = {
    {"/report/good", "", .account = URI, .domain = DOMAIN, .crl = "crl-valid"},
    {"/report/good/unit", "", .signer = "unit"},
    {"/report/good/secondary-card", "", .signer = "agency-secondary"},
    {"/report/good/account-normalised", "", .account = "https://CA.example/acct/AaBb-1"},
    {"/report/good/revoked-after", "", .crl = "crl-revoked-after"},
    {"/report/good/clock-a-little-ahead", "", .signed_later = 120},
    {"/report/envelope/trailing-byte", "envelope", .damage = add_trailing_byte},
    {"/report/signer/two", "signer", .second = "agency-secondary"},
    {"/report/signer/no-certificate", "signer", .with = CMS_NOCERTS},
    /* with another digest OpenSSL binds the certificate by another attribute or hash, too */
    {"/report/algorithms/sha1", "algorithms signing-certificate-v2", .digest = "SHA1"},
    {"/report/algorithms/sha512", "algorithms signing-certificate-v2", .digest = "SHA512"},
    {"/report/algorithms/pss", "algorithms", .pss = TRUE},
    {"/report/attributes/none", "attributes signing-certificate-v2 signature time",
     .with = CMS_NOATTR, .without = CMS_CADES},
    {"/report/signing-certificate/missing", "signing-certificate-v2", .without = CMS_CADES},
    {"/report/signing-certificate/other-certificate", "signing-certificate-v2 chain",
     .damage = swap_policy},
    {"/report/signature/altered", "signature", .damage = damage_signature},
    {"/report/signature/content-altered", "signature", .damage = damage_content},
    {"/report/content/not-canonical", "content", .content = BAD_CONTENT},
    {"/report/content/empty", "content", .content = ""},
    {"/report/content/demands-need-it", "content", .content = BAD_CONTENT, .account = URI,
     .domain = DOMAIN},
    {"/report/holder/citizen", "holder", .signer = "citizen"},
    {"/report/holder/company", "holder", .signer = "company"},
    {"/report/holder/school", "holder", .signer = "school"},
    {"/report/holder/encryption-only", "holder", .signer = "encryption"},
    {"/report/holder/expired", "holder chain", .signer = "expired"},
    {"/report/organization/other", "organization", .speaks_for = "unit"},
    {"/report/time/future", "time", .signed_later = 600},
    {"/report/time/before-it-was-made", "time", .signed_later = -600},
    {"/report/account/other", "account", .account = "https://ca.example/acct/other"},
    {"/report/domains/missing", "domains", .domain = "other.gov.tw"},
    {"/report/chain/no-anchor", "chain", .anchor = ""},
    {"/report/chain/other-anchor", "chain", .anchor = "untrusted"},
    {"/report/chain/untrusted-issuer", "chain", .signer = "untrusted-agency"},
    {"/report/revocation/revoked", "revocation", .crl = "crl-revoked-before"},
    {"/report/revocation/crl-of-another", "revocation", .crl = "crl-untrusted"},
    {"/report/several/all-are-told", "signature organization account domains chain",
     .speaks_for = "unit", .account = "https://ca.example/1", .domain = "other.gov.tw",
     .anchor = "", .damage = damage_signature},
};

/* CHECK_FAILED goes before UNTRUSTED, and the first failure's words are the verdict's. */
static void
test_verdict(void)
{
    const Row row = {.fails = "", .damage = damage_signature};
    const GcaReportWish wish = {.account_uri = "https://ca.example/1"};
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) message = make_message(&row);
    g_autoptr(GcaReport) report = gca_report_new(message, &wish, &error);
    g_assert_no_error(error);

    GPtrArray *checks = gca_report_get_checks(report);
    const GError *signature = NULL;
    for (guint i = 0; i < checks->len; i++) {
        const GcaCheck *check = g_ptr_array_index(checks, i);
        if (g_str_equal(check->name, "signature"))
            signature = check->error;
    }
    g_assert_nonnull(signature);
    g_assert_true(gca_report_get_verdict(report) == signature);
}

static void
test_no_message(gconstpointer data)
{
    const GcaReportWish wish = {NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) file = g_bytes_new_static(data, strlen(data));

    g_assert_null(gca_report_new(file, &wish, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
}

static void
test_sign(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaRequest) request = make_request("agency");
    g_autoptr(EVP_PKEY) key = load_key("agency");
    g_autoptr(X509) signer = load_certificate("agency");
    g_autoptr(GcaX509Stack) anchors = load_certificates("root");
    g_autoptr(GcaX509Stack) others = load_certificates("ca");
    const char *const domains[] = {DOMAIN, NULL};
    const GcaReportWish wish = {.anchors = anchors, .account_uri = URI, .domains = domains};

    g_autoptr(GBytes) der = gca_request_sign(request, key, signer, others, &error);
    g_assert_no_error(error);
    g_autoptr(GcaReport) report = gca_report_new(der, &wish, &error);
    g_assert_no_error(error);
    g_assert_null(gca_report_get_verdict(report));
    g_assert_true(g_bytes_equal(gca_request_get_content(gca_report_get_request(report)),
                                gca_request_get_content(request)));
    g_assert_cmpint(gca_holder_get_kind(gca_report_get_holder(report)), ==, GCA_HOLDER_AGENCY);
    g_assert_nonnull(gca_report_get_signing_time(report));

    /* PEM is the same message */
    g_autoptr(GBytes) pem = gca_signed_data_to_pem(der);
    g_autoptr(GcaReport) again = gca_report_new(pem, &wish, &error);
    g_assert_no_error(error);
    g_autofree char *hash = gca_text_sha256(der);
    g_assert_cmpstr(gca_report_get_sha256(report), ==, hash);
    g_assert_cmpstr(gca_report_get_sha256(again), ==, hash);
    g_assert_null(gca_report_get_verdict(again));
}

/* What the receiver would refuse is not handed out. */
static void
test_sign_reads_back(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaRequest) request = make_request("unit");
    g_autoptr(EVP_PKEY) key = load_key("agency");
    g_autoptr(X509) signer = load_certificate("agency");

    g_assert_null(gca_request_sign(request, key, signer, NULL, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_CHECK_FAILED);
}

static void
test_sign_other_key(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaRequest) request = make_request("agency");
    g_autoptr(EVP_PKEY) key = load_key("unit");
    g_autoptr(X509) signer = load_certificate("agency");

    g_assert_null(gca_request_sign(request, key, signer, NULL, &error));
    g_assert_nonnull(error);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    pool = gca_certificate_pool_new();

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
        g_test_add_data_func(rows[i].path, &rows[i], test_row);
    g_test_add_func("/report/verdict/check-failed-before-untrusted", test_verdict);
    g_test_add_data_func("/report/no-message/text", "hello", test_no_message);
    g_test_add_data_func("/report/no-message/empty", "", test_no_message);
    g_test_add_data_func("/report/no-message/json", "{\"type\":\"gca-prereg\"}", test_no_message);
    g_test_add_func("/request/sign/passes-the-report", test_sign);
    g_test_add_func("/request/sign/reads-back", test_sign_reads_back);
    g_test_add_func("/request/sign/refuses-another-key", test_sign_other_key);
    int status = g_test_run();
    gca_certificate_pool_free(pool);
    return status;
}
