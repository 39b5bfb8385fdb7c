#include "test-cms-fixture.h"

static void
test_reads_what_it_signed(void)
{
    g_autoptr(GBytes) der = sign();
    g_autoptr(GBytes) pem = gca_signed_data_to_pem(der);
    g_autoptr(GBytes) content = content_of(CONTENT);
    GBytes *const forms[] = {der, pem};

    for (guint i = 0; i < G_N_ELEMENTS(forms); i++) {
        g_autoptr(GcaSignedData) message = parse(forms[i]);
        g_autoptr(GDateTime) time = gca_signed_data_dup_signing_time(message, NULL);
        g_autofree char *when = gca_text_time(time);
        g_assert_cmpstr(when, ==, MOMENT);
        g_assert_true(g_bytes_equal(gca_signed_data_get_content(message), content));
        g_assert_cmpint(sk_X509_num(gca_signed_data_get_certificates(message)), ==, 2);
        g_assert_cmpint(X509_cmp(gca_signed_data_find_signer(message, NULL), signer), ==, 0);
        assert_all_hold(message);
    }
}

static void
test_signs_four_attributes(void)
{
    static const int wanted[] = {NID_pkcs9_contentType, NID_pkcs9_messageDigest,
                                 NID_pkcs9_signingTime, NID_id_smime_aa_signingCertificateV2};
    g_autoptr(GBytes) der = sign();
    gsize size;
    const guint8 *at = g_bytes_get_data(der, &size);
    g_autoptr(CMS_ContentInfo) cms = d2i_CMS_ContentInfo(NULL, &at, (long) size);
    CMS_SignerInfo *info = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);

    g_assert_cmpint(CMS_signed_get_attr_count(info), ==, G_N_ELEMENTS(wanted));
    for (guint i = 0; i < G_N_ELEMENTS(wanted); i++)
        g_assert_cmpint(CMS_signed_get_attr_by_NID(info, wanted[i], -1), >=, 0);
    g_assert_cmpint(CMS_unsigned_get_attr_count(info), ==, -1);
}

static void
test_time_after_2049(void)
{
    /* RFC 5652 section 11.3: GeneralizedTime from 2050 on */
    g_autoptr(GBytes) content = content_of(CONTENT);
    g_autoptr(GDateTime) when = moment("2050-01-01T00:00:00Z");
    g_autoptr(GBytes) der = gca_signed_data_sign(content, get_key(2), signer, NULL, when, NULL);
    g_autoptr(GcaSignedData) message = parse(der);
    g_autoptr(GDateTime) time = gca_signed_data_dup_signing_time(message, NULL);

    g_assert_cmpint(g_date_time_compare(time, when), ==, 0);
}

static void
test_sign_refuses_other_keys(void)
{
    g_autoptr(GBytes) content = content_of(CONTENT);
    g_autoptr(GDateTime) when = moment(MOMENT);
    g_autoptr(EVP_PKEY) curve = EVP_EC_gen("P-256");
    g_autoptr(GError) wrong = NULL, other = NULL;

    g_assert_null(gca_signed_data_sign(content, get_key(3), signer, NULL, when, &wrong));
    assert_refused(wrong, GCA_ERROR_NO_KEY, "does not belong");
    g_assert_null(gca_signed_data_sign(content, curve, signer, NULL, when, &other));
    assert_refused(other, GCA_ERROR_CRYPTO, "RSA");
}

static void
test_sign_keeps_what_the_key_says(void)
{
    /* the public half alone: it fails where a card would */
    g_autoptr(GBytes) content = content_of(CONTENT);
    g_autoptr(GDateTime) when = moment(MOMENT);
    g_autoptr(GError) error = NULL;

    g_assert_null(
        gca_signed_data_sign(content, X509_get0_pubkey(signer), signer, NULL, when, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_CRYPTO);
    g_assert_nonnull(gca_error_get_detail(error));
    g_assert_cmpuint(ERR_peek_error(), !=, 0);
    ERR_clear_error();
}

static GBytes *
concat(const char *before, GBytes *bytes, const char *after)
{
    GByteArray *all = g_byte_array_new();

    g_byte_array_append(all, (const guint8 *) before, (guint) strlen(before));
    g_byte_array_append(all, g_bytes_get_data(bytes, NULL), (guint) g_bytes_get_size(bytes));
    g_byte_array_append(all, (const guint8 *) after, (guint) strlen(after));
    return g_byte_array_free_to_bytes(all);
}

static void
assert_not_parsed(GBytes *bytes, GcaErrorCode code, const char *says)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(gca_signed_data_parse(bytes, &error));
    assert_refused(error, code, says);
}

