#include "csr/delivery-private.h"
#include "test-csr-chain-fixture.h"

#include <glib/gstdio.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#define FLAGS_IN_LOCAL_HEADER 6 /* APPNOTE.TXT sections 4.3.7 and 4.3.12 */
#define FLAGS_IN_CENTRAL_HEADER 8
#define SIZE_IN_CENTRAL_HEADER 24

static GBytes *
take_text(BIO *text)
{
    char *data = NULL;
    long size = BIO_get_mem_data(text, &data);
    return g_bytes_new(data, (gsize) size);
}

static GBytes *
to_pem(X509 *first, X509 *second)
{
    g_autoptr(BIO) text = BIO_new(BIO_s_mem());

    PEM_write_bio_X509(text, first);
    if (second != NULL)
        PEM_write_bio_X509(text, second);
    return take_text(text);
}

/* As `openssl crl2pkcs7 -nocrl` makes it: SignedData without signers. */
static PKCS7 *
make_bag(GcaX509Stack *certificates)
{
    PKCS7 *bag = PKCS7_new();

    PKCS7_set_type(bag, NID_pkcs7_signed);
    PKCS7_content_new(bag, NID_pkcs7_data);
    for (int i = 0; i < sk_X509_num(certificates); i++)
        PKCS7_add_certificate(bag, sk_X509_value(certificates, i));
    return bag;
}

static GBytes *
encode(void *value, const ASN1_ITEM *item)
{
    guint8 *der = NULL;
    int size = ASN1_item_i2d(value, &der, item);

    g_assert_cmpint(size, >, 0);
    return g_bytes_new_with_free_func(der, (gsize) size, gca_openssl_free, der);
}

static GBytes *
to_bag(GcaX509Stack *certificates)
{
    PKCS7 *bag = make_bag(certificates);
    GBytes *der = encode(bag, ASN1_ITEM_rptr(PKCS7));

    PKCS7_free(bag);
    return der;
}

static GBytes *
join(const char *before, GBytes *middle, const char *after)
{
    GByteArray *all = g_byte_array_new();
    gsize size;
    const guint8 *data = g_bytes_get_data(middle, &size);

    g_byte_array_append(all, (const guint8 *) before, (guint) strlen(before));
    g_byte_array_append(all, data, (guint) size);
    g_byte_array_append(all, (const guint8 *) after, (guint) strlen(after));
    return g_byte_array_free_to_bytes(all);
}

static void
assert_holds(GBytes *bytes, gboolean has_der, X509 *first, X509 *second)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaDelivery) delivery = gca_delivery_parse(bytes, "given", &error);

    g_assert_no_error(error);
    GcaX509Stack *found = gca_delivery_get_certificates(delivery);
    g_assert_cmpint(sk_X509_num(found), ==, second != NULL ? 2 : 1);
    g_assert_cmpint(X509_cmp(sk_X509_value(found, 0), first), ==, 0);
    g_assert_true(second == NULL || X509_cmp(sk_X509_value(found, 1), second) == 0);
    g_assert_cmpint(gca_delivery_has_der(delivery), ==, has_der);
    g_assert_cmpuint(ERR_peek_error(), ==, 0);
}

static void
assert_refused_bytes(GBytes *bytes, GcaErrorCode code, const char *says)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(gca_delivery_parse(bytes, "given\033", &error));
    assert_refused(error, code, says);
    /* what comes from outside is shown escaped */
    g_assert_nonnull(strstr(error->message, "given\\u{1B}"));
}

static void
refuse_text(const char *text, GcaErrorCode code, const char *says)
{
    g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
    assert_refused_bytes(bytes, code, says);
}

static void
test_reads_pem(TestChain *chain, const void *data)
{
    g_autoptr(GBytes) both = to_pem(chain->server, chain->ca);
    g_autofree char *text = g_strndup(g_bytes_get_data(both, NULL), g_bytes_get_size(both));
    g_autoptr(GBytes) twice = join(text, both, "");
    g_autoptr(GBytes) talked =
        join("Subject: CN=測試\r\n 0 s:/C=TW\nPKCS7\n", both, "\r\n-----\nthe end\n");

    assert_holds(both, FALSE, chain->server, chain->ca);
    assert_holds(twice, FALSE, chain->server, chain->ca);
    /* RFC 7468 section 2: parsers should ignore what stands around */
    assert_holds(talked, FALSE, chain->server, chain->ca);
}

