/* Each check of a signed message against a message that only it should refuse. */
#include "test-cms-fixture.h"

#define CONTENT_TYPE                                                                               \
    "\x30\x18\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x03" /* 1.2.840.113549.1.9.3 */
#define CONTENT_TYPE_SIZE 26
#define SIGNING_TIME_SIZE 30

static X509 *other_signer;

static void
assert_check_fails(GBytes *der, Check check, const char *says)
{
    g_autoptr(GcaSignedData) message = parse(der);
    g_autoptr(GError) error = NULL;

    g_assert_false(check(message, &error));
    assert_refused(error, GCA_ERROR_CHECK_FAILED, says);
}

static void
assert_odd_fails(const Odd *odd, Check check, const char *says)
{
    g_autoptr(GBytes) der = make_odd(odd);
    assert_check_fails(der, check, says);
}

static void
add_second_signer(CMS_ContentInfo *cms, CMS_SignerInfo *info)
{
    g_assert_nonnull(CMS_add1_signer(cms, other_signer, get_key(3), EVP_sha256(),
                                     CMS_BINARY | CMS_PARTIAL | CMS_NOSMIMECAP));
}

static void
test_wants_one_signer(void)
{
    static const guint8 without[] =
        "\x30\x28\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x1b\x30\x19"
        "\x02\x01\x01\x31\x00\x30\x10\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01"
        "\x07\x01\xa0\x03\x04\x01\x78\x31\x00";
    g_autoptr(GBytes) unsigned_der = g_bytes_new_static(without, sizeof without - 1);
    g_autoptr(GBytes) twice = make_odd(&(Odd){.change = add_second_signer});
    g_autoptr(GBytes) bare = make_odd(&(Odd){.flags = CMS_NOCERTS});
    const struct {
        GBytes *der;
        const char *says;
    } cases[] = {{unsigned_der, "not signed"}, {twice, "2 times"}, {bare, "missing"}};

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GcaSignedData) message = parse(cases[i].der);
        g_autoptr(GError) error = NULL;
        g_assert_null(gca_signed_data_find_signer(message, &error));
        assert_refused(error, GCA_ERROR_CHECK_FAILED, cases[i].says);
        assert_check_fails(cases[i].der, gca_signed_data_check_signature, cases[i].says);
    }
}

static X509 *
make_signer(EVP_PKEY *key)
{
    return make_certificate(&(Wanted){.subject = AGENCY_DN,
                                      .key = key,
                                      .issuer = ca,
                                      .issuer_key = get_key(1),
                                      .extensions = AS_CARD});
}

static EVP_PKEY *
make_pss_key(void)
{
    g_autoptr(EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_name(NULL, "RSA-PSS", NULL);
    EVP_PKEY *key = NULL;

    g_assert_cmpint(EVP_PKEY_keygen_init(context), ==, 1);
    g_assert_cmpint(EVP_PKEY_generate(context, &key), ==, 1);
    return key;
}

static void
test_names_other_algorithms(void)
{
    g_autoptr(EVP_PKEY) curve = EVP_EC_gen("P-256");
    g_autoptr(EVP_PKEY) pss = make_pss_key();
    g_autoptr(EVP_PKEY) small = EVP_RSA_gen(1024);
    g_autoptr(X509) curve_signer = make_signer(curve);
    g_autoptr(X509) pss_signer = make_signer(pss);
    g_autoptr(X509) small_signer = make_signer(small);
    const Check check = gca_signed_data_check_algorithms;

    assert_odd_fails(&(Odd){.digest = EVP_sha1()}, check, "sha1");
    assert_odd_fails(&(Odd){.digest = EVP_sha512()}, check, "sha512");
    assert_odd_fails(&(Odd){.signer = curve_signer, .key = curve}, check, "ecdsa-with-SHA256");
    assert_odd_fails(&(Odd){.signer = pss_signer, .key = pss}, check, "rsassaPss");
    assert_odd_fails(&(Odd){.signer = small_signer, .key = small}, check, "1024 bits");
}

static void
use_pss(CMS_ContentInfo *cms, CMS_SignerInfo *info)
{
    EVP_PKEY_CTX *context = CMS_SignerInfo_get0_pkey_ctx(info);
    g_assert_cmpint(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING), ==, 1);
}

static void
test_names_pss_signature(void)
{
    assert_odd_fails(&(Odd){.flags = CMS_KEY_PARAM, .change = use_pss},
                     gca_signed_data_check_algorithms, "rsassaPss");
}

static void
add_twice(CMS_ContentInfo *cms, CMS_SignerInfo *info)
{
    for (guint i = 0; i < 2; i++)
        CMS_signed_add1_attr_by_txt(info, "1.2.3.4", V_ASN1_OCTET_STRING, &"ab"[i], 1);
}

