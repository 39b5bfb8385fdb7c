/* Listing and signing with a token of SoftHSM2: no reader is there, so the module that is named
 * shows it. */
#include "localsign/answer.h"
#include "localsign/card-work.h"
#include "test-home.h"
#include "test-softhsm.h"
#include "test-x509-fixture.h"

#include <jansson.h>

#define LABEL "gca 測試"
#define CITIZEN_DN "cn=測試人,serialNumber=0000000000000001,c=TW"
#define AS_ENCRYPTION "keyUsage = critical,keyEncipherment,dataEncipherment\n"

typedef struct {
    SoftHsm hsm;
    X509 *ca;
    X509 *signer;
    GcaCardChoice choice;
} Token;

static Token *
token_new(const Wanted *wanted)
{
    Token *token = g_new0(Token, 1);
    Wanted complete = *wanted;

    token->hsm = softhsm_enter(LABEL);
    token->choice.module = (char *) softhsm_get_module();
    token->ca = make_ca(NULL);
    complete.key = get_key(2);
    complete.issuer = token->ca;
    complete.issuer_key = get_key(1);
    complete.serial = 0x0A2B;
    token->signer = make_certificate(&complete);
    softhsm_import_key(&token->hsm, get_key(2), "01");
    softhsm_import_certificate(&token->hsm, token->ca, "02");
    softhsm_import_certificate(&token->hsm, token->signer, "01");
    return token;
}

static void
token_free(Token *token)
{
    softhsm_leave(&token->hsm);
    X509_free(token->ca);
    X509_free(token->signer);
    g_free(token);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Token, token_free)

static const Wanted agency = {
    .subject = AGENCY_DN, .extensions = AS_CARD, .to = "2049-12-31T00:00:00Z"};

static GcaSecret *
secret(const char *text)
{
    g_autofree char *copy = g_strdup(text);
    return gca_secret_new_wiping(copy, strlen(copy));
}

static GcaOrder *
order_new(const char *json)
{
    g_autofree char *text = g_strconcat("tbsPackage=", json, NULL);
    g_autoptr(GcaSecret) body = secret(text);
    g_autoptr(GError) error = NULL;
    GcaOrder *order = gca_order_parse(body, &error);

    g_assert_no_error(error);
    return order;
}

static json_t *
load(const char *text)
{
    json_t *answer = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

    g_assert_true(g_str_is_ascii(text));
    g_assert_nonnull(answer);
    return answer;
}

static void
assert_text(json_t *object, const char *name, const char *value)
{
    g_assert_cmpstr(json_string_value(json_object_get(object, name)), ==, value);
}

static void
assert_base64(json_t *object, const char *name, X509 *certificate)
{
    gsize size;
    guint8 *der = NULL;
    int length = i2d_X509(certificate, &der);
    g_autofree guint8 *data =
        g_base64_decode(json_string_value(json_object_get(object, name)), &size);

    g_assert_cmpmem(data, size, der, (gsize) length);
    OPENSSL_free(der);
}

static void
assert_result(json_t *answer, const char *func, gint64 ret_code, gint64 last_error)
{
    assert_text(answer, "func", func);
    g_assert_cmphex((guint64) json_integer_value(json_object_get(answer, "ret_code")), ==,
                    (guint64) ret_code);
    g_assert_cmpint(json_integer_value(json_object_get(answer, "last_error")), ==, last_error);
}

/* ---- the list ---- */

static json_t *
list(const GcaCardChoice *choice, gboolean with_certificates)
{
    g_autofree char *text = gca_card_work_list(choice, with_certificates, NULL);
    return load(text);
}

static void
test_list(void)
{
    g_autoptr(Token) token = token_new(&agency);
    json_t *answer = list(&token->choice, TRUE);
    json_t *slots = json_object_get(answer, "slots"), *slot = json_array_get(slots, 0);
    json_t *shown = json_object_get(slot, "token"), *certs = json_object_get(shown, "certs");
    json_t *first = json_array_get(certs, 0), *second = json_array_get(certs, 1);

    assert_result(answer, "pkcs11info", 0, 0);
    assert_text(answer, "serverVersion", GCA_HIPKI_VERSION);
    assert_text(answer, "libraryDescription", "libsofthsm2.so");
    g_assert_true(json_is_integer(json_object_get(answer, "libraryVersion")));
    g_assert_cmpuint(json_array_size(slots), ==, 1);
    g_assert_true(g_str_has_prefix(json_string_value(json_object_get(slot, "slotDescription")),
                                   "SoftHSM slot"));
    g_assert_cmpuint(strlen(json_string_value(json_object_get(shown, "serialNumber"))), ==, 16);
    assert_text(shown, "label", LABEL);
    g_assert_cmpuint(json_array_size(certs), ==, 2);
    assert_base64(first, "certb64", token->signer);
    assert_text(first, "label", "cert1");
    assert_text(first, "usage", "digitalSignature");
    assert_text(first, "sn", "0A2B");
    assert_text(first, "subjectDN", "C=TW,O=行政院,OU=測試署");
    assert_text(first, "issuerDN", "C=TW,O=行政院,OU=(測試用) 政府憑證管理中心");
    assert_base64(second, "certb64", token->ca);
    assert_text(second, "usage", "keyCertSign|cRLSign");
    json_decref(answer);
}