static void
test_reads_pem_of_windows(TestChain *chain, const void *data)
{
    g_autoptr(GBytes) pem = to_pem(chain->ca, NULL);
    g_autofree char *text = g_strndup(g_bytes_get_data(pem, NULL), g_bytes_get_size(pem));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autofree char *windows = g_strjoinv("\r\n", lines);
    g_autoptr(GBytes) bytes = g_bytes_new_static(windows, strlen(windows));
    g_autoptr(GBytes) marked = join("\xEF\xBB\xBF", bytes, "");

    assert_holds(bytes, FALSE, chain->ca, NULL);
    assert_holds(marked, FALSE, chain->ca, NULL);
}

static void
test_reads_der(TestChain *chain, const void *data)
{
    g_autoptr(GBytes) der = gca_certificate_encode(chain->server);
    g_autoptr(GBytes) longer = join("", der, "x");

    assert_holds(der, TRUE, chain->server, NULL);
    assert_refused_bytes(longer, GCA_ERROR_BAD_DATA, "1 more byte");
}

static void
test_reads_pkcs7(TestChain *chain, const void *data)
{
    g_autoptr(GcaX509Stack) both = make_stack(chain->server, chain->ca, NULL);
    g_autoptr(GBytes) der = to_bag(both);
    g_autoptr(GBytes) empty = to_bag(NULL);
    g_autoptr(BIO) text = BIO_new(BIO_s_mem());
    PKCS7 *bag = make_bag(both);
    PEM_write_bio_PKCS7(text, bag);
    PKCS7_free(bag);
    g_autoptr(GBytes) pem = take_text(text);

    assert_holds(der, TRUE, chain->server, chain->ca);
    assert_holds(pem, TRUE, chain->server, chain->ca);
    assert_refused_bytes(empty, GCA_ERROR_NO_CERT, "PKCS#7 file without certificates");
}

/* Keystore tools and some CAs write the label of a certificate over PKCS#7. */
static void
test_bytes_decide_not_labels(TestChain *chain, const void *data)
{
    g_autoptr(GcaX509Stack) both = make_stack(chain->server, chain->ca, NULL);
    g_autoptr(GBytes) der = to_bag(both);
    g_autoptr(BIO) text = BIO_new(BIO_s_mem());
    gsize size;
    const guint8 *bytes = g_bytes_get_data(der, &size);

    PEM_write_bio(text, PEM_STRING_X509, "", bytes, (long) size);
    g_autoptr(GBytes) pem = take_text(text);
    assert_holds(pem, TRUE, chain->server, chain->ca);
}

static void
refuse_pem(const char *label, GBytes *der, const char *says)
{
    g_autoptr(BIO) text = BIO_new(BIO_s_mem());
    gsize size;
    const guint8 *data = g_bytes_get_data(der, &size);

    PEM_write_bio(text, label, "", data, (long) size);
    g_autoptr(GBytes) pem = take_text(text);
    assert_refused_bytes(pem, GCA_ERROR_NO_CERT, says);
}

static void
test_names_request(TestChain *chain, const void *data)
{
    X509_REQ *request = X509_REQ_new();
    set_name(X509_REQ_get_subject_name(request), SERVER_DN);
    X509_REQ_set_pubkey(request, get_key(SERVER_KEY));
    g_assert_cmpint(X509_REQ_sign(request, get_key(SERVER_KEY), EVP_sha256()), >, 0);
    g_autoptr(GBytes) der = encode(request, ASN1_ITEM_rptr(X509_REQ));
    X509_REQ_free(request);

    assert_refused_bytes(der, GCA_ERROR_NO_CERT, "certificate request (CSR)");
    refuse_pem("CERTIFICATE REQUEST", der, "certificate request (CSR)");
    refuse_pem("NEW CERTIFICATE REQUEST", der, "certificate request (CSR)");
}

static void
test_names_key(TestChain *chain, const void *data)
{
    PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(get_key(SERVER_KEY));
    g_autoptr(GBytes) plain = encode(info, ASN1_ITEM_rptr(PKCS8_PRIV_KEY_INFO));
    X509_SIG *closed =
        PKCS8_encrypt(-1, EVP_aes_256_cbc(), "x", 1, NULL, 0, PKCS12_DEFAULT_ITER, info);
    g_autoptr(GBytes) encrypted = encode(closed, ASN1_ITEM_rptr(X509_SIG));
    X509_SIG_free(closed);
    PKCS8_PRIV_KEY_INFO_free(info);

    assert_refused_bytes(plain, GCA_ERROR_NO_CERT, "private key");
    assert_refused_bytes(encrypted, GCA_ERROR_NO_CERT, "private key");
    refuse_pem("PRIVATE KEY", plain, "private key");
    refuse_pem("ENCRYPTED PRIVATE KEY", encrypted, "private key");
    refuse_pem("RSA PRIVATE KEY", plain, "private key");
    refuse_pem("PUBLIC KEY", plain, "public key");
}

