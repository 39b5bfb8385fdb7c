/* Recent work: the journal, the outbox and the request folders in one list. */
#include "base/place.h"
#include "csr/csr.h"
#include "csr/folder.h"
#include "csr/key.h"
#include "flow/recent.h"
#include "prereg/outbox.h"
#include "test-home.h"
#include "test-x509-fixture.h"

#define ENDPOINT "https://ca.example.gov.tw/prereg"
#define SUBJECT "C=TW,L=臺灣,O=行政院-測試署,CN=www.example.gov.tw"

typedef struct {
    char *parent; /* of the request folders */
    char *file;   /* of a signed request that is there */
    GDateTime *now;
    GString *journal;
    GPtrArray *recent;
} Desk;

static void
remove_tree(const char *path)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    const char *name;

    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *inner = g_build_filename(path, name, NULL);
        remove_tree(inner);
    }
    g_assert_cmpint(g_remove(path), ==, 0);
}

static void
set_up(Desk *desk, gconstpointer data)
{
    desk->parent = g_dir_make_tmp("gca-recent-XXXXXX", NULL);
    desk->file = g_build_filename(desk->parent, "a.p7m", NULL);
    g_assert_true(g_file_set_contents(desk->file, "x", 1, NULL));
    desk->now = moment(MOMENT);
    desk->journal = g_string_new(NULL);
}

static void
tear_down(Desk *desk, gconstpointer data)
{
    g_autofree char *journal = gca_place_state("journal.jsonl");
    g_autofree char *outbox = gca_outbox_dup_folder();

    g_unlink(journal);
    if (g_file_test(outbox, G_FILE_TEST_EXISTS))
        remove_tree(outbox);
    remove_tree(desk->parent);
    g_free(desk->parent);
    g_free(desk->file);
    g_date_time_unref(desk->now);
    g_string_free(desk->journal, TRUE);
    g_clear_pointer(&desk->recent, g_ptr_array_unref);
}

static void
sign(Desk *desk, const char *domains, const char *time, const char *sha256, const char *file)
{
    g_autofree char *path = gca_place_state("journal.jsonl");

    g_string_append_printf(desk->journal,
                           "{\"account\":\"https://ca.example.gov.tw/1\",\"domains\":[%s],"
                           "\"file\":\"%s\",\"sha256\":\"%s\",\"time\":\"%s\"}\n",
                           domains, file, sha256, time);
    g_assert_true(g_file_set_contents(path, desk->journal->str, -1, NULL));
}

/* Signs and hands in; the entry. */
static GcaOutboxEntry *
hand_in(Desk *desk, const char *text)
{
    g_autoptr(GBytes) message = g_bytes_new(text, strlen(text));
    GcaOutboxEntry *entry = gca_outbox_add(message, ENDPOINT, NULL);

    g_assert_nonnull(entry);
    sign(desk, "\"www.example.gov.tw\"", "2026-05-01T02:30:00Z", entry->sha256, desk->file);
    return entry;
}

static void
apply(Desk *desk, const char *from, const char *to)
{
    static const char *const names[] = {"www.example.gov.tw", "www2.example.gov.tw", NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaName) subject = gca_name_parse(SUBJECT, NULL);
    g_autoptr(X509_REQ) csr = gca_csr_new(get_key(2), subject, names, NULL);
    g_autoptr(GBytes) pem = gca_key_encode(get_key(2), NULL, NULL);
    GcaRequestFolderFields fields = {.profile = "gtlsca", .names = names, .subject = subject};
    g_autoptr(GcaRequestFolder) folder =
        gca_request_folder_create(desk->parent, &fields, pem, csr, &error);

    g_assert_no_error(error);
    if (to == NULL)
        return;
    g_autoptr(X509) leaf = make_certificate(&(Wanted){
        .subject = "cn=www.example.gov.tw,c=TW", .key = get_key(2), .from = from, .to = to});
    g_autoptr(GcaX509Stack) chain = sk_X509_new_null();
    g_autofree char *kept = NULL;
    g_assert_true(gca_request_folder_attach(folder, leaf, chain, &kept, &error));
    g_assert_no_error(error);
}

