/* Handing in where nobody listens: how often, how long, and what is left. What is sent and answered
 * is tested beside the receiver, in tests/integration. */
#include "base/error.h"
#include "base/openssl-auto.h"
#include "base/text.h"
#include "flow/submit-private.h"
#include "test-home.h"

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <string.h>
#include <unistd.h>

#define CONTENT                                                                                    \
    "{\"account\":{\"uri\":\"https://ca.example/1\"},\"created\":\"2026-11-21T02:30:00Z\","        \
    "\"domains\":[\"%s.example.gov.tw\"],\"nonce\":\"AAECAwQFBgcICQoLDA0ODw\","                    \
    "\"organization\":{\"dn\":\"C=TW\",\"name\":\"測試\"},\"profile\":\"gtlsca\","               \
    "\"subject\":[[\"C\",\"TW\"]],\"type\":\"gca-prereg\",\"version\":1}"
#define N_FILES 3

/* Somebody who remembers what was said. */
#define TEST_TYPE_PERSON (test_person_get_type())
G_DECLARE_FINAL_TYPE(TestPerson, test_person, TEST, PERSON, GObject)

struct _TestPerson {
    GObject parent;
    guint n_notices;
};

static void
on_notice(GcaInteraction *self, GcaNotice kind, const char *text)
{
    g_test_message("%s", text);
    TEST_PERSON(self)->n_notices++;
}

static void
on_progress(GcaInteraction *self, guint done, guint total, const char *text)
{
    g_assert_cmpuint(done, <=, total);
}

static void
person_interaction_init(GcaInteractionInterface *iface)
{
    iface->notice = on_notice;
    iface->progress = on_progress;
}

G_DEFINE_FINAL_TYPE_WITH_CODE(TestPerson, test_person, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(GCA_TYPE_INTERACTION, person_interaction_init))

static void
test_person_class_init(TestPersonClass *class)
{
}

static void
test_person_init(TestPerson *person)
{
}

typedef struct {
    char *folder, *url;
    char *paths[N_FILES + 1];
    int socket; /* bound, and nobody listens */
    GcaCancel *cancel;
    TestPerson *person;
} Desk;

static BIO *
open_pki(const char *name)
{
    g_autofree char *path = g_build_filename(g_getenv("GCA_TEST_PKI"), name, NULL);
    BIO *file = BIO_new_file(path, "r");

    g_assert_nonnull(file);
    return file;
}

/* A message that is a signed request as far as the network is concerned. */
static void
write_message(const char *path, const char *host)
{
    g_autoptr(BIO) key_file = open_pki("agency.key.pem");
    g_autoptr(BIO) certificate_file = open_pki("agency.pem");
    g_autoptr(EVP_PKEY) key = PEM_read_bio_PrivateKey(key_file, NULL, NULL, NULL);
    g_autoptr(X509) signer = PEM_read_bio_X509(certificate_file, NULL, NULL, NULL);
    g_autofree char *text = g_strdup_printf(CONTENT, host);
    g_autoptr(BIO) content = BIO_new_mem_buf(text, -1);
    g_autoptr(CMS_ContentInfo) cms =
        CMS_sign(signer, key, NULL, content, CMS_BINARY | CMS_NOSMIMECAP);
    guint8 *der = NULL;

    g_assert_nonnull(cms);
    int size = i2d_CMS_ContentInfo(cms, &der);
    g_assert_true(g_file_set_contents(path, (char *) der, size, NULL));
    OPENSSL_free(der);
}

static void
set_up(Desk *desk, gconstpointer data)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;

    desk->folder = g_dir_make_tmp("gca-test-XXXXXX", NULL);
    for (guint i = 0; i < N_FILES; i++) {
        char host[] = {(char) ('a' + i), '\0'};
        desk->paths[i] = g_build_filename(desk->folder, host, NULL);
        write_message(desk->paths[i], host);
    }
    desk->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_assert_cmpint(bind(desk->socket, (struct sockaddr *) &address, size), ==, 0);
    g_assert_cmpint(getsockname(desk->socket, (struct sockaddr *) &address, &size), ==, 0);
    desk->url = g_strdup_printf("https://127.0.0.1:%u/", ntohs(address.sin_port));
    desk->cancel = gca_cancel_new();
    desk->person = g_object_new(TEST_TYPE_PERSON, NULL);
}

static void
remove_folder(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_unlink(path);
    }
    g_rmdir(folder);
}