static void
test_names_pkcs12(TestChain *chain, const void *data)
{
    PKCS12 *made =
        PKCS12_create("x", NULL, get_key(SERVER_KEY), chain->server, NULL, 0, 0, 0, 0, 0);
    g_autoptr(GBytes) der = encode(made, ASN1_ITEM_rptr(PKCS12));
    PKCS12_free(made);

    assert_refused_bytes(der, GCA_ERROR_NO_CERT, "PKCS#12");
}

static void
test_names_crl(TestChain *chain, const void *data)
{
    g_autoptr(X509_CRL) crl = X509_CRL_new();
    X509_CRL_set_version(crl, X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(crl, X509_get_subject_name(chain->ca));
    X509_CRL_set1_lastUpdate(crl, X509_get0_notBefore(chain->ca));
    g_assert_cmpint(X509_CRL_sign(crl, get_key(CA_KEY), EVP_sha256()), >, 0);
    g_autoptr(GBytes) der = encode(crl, ASN1_ITEM_rptr(X509_CRL));

    assert_refused_bytes(der, GCA_ERROR_NO_CERT, "(CRL)");
    refuse_pem("X509 CRL", der, "(CRL)");
}

static void
test_names_what_is_no_certificate_at_all(TestChain *chain, const void *data)
{
    static const guint8 utf16[] = {0xFF, 0xFE, '-', 0, '-', 0};
    g_autoptr(GBytes) wide = g_bytes_new_static(utf16, sizeof utf16);

    assert_refused_bytes(wide, GCA_ERROR_NO_CERT, "UTF-16");
    refuse_text("", GCA_ERROR_NO_CERT, "empty");
    refuse_text("\r\n<!DOCTYPE html>\n<html>", GCA_ERROR_NO_CERT, "web page");
    refuse_text("0800-080-512", GCA_ERROR_NO_CERT, "neither PEM nor DER");
    refuse_text("%PDF-1.7", GCA_ERROR_NO_CERT, "neither PEM nor DER");
    refuse_text("\x30\x82\x01\x00\x30", GCA_ERROR_BAD_DATA, "not a certificate");
    refuse_text("-----BEGIN CERTIFICATE-----\nMIIC\n", GCA_ERROR_BAD_DATA, "damaged PEM");
    refuse_text("-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----\n",
                GCA_ERROR_BAD_DATA, "not a certificate");
}

/* CAs put the request or a CRL beside; a bundle may hold the key. */
static void
test_passes_over_other_blocks(TestChain *chain, const void *data)
{
    g_autoptr(BIO) text = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(text, get_key(SERVER_KEY), NULL, NULL, 0, NULL, NULL);
    PEM_write_bio_X509(text, chain->server);
    g_autoptr(GBytes) pem = take_text(text);

    assert_holds(pem, FALSE, chain->server, NULL);
}

typedef struct {
    char *folder;
    GPtrArray *names; /* of the files to be packed */
    char *path;       /* of the archive */
} Package;

static Package *
package_new(void)
{
    Package *package = g_new0(Package, 1);

    package->folder = g_dir_make_tmp("gca-test-XXXXXX", NULL);
    package->path = g_build_filename(package->folder, "all.zip", NULL);
    package->names = g_ptr_array_new_with_free_func(g_free);
    return package;
}

static void
package_add(Package *package, const char *name, GBytes *bytes)
{
    g_autofree char *path = g_build_filename(package->folder, name, NULL);
    gsize size;
    const char *data = g_bytes_get_data(bytes, &size);

    g_assert_true(g_file_set_contents(path, data, (gssize) size, NULL));
    g_ptr_array_add(package->names, g_strdup(name));
}

static void
package_remove(Package *package, const char *name)
{
    g_autofree char *path = g_build_filename(package->folder, name, NULL);
    if (g_remove(path) != 0)
        g_error("%s cannot be removed", path);
}

/* Packed by a peer, Python's zipfile; the package is gone then. */
static GBytes *
package_close(Package *package)
{
    g_autoptr(GPtrArray) command = g_ptr_array_new();
    g_autoptr(GError) error = NULL;
    char *bytes;
    gsize size;
    int status;

    static const char *const start[] = {"python3", "-m", "zipfile", "-c"};
    for (guint i = 0; i < G_N_ELEMENTS(start); i++)
        g_ptr_array_add(command, (char *) start[i]);
    g_ptr_array_add(command, package->path);
    g_ptr_array_extend(command, package->names, NULL, NULL);
    g_ptr_array_add(command, NULL);
    g_spawn_sync(package->folder, (char **) command->pdata, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL,
                 NULL, NULL, &status, &error);
    g_assert_no_error(error);
    g_assert_cmpint(status, ==, 0);
    g_assert_true(g_file_get_contents(package->path, &bytes, &size, NULL));
    g_remove(package->path);
    for (guint i = 0; i < package->names->len; i++)
        package_remove(package, g_ptr_array_index(package->names, i));
    g_rmdir(package->folder);
    g_ptr_array_unref(package->names);
    g_free(package->folder);
    g_free(package->path);
    g_free(package);
    return g_bytes_new_take(bytes, size);
}

static void
add_text(Package *package, const char *name, const char *text)
{
    g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
    package_add(package, name, bytes);
}

static GBytes *
pack_one(const char *name, GBytes *bytes)
{
    Package *package = package_new();
    package_add(package, name, bytes);
    return package_close(package);
}

static void
test_reads_zip(TestChain *chain, const void *data)
{
    g_autoptr(GBytes) der = gca_certificate_encode(chain->server);
    g_autoptr(GBytes) pem = to_pem(chain->ca, NULL);
    Package *package = package_new();

    add_text(package, "讀我.txt", "0 請先閱讀");
    add_text(package, "manual.pdf", "%PDF-1.7");
    add_text(package, "empty", "");
    package_add(package, "server.cer", der);
    package_add(package, "中繼.crt", pem);
    g_autoptr(GBytes) zip = package_close(package);
    assert_holds(zip, TRUE, chain->server, chain->ca);

    g_autoptr(GBytes) pem_zip = pack_one("ca.crt", pem);
    assert_holds(pem_zip, FALSE, chain->ca, NULL);
}

static void
test_refuses_zip_without_certificates(TestChain *chain, const void *data)
{
    g_autoptr(GBytes) pem = to_pem(chain->ca, NULL);
    g_autoptr(GBytes) inner = pack_one("ca.crt", pem);
    g_autoptr(GBytes) nested = pack_one("inner.zip", inner);
    g_autoptr(GBytes) text = g_bytes_new_static("x", 1);
    g_autoptr(GBytes) none = pack_one("readme.txt", text);

    assert_refused_bytes(none, GCA_ERROR_NO_CERT, "holds no file");
    assert_refused_bytes(nested, GCA_ERROR_NO_CERT, "holds no file");
}

static void
test_names_damaged_member(TestChain *chain, const void *data)
{
    g_autoptr(GBytes) pem = to_pem(chain->ca, NULL);
    g_autoptr(GBytes) cut = g_bytes_new_from_bytes(pem, 0, g_bytes_get_size(pem) / 2);
    g_autoptr(GBytes) zip = pack_one("ca.crt", cut);
    g_autoptr(GBytes) short_zip = g_bytes_new_from_bytes(zip, 0, g_bytes_get_size(zip) - 30);

    assert_refused_bytes(zip, GCA_ERROR_BAD_DATA, "ca.crt");
    assert_refused_bytes(short_zip, GCA_ERROR_BAD_DATA, "cannot be unpacked");
}

/* The header `magic` of the only member. */
static gsize
find_header(const GByteArray *zip, const char *magic)
{
    const guint8 *at = memmem(zip->data, zip->len, magic, 4);
    g_assert_nonnull(at);
    return (gsize) (at - zip->data);
}

static void
test_tells_password(TestChain *chain, const void *data)
{
    g_autoptr(GBytes) pem = to_pem(chain->ca, NULL);
    GByteArray *zip = g_bytes_unref_to_array(pack_one("ca.crt", pem));

    zip->data[find_header(zip, "PK\3\4") + FLAGS_IN_LOCAL_HEADER] |= 1;
    zip->data[find_header(zip, "PK\1\2") + FLAGS_IN_CENTRAL_HEADER] |= 1;
    g_autoptr(GBytes) closed = g_byte_array_free_to_bytes(zip);
    assert_refused_bytes(closed, GCA_ERROR_BAD_DATA, "password");
}

static void
test_refuses_changed_bytes(TestChain *chain, const void *data)
{
    g_autoptr(GBytes) pem = to_pem(chain->ca, NULL);
    GByteArray *zip = g_bytes_unref_to_array(pack_one("ca.crt", pem));

    /* the CRC is kept in the header; zipfile's command deflates */
    zip->data[find_header(zip, "PK\1\2") - 20] ^= 0xFF;
    g_autoptr(GBytes) changed = g_byte_array_free_to_bytes(zip);
    assert_refused_bytes(changed, GCA_ERROR_BAD_DATA, "ca.crt");
}

/* A header that promises less, or more, than there is. */
static void
test_believes_no_size(TestChain *chain, const void *data)
{
    g_autoptr(GBytes) pem = to_pem(chain->ca, NULL);
    static const guint8 sizes[][4] = {{1, 0, 0, 0}, {0xFF, 0xFF, 0x0F, 0}};

    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
        GByteArray *zip = g_bytes_unref_to_array(pack_one("ca.crt", pem));
        memcpy(zip->data + find_header(zip, "PK\1\2") + SIZE_IN_CENTRAL_HEADER, sizes[i], 4);
        g_autoptr(GBytes) lying = g_byte_array_free_to_bytes(zip);
        assert_refused_bytes(lying, GCA_ERROR_BAD_DATA, "ca.crt");
    }
}

