#include "csr/delivery-private.h"
#include "csr/server-chain.h"
#include "test-csr-chain-fixture.h"

#include <glib/gstdio.h>
#include <openssl/pem.h>

#define JUDGE(...) judge(chain->server, NULL, NULL, make_stack(__VA_ARGS__, NULL))

/* What is wrong with `given` (freed) as it stands. */
static GPtrArray *
judge(X509 *leaf, GcaX509Stack *known, GcaX509Stack *anchors, GcaX509Stack *given)
{
    GPtrArray *findings = gca_findings_new();

    gca_server_chain_examine(leaf, given, known, anchors, NULL, findings);
    gca_x509_stack_free(given);
    return findings;
}

static void
assert_built(X509 *leaf, GcaX509Stack *given, GcaX509Stack *known, X509 *first, X509 *second,
             X509 *end)
{
    g_autoptr(X509) found = NULL;
    g_autoptr(GcaX509Stack) built = gca_server_chain_build(leaf, given, known, &found);
    int length = first == NULL ? 0 : second == NULL ? 1 : 2;

    g_assert_cmpint(sk_X509_num(built), ==, length);
    g_assert_true(length < 1 || X509_cmp(sk_X509_value(built, 0), first) == 0);
    g_assert_true(length < 2 || X509_cmp(sk_X509_value(built, 1), second) == 0);
    g_assert_true((end == NULL) == (found == NULL));
    g_assert_true(end == NULL || X509_cmp(end, found) == 0);
    g_assert_cmpuint(ERR_peek_error(), ==, 0);
}

static void
test_builds_from_any_order(TestChain *chain, const void *data)
{
    g_autoptr(GcaX509Stack) all =
        make_stack(chain->root, chain->old_ca, chain->server, chain->ca, NULL);
    g_autoptr(GcaX509Stack) old = make_stack(chain->old_ca, NULL);
    g_autoptr(GcaX509Stack) ca = make_stack(chain->ca, NULL);
    g_autoptr(GcaX509Stack) root = make_stack(chain->root, NULL);

    assert_built(chain->server, all, NULL, chain->ca, NULL, chain->root);
    assert_built(chain->server, ca, root, chain->ca, NULL, chain->root);
    assert_built(chain->server, NULL, ca, chain->ca, NULL, NULL);
    /* the name fits, the key does not */
    assert_built(chain->server, old, NULL, NULL, NULL, NULL);
    assert_built(chain->root, all, NULL, NULL, NULL, chain->root);
}

/* Without key identifiers the signature alone tells the generations of a CA. */
static void
test_tells_generations_by_signature(TestChain *chain, const void *data)
{
    g_autoptr(X509) server = make_certificate(&(Wanted){.subject = SERVER_DN,
                                                        .key = get_key(SERVER_KEY),
                                                        .issuer = chain->old_ca,
                                                        .issuer_key = get_key(CA_KEY),
                                                        .extensions = AS_SERVER,
                                                        FOR_LONG});
    g_autoptr(GcaX509Stack) both = make_stack(chain->old_ca, chain->ca, NULL);

    assert_built(server, both, NULL, chain->ca, NULL, NULL);
}

static X509 *
make_cross(X509 *issuer, EVP_PKEY *issuer_key, const char *from, const char *to)
{
    return make_certificate(&(Wanted){.subject = ROOT_DN,
                                      .key = get_key(ROOT_KEY),
                                      .issuer = issuer,
                                      .issuer_key = issuer_key,
                                      .extensions = AS_CA,
                                      .from = from,
                                      .to = to});
}

