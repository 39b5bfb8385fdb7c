/* Messages exchanged with the openssl program. */
#include "cms/signed-data.h"
#include "test-x509-fixture.h"
#include "x509/certificate.h"

#include <glib/gstdio.h>
#include <openssl/pem.h>

#define CONTENT "公文\r\nline\n"

typedef struct {
    char *folder;
    X509 *ca;
    X509 *signer;
} Peer;

static const char *const files[] = {"ca.pem", "signer.pem", "key.pem", "message", "content", NULL};

static void
write_file(Peer *peer, const char *name, const void *data, gssize size)
{
    g_autofree char *path = g_build_filename(peer->folder, name, NULL);
    g_assert_true(g_file_set_contents(path, data, size, NULL));
}

static void
write_bio(Peer *peer, const char *name, BIO *bio)
{
    char *data;
    long size = BIO_get_mem_data(bio, &data);
    write_file(peer, name, data, size);
    BIO_free(bio);
}

static GBytes *
read_file(Peer *peer, const char *name)
{
    g_autofree char *path = g_build_filename(peer->folder, name, NULL);
    char *data;
    gsize size;
    g_assert_true(g_file_get_contents(path, &data, &size, NULL));
    return g_bytes_new_take(data, size);
}

static void
set_up(Peer *peer, gconstpointer data)
{
    BIO *ca = BIO_new(BIO_s_mem()), *signer = BIO_new(BIO_s_mem()), *key = BIO_new(BIO_s_mem());

    peer->folder = g_dir_make_tmp("gca-XXXXXX", NULL);
    peer->ca = make_ca(NULL);
    peer->signer = make_card(peer->ca, AS_CARD);
    PEM_write_bio_X509(ca, peer->ca);
    PEM_write_bio_X509(signer, peer->signer);
    PEM_write_bio_PrivateKey(key, get_key(2), NULL, NULL, 0, NULL, NULL);
    write_bio(peer, files[0], ca);
    write_bio(peer, files[1], signer);
    write_bio(peer, files[2], key);
}

static void
tear_down(Peer *peer, gconstpointer data)
{
    for (guint i = 0; files[i] != NULL; i++) {
        g_autofree char *path = g_build_filename(peer->folder, files[i], NULL);
        g_unlink(path);
    }
    g_rmdir(peer->folder);
    g_free(peer->folder);
    X509_free(peer->ca);
    X509_free(peer->signer);
}

static void
run_openssl(Peer *peer, const char *command)
{
    g_auto(GStrv) arguments = g_strsplit(command, " ", -1);
    g_autofree char *complaint = NULL;
    g_autoptr(GError) error = NULL;
    int status;

    g_assert_true(g_spawn_sync(peer->folder, arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               &complaint, &status, &error));
    if (!g_spawn_check_wait_status(status, NULL))
        g_error("%s: %s", command, complaint);
}

static void
test_peer_verifies_ours(Peer *peer, gconstpointer data)
{
    g_autoptr(GBytes) content = g_bytes_new_static(CONTENT, strlen(CONTENT));
    g_autoptr(GDateTime) when = moment(MOMENT);
    g_autofree char *verify = g_strdup_printf(
        "openssl cms -verify -cades -binary -inform %s -in message -CAfile ca.pem -purpose any "
        "-attime %" G_GINT64_FORMAT " -out content",
        (const char *) data, g_date_time_to_unix(when));
    g_autoptr(GBytes) der =
        gca_signed_data_sign(content, get_key(2), peer->signer, NULL, when, NULL);
    g_autoptr(GBytes) pem = gca_signed_data_to_pem(der);
    GBytes *form = g_str_equal(data, "PEM") ? pem : der;

    write_file(peer, "message", g_bytes_get_data(form, NULL), (gssize) g_bytes_get_size(form));
    run_openssl(peer, verify);
    g_autoptr(GBytes) verified = read_file(peer, "content");
    g_assert_true(g_bytes_equal(verified, content));
}

static void
test_we_verify_peers(Peer *peer, gconstpointer data)
{
    g_autofree char *command = g_strdup_printf(
        "openssl cms -sign -cades -binary -nodetach -nosmimecap -md sha256 -outform %s "
        "-in content -signer signer.pem -inkey key.pem -out message",
        (const char *) data);

    write_file(peer, "content", CONTENT, -1);
    run_openssl(peer, command);
    g_autoptr(GBytes) bytes = read_file(peer, "message");
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaSignedData) message = gca_signed_data_parse(bytes, &error);
    g_assert_no_error(error);
    gca_signed_data_check_algorithms(message, &error);
    g_assert_no_error(error);
    gca_signed_data_check_signing_certificate(message, &error);
    g_assert_no_error(error);
    g_assert_true(gca_signed_data_check_signature(message, &error));
    g_assert_no_error(error);
    g_autoptr(GDateTime) time = gca_signed_data_dup_signing_time(message, &error);
    g_assert_no_error(error);
    g_assert_nonnull(time);
    g_assert_cmpint(X509_cmp(gca_signed_data_find_signer(message, NULL), peer->signer), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/peer/openssl-verifies-our-der", Peer, "DER", set_up, test_peer_verifies_ours,
               tear_down);
    g_test_add("/peer/openssl-verifies-our-pem", Peer, "PEM", set_up, test_peer_verifies_ours,
               tear_down);
    g_test_add("/peer/we-verify-openssl-der", Peer, "DER", set_up, test_we_verify_peers, tear_down);
    g_test_add("/peer/we-verify-openssl-pem", Peer, "PEM", set_up, test_we_verify_peers, tear_down);
    return g_test_run();
}