static void
test_list_without_certificates(void)
{
    g_autoptr(Token) token = token_new(&agency);
    json_t *answer = list(&token->choice, FALSE);
    json_t *slot = json_array_get(json_object_get(answer, "slots"), 0);
    json_t *shown = json_object_get(slot, "token");

    assert_text(shown, "label", LABEL);
    g_assert_null(json_object_get(shown, "certs"));
    json_decref(answer);
}

static void
test_list_of_nothing(void)
{
    char nowhere[] = "/nowhere/module.so";
    const GcaCardChoice nothing = {0}, missing = {.module = nowhere};
    json_t *none = list(&nothing, TRUE), *broken = list(&missing, TRUE);

    assert_result(none, "pkcs11info", 0x76100003, 0);
    g_assert_cmpuint(json_array_size(json_object_get(none, "slots")), ==, 0);
    assert_text(none, "serverVersion", GCA_HIPKI_VERSION);
    assert_result(broken, "pkcs11info", 0x76100001, 0);
    json_decref(none);
    json_decref(broken);
}

/* ---- signing ---- */

static json_t *
sign(const Token *token, const char *json, const char *pin)
{
    g_autoptr(GcaOrder) order = order_new(json);
    g_autoptr(GcaSecret) given = pin ? secret(pin) : NULL;
    g_autofree char *text = gca_card_work_sign(&token->choice, order, given, FALSE, NULL);

    return load(text);
}

static void
assert_fails(const Token *token, const char *json, const char *pin, gint64 ret_code,
             gint64 last_error)
{
    json_t *answer = sign(token, json, pin);

    assert_result(answer, "sign", ret_code, last_error);
    g_assert_null(json_object_get(answer, "signature"));
    json_decref(answer);
}

/* The message in an answer, verified with the certificate beside it. */
static CMS_ContentInfo *
open_message(json_t *answer, const char *content)
{
    gsize size;
    g_autofree guint8 *der =
        g_base64_decode(json_string_value(json_object_get(answer, "signature")), &size);
    const guint8 *at = der;
    CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &at, (long) size);
    g_autoptr(BIO) out = BIO_new(BIO_s_mem());
    char *data;

    g_assert_nonnull(cms);
    g_assert_cmpint(CMS_verify(cms, NULL, NULL, NULL, out, CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY),
                    ==, 1);
    long length = BIO_get_mem_data(out, &data);
    g_assert_cmpmem(data, (gsize) length, content, strlen(content));
    return cms;
}

static void
test_sign(void)
{
    g_autoptr(Token) token = token_new(&agency);
    json_t *answer = sign(token, "{\"tbs\":\"公文 1+1\",\"withCardSN\":\"true\"}", SOFTHSM_PIN);

    assert_result(answer, "sign", 0, 0);
    assert_text(answer, "version", GCA_HIPKI_VERSION);
    assert_base64(answer, "certb64", token->signer);
    g_assert_cmpuint(strlen(json_string_value(json_object_get(answer, "cardSN"))), ==, 16);
    g_autoptr(CMS_ContentInfo) cms = open_message(answer, "公文 1+1");
    CMS_SignerInfo *signer = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
    g_assert_cmpint(CMS_signed_get_attr_count(signer), ==, 4);
    json_decref(answer);
}

static void
test_sign_bare(void)
{
    g_autoptr(Token) token = token_new(&agency);
    json_t *answer =
        sign(token, "{\"tbs\":\"x\",\"signatureType\":\"PKCS1\",\"hashAlgorithm\":\"SHA512\"}",
             SOFTHSM_PIN);
    gsize size;
    g_autofree guint8 *signature =
        g_base64_decode(json_string_value(json_object_get(answer, "signature")), &size);
    g_autoptr(EVP_MD_CTX) checking = EVP_MD_CTX_new();

    EVP_DigestVerifyInit(checking, NULL, EVP_sha512(), NULL, get_key(2));
    g_assert_cmpint(EVP_DigestVerify(checking, signature, size, (const guint8 *) "x", 1), ==, 1);
    json_decref(answer);
}

