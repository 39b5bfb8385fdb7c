/* gca_chain_check_crls against RFC 5280 sections 5 and 6.3. */
#include "test-x509-fixture.h"
#include "x509/chain.h"

#define HERE "fullname = URI:http://gca.test/here.crl\n"
#define POINTS AS_CARD "crlDistributionPoints = here\n[here]\n" HERE
#define SCOPE "issuingDistributionPoint = critical,@scope\n[scope]\n"
#define CARD_SERIAL 42

static X509 *root, *ca, *card;
static GcaX509Stack *chain;

/* What is not given: of the CA, without entries, valid around MOMENT, SHA-256. */
typedef struct {
    X509 *issuer;
    EVP_PKEY *key;
    const char *from, *to;
    const char *revoked_since;
    long serial;
    const char *extensions;
    const char *entry_extension; /* OID */
    const EVP_MD *digest;
} WantedCrl;

static void
add_entry(X509_CRL *crl, const WantedCrl *wanted)
{
    X509_REVOKED *entry = X509_REVOKED_new();
    ASN1_INTEGER *serial = ASN1_INTEGER_new();
    ASN1_TIME *since = ASN1_TIME_new();

    ASN1_INTEGER_set(serial, wanted->serial ? wanted->serial : CARD_SERIAL);
    set_time(since, wanted->revoked_since);
    X509_REVOKED_set_serialNumber(entry, serial);
    X509_REVOKED_set_revocationDate(entry, since);
    if (wanted->entry_extension != NULL) {
        g_autofree char *null = g_strdup("critical,ASN1:NULL");
        X509_EXTENSION *extension = X509V3_EXT_nconf(NULL, NULL, wanted->entry_extension, null);
        X509_REVOKED_add_ext(entry, extension, -1);
        X509_EXTENSION_free(extension);
    }
    X509_CRL_add0_revoked(crl, entry);
    ASN1_INTEGER_free(serial);
    ASN1_TIME_free(since);
}

