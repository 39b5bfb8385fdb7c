/* The outbox: nothing there twice, nothing lost, whatever lies in its folder. */
#include "base/error.h"
#include "base/text.h"
#include "prereg/outbox.h"
#include "test-home.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

#define ENDPOINT "https://ca.example.gov.tw/prereg"
#define ELSEWHERE "https://other.example.gov.tw/prereg"

static GBytes *
message(const char *text)
{
    return g_bytes_new(text, strlen(text));
}

static GcaOutboxEntry *
add(const char *text, const char *endpoint)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = message(text);
    GcaOutboxEntry *entry = gca_outbox_add(bytes, endpoint, &error);
    g_assert_no_error(error);
    return entry;
}

static GBytes *
receipt_for(const char *sha256, const char *status)
{
    g_autofree char *text =
        g_strdup_printf("{\"sha256\":\"%s\",\"status\":\"%s\",\"received\":"
                        "\"2026-11-21T02:30:00.5+08:00\",\"id\":\"R-1\",\"more\":[1]}",
                        sha256, status);
    return message(text);
}

static GPtrArray *
list(gboolean with_sent, guint n_troubles)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) troubles = g_ptr_array_new_with_free_func((GDestroyNotify) g_error_free);
    GPtrArray *entries = gca_outbox_list(with_sent, troubles, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < troubles->len; i++)
        g_test_message("%s", ((GError *) g_ptr_array_index(troubles, i))->message);
    g_assert_cmpuint(troubles->len, ==, n_troubles);
    return entries;
}

static void
assert_length(gboolean with_sent, guint length)
{
    g_autoptr(GPtrArray) entries = list(with_sent, 0);
    g_assert_cmpuint(entries->len, ==, length);
}

static GcaOutboxCause *
cause_of(const char *words)
{
    g_autoptr(GError) error = NULL;

    gca_error_set(&error, GCA_ERROR_NETWORK, "%s", words);
    return gca_outbox_cause_new_error(error);
}

static void
assert_reason(const GcaOutboxEntry *entry, const char *expected)
{
    g_autofree char *reason = gca_outbox_entry_dup_reason(entry);

    g_assert_cmpstr(reason, ==, expected);
}

static char *
path_in_outbox(const char *name)
{
    g_autofree char *folder = gca_outbox_dup_folder();
    return g_build_filename(folder, name, NULL);
}

static void
put(const char *sha256, const char *suffix, const char *content)
{
    g_autofree char *name = g_strconcat(sha256, suffix, NULL);
    g_autofree char *path = path_in_outbox(name);

    g_unlink(path);
    g_assert_true(g_file_set_contents(path, content, -1, NULL));
}

static void
empty(void)
{
    g_autofree char *folder = gca_outbox_dup_folder();
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_assert_cmpint(g_remove(path), ==, 0);
    }
    g_rmdir(folder);
}

static void
test_keeps(void)
{
    g_autoptr(GPtrArray) nothing = list(TRUE, 0);
    g_assert_cmpuint(nothing->len, ==, 0);

    g_autoptr(GcaOutboxEntry) entry = add("one", ENDPOINT);
    g_autoptr(GBytes) expected = message("one");
    g_autofree char *sha256 = gca_text_sha256(expected);
    g_autofree char *folder = gca_outbox_dup_folder();
    GStatBuf st;
    g_assert_cmpstr(entry->sha256, ==, sha256);
    g_assert_cmpint(g_stat(folder, &st), ==, 0);
    g_assert_cmpint(st.st_mode & 0777, ==, 0700);
    g_assert_cmpint(g_stat(entry->message, &st), ==, 0);
    g_assert_cmpint(st.st_mode & 0777, ==, 0600);

    g_autoptr(GPtrArray) entries = list(FALSE, 0);
    g_assert_cmpuint(entries->len, ==, 1);
    const GcaOutboxEntry *found = g_ptr_array_index(entries, 0);
    g_assert_cmpstr(found->sha256, ==, sha256);
    g_assert_cmpstr(found->endpoint, ==, ENDPOINT);
    g_assert_null(found->cause);
    g_assert_null(found->next);
    g_assert_null(found->receipt);
    g_assert_cmpuint(found->tries, ==, 0);
    g_autoptr(GBytes) read = gca_outbox_entry_read(found, NULL);
    g_assert_true(g_bytes_equal(read, expected));
}

