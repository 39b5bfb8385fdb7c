/* Certificate requests: made as RFC 2986 and the facts of the CAs say, as openssl and certtool read
 * them; read strictly. */
#include "csr/csr.h"
#include "test-csr-fixture.h"

#include <glib/gstdio.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>

#define CN "www.example.gov.tw"

static X509_REQ *
make_ours(const char *const *names)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaName) subject = gca_name_parse(GOOD_DN, NULL);
    X509_REQ *csr = gca_csr_new(get_key(0), subject, names, &error);

    g_assert_no_error(error);
    return csr;
}

/* What a program says of the file that is its last argument. */
static char *
ask(const char *const *arguments, GBytes *file)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("gca-csr-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "request.csr.pem", NULL);
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    char *out = NULL, *err = NULL;
    int status;

    g_assert_true(g_file_set_contents(path, g_bytes_get_data(file, NULL),
                                      (gssize) g_bytes_get_size(file), NULL));
    for (; *arguments != NULL; arguments++)
        g_ptr_array_add(argv, (gpointer) *arguments);
    g_ptr_array_add(argv, path);
    g_ptr_array_add(argv, NULL);
    g_spawn_sync(NULL, (char **) argv->pdata, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, &err,
                 &status, &error);
    g_assert_no_error(error);
    g_assert_true(g_spawn_check_wait_status(status, NULL));
    g_unlink(path);
    g_rmdir(folder);
    char *all = g_strconcat(out, err, NULL);
    g_free(out);
    g_free(err);
    return all;
}

/* All of `parts` (up to NULL) stand in `text`, in this order. */
static void
assert_says(const char *text, const char *const *parts)
{
    const char *at = text;

    for (; *parts != NULL; parts++) {
        const char *found = strstr(at, *parts);
        if (found == NULL)
            g_error("“%s” is not where it should be in:\n%s", *parts, text);
        at = found + strlen(*parts);
    }
}

static void
test_openssl_reads_what_is_made(void)
{
    static const char *const names[] = {CN, "a.example.gov.tw", "168.95.1.1", "2001:b000::1", NULL};
    static const char *const program[] = {"openssl",
                                          "req",
                                          "-verify",
                                          "-noout",
                                          "-text",
                                          "-nameopt",
                                          "RFC2253,-esc_msb,utf8,sname,sep_comma_plus",
                                          "-in",
                                          NULL};
    static const char *const parts[] = {
        "Version: 1 (0x0)",
        "CN=" CN ",O=甲院-乙部測試署,L=臺灣,C=TW\n",
        "rsaEncryption",
        "(2048 bit)",
        "Requested Extensions:\n",
        "X509v3 Subject Alternative Name: \n",
        "DNS:" CN
        ", DNS:a.example.gov.tw, IP Address:168.95.1.1, IP Address:2001:B000:0:0:0:0:0:1\n",
        "Signature Algorithm: sha256WithRSAEncryption\n",
        "verify OK",
        NULL,
    };
    g_autoptr(X509_REQ) csr = make_ours(names);
    g_autoptr(GBytes) pem = gca_csr_encode(csr);

    g_autofree char *text = ask(program, pem);
    assert_says(text, parts);
}

/* The lines of “openssl asn1parse” without place and length: "OBJECT:countryName". */
static char **
list_objects_and_strings(const char *dump)
{
    GPtrArray *found = g_ptr_array_new();
    g_auto(GStrv) lines = g_strsplit(dump, "\n", -1);

    for (guint i = 0; lines[i] != NULL; i++) {
        const char *kind = strstr(lines[i], "prim: ");
        const char *value = kind ? strchr(kind + strlen("prim: "), ':') : NULL;
        if (value == NULL || strstr(kind, "[HEX DUMP]") != NULL)
            continue;
        kind += strlen("prim: ");
        g_ptr_array_add(found, g_strdup_printf("%.*s%s", (int) strcspn(kind, " :"), kind, value));
    }
    g_ptr_array_add(found, NULL);
    return (char **) g_ptr_array_free(found, FALSE);
}