static X509_CRL *
make_crl(const WantedCrl *wanted)
{
    g_autoptr(X509_CRL) crl = X509_CRL_new();
    X509 *issuer = wanted->issuer ? wanted->issuer : ca;
    ASN1_TIME *time = ASN1_TIME_new();

    X509_CRL_set_version(crl, X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(crl, X509_get_subject_name(issuer));
    set_time(time, wanted->from ? wanted->from : "2026-05-31T00:00:00Z");
    X509_CRL_set1_lastUpdate(crl, time);
    set_time(time, wanted->to ? wanted->to : "2026-06-08T00:00:00Z");
    X509_CRL_set1_nextUpdate(crl, time);
    ASN1_TIME_free(time);
    if (wanted->revoked_since != NULL)
        add_entry(crl, wanted);
    if (wanted->extensions != NULL) {
        g_autoptr(CONF) config = load_config(wanted->extensions);
        X509V3_CTX context;
        X509V3_set_ctx(&context, issuer, NULL, NULL, crl, 0);
        X509V3_set_nconf(&context, config);
        g_assert_cmpint(X509V3_EXT_CRL_add_nconf(config, &context, "extensions", crl), ==, 1);
    }
    g_assert_cmpint(X509_CRL_sign(crl, wanted->key ? wanted->key : get_key(1),
                                  wanted->digest ? wanted->digest : EVP_sha256()),
                    >, 0);

    guint8 *der = NULL;
    int size = i2d_X509_CRL(crl, &der);
    const guint8 *at = der;
    X509_CRL *read = d2i_X509_CRL(NULL, &at, size);
    OPENSSL_free(der);
    return read;
}

/* The CRLs of `wanted`, up to two. */
static gboolean
check(const WantedCrl *first, const WantedCrl *second, GError **error)
{
    g_autoptr(GcaX509CrlStack) crls = sk_X509_CRL_new_null();
    g_autoptr(GDateTime) when = moment(MOMENT);

    if (first != NULL)
        sk_X509_CRL_push(crls, make_crl(first));
    if (second != NULL)
        sk_X509_CRL_push(crls, make_crl(second));
    return gca_chain_check_crls(chain, crls, when, error);
}

static void
assert_holds(const WantedCrl *first, const WantedCrl *second)
{
    g_autoptr(GError) error = NULL;
    gboolean holds = check(first, second, &error);

    g_assert_no_error(error);
    g_assert_true(holds);
}

static void
assert_fails(const WantedCrl *first, const WantedCrl *second, const char *says)
{
    g_autoptr(GError) error = NULL;

    g_assert_false(check(first, second, &error));
    assert_refused(error, GCA_ERROR_CHECK_FAILED, says);
}

static void
test_revocation_counts_from_its_date(void)
{
    assert_holds(&(WantedCrl){.revoked_since = NULL}, NULL);
    assert_holds(&(WantedCrl){.revoked_since = "2026-01-01T00:00:00Z", .serial = 7}, NULL);
    assert_holds(&(WantedCrl){.revoked_since = "2026-06-01T00:00:01Z"}, NULL);
    assert_fails(&(WantedCrl){.revoked_since = MOMENT}, NULL, "revoked since 2026-0");
    assert_fails(&(WantedCrl){.revoked_since = "2026-01-01T00:00:00Z"}, NULL, "測試署");
}

static void
test_later_list_is_fine_ended_is_not(void)
{
    const WantedCrl later = {.from = "2026-09-01T00:00:00Z", .to = "2026-10-01T00:00:00Z"};
    const WantedCrl ended = {.from = "2026-04-01T00:00:00Z", .to = "2026-05-01T00:00:00Z"};
    const WantedCrl ended_revoked = {.from = "2026-04-01T00:00:00Z",
                                     .to = "2026-05-01T00:00:00Z",
                                     .revoked_since = "2026-03-01T00:00:00Z"};

    assert_holds(&later, NULL);
    assert_holds(&ended, &later);
    assert_fails(&ended, NULL, "held until");
    assert_fails(&later, &ended_revoked, "revoked since");
    assert_fails(&ended_revoked, &later, "revoked since");
}

static void
test_leaf_needs_a_list(void)
{
    assert_fails(NULL, NULL, "No revocation list");
    assert_fails(&(WantedCrl){.issuer = root, .key = get_key(0)}, NULL, "No revocation list");
}

static void
test_intermediate_is_checked_too(void)
{
    const WantedCrl good = {.revoked_since = NULL};

    assert_holds(&good, &(WantedCrl){.issuer = root, .key = get_key(0)});
    assert_fails(&good,
                 &(WantedCrl){.issuer = root,
                              .key = get_key(0),
                              .serial = 1,
                              .revoked_since = "2026-01-01T00:00:00Z"},
                 "政府憑證管理中心");
}

static void
test_signature_must_be_the_issuers(void)
{
    assert_fails(&(WantedCrl){.key = get_key(3)}, NULL, "signature does not verify");
    assert_fails(&(WantedCrl){.digest = EVP_sha1()}, NULL, "SHA-2");
}

static void
test_partial_lists_are_named(void)
{
    assert_fails(&(WantedCrl){.extensions = "2.5.29.27 = critical,DER:020101\n"}, NULL, "delta");
    assert_fails(&(WantedCrl){.extensions = SCOPE "indirectCRL = TRUE\n"}, NULL, "indirect");
    assert_fails(&(WantedCrl){.extensions = SCOPE "onlyAA = TRUE\n"}, NULL, "attribute");
    assert_fails(&(WantedCrl){.extensions = SCOPE "onlysomereasons = keyCompromise\n"}, NULL,
                 "some reasons");
    assert_fails(&(WantedCrl){.extensions = "2.5.29.28 = critical,DER:0500\n"}, NULL, "malformed");
}

static void
test_scope_is_heeded(void)
{
    /* RFC 5280 section 6.3.3 (b)(2) */
    assert_holds(&(WantedCrl){.extensions = SCOPE HERE}, NULL);
    assert_holds(&(WantedCrl){.extensions = SCOPE "onlyuser = TRUE\n"}, NULL);
    assert_fails(&(WantedCrl){.extensions = SCOPE "onlyCA = TRUE\n"}, NULL, "No revocation list");
    assert_fails(&(WantedCrl){.extensions = SCOPE "fullname = URI:http://gca.test/there.crl\n"},
                 NULL, "No revocation list");
}

static void
test_unknown_critical_extensions(void)
{
    /* RFC 5280 sections 5.2 and 5.3; the entry may be another certificate's */
    assert_holds(&(WantedCrl){.extensions = "1.2.3.4 = ASN1:NULL\n"}, NULL);
    assert_fails(&(WantedCrl){.extensions = "1.2.3.4 = critical,ASN1:NULL\n"}, NULL,
                 "critical extension");
    assert_fails(&(WantedCrl){.revoked_since = "2026-01-01T00:00:00Z",
                              .serial = 7,
                              .entry_extension = "1.2.3.4"},
                 NULL, "critical extension");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    root = make_root();
    ca = make_ca(root);
    card = make_card(ca, POINTS);
    chain = make_stack(card, ca, root, NULL);
    g_test_add_func("/crl/revocation-counts-from-its-date", test_revocation_counts_from_its_date);
    g_test_add_func("/crl/later-list-is-fine-ended-one-is-not",
                    test_later_list_is_fine_ended_is_not);
    g_test_add_func("/crl/leaf-needs-a-list", test_leaf_needs_a_list);
    g_test_add_func("/crl/intermediate-is-checked-where-a-list-is-there",
                    test_intermediate_is_checked_too);
    g_test_add_func("/crl/signature-must-be-the-issuers", test_signature_must_be_the_issuers);
    g_test_add_func("/crl/delta-and-indirect-lists-are-named", test_partial_lists_are_named);
    g_test_add_func("/crl/scope-is-heeded", test_scope_is_heeded);
    g_test_add_func("/crl/unknown-critical-extensions-are-refused",
                    test_unknown_critical_extensions);
    int status = g_test_run();
    gca_x509_stack_free(chain);
    X509_free(card);
    X509_free(ca);
    X509_free(root);
    return status;
}
