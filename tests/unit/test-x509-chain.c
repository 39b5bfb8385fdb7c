#include "test-x509-fixture.h"
#include "x509/certificate.h"
#include "x509/chain.h"

#include <glib/gstdio.h>

static X509 *
make_other_ca(EVP_PKEY *key, const char *extensions)
{
    return make_certificate(&(Wanted){.subject = CA_DN, .key = key, .extensions = extensions});
}

static void
assert_chain(X509 *leaf, GcaX509Stack *anchors, GcaX509Stack *others, const char *when, int length)
{
    g_autoptr(GDateTime) time = moment(when);
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaX509Stack) chain = gca_chain_build(leaf, anchors, others, time, &error);

    g_assert_no_error(error);
    g_assert_cmpint(sk_X509_num(chain), ==, length);
    g_assert_cmpint(X509_cmp(sk_X509_value(chain, 0), leaf), ==, 0);
}

static void
assert_no_chain(X509 *leaf, GcaX509Stack *anchors, GcaX509Stack *others, const char *when,
                GcaErrorCode code, const char *says)
{
    g_autoptr(GDateTime) time = moment(when);
    g_autoptr(GError) error = NULL;

    g_assert_null(gca_chain_build(leaf, anchors, others, time, &error));
    assert_refused(error, code, says);
}

static void
test_reaches_anchors(void)
{
    g_autoptr(X509) root = make_root();
    g_autoptr(X509) ca = make_ca(root);
    g_autoptr(X509) card = make_card(ca, AS_CARD);
    g_autoptr(GcaX509Stack) roots = make_stack(root, NULL);
    g_autoptr(GcaX509Stack) cas = make_stack(ca, NULL);

    assert_chain(card, roots, cas, MOMENT, 3);
    /* RFC 5280 section 6.1.1 (d): an anchor need not be self-signed */
    assert_chain(card, cas, NULL, MOMENT, 2);
}

static void
test_needs_an_anchor(void)
{
    g_autoptr(X509) root = make_root();
    g_autoptr(X509) ca = make_ca(root);
    g_autoptr(X509) card = make_card(ca, AS_CARD);
    g_autoptr(X509) stranger = make_certificate(
        &(Wanted){.subject = "o=stranger,c=TW", .key = get_key(3), .extensions = AS_CA});
    g_autoptr(GcaX509Stack) none = make_stack(NULL, NULL);
    g_autoptr(GcaX509Stack) strangers = make_stack(stranger, NULL);
    g_autoptr(GcaX509Stack) roots = make_stack(root, NULL);
    g_autoptr(GcaX509Stack) carried = make_stack(ca, root, NULL);

    assert_no_chain(card, none, carried, MOMENT, GCA_ERROR_UNTRUSTED, "trusted here");
    assert_no_chain(card, strangers, carried, MOMENT, GCA_ERROR_UNTRUSTED, "No trusted CA");
    assert_no_chain(card, roots, NULL, MOMENT, GCA_ERROR_UNTRUSTED, "測試署");
}

static void
test_finds_generation(void)
{
    /* two CAs of one name; the card has no authority key identifier to tell them */
    g_autoptr(X509) ca = make_other_ca(get_key(1), AS_CA);
    g_autoptr(X509) older = make_other_ca(get_key(3), AS_CA);
    g_autoptr(X509) card = make_card(ca, AS_CARD);
    g_autoptr(GcaX509Stack) one_way = make_stack(older, ca, NULL);
    g_autoptr(GcaX509Stack) other_way = make_stack(ca, older, NULL);
    g_autoptr(GcaX509Stack) wrong = make_stack(older, NULL);

    assert_chain(card, one_way, NULL, MOMENT, 2);
    assert_chain(card, other_way, NULL, MOMENT, 2);
    assert_no_chain(card, wrong, NULL, MOMENT, GCA_ERROR_CHECK_FAILED, "signature");
}

static void
test_wrong_key_identifier_is_no_path(void)
{
    g_autoptr(X509) ca = make_other_ca(get_key(1), AS_CA "subjectKeyIdentifier = hash\n");
    g_autoptr(X509) older = make_other_ca(get_key(3), AS_CA "subjectKeyIdentifier = hash\n");
    g_autoptr(X509) card = make_card(ca, AS_CARD "authorityKeyIdentifier = keyid\n");
    g_autoptr(GcaX509Stack) wrong = make_stack(older, NULL);

    assert_no_chain(card, wrong, NULL, MOMENT, GCA_ERROR_UNTRUSTED, "No trusted CA");
}

static void
test_judges_at_the_moment(void)
{
    g_autoptr(X509) ca = make_other_ca(get_key(1), AS_CA);
    g_autoptr(X509) card = make_card(ca, AS_CARD);
    g_autoptr(GcaX509Stack) anchors = make_stack(ca, NULL);

    assert_chain(card, anchors, NULL, "2025-01-01T00:00:00Z", 2);
    assert_no_chain(card, anchors, NULL, "2024-12-31T23:59:59Z", GCA_ERROR_CHECK_FAILED,
                    "not yet valid");
    assert_no_chain(card, anchors, NULL, "2028-01-01T00:00:02Z", GCA_ERROR_CHECK_FAILED, "expired");
}

static void
test_refuses_sha1_but_in_anchor(void)
{
    g_autoptr(X509) ca = make_certificate(
        &(Wanted){.subject = CA_DN, .key = get_key(1), .extensions = AS_CA, .digest = EVP_sha1()});
    g_autoptr(X509) card = make_card(ca, AS_CARD);
    g_autoptr(X509) weak = make_certificate(&(Wanted){.subject = AGENCY_DN,
                                                      .key = get_key(2),
                                                      .issuer = ca,
                                                      .issuer_key = get_key(1),
                                                      .extensions = AS_CARD,
                                                      .digest = EVP_sha1()});
    g_autoptr(GcaX509Stack) anchors = make_stack(ca, NULL);

    assert_chain(card, anchors, NULL, MOMENT, 2);
    assert_no_chain(weak, anchors, NULL, MOMENT, GCA_ERROR_CHECK_FAILED, "SHA-1");
}