/* RFC 5280 section 4.1.2.4; RFC 2986 section 4.1: version 0; no attribute but extensionRequest. */
static void
test_asn1_dump_holds_nothing_else(void)
{
    static const char *const names[] = {CN, NULL};
    static const char *const program[] = {"openssl", "asn1parse", "-in", NULL};
    static const char *const expected[] = {
        "INTEGER:00",
        "OBJECT:countryName",
        "PRINTABLESTRING:TW",
        "OBJECT:localityName",
        "UTF8STRING:臺灣",
        "OBJECT:organizationName",
        "UTF8STRING:甲院-乙部測試署",
        "OBJECT:commonName",
        "UTF8STRING:www.example.gov.tw",
        "OBJECT:rsaEncryption",
        "OBJECT:Extension Request",
        "OBJECT:X509v3 Subject Alternative Name",
        "OBJECT:sha256WithRSAEncryption",
    };
    g_autoptr(X509_REQ) csr = make_ours(names);
    g_autoptr(GBytes) pem = gca_csr_encode(csr);
    g_autofree char *dump = ask(program, pem);
    g_auto(GStrv) found = list_objects_and_strings(dump);

    for (gsize i = 0; i < G_N_ELEMENTS(expected); i++)
        g_assert_cmpstr(found[i], ==, expected[i]);
    g_assert_null(found[G_N_ELEMENTS(expected)]);
    g_assert_null(strstr(dump, "BOOLEAN")); /* the extension is not critical */
}

static void
test_certtool_reads_what_is_made(void)
{
    static const char *const names[] = {CN, "168.95.1.1", NULL};
    static const char *const program[] = {"certtool", "--crq-info", "--infile", NULL};
    static const char *const parts[] = {
        "Version: 1\n",
        "Subject: CN=" CN ",O=甲院-乙部測試署,L=臺灣,C=TW\n",
        "Signature Algorithm: RSA-SHA256\n",
        "Attributes:\n",
        "Extensions:\n",
        "Subject Alternative Name (not critical):\n",
        "DNSname: " CN "\n",
        "IPAddress: 168.95.1.1\n",
        "Self signature: verified\n",
        NULL,
    };
    g_autoptr(X509_REQ) csr = make_ours(names);
    g_autoptr(GBytes) pem = gca_csr_encode(csr);

    g_autofree char *text = ask(program, pem);
    assert_says(text, parts);
    g_assert_null(strstr(text, "Challenge"));
    g_assert_null(strstr(text, "Unknown"));
}

static void
test_reads_back_what_was_made(void)
{
    static const char *const names[] = {CN, "168.95.1.1", "2001:b000::1", NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(X509_REQ) made = make_ours(names);
    g_autoptr(GBytes) pem = gca_csr_encode(made);
    g_assert_true(g_str_has_prefix(g_bytes_get_data(pem, NULL), "-----BEGIN CERTIFICATE REQUEST"));
    g_autoptr(X509_REQ) csr = gca_csr_parse(pem, "request", &error);
    g_assert_no_error(error);

    g_autoptr(GcaName) wanted = gca_name_parse(GOOD_DN, NULL);
    g_autoptr(GcaName) subject = gca_csr_dup_subject(csr, &error);
    g_assert_no_error(error);
    g_assert_true(gca_name_equal(subject, wanted));
    g_auto(GStrv) found = gca_csr_dup_names(csr);
    g_assert_true(g_strv_equal((const char *const *) found, names));
    g_assert_cmpint(EVP_PKEY_eq(X509_REQ_get0_pubkey(csr), get_key(0)), ==, 1);
}

static void
assert_not_made(EVP_PKEY *key, const char *name, const char *says)
{
    const char *const names[] = {name, NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaName) subject = gca_name_parse(GOOD_DN, NULL);

    g_assert_null(gca_csr_new(key, subject, names, &error));
    assert_refused(error, GCA_ERROR_CRYPTO, says);
}

/* A key whose public exponent is not the one that its private exponent was made for. */
static EVP_PKEY *
make_torn_key(void)
{
    g_autoptr(EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    g_autoptr(BIGNUM) n = NULL, e = BN_new(), d = NULL;
    EVP_PKEY *key = NULL;

    BN_set_word(e, 3);
    g_assert_true(EVP_PKEY_get_bn_param(get_key(0), OSSL_PKEY_PARAM_RSA_N, &n));
    g_assert_true(EVP_PKEY_get_bn_param(get_key(0), OSSL_PKEY_PARAM_RSA_D, &d));
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n);
    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e);
    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_D, d);
    OSSL_PARAM *parameters = OSSL_PARAM_BLD_to_param(build);
    g_assert_cmpint(EVP_PKEY_fromdata_init(context), ==, 1);
    g_assert_cmpint(EVP_PKEY_fromdata(context, &key, EVP_PKEY_KEYPAIR, parameters), ==, 1);
    OSSL_PARAM_free(parameters);
    OSSL_PARAM_BLD_free(build);
    return key;
}