static void
tear_down(Desk *desk, gconstpointer data)
{
    g_autofree char *outbox = gca_outbox_dup_folder();

    remove_folder(outbox);
    remove_folder(desk->folder);
    for (guint i = 0; i < N_FILES; i++)
        g_free(desk->paths[i]);
    g_free(desk->folder);
    g_free(desk->url);
    close(desk->socket);
    gca_cancel_unref(desk->cancel);
    g_object_unref(desk->person);
}

static GPtrArray *
submit(Desk *desk, gboolean with_files, guint patience, guint first_ms, guint max_ms)
{
    const GcaSubmitPauses pauses = {first_ms, max_ms};
    const GcaSubmitWish wish = {.paths = with_files ? (const char *const *) desk->paths : NULL,
                                .endpoint = with_files ? desk->url : NULL,
                                .patience = patience};
    g_autoptr(GError) error = NULL;
    GPtrArray *submissions = gca_submit_run_with_pauses(
        &wish, &pauses, GCA_INTERACTION(desk->person), desk->cancel, &error);

    g_assert_no_error(error);
    return submissions;
}

static void
assert_waiting(GPtrArray *submissions, guint length, GcaErrorCode code)
{
    g_assert_cmpuint(submissions->len, ==, length);
    for (guint i = 0; i < length; i++) {
        const GcaSubmission *submission = g_ptr_array_index(submissions, i);
        g_assert_cmpstr(gca_submit_state_to_nick(submission->state), ==, "waiting");
        g_assert_error(submission->error, GCA_ERROR, (int) code);
        g_assert_null(submission->receipt);
    }
}

/* Failed tries of all that waits. */
static guint
count_tries(void)
{
    g_autoptr(GPtrArray) entries = gca_outbox_list(FALSE, NULL, NULL);
    guint tries = 0;

    g_assert_cmpuint(entries->len, ==, N_FILES);
    for (guint i = 0; i < entries->len; i++)
        tries += ((GcaOutboxEntry *) g_ptr_array_index(entries, i))->tries;
    return tries;
}

static guint
most_tries(void)
{
    g_autoptr(GPtrArray) entries = gca_outbox_list(FALSE, NULL, NULL);
    guint most = 0;

    for (guint i = 0; i < entries->len; i++)
        most = MAX(most, ((GcaOutboxEntry *) g_ptr_array_index(entries, i))->tries);
    return most;
}

/* One try an address, for what is behind it would fail too; another request with each run. */
static void
test_no_patience(Desk *desk, gconstpointer data)
{
    g_autoptr(GPtrArray) first = submit(desk, TRUE, 0, 60000, 60000);
    assert_waiting(first, N_FILES, GCA_ERROR_NETWORK);
    g_assert_cmpuint(count_tries(), ==, 1);

    for (guint run = 2; run <= N_FILES; run++) {
        g_autoptr(GPtrArray) again = submit(desk, FALSE, 0, 60000, 60000);
        assert_waiting(again, N_FILES, GCA_ERROR_NETWORK);
        g_assert_cmpuint(count_tries(), ==, run);
    }
    g_assert_cmpuint(most_tries(), ==, 1);
    g_assert_cmpuint(desk->person->n_notices, ==, 0);
}

/* 100, 200, 400 … ms, a quarter more or less: after 2 s at least 4 tries, and at most 6. */
static void
test_growing_pauses(Desk *desk, gconstpointer data)
{
    gint64 start = g_get_monotonic_time();
    g_autoptr(GPtrArray) submissions = submit(desk, TRUE, 2, 100, 60000);
    gint64 ms = (g_get_monotonic_time() - start) / 1000;

    assert_waiting(submissions, N_FILES, GCA_ERROR_NETWORK);
    g_assert_cmpuint(count_tries(), >=, 4);
    g_assert_cmpuint(count_tries(), <=, 6);
    g_assert_cmpint(ms, >=, 2000); /* the last at the end, not at half of it */
    g_assert_cmpint(ms, <, 3000);
}

/* One that is longer than what is left does not end it early. */
static void
test_last_try(Desk *desk, gconstpointer data)
{
    gint64 start = g_get_monotonic_time();
    g_autoptr(GPtrArray) submissions = submit(desk, TRUE, 1, 60000, 60000);

    assert_waiting(submissions, N_FILES, GCA_ERROR_NETWORK);
    g_assert_cmpuint(count_tries(), ==, 2);
    g_assert_cmpint(g_get_monotonic_time() - start, >=, G_USEC_PER_SEC);
}