static const GcaRecent *
look(Desk *desk, guint limit, guint expected)
{
    g_clear_pointer(&desk->recent, g_ptr_array_unref);
    desk->recent = gca_recent_list(desk->parent, limit, desk->now);
    g_assert_cmpuint(desk->recent->len, ==, expected);
    return expected > 0 ? g_ptr_array_index(desk->recent, 0) : NULL;
}

static void
assert_says(Desk *desk, const char *words)
{
    const GcaRecent *recent = look(desk, 0, 1);

    if (strstr(recent->state, words) == NULL)
        g_error("“%s” does not say “%s”", recent->state, words);
}

static void
test_nothing(Desk *desk, gconstpointer data)
{
    look(desk, 0, 0);
    g_autoptr(GPtrArray) none = gca_recent_list(NULL, 0, desk->now);
    g_assert_cmpuint(none->len, ==, 0);
    g_autoptr(GPtrArray) nowhere = gca_recent_list("/nonexistent/測試", 5, desk->now);
    g_assert_cmpuint(nowhere->len, ==, 0);
}

static void
test_signed(Desk *desk, gconstpointer data)
{
    g_autofree char *digest = g_strnfill(64, 'a');

    sign(desk, "\"a.example.gov.tw\",\"b.example.gov.tw\",\"c\\u202e.tw\"", "2026-05-01T02:30:00Z",
         digest, desk->file);
    assert_says(desk, "Signed on 2026-05-01 "); /* and the time, to tell two apart */
    const GcaRecent *recent = g_ptr_array_index(desk->recent, 0);
    g_assert_cmpint(recent->kind, ==, GCA_RECENT_PREREG);
    g_assert_cmpstr(recent->title, ==, "a.example.gov.tw and 2 more");
    g_assert_cmpstr(recent->path, ==, desk->file);
    g_assert_false(recent->is_gone);
    g_assert_cmpint(g_date_time_get_month(recent->when), ==, 5);
}

static void
test_title_is_escaped(Desk *desk, gconstpointer data)
{
    g_autofree char *digest = g_strnfill(64, 'a');

    sign(desk, "\"c\\u202e.tw\"", "2026-05-01T02:30:00Z", digest, desk->file);
    g_assert_cmpstr(look(desk, 0, 1)->title, ==, "c\\u{202E}.tw");
}

static void
test_file_is_gone(Desk *desk, gconstpointer data)
{
    g_autofree char *digest = g_strnfill(64, 'a');

    sign(desk, "\"a.example.gov.tw\"", "2026-05-01T02:30:00Z", digest, "/nonexistent/a.p7m");
    assert_says(desk, "no longer there");
    g_assert_true(((const GcaRecent *) g_ptr_array_index(desk->recent, 0))->is_gone);
}

static void
test_outbox(Desk *desk, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaOutboxEntry) entry = hand_in(desk, "one");

    assert_says(desk, "; it waits in the outbox.");
    g_autoptr(GcaOutboxCause) cause = gca_outbox_cause_new_answer(422, "no", NULL);
    g_assert_true(gca_outbox_refuse(entry, cause, &error));
    assert_says(desk, "the receiver has refused it");
}

static void
test_sent(Desk *desk, gconstpointer status)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaOutboxEntry) entry = hand_in(desk, "one");
    char *text = g_strdup_printf("{\"sha256\":\"%s\",\"status\":\"%s\",\"received\":"
                                 "\"2026-05-03T02:30:00Z\",\"id\":\"R-1\"}",
                                 entry->sha256, (const char *) status);
    g_autoptr(GBytes) receipt = g_bytes_new_take(text, strlen(text));

    g_assert_true(gca_outbox_finish(entry, receipt, &error));
    g_assert_no_error(error);
    assert_says(desk, g_str_equal(status, "pending") ? "Sent on 2026-05-03; it is being examined."
                                                     : "Sent on 2026-05-03 and accepted.");
}

