/* What pages get to check, checked by the openssl program. */
#include "localsign/signature.h"
#include "test-x509-fixture.h"

#include <glib/gstdio.h>
#include <openssl/pem.h>

#define TBS "公文 a+b\r\n\n"
#define NONCE "1.2.840.113549.1.9.25.3"
#define CARD_NUMBER "2.16.886.1.100.2.204"
#define NUMBER "TP00000000000001"

typedef struct {
    char *folder;
    X509 *ca;
    X509 *signer;
    GcaOrder order;
} Peer;

static const char *const files[] = {"ca.pem", "signer.pem", "signature", "content", NULL};
static char digests[][8] = {"SHA256", "SHA384", "SHA512", "SHA1"};

static void
write_file(Peer *peer, const char *name, const void *data, gssize size)
{
    g_autofree char *path = g_build_filename(peer->folder, name, NULL);
    g_assert_true(g_file_set_contents(path, data, size, NULL));
}

static void
write_certificate(Peer *peer, const char *name, X509 *certificate)
{
    g_autoptr(BIO) bio = BIO_new(BIO_s_mem());
    char *data;

    PEM_write_bio_X509(bio, certificate);
    long size = BIO_get_mem_data(bio, &data);
    write_file(peer, name, data, size);
}

static void
set_up(Peer *peer, gconstpointer data)
{
    peer->folder = g_dir_make_tmp("gca-XXXXXX", NULL);
    peer->ca = make_ca(NULL);
    peer->signer = make_card(peer->ca, AS_CARD);
    peer->order.tbs = g_bytes_new_static(TBS, strlen(TBS));
    peer->order.digest = digests[0];
    peer->order.with_signing_time = TRUE;
    write_certificate(peer, "ca.pem", peer->ca);
    write_certificate(peer, "signer.pem", peer->signer);
}

static void
tear_down(Peer *peer, gconstpointer data)
{
    for (guint i = 0; files[i] != NULL; i++) {
        g_autofree char *path = g_build_filename(peer->folder, files[i], NULL);
        g_unlink(path);
    }
    g_assert_cmpint(g_rmdir(peer->folder), ==, 0);
    g_free(peer->folder);
    g_bytes_unref(peer->order.tbs);
    g_clear_pointer(&peer->order.nonce, g_bytes_unref);
    X509_free(peer->ca);
    X509_free(peer->signer);
}

static char *
run_openssl(Peer *peer, const char *command)
{
    g_auto(GStrv) arguments = g_strsplit(command, " ", -1);
    g_autofree char *complaint = NULL;
    g_autoptr(GError) error = NULL;
    char *out = NULL;
    int status;

    g_assert_true(g_spawn_sync(peer->folder, arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out,
                               &complaint, &status, &error));
    if (!g_spawn_check_wait_status(status, NULL))
        g_error("%s: %s", command, complaint);
    return out;
}

static GBytes *
sign(Peer *peer)
{
    g_autoptr(GError) error = NULL;
    GBytes *signature = gca_order_sign(&peer->order, get_key(2), peer->signer, NUMBER, &error);

    g_assert_no_error(error);
    write_file(peer, "signature", g_bytes_get_data(signature, NULL),
               (gssize) g_bytes_get_size(signature));
    return signature;
}

/* ---- PKCS#7 ---- */

/* What openssl shows of the message, once it has verified it. */
static char *
sign_and_print(Peer *peer)
{
    g_autoptr(GDateTime) when = moment(MOMENT);
    g_autofree char *verify = g_strdup_printf(
        "openssl cms -verify -binary -inform DER -in signature -CAfile ca.pem -partial_chain "
        "-purpose any -attime %" G_GINT64_FORMAT " -out content",
        g_date_time_to_unix(when));
    g_autofree char *path = g_build_filename(peer->folder, "content", NULL);
    g_autofree char *content = NULL;

    g_bytes_unref(sign(peer));
    g_free(run_openssl(peer, verify));
    g_assert_true(g_file_get_contents(path, &content, NULL, NULL));
    g_assert_cmpstr(content, ==, TBS);
    return run_openssl(peer, "openssl cms -cmsout -print -noout -inform DER -in signature");
}

static guint
count(const char *text, const char *what)
{
    guint n = 0;

    for (; (text = strstr(text, what)) != NULL; text++)
        n++;
    return n;
}

static void
test_every_digest(Peer *peer, gconstpointer data)
{
    static const char *const names[] = {"sha256", "sha384", "sha512", "sha1"};

    for (guint i = 0; i < G_N_ELEMENTS(digests); i++) {
        peer->order.digest = digests[i];
        g_autofree char *shown = sign_and_print(peer);
        g_autofree char *algorithm = g_strdup_printf("algorithm: %s (", names[i]);
        g_assert_cmpuint(count(shown, algorithm), ==, 2); /* of the message and of the signer */
        g_assert_cmpuint(count(shown, "rsaEncryption"), >=, 1);
    }
}