static void
assert_says(const GcaSubmission *submission, const char *words)
{
    g_test_message("%s", submission->error->message);
    g_assert_nonnull(strstr(submission->error->message, words));
}

/* What a receiver has asked for is kept, and told in place of an old error. */
static void
test_asked_to_wait(Desk *desk, gconstpointer data)
{
    g_autoptr(GPtrArray) first = submit(desk, TRUE, 0, 1, 1);
    const GcaSubmission *one = g_ptr_array_index(first, 0);
    g_autoptr(GcaOutboxEntry) entry = gca_outbox_find(one->sha256, NULL);
    g_autoptr(GcaOutboxCause) cause = gca_outbox_cause_new_answer(503, NULL, NULL);
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autoptr(GDateTime) next = g_date_time_add_minutes(now, 10);
    g_autofree char *moment = gca_text_moment(next);

    g_assert_true(gca_outbox_defer(entry, cause, next, NULL));
    guint before = count_tries();
    g_autoptr(GPtrArray) again = submit(desk, FALSE, 0, 1, 1);
    assert_waiting(again, N_FILES, GCA_ERROR_SERVER);
    assert_says(g_ptr_array_index(again, 0), "has asked to wait until");
    assert_says(g_ptr_array_index(again, 0), moment);
    g_assert_cmpuint(count_tries(), ==, before);
}

/* The profile knows no address; the outbox does. */
static void
test_remembered_endpoint(Desk *desk, gconstpointer data)
{
    const GcaSubmitWish wish = {.paths = (const char *const *) desk->paths};
    g_autoptr(GError) error = NULL;
    g_ptr_array_unref(submit(desk, TRUE, 0, 1, 1));
    g_autoptr(GPtrArray) again =
        gca_submit_run(&wish, GCA_INTERACTION(desk->person), desk->cancel, &error);

    g_assert_no_error(error);
    assert_waiting(again, N_FILES, GCA_ERROR_NETWORK);
    g_assert_cmpstr(((GcaSubmission *) g_ptr_array_index(again, 0))->endpoint, ==, desk->url);
}

static void
test_bad_addresses(Desk *desk, gconstpointer data)
{
    static const char *const urls[] = {"https://local host/",      "https://localhost/a b",
                                       "https://localhost/#f",     "https://localhost/x#",
                                       "https://localhost:99999/", "https://[::1/"};
    g_autofree char *outbox = gca_outbox_dup_folder();

    for (guint i = 0; i < G_N_ELEMENTS(urls); i++) {
        const GcaSubmitWish wish = {.paths = (const char *const *) desk->paths,
                                    .endpoint = urls[i]};
        g_autoptr(GError) error = NULL;
        g_test_message("%s", urls[i]);
        g_assert_null(gca_submit_run(&wish, GCA_INTERACTION(desk->person), desk->cancel, &error));
        g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
    }
    g_assert_false(g_file_test(outbox, G_FILE_TEST_EXISTS));
}

/* Told to the caller too, who must not take it for done. */
static void
test_stuck(Desk *desk, gconstpointer data)
{
    g_autoptr(GPtrArray) first = submit(desk, TRUE, 0, 1, 1);
    const GcaSubmission *one = g_ptr_array_index(first, 0);
    g_autoptr(GcaOutboxEntry) entry = gca_outbox_find(one->sha256, NULL);
    g_autoptr(GPtrArray) troubles = g_ptr_array_new_with_free_func((GDestroyNotify) g_error_free);
    const GcaSubmitWish wish = {.troubles = troubles};
    g_autoptr(GError) error = NULL;

    g_assert_true(g_file_set_contents(entry->message, "x", 1, NULL));
    g_autoptr(GPtrArray) again =
        gca_submit_run(&wish, GCA_INTERACTION(desk->person), desk->cancel, &error);
    g_assert_no_error(error);
    assert_waiting(again, N_FILES - 1, GCA_ERROR_NETWORK);
    g_assert_cmpuint(troubles->len, ==, 1);
    g_assert_nonnull(strstr(((GError *) g_ptr_array_index(troubles, 0))->message, one->sha256));
}

static void
test_longest_pause(Desk *desk, gconstpointer data)
{
    g_autoptr(GPtrArray) submissions = submit(desk, TRUE, 1, 1, 20);

    assert_waiting(submissions, N_FILES, GCA_ERROR_NETWORK);
    g_assert_cmpuint(count_tries(), >=, 10);
}