/* As eCA1_to_eCA2-New: the root itself certified by an older root. */
static void
test_sends_cross_certificate_while_valid(TestChain *chain, const void *data)
{
    g_autoptr(X509) old_root = make_certificate(
        &(Wanted){.subject = ROOT_DN, .key = get_key(OTHER_KEY), .extensions = AS_CA, FOR_LONG});
    g_autoptr(X509) cross =
        make_cross(old_root, get_key(OTHER_KEY), "2025-01-01T00:00:00Z", "2049-01-01T00:00:00Z");
    g_autoptr(X509) expired =
        make_cross(old_root, get_key(OTHER_KEY), "2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z");
    g_autoptr(GcaX509Stack) valid = make_stack(chain->root, cross, old_root, chain->ca, NULL);
    g_autoptr(GcaX509Stack) stale = make_stack(expired, chain->root, old_root, chain->ca, NULL);

    /* RFC 5280 section 3.2: self-issued (old_root has its name), but not self-signed */
    assert_built(chain->server, valid, NULL, chain->ca, cross, old_root);
    assert_built(chain->server, stale, NULL, chain->ca, NULL, chain->root);
}

static void
test_ends_where_cas_certify_each_other(TestChain *chain, const void *data)
{
    g_autoptr(X509) back = make_certificate(&(Wanted){.subject = ROOT_DN,
                                                      .key = get_key(ROOT_KEY),
                                                      .issuer = chain->ca,
                                                      .issuer_key = get_key(CA_KEY),
                                                      .extensions = AS_CA,
                                                      FOR_LONG});
    g_autoptr(GcaX509Stack) circle = make_stack(chain->ca, back, NULL);

    assert_built(chain->server, circle, NULL, chain->ca, back, NULL);
}

static void
test_finds_end_in_store(TestChain *chain, const void *data)
{
    g_autofree char *path = g_build_filename(g_get_tmp_dir(), "gca-test-store-XXXXXX", NULL);
    int fd = g_mkstemp(path);
    g_autoptr(BIO) file = BIO_new_fd(fd, BIO_CLOSE);
    g_assert_cmpint(PEM_write_bio_X509(file, chain->root), ==, 1);
    g_setenv("SSL_CERT_FILE", path, TRUE);

    g_autoptr(GcaX509Stack) ca = make_stack(chain->ca, NULL);
    assert_built(chain->server, ca, NULL, chain->ca, NULL, chain->root);
    g_autoptr(GPtrArray) findings = JUDGE(chain->ca);
    assert_finding(findings, "trust", GCA_FINDING_OK, "測試根憑證管理中心");
    assert_finding(findings, "chain", GCA_FINDING_OK, "測試 TLS CA");
    g_assert_cmpuint(findings->len, ==, 2);

    g_setenv("SSL_CERT_FILE", "/nonexistent", TRUE);
    g_unlink(path);
}

static void
test_whole_chain_is_good(TestChain *chain, const void *data)
{
    g_autoptr(GcaX509Stack) anchors = make_stack(chain->root, NULL);
    g_autoptr(GPtrArray) bare = judge(chain->server, NULL, anchors, make_stack(chain->ca, NULL));
    g_autoptr(GPtrArray) full =
        judge(chain->server, NULL, anchors, make_stack(chain->server, chain->ca, NULL));

    assert_finding(bare, "chain", GCA_FINDING_OK, "測試 TLS CA");
    assert_finding(bare, "trust", GCA_FINDING_OK, "測試根憑證管理中心");
    assert_finding(full, "chain", GCA_FINDING_OK, "測試 TLS CA");
    g_assert_cmpuint(bare->len + full->len, ==, 4);
}

static void
test_unknown_root_is_a_warning(TestChain *chain, const void *data)
{
    g_autoptr(GcaX509Stack) known = make_stack(chain->root, NULL);
    g_autoptr(GPtrArray) nowhere = JUDGE(chain->ca);
    g_autoptr(GPtrArray) there = judge(chain->server, known, NULL, make_stack(chain->ca, NULL));

    assert_finding(nowhere, "trust", GCA_FINDING_WARNING, "whose issuer");
    g_assert_null(gca_findings_get_failure(nowhere));
    assert_finding(there, "trust", GCA_FINDING_WARNING, "ends at the root");
    g_assert_null(gca_findings_get_failure(there));
}