static void
test_once(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaOutboxEntry) entry = add("one", ENDPOINT);
    g_autoptr(GDateTime) next = g_date_time_new_utc(2026, 11, 21, 2, 30, 0);
    g_autoptr(GcaOutboxCause) cause = cause_of("no \033[31mnetwork");

    g_assert_true(gca_outbox_defer(entry, cause, next, &error));
    g_assert_no_error(error);
    g_autoptr(GcaOutboxEntry) again = add("one", ENDPOINT);
    g_assert_cmpuint(again->tries, ==, 1);
    assert_reason(again, "no \\u{1B}[31mnetwork");
    g_assert_true(g_date_time_equal(again->next, next));
    assert_length(TRUE, 1);

    g_autoptr(GcaOutboxEntry) moved = add("one", ELSEWHERE);
    g_assert_null(moved->next); /* another receiver asked for it */
    g_autoptr(GcaOutboxEntry) found = gca_outbox_find(entry->sha256, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(found->endpoint, ==, ELSEWHERE);
    g_assert_cmpuint(found->tries, ==, 1);
}

static void
test_refused(void)
{
    g_autoptr(GcaOutboxEntry) entry = add("one", ENDPOINT);

    g_autoptr(GcaOutboxCause) cause = gca_outbox_cause_new_answer(422, "unknown account", NULL);
    g_assert_true(gca_outbox_refuse(entry, cause, NULL));
    g_autoptr(GcaOutboxEntry) found = gca_outbox_find(entry->sha256, NULL);
    g_assert_true(found->is_refused);
    assert_reason(found, "The receiver refuses the request: “unknown account”.");
    assert_length(FALSE, 1);
    g_autoptr(GcaOutboxEntry) again = add("one", ENDPOINT);
    g_assert_false(again->is_refused);
}

static void
test_finished(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaOutboxEntry) entry = add("one", ENDPOINT);
    g_autoptr(GBytes) receipt = receipt_for(entry->sha256, "pending");
    g_autoptr(GcaOutboxCause) cause = cause_of("no network");

    g_assert_true(gca_outbox_defer(entry, cause, NULL, &error));
    g_assert_true(gca_outbox_finish(entry, receipt, &error));
    g_assert_no_error(error);
    assert_length(FALSE, 0);
    assert_length(TRUE, 1);

    g_autoptr(GcaOutboxEntry) again = add("one", ELSEWHERE);
    g_assert_nonnull(again->receipt);
    g_assert_cmpstr(again->endpoint, ==, ENDPOINT); /* where it went */
    g_assert_null(again->cause);
    g_assert_true(gca_receipt_is_pending(again->received));
    g_assert_cmpstr(gca_receipt_get_id(again->received), ==, "R-1");
    g_autoptr(GDateTime) utc = g_date_time_to_utc(gca_receipt_get_received(again->received));
    g_autofree char *time = gca_text_time(utc);
    g_assert_cmpstr(time, ==, "2026-11-20T18:30:00Z");
    g_assert_cmpstr(again->receipt, ==, entry->receipt);
}