static void
test_does_not_make_what_cannot_hold(void)
{
    g_autoptr(EVP_PKEY) torn = make_torn_key();
    g_autoptr(EVP_PKEY) no_digest = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");

    assert_not_made(get_key(0), "例子.政府.tw", "put together");
    assert_not_made(torn, CN, "does not fit its public half");
    assert_not_made(no_digest, CN, "cannot be signed with this key");
}

static GBytes *
join(const char *before, GBytes *bytes, const char *after)
{
    GByteArray *all = g_byte_array_new();

    g_byte_array_append(all, (const guint8 *) before, (guint) strlen(before));
    g_byte_array_append(all, g_bytes_get_data(bytes, NULL), (guint) g_bytes_get_size(bytes));
    g_byte_array_append(all, (const guint8 *) after, (guint) strlen(after));
    return g_byte_array_free_to_bytes(all);
}

static GBytes *
replace(GBytes *text, const char *what, const char *by)
{
    GString *changed =
        g_string_new_len(g_bytes_get_data(text, NULL), (gssize) g_bytes_get_size(text));

    g_assert_cmpuint(g_string_replace(changed, what, by, 0), >, 0);
    return g_string_free_to_bytes(changed);
}

static void
assert_parsed(GBytes *bytes)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(X509_REQ) csr = gca_csr_parse(bytes, "request", &error);

    g_assert_no_error(error);
    g_assert_nonnull(csr);
}

static void
assert_not_parsed(GBytes *bytes, GcaErrorCode code, const char *says)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(gca_csr_parse(bytes, "a\x1b.pem", &error));
    assert_refused(error, code, says);
    g_assert_nonnull(strstr(error->message, "“a\\u{1B}.pem”"));
}

/* RFC 7468: text may stand before, lines may end in CRLF; RFC 7468 section 7: the older label */
static void
test_parses_each_form(void)
{
    g_autoptr(X509_REQ) csr = make_request(&(Asked){.challenge = "x"});
    g_autoptr(GBytes) der = encode_der(csr), pem = gca_csr_encode(csr);
    g_autoptr(GBytes) older = replace(pem, "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST");
    g_autoptr(GBytes) windows = replace(pem, "\n", "\r\n");
    g_autoptr(GBytes) notepad = join("\xEF\xBB\xBF", windows, "\r\n \t\n");
    g_autoptr(GBytes) text = join("Certificate Request:\n    Data:\n", pem, "");

    assert_parsed(der);
    assert_parsed(pem);
    assert_parsed(older);
    assert_parsed(windows);
    assert_parsed(notepad);
    assert_parsed(text);
}