static void
test_unpacks_no_bomb(TestChain *chain, const void *data)
{
    static guint8 zeros[1000 * 1000];
    g_autoptr(GBytes) long_one = g_bytes_new_static(zeros, sizeof zeros);
    Package *package = package_new();

    for (guint i = 0; i < 5; i++) {
        g_autofree char *name = g_strdup_printf("%u.cer", i);
        package_add(package, name, long_one);
    }
    g_autoptr(GBytes) bomb = package_close(package);
    g_assert_cmpuint(g_bytes_get_size(bomb), <, 64 * 1024);
    assert_refused_bytes(bomb, GCA_ERROR_BAD_DATA, "more than 4194304 bytes");
}

/* No file of certificates is that long: it is not even unpacked. */
static void
test_passes_over_long_members(TestChain *chain, const void *data)
{
    static guint8 zeros[8 * 1024 * 1024];
    g_autoptr(GBytes) manual = g_bytes_new_static(zeros, sizeof zeros);
    g_autoptr(GBytes) pem = to_pem(chain->ca, NULL);
    Package *package = package_new();

    package_add(package, "manual.pdf", manual);
    package_add(package, "ca.crt", pem);
    g_autoptr(GBytes) zip = package_close(package);
    assert_holds(zip, FALSE, chain->ca, NULL);
}