/* Whatever ends the process after that: it was tried, and nobody knows how it ended. */
static void
test_begun(void)
{
    g_autoptr(GcaOutboxEntry) entry = add("one", ENDPOINT);
    g_autoptr(GcaOutboxCause) cause = cause_of("no network");

    g_assert_true(gca_outbox_begin(entry, NULL));
    g_autoptr(GcaOutboxEntry) left = gca_outbox_find(entry->sha256, NULL);
    g_autofree char *reason = gca_outbox_entry_dup_reason(left);
    g_assert_nonnull(strstr(reason, "the answer is not known"));
    g_assert_cmpuint(left->tries, ==, 1);

    g_assert_true(gca_outbox_defer(entry, cause, NULL, NULL));
    g_autoptr(GcaOutboxEntry) failed = gca_outbox_find(entry->sha256, NULL);
    assert_reason(failed, "no network");
    g_assert_cmpuint(failed->tries, ==, 1); /* one try, begun and failed */

    g_assert_true(gca_outbox_begin(failed, NULL));
    g_autoptr(GBytes) receipt = receipt_for(entry->sha256, "accepted");
    g_assert_true(gca_outbox_finish(failed, receipt, NULL));
    g_autoptr(GcaOutboxEntry) sent = gca_outbox_find(entry->sha256, NULL);
    g_assert_null(sent->cause);
}

static char *
read_state(const char *sha256)
{
    g_autofree char *name = g_strconcat(sha256, ".json", NULL);
    g_autofree char *path = path_in_outbox(name);
    char *text = NULL;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    return text;
}

/* What is kept is no sentence of ours, or one that is told in its own language only. */
static void
test_no_language(void)
{
    g_autoptr(GcaOutboxEntry) entry = add("one", ENDPOINT);
    g_autoptr(GcaOutboxCause) answer = gca_outbox_cause_new_answer(503, "測試 \033[2J", NULL);
    g_autoptr(GcaOutboxCause) redirect =
        gca_outbox_cause_new_answer(307, NULL, "https://login.example.gov.tw/");
    g_autoptr(GcaOutboxCause) status = gca_outbox_cause_new_answer(502, NULL, NULL);
    g_autoptr(GcaOutboxCause) network = cause_of("no network");

    g_assert_true(gca_outbox_defer(entry, answer, NULL, NULL));
    g_autofree char *kept = read_state(entry->sha256);
    g_assert_null(strstr(kept, "receiver"));
    g_autoptr(GcaOutboxEntry) found = gca_outbox_find(entry->sha256, NULL);
    assert_reason(found, "The receiver cannot take the request now: “測試 \\u{1B}[2J”.");
    g_assert_true(gca_outbox_defer(found, redirect, NULL, NULL));
    assert_reason(found, "The receiver redirects to “https://login.example.gov.tw/”, which is not "
                         "followed.");
    g_assert_true(gca_outbox_defer(found, status, NULL, NULL));
    assert_reason(found, "The receiver has answered with status 502, and no receipt.");

    g_assert_true(gca_outbox_defer(found, network, NULL, NULL));
    g_autofree char *text = read_state(entry->sha256);
    g_auto(GStrv) parts = g_strsplit(text, "\"en\"", -1);
    g_assert_cmpuint(g_strv_length(parts), ==, 2);
    g_autofree char *other = g_strjoinv("\"zh_TW\"", parts);
    put(entry->sha256, ".json", other);
    g_autoptr(GcaOutboxEntry) translated = gca_outbox_find(entry->sha256, NULL);
    assert_reason(translated, "The network cannot be reached.");
}

/* Of a version that kept the sentence. */
static void
test_earlier_version(void)
{
    g_autoptr(GcaOutboxEntry) entry = add("one", ENDPOINT);

    put(entry->sha256, ".json",
        "{\"version\":1,\"added\":\"2026-11-21T02:30:00Z\",\"endpoint\":\"https://a.tw/\",\"next\":"
        "null,\"reason\":\"連不上。\",\"refused\":false,\"tries\":2}");
    g_autoptr(GcaOutboxEntry) found = gca_outbox_find(entry->sha256, NULL);
    assert_reason(found, "連不上。");
    g_assert_true(gca_outbox_begin(found, NULL));
    g_assert_cmpuint(found->tries, ==, 3);
}