static void
test_names_leaf_alone(TestChain *chain, const void *data)
{
    g_autoptr(GcaX509Stack) known = make_stack(chain->ca, NULL);
    g_autoptr(GPtrArray) alone = judge(chain->server, NULL, NULL, make_stack(chain->server, NULL));
    g_autoptr(GPtrArray) helped = judge(chain->server, known, NULL, NULL);

    assert_finding(alone, "chain-leaf-only", GCA_FINDING_FAILED, "測試 TLS CA");
    assert_finding(alone, "trust", GCA_FINDING_SKIPPED, "");
    assert_finding(helped, "chain-leaf-only", GCA_FINDING_FAILED, "stands alone");
    g_assert_nonnull(strstr(find_finding(helped, "chain-leaf-only")->fix, "is known here"));
}

/* A root that issues servers itself needs no chain. */
static void
test_leaf_of_a_root_needs_no_chain(TestChain *chain, const void *data)
{
    g_autoptr(X509) server = make_certificate(&(Wanted){.subject = SERVER_DN,
                                                        .key = get_key(SERVER_KEY),
                                                        .issuer = chain->root,
                                                        .issuer_key = get_key(ROOT_KEY),
                                                        .extensions = AS_SERVER,
                                                        FOR_LONG});
    g_autoptr(GcaX509Stack) roots = make_stack(chain->root, NULL);
    g_autoptr(GPtrArray) trusted = judge(server, NULL, roots, NULL);
    g_autoptr(GPtrArray) given = judge(server, roots, NULL, NULL);
    g_autoptr(GPtrArray) sent = judge(server, NULL, roots, make_stack(chain->root, NULL));

    assert_finding(trusted, "chain", GCA_FINDING_OK, "none needed");
    assert_finding(given, "trust", GCA_FINDING_WARNING, "does not trust");
    g_assert_null(gca_findings_get_failure(given));
    assert_finding(sent, "chain-root", GCA_FINDING_FAILED, "測試根憑證管理中心");
    g_assert_cmpuint(count_findings(sent, GCA_FINDING_FAILED), ==, 1);
}

static void
test_names_wrong_issuer(TestChain *chain, const void *data)
{
    g_autoptr(X509) stranger = make_certificate(&(Wanted){.subject = "cn=舊 CA,o=他人,c=TW",
                                                          .key = get_key(OTHER_KEY),
                                                          .issuer = chain->root,
                                                          .issuer_key = get_key(ROOT_KEY),
                                                          .extensions = AS_CA,
                                                          FOR_LONG});
    g_autoptr(GPtrArray) strange = JUDGE(stranger);
    g_autoptr(GPtrArray) older = JUDGE(chain->old_ca);

    assert_finding(strange, "chain-issuer", GCA_FINDING_FAILED, "測試 TLS CA");
    assert_finding(strange, "chain-issuer", GCA_FINDING_FAILED, "舊 CA");
    assert_finding(strange, "chain-stray", GCA_FINDING_FAILED, "舊 CA");
    assert_finding(older, "chain-issuer", GCA_FINDING_FAILED, "another generation");
    assert_finding(older, "chain-stray", GCA_FINDING_FAILED, "another key");
}

/* A government site in 2026: the old CA's intermediate left beside the new one's. */
static void
test_names_what_was_left_behind(TestChain *chain, const void *data)
{
    g_autoptr(GcaX509Stack) anchors = make_stack(chain->root, NULL);
    g_autoptr(GPtrArray) findings =
        judge(chain->server, NULL, anchors, make_stack(chain->old_ca, chain->ca, NULL));

    assert_finding(findings, "chain-stray", GCA_FINDING_FAILED, "測試 TLS CA");
    g_assert_cmpuint(count_findings(findings, GCA_FINDING_FAILED), ==, 1);
    assert_finding(findings, "trust", GCA_FINDING_OK, "");
}

static void
test_names_certificate_sent_twice(TestChain *chain, const void *data)
{
    g_autoptr(GPtrArray) findings = JUDGE(chain->ca, chain->ca);

    assert_finding(findings, "chain-stray", GCA_FINDING_FAILED, "twice");
    g_assert_cmpuint(count_findings(findings, GCA_FINDING_FAILED), ==, 1);
}

