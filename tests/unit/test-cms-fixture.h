/* Messages to parse and check: ours, and odd ones by OpenSSL. */
#pragma once

#include "cms/signed-data.h"
#include "test-x509-fixture.h"

#define CONTENT "{\"domains\":[\"www.agency-test.invalid\"]}"

static X509 *ca, *signer;

static inline GBytes *
content_of(const char *text)
{
    return g_bytes_new(text, strlen(text));
}

static inline GBytes *
sign(void)
{
    g_autoptr(GBytes) content = content_of(CONTENT);
    g_autoptr(GDateTime) when = moment(MOMENT);
    g_autoptr(GcaX509Stack) others = make_stack(ca, signer, ca, NULL);
    g_autoptr(GError) error = NULL;
    GBytes *der = gca_signed_data_sign(content, get_key(2), signer, others, when, &error);

    g_assert_no_error(error);
    return der;
}

static inline GcaSignedData *
parse(GBytes *der)
{
    g_autoptr(GError) error = NULL;
    GcaSignedData *message = gca_signed_data_parse(der, &error);

    g_assert_no_error(error);
    return message;
}

/* A message by OpenSSL, with what ours never has. */
typedef struct {
    guint flags; /* for CMS_sign and CMS_add1_signer */
    const EVP_MD *digest;
    X509 *signer;
    EVP_PKEY *key;
    void (*change)(CMS_ContentInfo *cms, CMS_SignerInfo *signer_info); /* before it is signed */
} Odd;

static inline GBytes *
encode(CMS_ContentInfo *cms)
{
    guint8 *der = NULL;
    int size = i2d_CMS_ContentInfo(cms, &der);

    g_assert_cmpint(size, >, 0);
    return g_bytes_new_with_free_func(der, (gsize) size, gca_openssl_free, der);
}

static inline GBytes *
make_odd(const Odd *odd)
{
    const guint flags = CMS_PARTIAL | CMS_BINARY | CMS_NOSMIMECAP | odd->flags;
    g_autoptr(BIO) input = BIO_new_mem_buf(CONTENT, -1);
    g_autoptr(CMS_ContentInfo) cms = CMS_sign(NULL, NULL, NULL, NULL, flags);
    CMS_SignerInfo *info =
        CMS_add1_signer(cms, odd->signer ? odd->signer : signer, odd->key ? odd->key : get_key(2),
                        odd->digest ? odd->digest : EVP_sha256(), flags);

    g_assert_nonnull(info);
    if (odd->change != NULL)
        odd->change(cms, info);
    g_assert_cmpint(CMS_final(cms, input, NULL, flags), ==, 1);
    return encode(cms);
}

typedef gboolean (*Check)(const GcaSignedData *message, GError **error);

static inline void
assert_all_hold(const GcaSignedData *message)
{
    static const Check checks[] = {
        gca_signed_data_check_algorithms, gca_signed_data_check_attributes,
        gca_signed_data_check_signing_certificate, gca_signed_data_check_signature};

    for (guint i = 0; i < G_N_ELEMENTS(checks); i++) {
        g_autoptr(GError) error = NULL;
        gboolean holds = checks[i](message, &error);
        g_assert_no_error(error);
        g_assert_true(holds);
    }
}

/* The message as bytes that may be changed. */
static inline GBytes *
thaw(GBytes *der, guint8 **data, gsize *size)
{
    const guint8 *from = g_bytes_get_data(der, size);
    *data = g_memdup2(from, *size);
    return g_bytes_new_take(*data, *size);
}

/* Before g_test_run and after it. */
static inline void
make_people(void)
{
    ca = make_ca(NULL);
    signer = make_card(ca, AS_CARD);
}

static inline void
free_people(void)
{
    X509_free(signer);
    X509_free(ca);
}