/* What is stuck is told apart from what does not belong there. */
static void
test_troubles(void)
{
    g_autoptr(GPtrArray) troubles = g_ptr_array_new_with_free_func((GDestroyNotify) g_error_free);
    g_autoptr(GcaOutboxEntry) entry = add("one", ENDPOINT);

    put(entry->sha256, ".json", "{}");
    g_autoptr(GPtrArray) entries = gca_outbox_list(FALSE, troubles, NULL);
    g_assert_cmpuint(entries->len, ==, 0);
    g_assert_cmpuint(troubles->len, ==, 1);
    g_assert_error((GError *) g_ptr_array_index(troubles, 0), GCA_ERROR, GCA_ERROR_BAD_DATA);
    gca_outbox_entry_free(add("one", ENDPOINT));
    put("notes", ".txt", "x");
    g_autoptr(GPtrArray) again = gca_outbox_list(FALSE, troubles, NULL);
    g_assert_cmpuint(again->len, ==, 1);
    g_assert_cmpuint(troubles->len, ==, 2);
    g_assert_error((GError *) g_ptr_array_index(troubles, 1), GCA_ERROR, GCA_ERROR_USAGE);
}

static void
test_other_receipts(void)
{
    g_autoptr(GcaOutboxEntry) entry = add("one", ENDPOINT);
    g_autoptr(GcaOutboxEntry) other = add("two", ENDPOINT);
    static const char *const bad[] = {
        "",
        "x",
        "[]",
        "{}",
        "{\"sha256\":\"%s\"}",
        "{\"sha256\":\"%s\",\"status\":\"lost\",\"received\":\"2026-11-21T02:30:00Z\",\"id\":"
        "\"1\"}",
        "{\"sha256\":\"%s\",\"status\":\"accepted\",\"received\":\"2026-11-21\",\"id\":\"1\"}",
        "{\"sha256\":\"%s\",\"status\":\"accepted\",\"received\":\"2026-11-21T02:30:00\",\"id\":"
        "\"1\"}",
        "{\"sha256\":\"%s\",\"status\":\"accepted\",\"received\":\"2026-11-21T02:30:00Z\",\"id\":"
        "\"\"}",
        "{\"sha256\":\"%s\",\"status\":\"accepted\",\"received\":\"2026-11-21T02:30:00Z\",\"id\":"
        "1}",
        "{\"sha256\":\"%s\",\"status\":\"accepted\",\"received\":\"2026-11-21T02:30:00Z\",\"id\":"
        "\"1\"} x"};

    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_auto(GStrv) parts = g_strsplit(bad[i], "%s", 2);
        g_autofree char *text = g_strjoinv(entry->sha256, parts);
        g_autoptr(GBytes) bytes = message(text);
        g_autoptr(GError) error = NULL;
        g_test_message("%s", text);
        g_assert_false(gca_outbox_finish(entry, bytes, &error));
        g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
    }
    g_autoptr(GBytes) of_other = receipt_for(other->sha256, "accepted");
    g_assert_false(gca_outbox_finish(entry, of_other, NULL));
    assert_length(FALSE, 2);
}

/* What was damaged is told, is not sent, stays, and is mended by handing in the file again. */
static void
assert_told_and_mended(const char *sha256)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) entries = list(TRUE, 1);

    g_assert_cmpuint(entries->len, ==, 1);
    g_assert_cmpstr(((GcaOutboxEntry *) g_ptr_array_index(entries, 0))->sha256, !=, sha256);
    g_assert_null(gca_outbox_find(sha256, &error));
    g_assert_nonnull(error);
    g_autoptr(GcaOutboxEntry) mended = add("one", ENDPOINT);
    g_assert_cmpstr(mended->sha256, ==, sha256);
    assert_length(TRUE, 2);
}