static void
test_refuses_many_members(TestChain *chain, const void *data)
{
    Package *package = package_new();

    for (guint i = 0; i < 65; i++) {
        g_autofree char *name = g_strdup_printf("%u.txt", i);
        add_text(package, name, "x");
    }
    g_autoptr(GBytes) many = package_close(package);
    assert_refused_bytes(many, GCA_ERROR_BAD_DATA, "more than 64 files");
}

static void
test_tells_leaves(TestChain *chain, const void *data)
{
    g_autoptr(X509) own = make_certificate(&(Wanted){
        .subject = SERVER_DN, .key = get_key(OTHER_KEY), .extensions = AS_SERVER, FOR_LONG});
    g_autoptr(X509) bare_root =
        make_certificate(&(Wanted){.subject = "cn=v1,c=TW", .key = get_key(OLD_CA_KEY), FOR_LONG});
    g_autoptr(X509) below = make_certificate(&(Wanted){.subject = "cn=other.example.gov.tw,c=TW",
                                                       .key = get_key(OTHER_KEY),
                                                       .issuer = bare_root,
                                                       .issuer_key = get_key(OLD_CA_KEY),
                                                       FOR_LONG});
    X509 *given[] = {chain->root, chain->server, bare_root, own, chain->ca, below};
    g_autoptr(BIO) text = BIO_new(BIO_s_mem());
    for (guint i = 0; i < G_N_ELEMENTS(given); i++)
        PEM_write_bio_X509(text, given[i]);
    g_autoptr(GBytes) pem = take_text(text);
    g_autoptr(GcaDelivery) delivery = gca_delivery_parse(pem, "given", NULL);
    g_autoptr(GcaX509Stack) leaves = gca_delivery_dup_leaves(delivery);

    g_assert_cmpint(sk_X509_num(leaves), ==, 3);
    g_assert_cmpint(X509_cmp(sk_X509_value(leaves, 0), chain->server), ==, 0);
    g_assert_cmpint(X509_cmp(sk_X509_value(leaves, 1), own), ==, 0);
    g_assert_cmpint(X509_cmp(sk_X509_value(leaves, 2), below), ==, 0);
}

