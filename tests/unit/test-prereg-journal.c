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

int
main(int argc, char **argv)
{
    char *home = test_home_enter();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/journal/adds-a-line-a-request", test_adds);
    int result = g_test_run();
    test_home_leave(home, "journal.jsonl");
    return result;
}