static void
test_damaged(void)
{
    static const char *const states[] = {
        "",
        "{}",
        "[]",
        "\xff",
        "{\"version\":1}",
        "{\"version\":2,\"added\":\"2026-11-21T02:30:00Z\",\"endpoint\":\"https://a.tw/\",\"next\":"
        "null,\"reason\":null,\"refused\":false,\"tries\":0}",
        "{\"version\":1,\"added\":\"2026-11-21T02:30:00Z\",\"endpoint\":\"https://a.tw/\",\"next\":"
        "null,\"reason\":null,\"refused\":false,\"tries\":-1}",
        "{\"version\":1,\"added\":\"2026-11-21T02:30:00Z\",\"endpoint\":\"https://a.tw/\",\"next\":"
        "\"soon\",\"reason\":null,\"refused\":false,\"tries\":0}",
        "{\"version\":1,\"added\":\"2026-11-21T02:30:00Z\",\"endpoint\":\"https://a.tw/\",\"next\":"
        "null,\"cause\":{\"code\":\"network\"},\"refused\":false,\"tries\":1}",
        "{\"version\":1,\"added\":\"2026-11-21T02:30:00Z\",\"endpoint\":\"https://a.tw/\",\"next\":"
        "null,\"cause\":7,\"refused\":false,\"tries\":1}",
        "{\"version\":1,\"added\":null,\"endpoint\":\"https://a.tw/"
        "\",\"next\":null,\"reason\":null,"
        "\"refused\":false,\"tries\":0}"};
    g_autoptr(GcaOutboxEntry) entry = add("one", ENDPOINT);
    gca_outbox_entry_free(add("two", ENDPOINT)); /* which nothing is wrong with */
    g_autofree char *state = g_strconcat(entry->sha256, ".json", NULL);
    g_autofree char *state_path = path_in_outbox(state);

    for (gsize i = 0; i < G_N_ELEMENTS(states); i++) {
        put(entry->sha256, ".json", states[i]);
        assert_told_and_mended(entry->sha256);
    }
    put(entry->sha256, ".p7m", "another");
    assert_told_and_mended(entry->sha256);
    put(entry->sha256, ".p7m", "");
    assert_told_and_mended(entry->sha256);
    g_assert_cmpint(g_unlink(state_path), ==, 0);
    assert_told_and_mended(entry->sha256);
    g_assert_cmpint(g_unlink(entry->message), ==, 0);
    assert_told_and_mended(entry->sha256);
    g_assert_cmpint(g_unlink(entry->message), ==, 0);
    g_assert_cmpint(symlink("nowhere", entry->message), ==, 0);
    assert_told_and_mended(entry->sha256);
}

static void
test_fifo(void)
{
    g_autoptr(GcaOutboxEntry) entry = add("one", ENDPOINT);
    gca_outbox_entry_free(add("two", ENDPOINT)); /* which nothing is wrong with */

    g_assert_cmpint(g_unlink(entry->message), ==, 0);
    g_assert_cmpint(mkfifo(entry->message, 0600), ==, 0);
    assert_told_and_mended(entry->sha256);
}

static void
test_damaged_receipt(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaOutboxEntry) entry = add("one", ENDPOINT);
    g_autoptr(GBytes) bytes = message("one");

    put(entry->sha256, ".receipt.json", "{");
    g_autoptr(GPtrArray) entries = list(TRUE, 1);
    g_assert_cmpuint(entries->len, ==, 0);
    g_assert_null(gca_outbox_add(bytes, ENDPOINT, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
    g_assert_nonnull(strstr(error->message, entry->sha256));
}

static void
test_strangers(void)
{
    g_autoptr(GcaOutboxEntry) entry = add("one", ENDPOINT);
    g_autofree char *upper = g_ascii_strup(entry->sha256, -1);

    put("notes", ".txt", "x");
    put(upper, ".p7m", "one");
    put("\033[2J", "", "x");
    put(".gca-Ab12Cd", "", "half a message"); /* of a writer that was killed */
    g_autoptr(GPtrArray) entries = list(TRUE, 3);
    g_assert_cmpuint(entries->len, ==, 1);
}

static void
test_oldest_first(void)
{
    static const char *const texts[] = {"c", "a", "b"};

    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GcaOutboxEntry) entry = add(texts[i], ENDPOINT);
        g_autofree char *state = g_strdup_printf(
            "{\"version\":1,\"added\":\"2026-11-21T02:30:0%uZ\",\"endpoint\":\"https://a.tw/\","
            "\"next\":null,\"reason\":null,\"refused\":false,\"tries\":0}",
            i);
        put(entry->sha256, ".json", state);
    }
    g_autoptr(GPtrArray) entries = list(TRUE, 0);
    g_assert_cmpuint(entries->len, ==, G_N_ELEMENTS(texts));
    for (guint i = 0; i < entries->len; i++) {
        g_autoptr(GBytes) bytes = gca_outbox_entry_read(g_ptr_array_index(entries, i), NULL);
        g_assert_cmpmem(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), texts[i], 1);
    }
}