static void
add_two_values(CMS_ContentInfo *cms, CMS_SignerInfo *info)
{
    X509_ATTRIBUTE *attribute =
        X509_ATTRIBUTE_create_by_txt(NULL, "1.2.3.4", V_ASN1_OCTET_STRING, (const guint8 *) "a", 1);
    X509_ATTRIBUTE_set1_data(attribute, V_ASN1_OCTET_STRING, "b", 1);
    CMS_signed_add1_attr(info, attribute);
    X509_ATTRIBUTE_free(attribute);
}

static void
test_attributes_are_there_once(void)
{
    assert_odd_fails(&(Odd){.flags = CMS_NOATTR}, gca_signed_data_check_attributes,
                     "no signed attributes");
    assert_odd_fails(&(Odd){.flags = CMS_NOATTR}, gca_signed_data_check_signature,
                     "no signed attributes");
    assert_odd_fails(&(Odd){.change = add_twice}, gca_signed_data_check_attributes, "1.2.3.4");
    assert_odd_fails(&(Odd){.change = add_two_values}, gca_signed_data_check_attributes, "1.2.3.4");
}

static void
test_attributes_are_in_der(void)
{
    g_autoptr(GBytes) der = sign();
    guint8 *data;
    gsize size;
    g_autoptr(GBytes) swapped = thaw(der, &data, &size);
    guint8 *at = memmem(data, size, CONTENT_TYPE, strlen(CONTENT_TYPE));
    guint8 first[CONTENT_TYPE_SIZE];

    /* X.690 section 11.6: contentType sorts before signingTime, which stands behind it */
    g_assert_nonnull(at);
    memcpy(first, at, CONTENT_TYPE_SIZE);
    memmove(at, at + CONTENT_TYPE_SIZE, SIGNING_TIME_SIZE);
    memcpy(at + SIGNING_TIME_SIZE, first, CONTENT_TYPE_SIZE);
    assert_check_fails(swapped, gca_signed_data_check_attributes, "DER");

    /* indefinite lengths, as a streaming program writes them */
    g_autoptr(BIO) input = BIO_new_mem_buf(CONTENT, -1);
    g_autoptr(BIO) output = BIO_new(BIO_s_mem());
    const guint flags = CMS_STREAM | CMS_BINARY;
    g_autoptr(CMS_ContentInfo) cms = CMS_sign(signer, get_key(2), NULL, input, flags);
    char *written;
    g_assert_cmpint(i2d_CMS_bio_stream(output, cms, input, flags), ==, 1);
    long length = BIO_get_mem_data(output, &written);
    g_autoptr(GBytes) streamed = g_bytes_new(written, (gsize) length);
    assert_check_fails(streamed, gca_signed_data_check_attributes, "DER");
}

static void
add_signing_certificate(CMS_SignerInfo *info, const EVP_MD *digest, X509 *certificate,
                        int with_issuer)
{
    g_autoptr(ESS_SIGNING_CERT_V2) ids =
        OSSL_ESS_signing_cert_v2_new_init(digest, certificate, NULL, with_issuer);
    guint8 *der = NULL;
    int size = i2d_ESS_SIGNING_CERT_V2(ids, &der);

    CMS_signed_add1_attr_by_NID(info, NID_id_smime_aa_signingCertificateV2, V_ASN1_SEQUENCE, der,
                                size);
    OPENSSL_free(der);
}

static void
add_sha512_id(CMS_ContentInfo *cms, CMS_SignerInfo *info)
{
    add_signing_certificate(info, EVP_sha512(), signer, 1);
}

static void
add_others_id(CMS_ContentInfo *cms, CMS_SignerInfo *info)
{
    add_signing_certificate(info, EVP_sha256(), other_signer, 1);
}

static void
add_id_without_issuer(CMS_ContentInfo *cms, CMS_SignerInfo *info)
{
    add_signing_certificate(info, EVP_sha256(), signer, 0);
}

static void
add_empty_id(CMS_ContentInfo *cms, CMS_SignerInfo *info)
{
    CMS_signed_add1_attr_by_NID(info, NID_id_smime_aa_signingCertificateV2, V_ASN1_SEQUENCE,
                                "\x30\x02\x30\x00", 4);
}

static void
test_signing_certificate(void)
{
    const Check check = gca_signed_data_check_signing_certificate;
    g_autoptr(GBytes) plain = make_odd(&(Odd){.change = add_id_without_issuer});
    g_autoptr(GcaSignedData) message = parse(plain);

    /* RFC 5035 section 4: issuerSerial is optional */
    assert_all_hold(message);
    assert_odd_fails(&(Odd){.flags = 0}, check, "missing");
    assert_odd_fails(&(Odd){.change = add_sha512_id}, check, "SHA-256");
    assert_odd_fails(&(Odd){.change = add_others_id}, check, "does not name");
    assert_odd_fails(&(Odd){.change = add_empty_id}, check, "malformed");
    assert_odd_fails(&(Odd){.flags = CMS_CADES, .digest = EVP_sha1()}, check, "missing");
}

static void
swap_certificate(CMS_ContentInfo *cms, CMS_SignerInfo *info)
{
    /* same issuer, serial number and key, other name */
    g_autoptr(X509) twin = make_certificate(&(Wanted){.subject = "ou=另一署,o=行政院,c=TW",
                                                      .key = get_key(2),
                                                      .issuer = ca,
                                                      .issuer_key = get_key(1),
                                                      .serial = 42});
    g_assert_cmpint(CMS_add1_cert(cms, twin), ==, 1);
}