static void
test_names_root_sent_along(TestChain *chain, const void *data)
{
    g_autoptr(GPtrArray) findings = JUDGE(chain->server, chain->ca, chain->root);

    assert_finding(findings, "chain-root", GCA_FINDING_FAILED, "測試根憑證管理中心");
    g_assert_cmpuint(count_findings(findings, GCA_FINDING_FAILED), ==, 1);
    assert_finding(findings, "trust", GCA_FINDING_WARNING, "ends at the root");
}

static X509 *
make_middle(TestChain *chain)
{
    return make_certificate(&(Wanted){.subject = "cn=測試中繼 CA,o=測試憑證公司,c=TW",
                                      .key = get_key(OTHER_KEY),
                                      .issuer = chain->ca,
                                      .issuer_key = get_key(CA_KEY),
                                      .extensions = AS_CA,
                                      FOR_LONG});
}

static X509 *
make_server_below(X509 *middle)
{
    return make_certificate(&(Wanted){.subject = SERVER_DN,
                                      .key = get_key(SERVER_KEY),
                                      .issuer = middle,
                                      .issuer_key = get_key(OTHER_KEY),
                                      .extensions = AS_SERVER,
                                      FOR_LONG});
}

static void
test_names_wrong_order(TestChain *chain, const void *data)
{
    g_autoptr(X509) middle = make_middle(chain);
    g_autoptr(X509) server = make_server_below(middle);
    g_autoptr(GPtrArray) reverse = judge(server, NULL, NULL, make_stack(chain->ca, middle, NULL));
    g_autoptr(GPtrArray) last =
        judge(server, NULL, NULL, make_stack(middle, chain->ca, server, NULL));
    g_autoptr(GPtrArray) right = judge(server, NULL, NULL, make_stack(middle, chain->ca, NULL));

    assert_finding(reverse, "chain-order", GCA_FINDING_FAILED, "reverse");
    const char *fix = find_finding(reverse, "chain-order")->fix;
    g_assert_true(strstr(fix, "測試中繼 CA") < strstr(fix, "測試 TLS CA"));
    assert_finding(last, "chain-order", GCA_FINDING_FAILED, "place 3");
    g_assert_null(gca_findings_get_failure(right));
}

static void
test_names_gap_that_is_known(TestChain *chain, const void *data)
{
    g_autoptr(X509) middle = make_middle(chain);
    g_autoptr(X509) server = make_server_below(middle);
    g_autoptr(GcaX509Stack) known = make_stack(chain->ca, NULL);
    g_autoptr(GPtrArray) findings = judge(server, known, NULL, make_stack(middle, NULL));

    assert_finding(findings, "chain-issuer", GCA_FINDING_FAILED, "breaks off at");
    g_assert_nonnull(strstr(find_finding(findings, "chain-issuer")->fix, "測試 TLS CA"));
}

static void
test_names_expired_intermediate(TestChain *chain, const void *data)
{
    g_autoptr(X509) server = make_certificate(&(Wanted){.subject = SERVER_DN,
                                                        .key = get_key(SERVER_KEY),
                                                        .issuer = chain->old_ca,
                                                        .issuer_key = get_key(OLD_CA_KEY),
                                                        .extensions = AS_SERVER,
                                                        FOR_LONG});
    g_autoptr(X509) early = make_certificate(&(Wanted){.subject = TLS_CA_DN,
                                                       .key = get_key(OLD_CA_KEY),
                                                       .issuer = chain->root,
                                                       .issuer_key = get_key(ROOT_KEY),
                                                       .extensions = AS_CA,
                                                       .from = "2048-01-01T00:00:00Z",
                                                       .to = "2049-01-01T00:00:00Z"});
    g_autoptr(GcaX509Stack) anchors = make_stack(chain->root, NULL);
    g_autoptr(GPtrArray) expired = judge(server, NULL, anchors, make_stack(chain->old_ca, NULL));
    g_autoptr(GPtrArray) not_yet = judge(server, NULL, anchors, make_stack(early, NULL));

    assert_finding(expired, "chain-validity", GCA_FINDING_FAILED, "2021-01-01");
    g_assert_cmpuint(count_findings(expired, GCA_FINDING_FAILED), ==, 1);
    assert_finding(not_yet, "chain-validity", GCA_FINDING_FAILED, "2048-01-01");
}

