/* The journal: one line a request, for the user only. */
#include "base/error.h"
#include "base/place.h"
#include "prereg/journal.h"
#include "test-home.h"

#include <glib/gstdio.h>
#include <jansson.h>
#include <string.h>

#define CONTENT                                                                                    \
    "{\"account\":{\"uri\":\"https://ca.example/1\"},\"created\":\"2026-11-21T02:30:00Z\","        \
    "\"domains\":[\"a.gov.tw\",\"b.gov.tw\"],\"nonce\":\"AAECAwQFBgcICQoLDA0ODw\","                \
    "\"organization\":{\"dn\":\"C=TW\",\"name\":\"測試\"},\"profile\":\"test\","                 \
    "\"subject\":[[\"C\",\"TW\"]],\"type\":\"gca-prereg\",\"version\":1}"

static const char *
text_of(json_t *entry, const char *name)
{
    return json_string_value(json_object_get(entry, name));
}

static void
test_adds(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) content = g_bytes_new_static(CONTENT, strlen(CONTENT));
    g_autoptr(GcaRequest) request = gca_request_parse(content, &error);
    g_assert_no_error(error);

    g_assert_true(gca_journal_add(request, "00ff", "out.p7m", &error));
    g_assert_true(gca_journal_add(request, "11ee", "/tmp/\xff\x1b.p7m", &error));
    g_assert_no_error(error);

    g_autofree char *path = gca_place_state("journal.jsonl");
    g_autofree char *text = NULL;
    GStatBuf st;
    g_assert_cmpint(g_stat(path, &st), ==, 0);
    g_assert_cmpint(st.st_mode & 0777, ==, 0600);
    g_assert_true(g_file_get_contents(path, &text, NULL, &error));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, 3); /* the third is empty */

    json_t *entry = json_loads(lines[0], 0, NULL);
    g_autofree char *whole = g_canonicalize_filename("out.p7m", NULL);
    g_assert_cmpstr(text_of(entry, "account"), ==, "https://ca.example/1");
    g_assert_cmpstr(text_of(entry, "sha256"), ==, "00ff");
    g_assert_cmpstr(text_of(entry, "file"), ==, whole);
    g_assert_nonnull(text_of(entry, "time"));
    g_assert_cmpuint(json_array_size(json_object_get(entry, "domains")), ==, 2);
    json_decref(entry);

    entry = json_loads(lines[1], 0, NULL);
    g_assert_cmpstr(text_of(entry, "file"), ==, "/tmp/\\xFF\\u{1B}.p7m");
    json_decref(entry);
}

#define DIGEST "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define LINE(domain, file)                                                                         \
    "{\"account\":\"https://ca.example.gov.tw/1\",\"domains\":[\"" domain "\",\"b.gov.tw\"],"      \
    "\"file\":\"" file "\",\"sha256\":\"" DIGEST "\",\"time\":\"2026-11-21T02:30:00Z\"}"

/* What the journal lists where `text` of `size` bytes lies there. */
static GPtrArray *
list_text(const char *text, gssize size, guint limit, guint n_troubles)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) troubles = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *path = gca_place_state("journal.jsonl");

    g_assert_true(g_file_set_contents(path, text, size, NULL));
    GPtrArray *entries = gca_journal_list(limit, troubles, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(troubles->len, ==, n_troubles);
    g_unlink(path);
    return entries;
}

static void
assert_first_domain(GPtrArray *entries, guint index, const char *domain)
{
    const GcaJournalEntry *entry = g_ptr_array_index(entries, index);
    g_assert_cmpstr(entry->domains[0], ==, domain);
}

static void
test_lists_what_was_added(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) content = g_bytes_new_static(CONTENT, strlen(CONTENT));
    g_autoptr(GcaRequest) request = gca_request_parse(content, &error);
    g_autofree char *path = gca_place_state("journal.jsonl");

    g_unlink(path);
    g_assert_true(gca_journal_add(request, DIGEST, "/tmp/測試.p7m", &error));
    g_assert_no_error(error);
    g_autoptr(GPtrArray) entries = gca_journal_list(0, NULL, &error);
    g_assert_no_error(error);
    g_unlink(path);

    g_assert_cmpuint(entries->len, ==, 1);
    const GcaJournalEntry *entry = g_ptr_array_index(entries, 0);
    g_assert_nonnull(entry->time);
    g_assert_cmpuint(g_strv_length(entry->domains), ==, 2);
    g_assert_cmpstr(entry->domains[1], ==, "b.gov.tw");
    g_assert_cmpstr(entry->account, ==, "https://ca.example/1");
    g_assert_cmpstr(entry->sha256, ==, DIGEST);
    g_assert_cmpstr(entry->file, ==, "/tmp/測試.p7m");
}

static void
test_none_is_empty(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) entries = gca_journal_list(0, NULL, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(entries->len, ==, 0);
    g_autoptr(GPtrArray) also = list_text("", 0, 0, 0);
    g_assert_cmpuint(also->len, ==, 0);
}

static void
test_newest_first(void)
{
    const char *text =
        LINE("1.gov.tw", "/1") "\n" LINE("2.gov.tw", "/2") "\n" LINE("3.gov.tw", "/3");

    g_autoptr(GPtrArray) all = list_text(text, -1, 0, 0);
    g_assert_cmpuint(all->len, ==, 3);
    assert_first_domain(all, 0, "3.gov.tw");
    assert_first_domain(all, 2, "1.gov.tw");
    g_autoptr(GPtrArray) two = list_text(text, -1, 2, 0);
    g_assert_cmpuint(two->len, ==, 2);
    assert_first_domain(two, 1, "2.gov.tw");
}