static void
test_refuses_short_keys(void)
{
    g_autoptr(EVP_PKEY) key = EVP_RSA_gen(1024);
    g_autoptr(X509) ca = make_other_ca(get_key(1), AS_CA);
    g_autoptr(X509) card = make_certificate(&(Wanted){.subject = AGENCY_DN,
                                                      .key = key,
                                                      .issuer = ca,
                                                      .issuer_key = get_key(1),
                                                      .extensions = AS_CARD});
    g_autoptr(GcaX509Stack) anchors = make_stack(ca, NULL);

    assert_no_chain(card, anchors, NULL, MOMENT, GCA_ERROR_CHECK_FAILED, "2048");
}

static void
test_refuses_issuers_that_are_no_ca(void)
{
    /* RFC 5280 section 6.1.4 (k) and (n) */
    static const char *const wrong[] = {AS_CARD, "basicConstraints = critical,CA:FALSE\n",
                                        ("basicConstraints = critical,CA:TRUE\n" AS_CARD)};
    g_autoptr(X509) root = make_root();
    g_autoptr(GcaX509Stack) anchors = make_stack(root, NULL);

    for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(X509) fake = make_certificate(&(Wanted){.subject = CA_DN,
                                                          .key = get_key(1),
                                                          .issuer = root,
                                                          .issuer_key = get_key(0),
                                                          .extensions = wrong[i]});
        g_autoptr(X509) card = make_card(fake, AS_CARD);
        g_autoptr(GcaX509Stack) others = make_stack(fake, NULL);
        assert_no_chain(card, anchors, others, MOMENT, GCA_ERROR_CHECK_FAILED, "");
    }
}

static void
test_refuses_unknown_critical_extension(void)
{
    g_autoptr(X509) ca = make_other_ca(get_key(1), AS_CA);
    g_autoptr(X509) card = make_card(ca, AS_CARD "1.2.3.4 = critical,ASN1:NULL\n");
    g_autoptr(GcaX509Stack) anchors = make_stack(ca, NULL);

    /* RFC 5280 section 4.2 */
    assert_no_chain(card, anchors, NULL, MOMENT, GCA_ERROR_CHECK_FAILED, "critical extension");
}

static void
write_certificate(const char *folder, const char *name, X509 *certificate)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autoptr(GBytes) der = gca_certificate_encode(certificate);

    g_assert_true(g_file_set_contents(path, g_bytes_get_data(der, NULL),
                                      (gssize) g_bytes_get_size(der), NULL));
}

static void
test_loads_anchors_once(void)
{
    g_autoptr(X509) root = make_root();
    g_autoptr(X509) ca = make_ca(root);
    g_autofree char *packaged = g_dir_make_tmp("gca-XXXXXX", NULL);
    g_autofree char *folder = g_build_filename(packaged, "card-ca", NULL);
    static const char *const names[] = {"a.cer", "b.der", "c.crt", "README"};

    g_setenv("GCA_DATADIR", packaged, TRUE);
    g_autoptr(GcaX509Stack) none = gca_chain_load_anchors(NULL);
    g_assert_cmpint(sk_X509_num(none), ==, 0);

    g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
    write_certificate(folder, names[0], root);
    write_certificate(folder, names[1], ca);
    write_certificate(folder, names[2], root);
    g_autofree char *note = g_build_filename(folder, names[3], NULL);
    g_assert_true(g_file_set_contents(note, "about these files", -1, NULL));
    g_autoptr(GcaX509Stack) anchors = gca_chain_load_anchors(NULL);
    g_assert_cmpint(sk_X509_num(anchors), ==, 2);

    g_autofree char *broken = g_build_filename(folder, names[0], NULL);
    g_autoptr(GError) error = NULL;
    g_assert_true(g_file_set_contents(broken, "broken", -1, NULL));
    g_assert_null(gca_chain_load_anchors(&error));
    assert_refused(error, GCA_ERROR_BAD_DATA, "a.cer");

    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(folder, names[i], NULL);
        g_unlink(path);
    }
    g_rmdir(folder);
    g_rmdir(packaged);
}

int
main(int argc, char **argv)
{
    g_setenv("XDG_CONFIG_HOME", "/nonexistent", TRUE);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/chain/reaches-anchors-self-signed-or-not", test_reaches_anchors);
    g_test_add_func("/chain/never-trusts-what-comes-along", test_needs_an_anchor);
    g_test_add_func("/chain/finds-the-generation-among-anchors-of-one-name", test_finds_generation);
    g_test_add_func("/chain/other-key-identifier-is-untrusted",
                    test_wrong_key_identifier_is_no_path);
    g_test_add_func("/chain/judges-validity-at-the-moment", test_judges_at_the_moment);
    g_test_add_func("/chain/refuses-sha1-but-in-the-anchor", test_refuses_sha1_but_in_anchor);
    g_test_add_func("/chain/refuses-short-keys", test_refuses_short_keys);
    g_test_add_func("/chain/refuses-issuers-that-are-no-ca", test_refuses_issuers_that_are_no_ca);
    g_test_add_func("/chain/refuses-unknown-critical-extension",
                    test_refuses_unknown_critical_extension);
    g_test_add_func("/chain/anchors/loads-each-once-and-names-the-broken", test_loads_anchors_once);
    return g_test_run();
}