/* RFC 5280 section 6.1.4: basicConstraints (k), pathLenConstraint (m); weak digests by policy. */
static void
test_names_broken_rules(TestChain *chain, const void *data)
{
    g_autoptr(X509) middle = make_middle(chain);
    g_autoptr(X509) server = make_server_below(middle);
    Wanted wanted = {.subject = TLS_CA_DN,
                     .key = get_key(CA_KEY),
                     .issuer = chain->root,
                     .issuer_key = get_key(ROOT_KEY),
                     FOR_LONG};
    wanted.extensions = "basicConstraints = critical,CA:FALSE\n";
    g_autoptr(X509) no_ca = make_certificate(&wanted);
    wanted.extensions = "basicConstraints = critical,CA:TRUE,pathlen:0\n";
    g_autoptr(X509) short_path = make_certificate(&wanted);
    wanted.extensions = AS_CA;
    wanted.digest = EVP_sha1();
    g_autoptr(X509) weak = make_certificate(&wanted);
    wanted.digest = NULL;
    wanted.extensions = AS_CA "extendedKeyUsage = clientAuth\n";
    g_autoptr(X509) for_clients = make_certificate(&wanted);

    const struct {
        X509 *ca;
        const char *says;
    } cases[] = {{no_ca, "not that of a CA"},
                 {short_path, "breaks a rule of RFC 5280 (path length constraint exceeded)"},
                 {weak, "digest too weak"},
                 {for_clients, "breaks a rule of RFC 5280 (unsuitable certificate purpose)"}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GcaX509Stack) anchors = make_stack(chain->root, NULL);
        g_autoptr(GPtrArray) findings =
            judge(server, NULL, anchors, make_stack(middle, cases[i].ca, NULL));
        const GcaFinding *failure = gca_findings_get_failure(findings);
        g_assert_nonnull(failure);
        g_assert_cmpstr(failure->name, ==, "chain");
        if (strstr(failure->text, cases[i].says) == NULL)
            g_error("“%s” does not say “%s”", failure->text, cases[i].says);
    }
}

static void
test_names_self_signed(TestChain *chain, const void *data)
{
    g_autoptr(X509) own = make_certificate(&(Wanted){
        .subject = SERVER_DN, .key = get_key(SERVER_KEY), .extensions = AS_SERVER, FOR_LONG});
    g_autoptr(GcaX509Stack) anchors = make_stack(own, NULL);
    g_autoptr(GPtrArray) findings = judge(own, NULL, NULL, NULL);
    g_autoptr(GPtrArray) trusted = judge(own, NULL, anchors, NULL);

    assert_finding(findings, "chain-issuer", GCA_FINDING_FAILED, "self-signed");
    g_assert_null(gca_findings_get_failure(trusted));
}

/* What is wrong with the leaf itself is the examination's to tell. */
static void
test_leaves_the_leaf_alone(TestChain *chain, const void *data)
{
    g_autoptr(X509) server =
        make_certificate(&(Wanted){.subject = SERVER_DN,
                                   .key = get_key(SERVER_KEY),
                                   .issuer = chain->ca,
                                   .issuer_key = get_key(CA_KEY),
                                   .extensions = "extendedKeyUsage = clientAuth\n",
                                   .digest = EVP_sha1(),
                                   IN_THE_PAST});
    g_autoptr(GcaX509Stack) anchors = make_stack(chain->root, NULL);
    g_autoptr(GPtrArray) findings = judge(server, NULL, anchors, make_stack(chain->ca, NULL));

    g_assert_null(gca_findings_get_failure(findings));
    assert_finding(findings, "trust", GCA_FINDING_OK, "");
}