static void
test_pin(void)
{
    g_autoptr(Token) token = token_new(&agency);

    assert_fails(token, "{\"tbs\":\"x\"}", NULL, 0x76000998, 0);
    assert_fails(token, "{\"tbs\":\"x\"}", "12", 0x76100006, 162);
    assert_fails(token, "{\"tbs\":\"x\"}", "12345a", 0x76100006, 162);
    assert_fails(token, "{\"tbs\":\"x\"}", "654321", 0x76100006, -2147483646);
}

static void
test_reader(void)
{
    g_autoptr(Token) token = token_new(&agency);
    json_t *answer = list(&token->choice, FALSE);
    json_t *slot = json_array_get(json_object_get(answer, "slots"), 0);
    g_autofree char *right =
        g_strdup_printf("{\"tbs\":\"x\",\"slotDescription\":\"%s\"}",
                        json_string_value(json_object_get(slot, "slotDescription")));
    json_t *signed_there = sign(token, right, SOFTHSM_PIN);

    assert_result(signed_there, "sign", 0, 0);
    assert_fails(token, "{\"tbs\":\"x\",\"slotDescription\":\"測試\"}", SOFTHSM_PIN, 0x76100003, 0);
    json_decref(signed_there);
    json_decref(answer);
}

static void
assert_certificate_refused(Wanted wanted, gint64 ret_code)
{
    g_autoptr(Token) token = token_new(&wanted);

    assert_fails(token, "{\"tbs\":\"x\"}", SOFTHSM_PIN, ret_code, 0);
}

static void
test_certificates_that_must_not_sign(void)
{
    assert_certificate_refused(
        (Wanted){.subject = AGENCY_DN, .extensions = AS_CARD, .to = "2025-02-01T00:00:00Z"},
        0x76500002);
    assert_certificate_refused((Wanted){.subject = AGENCY_DN,
                                        .extensions = AS_CARD,
                                        .from = "2049-01-01T00:00:00Z",
                                        .to = "2049-12-31T00:00:00Z"},
                               0x76500001);
    assert_certificate_refused(
        (Wanted){.subject = AGENCY_DN, .extensions = AS_ENCRYPTION, .to = "2049-12-31T00:00:00Z"},
        0x7610000C);
}

/* Not only agencies' cards are used on web pages. */
static void
test_citizen_may_sign(void)
{
    const Wanted citizen = {
        .subject = CITIZEN_DN, .extensions = AS_CARD, .to = "2049-12-31T00:00:00Z"};
    g_autoptr(Token) token = token_new(&citizen);
    json_t *answer = sign(token, "{\"tbs\":\"x\"}", SOFTHSM_PIN);

    assert_result(answer, "sign", 0, 0);
    json_decref(answer);
}

static void
test_signer(void)
{
    g_autoptr(Token) token = token_new(&agency);
    g_autoptr(GcaOrder) order = order_new("{\"tbs\":\"x\"}");
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaSigner) signer = gca_card_work_find_signer(&token->choice, order, NULL, &error);

    g_assert_no_error(error);
    g_assert_true(g_str_has_prefix(signer->reader, "SoftHSM slot"));
    g_assert_cmpuint(strlen(signer->number), ==, 16);
    g_assert_cmpstr(signer->holder, ==, "行政院 測試署");
    g_assert_cmpint(signer->tries_left, ==, GCA_TRIES_UNKNOWN);
    g_assert_false(signer->has_pin_pad);
}

int
main(int argc, char **argv)
{
    char *home = test_home_enter();

    g_setenv("PCSCLITE_CSOCK_NAME", "/nowhere/pcscd.comm", TRUE);
    g_unsetenv("GCA_PKCS11_MODULE");
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/localsign/card-work/lists-certificates", test_list);
    g_test_add_func("/localsign/card-work/lists-cards-alone", test_list_without_certificates);
    g_test_add_func("/localsign/card-work/lists-nothing", test_list_of_nothing);
    g_test_add_func("/localsign/card-work/signs-message", test_sign);
    g_test_add_func("/localsign/card-work/signs-bare", test_sign_bare);
    g_test_add_func("/localsign/card-work/pin-is-checked-and-sent-once", test_pin);
    g_test_add_func("/localsign/card-work/page-chooses-the-reader", test_reader);
    g_test_add_func("/localsign/card-work/certificates-that-must-not-sign",
                    test_certificates_that_must_not_sign);
    g_test_add_func("/localsign/card-work/citizen-may-sign", test_citizen_may_sign);
    g_test_add_func("/localsign/card-work/signer", test_signer);
    int status = g_test_run();
    test_home_leave(home, NULL);
    return status;
}