static gpointer
cancel_soon(gpointer cancel)
{
    g_usleep(300000);
    gca_cancel_request(cancel);
    return NULL;
}

static void
test_cancel(Desk *desk, gconstpointer data)
{
    GThread *thread = g_thread_new("cancel", cancel_soon, desk->cancel);
    gint64 start = g_get_monotonic_time();
    g_autoptr(GPtrArray) submissions = submit(desk, TRUE, 600, 60000, 60000);

    g_assert_cmpint(g_get_monotonic_time() - start, <, 5 * G_USEC_PER_SEC);
    assert_waiting(submissions, N_FILES, GCA_ERROR_CANCELLED);
    g_assert_cmpuint(count_tries(), ==, 1);
    g_thread_join(thread);
}

static void
test_busy(Desk *desk, gconstpointer data)
{
    int lock = gca_outbox_lock(NULL);
    gint64 start = g_get_monotonic_time();
    g_autoptr(GPtrArray) submissions = submit(desk, TRUE, 1, 1, 1);

    g_assert_cmpint(lock, >=, 0);
    g_assert_cmpint(g_get_monotonic_time() - start, >=, G_USEC_PER_SEC);
    assert_waiting(submissions, N_FILES, GCA_ERROR_BUSY);
    g_assert_cmpuint(count_tries(), ==, 0);
    close(lock);
}

static void
test_refused_stays(Desk *desk, gconstpointer data)
{
    g_autoptr(GPtrArray) first = submit(desk, TRUE, 0, 1, 1);
    const GcaSubmission *one = g_ptr_array_index(first, 0);
    g_autoptr(GcaOutboxEntry) entry = gca_outbox_find(one->sha256, NULL);

    g_autoptr(GcaOutboxCause) cause = gca_outbox_cause_new_answer(422, "no", NULL);
    g_assert_true(gca_outbox_refuse(entry, cause, NULL));
    g_autoptr(GPtrArray) others = submit(desk, FALSE, 0, 1, 1);
    assert_waiting(others, N_FILES - 1, GCA_ERROR_NETWORK);
    g_autoptr(GPtrArray) all = submit(desk, TRUE, 0, 1, 1);
    assert_waiting(all, N_FILES, GCA_ERROR_NETWORK);
}

static void
test_no_endpoint(Desk *desk, gconstpointer data)
{
    const GcaSubmitWish wish = {.paths = (const char *const *) desk->paths};
    g_autofree char *outbox = gca_outbox_dup_folder();
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) submissions =
        gca_submit_run(&wish, GCA_INTERACTION(desk->person), desk->cancel, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(submissions->len, ==, N_FILES);
    const GcaSubmission *one = g_ptr_array_index(submissions, 0);
    g_assert_cmpint(one->state, ==, GCA_SUBMIT_NO_ENDPOINT);
    g_assert_nonnull(strstr(gca_error_get_hint(one->error), "https://gtlscaweb.nat.gov.tw/"));
    g_assert_false(g_file_test(outbox, G_FILE_TEST_EXISTS));
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*test)(Desk *desk, gconstpointer data);
    } tests[] = {{"/flow/submit/without-patience-one-try-an-address", test_no_patience},
                 {"/flow/submit/pauses-grow", test_growing_pauses},
                 {"/flow/submit/last-try-at-the-end-of-patience", test_last_try},
                 {"/flow/submit/asked-to-wait-is-told", test_asked_to_wait},
                 {"/flow/submit/remembered-endpoint", test_remembered_endpoint},
                 {"/flow/submit/addresses-refused-beforehand", test_bad_addresses},
                 {"/flow/submit/stuck-is-no-success", test_stuck},
                 {"/flow/submit/pauses-have-an-end", test_longest_pause},
                 {"/flow/submit/cancelled-while-waiting", test_cancel},
                 {"/flow/submit/another-sender", test_busy},
                 {"/flow/submit/refused-only-if-named", test_refused_stays},
                 {"/flow/submit/no-endpoint", test_no_endpoint}};
    char *home = test_home_enter();
    static const char *const variables[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};

    for (gsize i = 0; i < G_N_ELEMENTS(variables); i++)
        g_unsetenv(variables[i]);
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].name, Desk, NULL, set_up, tests[i].test, tear_down);
    int result = g_test_run();
    test_home_leave(home, NULL);
    return result;
}