/* RFC 5280 section 4.2.2.1: where the issuer's certificate lies; anything may be written there. */
static void
test_tells_where_to_get_it(TestChain *chain, const void *data)
{
    g_autoptr(X509) server = make_certificate(
        &(Wanted){.subject = SERVER_DN,
                  .key = get_key(SERVER_KEY),
                  .issuer = chain->ca,
                  .issuer_key = get_key(CA_KEY),
                  .extensions = "authorityInfoAccess = OCSP;URI:http://ocsp.example,"
                                "caIssuers;URI:http://ca.example/ca.cer\033[2J\n",
                  FOR_LONG});
    g_autoptr(GcaProfile) profile = gca_profile_load("gtlsca", NULL);
    g_autoptr(GPtrArray) findings = gca_findings_new();

    gca_server_chain_examine(server, NULL, NULL, NULL, profile, findings);
    const char *fix = find_finding(findings, "chain-leaf-only")->fix;
    g_assert_nonnull(strstr(fix, "http://ca.example/ca.cer\\u{1B}[2J"));
    g_assert_nonnull(strstr(fix, "GTLSCA, eCA1_to_eCA2-New"));
    g_assert_nonnull(strstr(fix, "GTLSCA_All.zip"));
}

static GcaDelivery *
deliver(GcaX509Stack *certificates)
{
    g_autoptr(BIO) text = BIO_new(BIO_s_mem());
    g_autoptr(GError) error = NULL;
    char *data = NULL;

    for (int i = 0; i < sk_X509_num(certificates); i++)
        PEM_write_bio_X509(text, sk_X509_value(certificates, i));
    long size = BIO_get_mem_data(text, &data);
    g_autoptr(GBytes) bytes = g_bytes_new(data, (gsize) size);
    GcaDelivery *delivery = gca_delivery_parse(bytes, "ca.pem", &error);
    g_assert_no_error(error);
    gca_x509_stack_free(certificates);
    return delivery;
}

static void
test_notes_what_it_put_right(TestChain *chain, const void *data)
{
    g_autoptr(X509) middle = make_middle(chain);
    g_autoptr(X509) server = make_server_below(middle);
    g_autoptr(GcaDelivery) delivery = deliver(
        make_stack(chain->root, chain->ca, middle, chain->old_ca, server, chain->server, NULL));
    GcaX509Stack *given = gca_delivery_get_certificates(delivery);
    g_autoptr(GcaX509Stack) built = gca_server_chain_build(server, given, NULL, NULL);
    g_autoptr(GcaX509Stack) none = make_stack(NULL, NULL);
    g_autoptr(GPtrArray) findings = gca_findings_new();

    gca_server_chain_note_delivery(server, delivery, none, findings);
    g_assert_cmpuint(findings->len, ==, 0);
    gca_server_chain_note_delivery(server, delivery, built, findings);
    assert_finding(findings, "chain-order", GCA_FINDING_WARNING, "reverse");
    assert_finding(findings, "chain-root", GCA_FINDING_WARNING, "測試根憑證管理中心");
    assert_finding(findings, "chain-stray", GCA_FINDING_WARNING, "測試 TLS CA");
    g_assert_cmpuint(findings->len, ==, 3);
    const GcaFinding *first = g_ptr_array_index(findings, 0);
    g_assert_cmpstr(first->fix, ==, "The chain that is written is right all the same.");
    /* and what is written is right */
    g_autoptr(GPtrArray) judged = judge(server, given, NULL, g_steal_pointer(&built));
    g_assert_null(gca_findings_get_failure(judged));
}

static void
test_notes_der(TestChain *chain, const void *data)
{
    g_autoptr(GBytes) der = gca_certificate_encode(chain->server);
    g_autoptr(GcaDelivery) delivery = gca_delivery_parse(der, "server.cer", NULL);
    g_autoptr(GcaX509Stack) built = make_stack(chain->ca, NULL);
    g_autoptr(GPtrArray) findings = gca_findings_new();

    gca_server_chain_note_delivery(chain->server, delivery, built, findings);
    assert_finding(findings, "form", GCA_FINDING_WARNING, "DER");
    g_assert_cmpuint(findings->len, ==, 1);
}