static void
test_refuses_trailing_bytes(void)
{
    g_autoptr(GBytes) der = sign();
    g_autoptr(GBytes) pem = gca_signed_data_to_pem(der);
    g_autoptr(GBytes) der_more = concat("", der, "x");
    g_autoptr(GBytes) pem_more = concat("", pem, "\nx");
    g_autoptr(GBytes) pem_white = concat("\n ", pem, " \r\n\n");
    g_autofree char *one = g_strndup(g_bytes_get_data(pem, NULL), g_bytes_get_size(pem));
    g_auto(GStrv) parts = g_strsplit(one, "-----\n", 2);
    g_autofree char *unclosed =
        g_strconcat(parts[0], " for another\n-----BEGIN CMS-----\n", parts[1], NULL);
    g_autofree char *escaped = g_strconcat(parts[0], "-----\n\033[8m", parts[1], NULL);
    g_autoptr(GBytes) pem_unclosed = g_bytes_new(unclosed, strlen(unclosed));
    g_autoptr(GBytes) pem_escaped = g_bytes_new(escaped, strlen(escaped));
    g_autoptr(GBytes) pem_led = concat("This was approved.\n", pem, "");

    assert_not_parsed(der_more, GCA_ERROR_CHECK_FAILED, "behind");
    assert_not_parsed(pem_more, GCA_ERROR_CHECK_FAILED, "behind");
    assert_not_parsed(pem_unclosed, GCA_ERROR_BAD_DATA, "damaged PEM");
    assert_not_parsed(pem_escaped, GCA_ERROR_BAD_DATA, "damaged PEM");
    assert_not_parsed(pem_led, GCA_ERROR_BAD_DATA, "neither");
    g_autoptr(GcaSignedData) message = parse(pem_white);
    assert_all_hold(message);
    g_autofree char *text = g_strndup(g_bytes_get_data(pem, NULL), g_bytes_get_size(pem));
    g_autoptr(GBytes) twice = concat(text, pem, "");
    assert_not_parsed(twice, GCA_ERROR_CHECK_FAILED, "behind");
}

static void
test_pem_labels(void)
{
    g_autoptr(GBytes) der = sign();
    g_autofree char *base64 = g_base64_encode(g_bytes_get_data(der, NULL), g_bytes_get_size(der));
    g_autofree char *old =
        g_strdup_printf("-----BEGIN PKCS7-----\n%s\n-----END PKCS7-----\n", base64);
    g_autofree char *wrong =
        g_strdup_printf("-----BEGIN DATA-----\n%s\n-----END DATA-----\n", base64);
    g_autoptr(GBytes) old_bytes = content_of(old);
    g_autoptr(GBytes) wrong_bytes = content_of(wrong);
    g_autoptr(GBytes) cut = g_bytes_new_from_bytes(old_bytes, 0, 500);

    g_autoptr(GcaSignedData) message = parse(old_bytes);
    assert_all_hold(message);
    assert_not_parsed(wrong_bytes, GCA_ERROR_BAD_DATA, "labelled");
    assert_not_parsed(cut, GCA_ERROR_BAD_DATA, "damaged PEM");
}

static void
set_other_content_type(CMS_ContentInfo *cms, CMS_SignerInfo *info)
{
    CMS_set1_eContentType(cms, OBJ_nid2obj(NID_id_smime_ct_TSTInfo));
}

static void
test_refuses_other_messages(void)
{
    g_autoptr(GBytes) none = g_bytes_new(NULL, 0);
    g_autoptr(GBytes) json = content_of("{}");
    g_autoptr(GBytes) der = sign();
    g_autoptr(GBytes) cut = g_bytes_new_from_bytes(der, 0, g_bytes_get_size(der) - 1);
    g_autoptr(GBytes) detached = make_odd(&(Odd){.flags = CMS_DETACHED});
    g_autoptr(GBytes) stamp = make_odd(&(Odd){.change = set_other_content_type});
    g_autoptr(BIO) input = BIO_new_mem_buf(CONTENT, -1);
    g_autoptr(CMS_ContentInfo) plain = CMS_data_create(input, CMS_BINARY);
    g_autoptr(GBytes) plain_der = encode(plain);

    assert_not_parsed(none, GCA_ERROR_BAD_DATA, "not a CMS message");
    assert_not_parsed(json, GCA_ERROR_BAD_DATA, "not a CMS message");
    assert_not_parsed(cut, GCA_ERROR_BAD_DATA, "not a CMS message");
    assert_not_parsed(detached, GCA_ERROR_BAD_DATA, "detached");
    assert_not_parsed(stamp, GCA_ERROR_BAD_DATA, "TSTInfo");
    assert_not_parsed(plain_der, GCA_ERROR_BAD_DATA, "pkcs7-data");
}

static void
test_survives_every_changed_byte(void)
{
    g_autoptr(GBytes) der = sign();

    for (gsize i = 0; i < g_bytes_get_size(der); i++) {
        guint8 *data;
        gsize size;
        g_autoptr(GBytes) changed = thaw(der, &data, &size);
        data[i] ^= (guint8) (1 << i % 8);
        g_autoptr(GcaSignedData) message = gca_signed_data_parse(changed, NULL);
        if (message == NULL)
            continue;
        g_autoptr(GError) error = NULL;
        g_autoptr(GDateTime) time = gca_signed_data_dup_signing_time(message, &error);
        g_assert_true((time == NULL) == (error != NULL));
        gca_signed_data_check_algorithms(message, NULL);
        gca_signed_data_check_signing_certificate(message, NULL);
        gca_signed_data_check_signature(message, NULL);
    }
    ERR_clear_error();
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    make_people();
    g_test_add_func("/signed-data/reads-what-it-signed", test_reads_what_it_signed);
    g_test_add_func("/signed-data/sign/four-attributes-and-no-more", test_signs_four_attributes);
    g_test_add_func("/signed-data/sign/time-after-2049", test_time_after_2049);
    g_test_add_func("/signed-data/sign/refuses-other-keys", test_sign_refuses_other_keys);
    g_test_add_func("/signed-data/sign/keeps-what-the-key-says", test_sign_keeps_what_the_key_says);
    g_test_add_func("/signed-data/parse/refuses-trailing-bytes", test_refuses_trailing_bytes);
    g_test_add_func("/signed-data/parse/pem-labels", test_pem_labels);
    g_test_add_func("/signed-data/parse/refuses-other-messages", test_refuses_other_messages);
    g_test_add_func("/signed-data/survives-every-changed-byte", test_survives_every_changed_byte);
    int status = g_test_run();
    free_people();
    return status;
}