static void
test_lock(void)
{
    g_autoptr(GError) error = NULL;
    int first = gca_outbox_lock(&error);

    g_assert_no_error(error);
    g_assert_cmpint(gca_outbox_lock(&error), ==, -1);
    g_assert_error(error, GCA_ERROR, GCA_ERROR_BUSY);
    close(first);
    int second = gca_outbox_lock(NULL);
    g_assert_cmpint(second, >=, 0);
    close(second);
}

static void
test_leftovers(void)
{
    g_autofree char *old_path = path_in_outbox(".gca-Ab12Cd");
    g_autofree char *new_path = path_in_outbox(".gca-Ef34Gh");
    const time_t before = time(NULL) - 2 * 60 * 60;
    g_autoptr(GcaOutboxEntry) entry = add("one", ENDPOINT);

    put(".gca-Ab12Cd", "", "half a mess");
    put(".gca-Ef34Gh", "", "half a mess");
    g_assert_cmpint(g_utime(old_path, &(struct utimbuf){before, before}), ==, 0);
    g_assert_cmpint(g_utime(entry->message, &(struct utimbuf){before, before}), ==, 0);
    close(gca_outbox_lock(NULL));
    g_assert_false(g_file_test(old_path, G_FILE_TEST_EXISTS));
    g_assert_true(g_file_test(new_path, G_FILE_TEST_EXISTS));
    assert_length(TRUE, 1);
}

static void
test_no_folder(void)
{
    g_autofree char *folder = gca_outbox_dup_folder();
    g_autoptr(GError) error = NULL, lock_error = NULL;
    g_autoptr(GBytes) bytes = message("one");

    g_assert_true(g_file_set_contents(folder, "x", -1, NULL));
    g_assert_null(gca_outbox_add(bytes, ENDPOINT, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_FILE);
    g_assert_cmpint(gca_outbox_lock(&lock_error), ==, -1);
    g_assert_error(lock_error, GCA_ERROR, GCA_ERROR_FILE);
    g_assert_null(gca_outbox_list(TRUE, NULL, NULL));
    g_unlink(folder);
}

static void
run_in_empty_outbox(gconstpointer test)
{
    ((void (*)(void)) test)();
    empty();
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*test)(void);
    } tests[] = {{"/outbox/keeps-a-message-for-the-user-only", test_keeps},
                 {"/outbox/has-nothing-twice", test_once},
                 {"/outbox/remembers-a-refusal", test_refused},
                 {"/outbox/sends-nothing-with-a-receipt-again", test_finished},
                 {"/outbox/notes-a-try-before-it-is-made", test_begun},
                 {"/outbox/keeps-no-language", test_no_language},
                 {"/outbox/reads-an-earlier-version", test_earlier_version},
                 {"/outbox/stuck-is-not-strange", test_troubles},
                 {"/outbox/takes-no-other-receipt", test_other_receipts},
                 {"/outbox/tells-damage-and-is-mended", test_damaged},
                 {"/outbox/does-not-wait-for-a-fifo", test_fifo},
                 {"/outbox/does-not-hide-a-damaged-receipt", test_damaged_receipt},
                 {"/outbox/leaves-strangers-alone", test_strangers},
                 {"/outbox/oldest-first", test_oldest_first},
                 {"/outbox/one-sender-at-a-time", test_lock},
                 {"/outbox/sweeps-what-was-left-half-written", test_leftovers},
                 {"/outbox/no-folder", test_no_folder}};
    char *home = test_home_enter();

    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add_data_func(tests[i].name, (gconstpointer) tests[i].test, run_in_empty_outbox);
    int result = g_test_run();
    test_home_leave(home, NULL);
    return result;
}