static void
test_loads_known(TestChain *chain, const void *data)
{
    g_autofree char *datadir = g_dir_make_tmp("gca-test-XXXXXX", NULL);
    g_autofree char *folder = g_build_filename(datadir, "chain", NULL);
    g_autofree char *path = g_build_filename(folder, "ca.cer", NULL);
    g_autofree char *before = g_strdup(g_getenv("GCA_DATADIR"));
    g_autoptr(GBytes) der = gca_certificate_encode(chain->ca);
    g_autoptr(GError) error = NULL;
    gsize size;
    const void *bytes = g_bytes_get_data(der, &size);

    g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
    g_assert_true(g_file_set_contents(path, bytes, (gssize) size, NULL));
    g_setenv("GCA_DATADIR", datadir, TRUE);
    g_autoptr(GcaX509Stack) known = gca_server_chain_load_known(&error);
    g_assert_no_error(error);
    g_assert_cmpint(sk_X509_num(known), ==, 1);
    g_unlink(path);
    g_autoptr(GcaX509Stack) none = gca_server_chain_load_known(&error);
    g_assert_cmpint(sk_X509_num(none), ==, 0);
    g_setenv("GCA_DATADIR", before, TRUE);
    g_rmdir(folder);
    g_rmdir(datadir);
}

static void
add(const char *name, void (*test)(TestChain *chain, const void *data))
{
    g_test_add(name, TestChain, NULL, test_chain_set_up, test, test_chain_tear_down);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_setenv("TZ", "UTC", TRUE);
    g_setenv("SSL_CERT_FILE", "/nonexistent", TRUE);
    g_setenv("SSL_CERT_DIR", "/nonexistent", TRUE);
    add("/csr/chain/build/from-any-order", test_builds_from_any_order);
    add("/csr/chain/build/tells-generations-by-signature", test_tells_generations_by_signature);
    add("/csr/chain/build/sends-cross-certificate-while-valid",
        test_sends_cross_certificate_while_valid);
    add("/csr/chain/build/ends-where-cas-certify-each-other",
        test_ends_where_cas_certify_each_other);
    add("/csr/chain/build/finds-end-in-store", test_finds_end_in_store);
    add("/csr/chain/loads-known-from-configuration", test_loads_known);
    add("/csr/chain/examine/whole-chain-is-good", test_whole_chain_is_good);
    add("/csr/chain/examine/unknown-root-is-a-warning", test_unknown_root_is_a_warning);
    add("/csr/chain/examine/names-leaf-alone", test_names_leaf_alone);
    add("/csr/chain/examine/leaf-of-a-root-needs-no-chain", test_leaf_of_a_root_needs_no_chain);
    add("/csr/chain/examine/names-wrong-issuer", test_names_wrong_issuer);
    add("/csr/chain/examine/names-what-was-left-behind", test_names_what_was_left_behind);
    add("/csr/chain/examine/names-certificate-sent-twice", test_names_certificate_sent_twice);
    add("/csr/chain/examine/names-root-sent-along", test_names_root_sent_along);
    add("/csr/chain/examine/names-wrong-order", test_names_wrong_order);
    add("/csr/chain/examine/names-gap-that-is-known", test_names_gap_that_is_known);
    add("/csr/chain/examine/names-expired-intermediate", test_names_expired_intermediate);
    add("/csr/chain/examine/names-broken-rules", test_names_broken_rules);
    add("/csr/chain/examine/names-self-signed", test_names_self_signed);
    add("/csr/chain/examine/leaves-the-leaf-to-the-examination", test_leaves_the_leaf_alone);
    add("/csr/chain/examine/tells-where-to-get-it", test_tells_where_to_get_it);
    add("/csr/chain/delivery/notes-what-it-put-right", test_notes_what_it_put_right);
    add("/csr/chain/delivery/notes-der", test_notes_der);
    return g_test_run();
}