static void
test_refuses_anything_behind(void)
{
    g_autoptr(X509_REQ) csr = make_request(&(Asked){0});
    g_autoptr(GBytes) der = encode_der(csr), pem = gca_csr_encode(csr),
                      key = encode_key(get_key(0));
    g_autoptr(GBytes) more_der = join("", der, "x"), more_pem = join("", pem, "x\n");
    g_autofree char *first = g_strndup(g_bytes_get_data(pem, NULL), g_bytes_get_size(pem));
    g_autoptr(GBytes) with_key = join(first, key, "");

    assert_not_parsed(more_der, GCA_ERROR_BAD_DATA, "1 more bytes behind");
    assert_not_parsed(more_pem, GCA_ERROR_BAD_DATA, "more behind");
    assert_not_parsed(with_key, GCA_ERROR_BAD_DATA, "a private key behind");
}

static void
test_names_what_is_given_instead(void)
{
    g_autoptr(X509) root = make_root();
    g_autoptr(BIO) bio = BIO_new(BIO_s_mem());
    g_autoptr(GBytes) key = encode_key(get_key(0));
    g_autoptr(GBytes) json = g_bytes_new_static("{\"uri\": 1}", 10);
    g_autoptr(GBytes) public_key = replace(key, "PRIVATE", "PUBLIC");
    guint8 *der = NULL;
    char *pem;

    PEM_write_bio_X509(bio, root);
    gsize size = (gsize) BIO_get_mem_data(bio, &pem);
    g_autoptr(GBytes) certificate = g_bytes_new(pem, size);
    size = (gsize) i2d_X509(root, &der);
    g_autoptr(GBytes) certificate_der =
        g_bytes_new_with_free_func(der, size, gca_openssl_free, der);
    der = NULL;
    size = (gsize) i2d_PrivateKey(get_key(0), &der);
    g_autoptr(GBytes) key_der = g_bytes_new_with_free_func(der, size, gca_openssl_free, der);

    assert_not_parsed(certificate, GCA_ERROR_BAD_DATA, "holds a certificate, not");
    assert_not_parsed(certificate_der, GCA_ERROR_BAD_DATA, "holds a certificate, not");
    assert_not_parsed(key, GCA_ERROR_BAD_DATA, "holds a private key, not");
    assert_not_parsed(key_der, GCA_ERROR_BAD_DATA, "holds a private key, not");
    assert_not_parsed(public_key, GCA_ERROR_BAD_DATA, "“PUBLIC KEY” where “CERTIFICATE REQUEST”");
    assert_not_parsed(json, GCA_ERROR_BAD_DATA, "JSON");
}

static void
test_refuses_what_is_damaged(void)
{
    g_autoptr(X509_REQ) csr = make_request(&(Asked){0});
    g_autoptr(GBytes) der = encode_der(csr), pem = gca_csr_encode(csr);
    g_autoptr(GBytes) empty = g_bytes_new_static("", 0);
    g_autoptr(GBytes) text = g_bytes_new_static("request\n", 8);
    g_autoptr(GBytes) cut = g_bytes_new_from_bytes(pem, 0, 300);
    g_autoptr(GBytes) cut_der = g_bytes_new_from_bytes(der, 0, g_bytes_get_size(der) - 1);
    g_autofree char *much = g_strnfill(GCA_CSR_FILE_LIMIT + 1, ' ');
    g_autoptr(GBytes) large = g_bytes_new_static(much, GCA_CSR_FILE_LIMIT + 1);

    assert_not_parsed(empty, GCA_ERROR_BAD_DATA, "no certificate request");
    assert_not_parsed(text, GCA_ERROR_BAD_DATA, "no certificate request");
    assert_not_parsed(cut, GCA_ERROR_BAD_DATA, "damaged PEM");
    assert_not_parsed(cut_der, GCA_ERROR_BAD_DATA, "is not a certificate request");
    assert_not_parsed(large, GCA_ERROR_BAD_DATA, "too large");
}