/* As of MOMENT, 2026-06-01. */
static const struct {
    const char *path, *from, *to, *words;
} stages[] = {
    {"/flow/recent/application/requested", NULL, NULL, "has no certificate yet"},
    {"/flow/recent/application/valid", "2026-05-20T00:00:00Z", "2026-12-01T00:00:00Z",
     "valid until 2026-12-01, 183 days from now"},
    {"/flow/recent/application/due", "2026-01-01T00:00:00Z", "2026-06-02T12:00:00Z",
     "Renew it now: its certificate ends on 2026-06-02, 1 day from now."},
    {"/flow/recent/application/expired", "2025-01-01T00:00:00Z", "2026-05-30T00:00:00Z",
     "expired on 2026-05-30, 3 days ago"},
};

static void
test_application(Desk *desk, gconstpointer data)
{
    guint i = GPOINTER_TO_UINT(data);

    apply(desk, stages[i].from, stages[i].to);
    assert_says(desk, stages[i].words);
    const GcaRecent *recent = g_ptr_array_index(desk->recent, 0);
    g_assert_cmpint(recent->kind, ==, GCA_RECENT_APPLICATION);
    g_assert_cmpstr(recent->title, ==, "www.example.gov.tw and 1 more");
    g_assert_true(g_file_test(recent->path, G_FILE_TEST_IS_DIR));
}

static void
test_broken_certificate(Desk *desk, gconstpointer data)
{
    apply(desk, NULL, NULL);
    const GcaRecent *recent = look(desk, 0, 1);
    g_autofree char *path = g_build_filename(recent->path, GCA_FOLDER_CERT, NULL);
    g_assert_true(g_file_set_contents(path, "no certificate", -1, NULL));
    assert_says(desk, GCA_FOLDER_CERT);
}

static void
test_newest_first(Desk *desk, gconstpointer data)
{
    g_autofree char *digest = g_strnfill(64, 'a');

    sign(desk, "\"old.example.gov.tw\"", "2001-05-01T02:30:00Z", digest, desk->file);
    apply(desk, NULL, NULL);
    sign(desk, "\"new.example.gov.tw\"", "2099-05-01T02:30:00Z", digest, desk->file);
    look(desk, 0, 3);
    static const char *const titles[] = {"new.example.gov.tw", "www.example.gov.tw and 1 more",
                                         "old.example.gov.tw"};
    for (guint i = 0; i < G_N_ELEMENTS(titles); i++)
        g_assert_cmpstr(((const GcaRecent *) g_ptr_array_index(desk->recent, i))->title, ==,
                        titles[i]);
    g_assert_cmpstr(look(desk, 1, 1)->title, ==, titles[0]);
}

static void
add(const char *path, gconstpointer data, void (*test)(Desk *, gconstpointer))
{
    g_test_add(path, Desk, data, set_up, test, tear_down);
}

int
main(int argc, char **argv)
{
    char *home = test_home_enter();
    g_test_init(&argc, &argv, NULL);

    add("/flow/recent/nothing-is-empty", NULL, test_nothing);
    add("/flow/recent/request/signed", NULL, test_signed);
    add("/flow/recent/request/title-is-escaped", NULL, test_title_is_escaped);
    add("/flow/recent/request/file-is-gone", NULL, test_file_is_gone);
    add("/flow/recent/request/in-the-outbox", NULL, test_outbox);
    add("/flow/recent/request/sent", "accepted", test_sent);
    add("/flow/recent/request/sent-and-pending", "pending", test_sent);
    for (guint i = 0; i < G_N_ELEMENTS(stages); i++)
        add(stages[i].path, GUINT_TO_POINTER(i), test_application);
    add("/flow/recent/application/broken-certificate", NULL, test_broken_certificate);
    add("/flow/recent/newest-first", NULL, test_newest_first);
    int result = g_test_run();
    test_home_leave(home, NULL);
    return result;
}