static void
test_reads_files_in_order(TestChain *chain, const void *data)
{
    Package *package = package_new();
    g_autoptr(GBytes) server = to_pem(chain->server, chain->root);
    g_autoptr(GBytes) ca = gca_certificate_encode(chain->ca);
    g_autoptr(GError) error = NULL;
    package_add(package, "1", server);
    package_add(package, "2", ca);
    g_autofree char *one = g_build_filename(package->folder, "1", NULL);
    g_autofree char *two = g_build_filename(package->folder, "2", NULL);
    const char *const paths[] = {two, one, one, NULL};
    const char *const none[] = {NULL};

    g_autoptr(GcaDelivery) delivery = gca_delivery_read(paths, &error);
    g_assert_no_error(error);
    GcaX509Stack *found = gca_delivery_get_certificates(delivery);
    g_assert_cmpint(sk_X509_num(found), ==, 3);
    g_assert_cmpint(X509_cmp(sk_X509_value(found, 0), chain->ca), ==, 0);
    g_assert_cmpint(X509_cmp(sk_X509_value(found, 2), chain->root), ==, 0);
    g_assert_null(gca_delivery_read(none, &error));
    assert_refused(error, GCA_ERROR_NO_CERT, "No certificate was given");
    g_bytes_unref(package_close(package));
}

static void
test_says_what_servers_cannot_read(TestChain *chain, const void *data)
{
    g_autoptr(GBytes) der = gca_certificate_encode(chain->ca);
    g_autoptr(GBytes) pem = to_pem(chain->ca, NULL);
    g_autoptr(GcaDelivery) bad = gca_delivery_parse(der, "a", NULL);
    g_autoptr(GcaDelivery) good = gca_delivery_parse(pem, "b", NULL);
    g_autoptr(GPtrArray) of_bad = gca_findings_new(), of_good = gca_findings_new();

    gca_delivery_examine(bad, of_bad);
    gca_delivery_examine(good, of_good);
    assert_finding(of_bad, "form", GCA_FINDING_WARNING, "DER");
    const GcaFinding *form = g_ptr_array_index(of_bad, 0);
    g_assert_nonnull(strstr(form->fix, "openssl x509 -inform DER -in X -out Y"));
    assert_finding(of_good, "form", GCA_FINDING_OK, "PEM");
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
    add("/csr/delivery/reads-pem-with-text-around-and-duplicates-once", test_reads_pem);
    add("/csr/delivery/reads-pem-as-windows-writes-it", test_reads_pem_of_windows);
    add("/csr/delivery/reads-der", test_reads_der);
    add("/csr/delivery/reads-pkcs7", test_reads_pkcs7);
    add("/csr/delivery/bytes-decide-not-labels", test_bytes_decide_not_labels);
    add("/csr/delivery/names-request", test_names_request);
    add("/csr/delivery/names-key", test_names_key);
    add("/csr/delivery/names-pkcs12", test_names_pkcs12);
    add("/csr/delivery/names-crl", test_names_crl);
    add("/csr/delivery/names-what-is-no-certificate-at-all",
        test_names_what_is_no_certificate_at_all);
    add("/csr/delivery/passes-over-other-blocks", test_passes_over_other_blocks);
    add("/csr/delivery/zip/reads-members-that-are-certificates", test_reads_zip);
    add("/csr/delivery/zip/refuses-one-without-certificates",
        test_refuses_zip_without_certificates);
    add("/csr/delivery/zip/names-damaged-member", test_names_damaged_member);
    add("/csr/delivery/zip/tells-of-password", test_tells_password);
    add("/csr/delivery/zip/refuses-changed-bytes", test_refuses_changed_bytes);
    add("/csr/delivery/zip/believes-no-size", test_believes_no_size);
    add("/csr/delivery/zip/unpacks-no-bomb", test_unpacks_no_bomb);
    add("/csr/delivery/zip/passes-over-long-members", test_passes_over_long_members);
    add("/csr/delivery/zip/refuses-many-members", test_refuses_many_members);
    add("/csr/delivery/tells-leaves-from-cas", test_tells_leaves);
    add("/csr/delivery/reads-files-in-their-order", test_reads_files_in_order);
    add("/csr/delivery/says-what-servers-cannot-read", test_says_what_servers_cannot_read);
    return g_test_run();
}