static void
test_bad_line_is_left_out(gconstpointer data)
{
    g_autofree char *text = g_strdup_printf(
        LINE("1.gov.tw", "/1") "\n%s\n" LINE("2.gov.tw", "/2") "\n", (const char *) data);
    g_autoptr(GPtrArray) entries = list_text(text, -1, 0, 1);

    g_assert_cmpuint(entries->len, ==, 2);
    assert_first_domain(entries, 0, "2.gov.tw");
    assert_first_domain(entries, 1, "1.gov.tw");
}

static void
test_nul_is_a_bad_line(void)
{
    const char text[] = "\0\0\n" LINE("1.gov.tw", "/1") "\n\0";
    g_autoptr(GPtrArray) entries = list_text(text, sizeof text - 1, 0, 1);

    g_assert_cmpuint(entries->len, ==, 1);
}

/* Of a journal that has grown for decades the end is read, and no line of it that is cut. */
static void
test_long_journal(void)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < 10000; i++)
        g_string_append(text, LINE("old.gov.tw", "/old") "\n");
    g_string_append(text, LINE("new.gov.tw", "/new") "\n");
    g_autoptr(GPtrArray) entries = list_text(text->str, (gssize) text->len, 0, 0);
    g_assert_cmpuint(entries->len, >, 1000);
    g_assert_cmpuint(entries->len, <, 10000);
    assert_first_domain(entries, 0, "new.gov.tw");

    g_autofree char *line = g_strnfill(3 * 1024 * 1024, 'x');
    g_autoptr(GPtrArray) none = list_text(line, -1, 0, 0);
    g_assert_cmpuint(none->len, ==, 0);
}

static void
test_no_file(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = gca_place_state("journal.jsonl");

    g_assert_cmpint(g_mkdir(path, 0700), ==, 0);
    g_assert_null(gca_journal_list(0, NULL, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
    g_assert_nonnull(strstr(error->message, "journal.jsonl"));
    g_assert_cmpint(g_rmdir(path), ==, 0);
}

#define MEMBERS(time, domains, sha256, file)                                                       \
    "{\"account\":\"https://ca.example.gov.tw/1\",\"domains\":" domains ",\"file\":\"" file        \
    "\",\"sha256\":\"" sha256 "\",\"time\":\"" time "\"}"
#define TIME "2026-11-21T02:30:00Z"

static const struct {
    const char *path, *line;
} bad_lines[] = {
    {"/journal/list/leaves-out/empty", ""},
    {"/journal/list/leaves-out/half", "{\"account\":\"https://ca.exa"},
    {"/journal/list/leaves-out/no-object", "[1,2]"},
    {"/journal/list/leaves-out/number", "1"},
    {"/journal/list/leaves-out/member-missing", "{\"time\":\"" TIME "\"}"},
    {"/journal/list/leaves-out/member-unknown",
     "{\"pin\":\"1\",\"account\":\"https://ca.example.gov.tw/1\",\"domains\":[\"a\"],\"file\":\"/"
     "a\",\"sha256\":\"" DIGEST "\",\"time\":\"" TIME "\"}"},
    {"/journal/list/leaves-out/two-values", "{} {}"},
    {"/journal/list/leaves-out/bad-time", MEMBERS("2026-11-21", "[\"a\"]", DIGEST, "/a")},
    {"/journal/list/leaves-out/no-domain", MEMBERS(TIME, "[]", DIGEST, "/a")},
    {"/journal/list/leaves-out/domain-no-text", MEMBERS(TIME, "[\"a\",1]", DIGEST, "/a")},
    {"/journal/list/leaves-out/domains-no-list", MEMBERS(TIME, "{\"a\":\"b\"}", DIGEST, "/a")},
    {"/journal/list/leaves-out/short-digest", MEMBERS(TIME, "[\"a\"]", "00ff", "/a")},
    {"/journal/list/leaves-out/digest-as-path",
     MEMBERS(TIME, "[\"a\"]", "../../../../../../../../../../../../../../../../../../../../etc/x",
             "/a")},
    {"/journal/list/leaves-out/relative-file", MEMBERS(TIME, "[\"a\"]", DIGEST, "a")},
    {"/journal/list/leaves-out/not-utf8", MEMBERS(TIME, "[\"\xff\"]", DIGEST, "/a")},
    {"/journal/list/leaves-out/nul", MEMBERS(TIME, "[\"a\\u0000b\"]", DIGEST, "/a")},
};

int
main(int argc, char **argv)
{
    char *home = test_home_enter();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/journal/adds-a-line-a-request", test_adds);
    g_test_add_func("/journal/list/gives-what-was-added", test_lists_what_was_added);
    g_test_add_func("/journal/list/none-is-empty", test_none_is_empty);
    g_test_add_func("/journal/list/newest-first", test_newest_first);
    for (guint i = 0; i < G_N_ELEMENTS(bad_lines); i++)
        g_test_add_data_func(bad_lines[i].path, bad_lines[i].line, test_bad_line_is_left_out);
    g_test_add_func("/journal/list/leaves-out/bytes-that-are-nul", test_nul_is_a_bad_line);
    g_test_add_func("/journal/list/reads-the-end-of-a-long-one", test_long_journal);
    g_test_add_func("/journal/list/refuses-a-folder", test_no_file);
    int result = g_test_run();
    test_home_leave(home, "journal.jsonl");
    return result;
}