static void
test_certificate_cannot_be_swapped(void)
{
    const Odd odd = {.flags = CMS_NOCERTS | CMS_CADES, .change = swap_certificate};
    g_autoptr(GBytes) der = make_odd(&odd);
    g_autoptr(GcaSignedData) message = parse(der);

    g_assert_true(gca_signed_data_check_signature(message, NULL));
    assert_check_fails(der, gca_signed_data_check_signing_certificate, "does not name");
}

static void
test_signature_binds_everything(void)
{
    g_autoptr(GBytes) der = sign();
    static const char *const places[] = {CONTENT, "260601000000Z", "\x04\x20"};

    for (guint i = 0; i <= G_N_ELEMENTS(places); i++) {
        guint8 *data;
        gsize size;
        g_autoptr(GBytes) changed = thaw(der, &data, &size);
        if (i < G_N_ELEMENTS(places)) {
            guint8 *at = data;
            /* messageDigest and not what looks alike before it */
            if (i == 2)
                at = memmem(data, size, "260601000000Z", 13);
            at = memmem(at, size - (gsize) (at - data), places[i], strlen(places[i]));
            at[strlen(places[i]) - (i < 2 ? 2 : 0)] ^= 1;
        } else {
            data[size - 1] ^= 1; /* the signature itself comes last */
        }
        assert_check_fails(changed, gca_signed_data_check_signature, "does not verify");
    }
}

static void
add_time(CMS_SignerInfo *info, int type, const char *text)
{
    CMS_signed_add1_attr_by_NID(info, NID_pkcs9_signingTime, type, text, (int) strlen(text));
}

static void
add_early_generalized(CMS_ContentInfo *cms, CMS_SignerInfo *info)
{
    add_time(info, V_ASN1_GENERALIZEDTIME, "20260601000000Z");
}

static void
add_time_without_seconds(CMS_ContentInfo *cms, CMS_SignerInfo *info)
{
    add_time(info, V_ASN1_UTCTIME, "2606010000Z");
}

static void
add_time_as_text(CMS_ContentInfo *cms, CMS_SignerInfo *info)
{
    add_time(info, V_ASN1_OCTET_STRING, "260601000000Z");
}

static void
test_signing_time_is_strict(void)
{
    static void (*const changes[])(CMS_ContentInfo *, CMS_SignerInfo *) = {
        add_early_generalized, add_time_without_seconds, add_time_as_text};

    for (guint i = 0; i < G_N_ELEMENTS(changes); i++) {
        g_autoptr(GBytes) der = make_odd(&(Odd){.change = changes[i]});
        g_autoptr(GcaSignedData) message = parse(der);
        g_autoptr(GError) error = NULL;
        g_assert_null(gca_signed_data_dup_signing_time(message, &error));
        assert_refused(error, GCA_ERROR_CHECK_FAILED, "signingTime");
    }
}

static void
add_unsigned(CMS_ContentInfo *cms, CMS_SignerInfo *info)
{
    g_assert_cmpint(
        CMS_unsigned_add1_attr_by_txt(info, "1.2.840.113549.1.9.7", V_ASN1_UTF8STRING, "later", 5),
        ==, 1);
}

/* RFC 5652 section 5.3: they are not covered by the signature. */
static void
test_unsigned_attributes_are_refused(void)
{
    assert_odd_fails(&(Odd){.change = add_unsigned}, gca_signed_data_check_attributes, "unsigned");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    make_people();
    other_signer = make_certificate(&(Wanted){.subject = "ou=他署,o=行政院,c=TW",
                                              .key = get_key(3),
                                              .issuer = ca,
                                              .issuer_key = get_key(1)});
    g_test_add_func("/signed-data/signer/exactly-one-with-certificate", test_wants_one_signer);
    g_test_add_func("/signed-data/algorithms/names-others", test_names_other_algorithms);
    g_test_add_func("/signed-data/algorithms/names-pss-signature", test_names_pss_signature);
    g_test_add_func("/signed-data/attributes/are-there-once", test_attributes_are_there_once);
    g_test_add_func("/signed-data/attributes/unsigned-are-refused",
                    test_unsigned_attributes_are_refused);
    g_test_add_func("/signed-data/attributes/are-in-der", test_attributes_are_in_der);
    g_test_add_func("/signed-data/signing-certificate/names-signer-by-sha256",
                    test_signing_certificate);
    g_test_add_func("/signed-data/signing-certificate/cannot-be-swapped",
                    test_certificate_cannot_be_swapped);
    g_test_add_func("/signed-data/signature/binds-content-and-attributes",
                    test_signature_binds_everything);
    g_test_add_func("/signed-data/signing-time/is-strict", test_signing_time_is_strict);
    int status = g_test_run();
    X509_free(other_signer);
    free_people();
    return status;
}