/* X.690 section 10.1: lengths in the fewest octets */
static void
test_refuses_ber(void)
{
    g_autoptr(X509_REQ) csr = make_request(&(Asked){0});
    g_autoptr(GBytes) der = encode_der(csr);
    gsize size;
    const guint8 *data = g_bytes_get_data(der, &size);

    g_assert_cmpmem(data, 2, "\x30\x82", 2); /* two octets of length follow */
    GByteArray *ber = g_byte_array_new();
    g_byte_array_append(ber, (const guint8 *) "\x30\x83\x00", 3);
    g_byte_array_append(ber, data + 2, (guint) size - 2);
    g_autoptr(GBytes) bytes = g_byte_array_free_to_bytes(ber);
    assert_not_parsed(bytes, GCA_ERROR_BAD_DATA, "one form that DER allows");
}

static void
test_refuses_another_version(void)
{
    g_autoptr(X509_REQ) csr = make_request(&(Asked){.version = 2});
    g_autoptr(GBytes) der = encode_der(csr);

    assert_not_parsed(der, GCA_ERROR_BAD_DATA, "unknown version");
}

static void
test_refuses_a_signature_that_does_not_fit(void)
{
    g_autoptr(X509_REQ) csr = make_request(&(Asked){0});
    g_autoptr(GBytes) der = encode_der(csr);
    gsize size;
    const guint8 *data = g_bytes_get_data(der, &size);
    guint8 *copy = g_memdup2(data, size);

    copy[size - 1] ^= 1;
    g_autoptr(GBytes) changed = g_bytes_new_take(copy, size);
    assert_not_parsed(changed, GCA_ERROR_CHECK_FAILED, "not signed by its own key");
}

/* A NUL hides nothing; what is neither a name nor an address is left out. */
static void
test_shows_names_as_they_stand(void)
{
    g_autoptr(X509_REQ) csr = make_request(
        &(Asked){.extensions = "subjectAltName = DER:30228212612e676f762e747700622e6578616d70"
                               "6c658101618704a85f01018703010203\n"});
    g_auto(GStrv) names = gca_csr_dup_names(csr);

    g_assert_cmpstr(names[0], ==, "a.gov.tw\\x00b.example");
    g_assert_cmpstr(names[1], ==, "168.95.1.1");
    g_assert_null(names[2]);
    g_autoptr(X509_REQ) bare = make_request(&(Asked){.extensions = "keyUsage = keyAgreement\n"});
    g_auto(GStrv) none = gca_csr_dup_names(bare);
    g_assert_null(none[0]);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/csr/csr/openssl-reads-what-is-made", test_openssl_reads_what_is_made);
    g_test_add_func("/csr/csr/asn1-dump-holds-nothing-else", test_asn1_dump_holds_nothing_else);
    g_test_add_func("/csr/csr/certtool-reads-what-is-made", test_certtool_reads_what_is_made);
    g_test_add_func("/csr/csr/reads-back-what-was-made", test_reads_back_what_was_made);
    g_test_add_func("/csr/csr/does-not-make-what-cannot-hold", test_does_not_make_what_cannot_hold);
    g_test_add_func("/csr/csr/parses-each-form", test_parses_each_form);
    g_test_add_func("/csr/csr/refuses-anything-behind", test_refuses_anything_behind);
    g_test_add_func("/csr/csr/names-what-is-given-instead", test_names_what_is_given_instead);
    g_test_add_func("/csr/csr/refuses-what-is-damaged", test_refuses_what_is_damaged);
    g_test_add_func("/csr/csr/refuses-ber", test_refuses_ber);
    g_test_add_func("/csr/csr/refuses-another-version", test_refuses_another_version);
    g_test_add_func("/csr/csr/refuses-a-signature-that-does-not-fit",
                    test_refuses_a_signature_that_does_not_fit);
    g_test_add_func("/csr/csr/shows-names-as-they-stand", test_shows_names_as_they_stand);
    return g_test_run();
}