static void
test_least_attributes(Peer *peer, gconstpointer data)
{
    peer->order.with_signing_time = FALSE;
    g_autofree char *shown = sign_and_print(peer);

    g_assert_cmpuint(count(shown, "object: contentType ("), ==, 1);
    g_assert_cmpuint(count(shown, "object: messageDigest ("), ==, 1);
    g_assert_cmpuint(count(strstr(shown, "signedAttrs"), "object: "), ==, 2);
}

static void
test_all_attributes(Peer *peer, gconstpointer data)
{
    peer->order.nonce = g_bytes_new_static("測試+1", strlen("測試+1"));
    peer->order.with_card_number = TRUE;
    g_autofree char *shown = sign_and_print(peer);
    const char *attributes = strstr(shown, "signedAttrs");

    g_assert_cmpuint(count(attributes, "object: "), ==, 5);
    g_assert_cmpuint(count(attributes, "object: signingTime ("), ==, 1);
    g_assert_cmpuint(count(attributes, "UTCTIME:"), ==, 1);
    g_assert_cmpuint(count(attributes, NONCE), ==, 1);
    g_assert_cmpuint(count(attributes, CARD_NUMBER), ==, 1);
    g_assert_cmpuint(count(attributes, "PRINTABLESTRING:" NUMBER), ==, 1);
}

/* RFC 2985 section 5.3.4: an OCTET STRING, of the very bytes. */
static void
test_nonce_is_octets(Peer *peer, gconstpointer data)
{
    peer->order.nonce = g_bytes_new_static("0123\xff", 5);
    g_autoptr(GBytes) signature = sign(peer);
    gsize size;
    const guint8 *at = g_bytes_get_data(signature, &size);
    g_autoptr(CMS_ContentInfo) cms = d2i_CMS_ContentInfo(NULL, &at, (long) size);
    CMS_SignerInfo *signer = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
    g_autoptr(ASN1_OBJECT) type = OBJ_txt2obj(NONCE, 1);
    X509_ATTRIBUTE *attribute =
        CMS_signed_get_attr(signer, CMS_signed_get_attr_by_OBJ(signer, type, -1));
    const ASN1_TYPE *value = X509_ATTRIBUTE_get0_type(attribute, 0);

    g_assert_cmpint(X509_ATTRIBUTE_count(attribute), ==, 1);
    g_assert_cmpint(ASN1_TYPE_get(value), ==, V_ASN1_OCTET_STRING);
    g_assert_cmpmem(ASN1_STRING_get0_data(value->value.octet_string),
                    (gsize) ASN1_STRING_length(value->value.octet_string), "0123\xff", 5);
}

/* ---- PKCS#1 ---- */

static void
test_bare(Peer *peer, gconstpointer data)
{
    static const char *const names[] = {"sha256", "sha384", "sha512", "sha1"};

    peer->order.form = GCA_ORDER_PKCS1;
    write_file(peer, "content", TBS, -1);
    for (guint i = 0; i < G_N_ELEMENTS(digests); i++) {
        peer->order.digest = digests[i];
        g_autoptr(GBytes) signature = sign(peer);
        g_autofree char *verify = g_strdup_printf(
            "openssl pkeyutl -verify -certin -inkey signer.pem -rawin -digest %s -sigfile "
            "signature -in content -pkeyopt rsa_padding_mode:pkcs1",
            names[i]);
        g_autofree char *out = run_openssl(peer, verify);
        g_assert_cmpuint(g_bytes_get_size(signature), ==, 256);
        g_assert_nonnull(strstr(out, "Verified Successfully"));
    }
}

/* ---- what is refused ---- */

static void
assert_not_signed(Peer *peer, EVP_PKEY *key, const char *number, GcaErrorCode code)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(gca_order_sign(&peer->order, key, peer->signer, number, &error));
    g_assert_error(error, GCA_ERROR, (int) code);
}

static void
test_refusals(Peer *peer, gconstpointer data)
{
    g_autoptr(EVP_PKEY) ec = EVP_EC_gen("P-256");

    for (GcaOrderForm form = GCA_ORDER_PKCS7; form <= GCA_ORDER_PKCS1; form++) {
        peer->order.form = form;
        assert_not_signed(peer, get_key(0), NUMBER, GCA_ERROR_NO_KEY);
        assert_not_signed(peer, ec, NUMBER, GCA_ERROR_CRYPTO);
    }
    peer->order.form = GCA_ORDER_PKCS7;
    peer->order.with_card_number = TRUE;
    assert_not_signed(peer, get_key(2), NULL, GCA_ERROR_BAD_DATA);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/localsign/signature/every-digest", Peer, NULL, set_up, test_every_digest,
               tear_down);
    g_test_add("/localsign/signature/least-attributes", Peer, NULL, set_up, test_least_attributes,
               tear_down);
    g_test_add("/localsign/signature/all-attributes", Peer, NULL, set_up, test_all_attributes,
               tear_down);
    g_test_add("/localsign/signature/nonce-is-octets", Peer, NULL, set_up, test_nonce_is_octets,
               tear_down);
    g_test_add("/localsign/signature/bare", Peer, NULL, set_up, test_bare, tear_down);
    g_test_add("/localsign/signature/refusals", Peer, NULL, set_up, test_refusals, tear_down);
    return g_test_run();
}
