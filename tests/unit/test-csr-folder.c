/* The request folder: docs/request-folder.md says what is in it. */
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "csr/csr.h"
#include "csr/folder-private.h"
#include "csr/key.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUBJECT "C=TW,L=臺灣,O=行政院-測試署,CN=www.example.gov.tw"
#define SPKI "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const char *const names[] = {"www.example.gov.tw", "xn--fsqu00a.example.gov.tw", NULL};

typedef struct {
    char *parent;
    EVP_PKEY *key;
    GcaName *subject;
    X509_REQ *csr;
    GBytes *pem;
    GcaRequestFolderFields fields;
} Fixture;

static EVP_PKEY *
get_key(guint index)
{
    static EVP_PKEY *keys[2];

    if (keys[index] == NULL)
        keys[index] = gca_key_generate(2048, NULL);
    return keys[index];
}

static void
set_up(Fixture *fixture, const void *data)
{
    g_autofree char *folder = g_dir_make_tmp("gca-test-XXXXXX", NULL);

    fixture->parent = g_steal_pointer(&folder);
    fixture->key = get_key(0);
    fixture->subject = gca_name_parse(SUBJECT, NULL);
    fixture->csr = gca_csr_new(fixture->key, fixture->subject, names, NULL);
    fixture->pem = gca_key_encode(fixture->key, NULL, NULL);
    fixture->fields = (GcaRequestFolderFields){.profile = "gtlsca",
                                               .names = names,
                                               .subject = fixture->subject,
                                               .agency_name = "行政院測試署",
                                               .agency_oid = "2.16.886.101.90001"};
}

static void
remove_tree(const char *path)
{
    GDir *folder = g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(path, 0, NULL);
    const char *name;

    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *inner = g_build_filename(path, name, NULL);
        remove_tree(inner);
    }
    if (folder != NULL)
        g_dir_close(folder);
    g_assert_cmpint(g_remove(path), ==, 0);
}

static void
tear_down(Fixture *fixture, const void *data)
{
    remove_tree(fixture->parent);
    g_free(fixture->parent);
    gca_name_unref(fixture->subject);
    X509_REQ_free(fixture->csr);
    g_bytes_unref(fixture->pem);
}

static guint
count(const char *path)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    guint n = 0;

    while (g_dir_read_name(folder) != NULL)
        n++;
    return n;
}

static int
mode_of(const GcaRequestFolder *folder, const char *name)
{
    g_autofree char *path = gca_request_folder_dup_file(folder, name);
    struct stat st;

    return g_lstat(path, &st) == 0 ? (int) (st.st_mode & 07777) : -1;
}

static char *
content_of(const GcaRequestFolder *folder, const char *name)
{
    g_autofree char *path = gca_request_folder_dup_file(folder, name);
    char *content = NULL;

    g_assert_true(g_file_get_contents(path, &content, NULL, NULL));
    return content;
}

static GcaRequestFolder *
create(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    GBytes *pem = fixture->fields.key_place ? NULL : fixture->pem;
    GcaRequestFolder *folder =
        gca_request_folder_create(fixture->parent, &fixture->fields, pem, fixture->csr, &error);

    g_assert_no_error(error);
    return folder;
}

static void
test_files_and_modes(Fixture *fixture, const void *data)
{
    mode_t before = umask(0077);
    g_autoptr(GcaRequestFolder) folder = create(fixture);
    umask(before);

    g_assert_cmpuint(count(gca_request_folder_get_path(folder)), ==, 3);
    g_assert_cmpint(mode_of(folder, "."), ==, 0700);
    g_assert_cmpint(mode_of(folder, "privkey.pem"), ==, 0600);
    g_assert_cmpint(mode_of(folder, "request.csr.pem"), ==, 0644);
    g_assert_cmpint(mode_of(folder, "request.json"), ==, 0644);
    g_autofree char *name = g_path_get_basename(gca_request_folder_get_path(folder));
    g_assert_true(g_regex_match_simple("^www\\.example\\.gov\\.tw-\\d{8}T\\d{6}Z$", name, 0, 0));
    g_autofree char *csr = content_of(folder, "request.csr.pem");
    g_assert_true(g_str_has_prefix(csr, "-----BEGIN CERTIFICATE REQUEST-----\n"));
    g_autofree char *key = content_of(folder, "privkey.pem");
    g_assert_cmpmem(key, strlen(key), g_bytes_get_data(fixture->pem, NULL),
                    g_bytes_get_size(fixture->pem));
}

static void
test_request_says_what_was_asked(Fixture *fixture, const void *data)
{
    g_autoptr(GcaRequestFolder) folder = create(fixture);
    g_autofree char *text = content_of(folder, "request.json");
    g_autoptr(json_t) form = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    g_autofree char *spki = gca_key_fingerprint(fixture->key);
    g_autofree char *created = gca_text_time(gca_request_folder_get_created(folder));
    g_autoptr(json_t) expected =
        json_pack("{s:i, s:s, s:s, s:s, s:[s, s], s:s, s:{s:s, s:s}, s:s, s:s}", "version", 1,
                  "tool", "gca-toolkit 0.1.0", "created", created, "profile", "gtlsca", "names",
                  names[0], names[1], "subject", SUBJECT, "agency", "name", "行政院測試署", "oid",
                  "2.16.886.101.90001", "key", "privkey.pem", "spki_sha256", spki);

    g_assert_true(json_equal(form, expected));
    g_assert_true(g_str_has_suffix(text, "}\n"));
}

static void
test_loads_what_was_made(Fixture *fixture, const void *data)
{
    g_autoptr(GcaRequestFolder) made = create(fixture);
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaRequestFolder) folder =
        gca_request_folder_load(gca_request_folder_get_path(made), &error);
    g_autofree char *key = gca_request_folder_dup_key_place(folder);
    g_autofree char *expected_key = gca_request_folder_dup_file(folder, "privkey.pem");
    g_autofree char *spki = gca_key_fingerprint(fixture->key);

    g_assert_no_error(error);
    g_assert_true(g_path_is_absolute(gca_request_folder_get_path(made)));
    g_assert_cmpstr(gca_request_folder_get_path(folder), ==, gca_request_folder_get_path(made));
    g_assert_cmpstr(gca_request_folder_get_profile(folder), ==, "gtlsca");
    g_assert_cmpstr(gca_request_folder_get_cn(folder), ==, names[0]);
    g_assert_true(g_strv_equal(gca_request_folder_get_names(folder), names));
    g_assert_true(gca_name_equal(gca_request_folder_get_subject(folder), fixture->subject));
    g_assert_cmpstr(gca_request_folder_get_agency_name(folder), ==, "行政院測試署");
    g_assert_cmpstr(gca_request_folder_get_agency_oid(folder), ==, "2.16.886.101.90001");
    g_assert_cmpstr(gca_request_folder_get_spki_sha256(folder), ==, spki);
    g_assert_cmpstr(key, ==, expected_key);
    g_assert_true(g_date_time_equal(gca_request_folder_get_created(folder),
                                    gca_request_folder_get_created(made)));
}

static void
test_key_elsewhere(Fixture *fixture, const void *data)
{
    static const char *const places[] = {"/etc/ssl/private/測試.pem",
                                         "pkcs11:token=HSM;object=web%20key;type=private"};

    for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
        fixture->fields.key_place = places[i];
        fixture->fields.agency_name = fixture->fields.agency_oid = NULL;
        g_autoptr(GcaRequestFolder) made = create(fixture);
        g_autoptr(GcaRequestFolder) folder =
            gca_request_folder_load(gca_request_folder_get_path(made), NULL);
        g_autofree char *place = gca_request_folder_dup_key_place(folder);
        g_assert_cmpstr(place, ==, places[i]);
        g_assert_cmpint(mode_of(folder, "privkey.pem"), ==, -1);
        g_assert_null(gca_request_folder_get_agency_name(folder));
        g_assert_null(gca_request_folder_get_agency_oid(folder));
    }
}

static void
test_names_of_folders(Fixture *fixture, const void *data)
{
    g_autofree char *label = g_strnfill(60, 'a');
    g_autofree char *longest = g_strdup_printf("%s.%s.%s.%s.tw", label, label, label, label);
    const struct {
        const char *cn, *start;
    } cases[] = {{"*.example.gov.tw", "_.example.gov.tw-2"},
                 {"2001:b000::1", "2001_b000__1-2"},
                 {"192.0.2.1", "192.0.2.1-2"},
                 {longest, label}};

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *const one[] = {cases[i].cn, NULL};
        fixture->fields.names = one;
        g_autoptr(GcaRequestFolder) folder = create(fixture);
        g_autofree char *name = g_path_get_basename(gca_request_folder_get_path(folder));
        g_assert_true(g_str_has_prefix(name, cases[i].start));
        g_assert_cmpstr(gca_request_folder_get_cn(folder), ==, cases[i].cn);
    }
}

static void
test_never_over_another(Fixture *fixture, const void *data)
{
    for (guint i = 0; i < 5; i++) {
        g_autoptr(GcaRequestFolder) folder = create(fixture);
        g_assert_cmpint(mode_of(folder, "privkey.pem"), ==, 0600);
    }
    g_assert_cmpuint(count(fixture->parent), ==, 5);
}

static void
assert_not_made(Fixture *fixture, GcaErrorCode code)
{
    g_autoptr(GError) error = NULL;
    GBytes *pem = fixture->fields.key_place ? NULL : fixture->pem;

    g_assert_null(
        gca_request_folder_create(fixture->parent, &fixture->fields, pem, fixture->csr, &error));
    g_assert_error(error, GCA_ERROR, (int) code);
    g_assert_cmpuint(count(fixture->parent), ==, 0);
}

static void
test_what_cannot_be_read_is_not_made(Fixture *fixture, const void *data)
{
    static const char *const bad_names[] = {"../../etc/passwd", NULL};
    const GcaRequestFolderFields good = fixture->fields;

    fixture->fields.names = bad_names;
    assert_not_made(fixture, GCA_ERROR_BAD_DATA);
    fixture->fields = good;
    fixture->fields.agency_name = "\xA6\xE6\xAC"
                                  "F\xB0|"; /* Big5 */
    assert_not_made(fixture, GCA_ERROR_BAD_DATA);
    fixture->fields = good;
    fixture->fields.key_place = "relative.pem";
    assert_not_made(fixture, GCA_ERROR_BAD_DATA);
    fixture->fields.key_place = "pkcs11:token=a;object=b?pin-value=123456";
    assert_not_made(fixture, GCA_ERROR_BAD_DATA);
}

/* A request.json that is in order, with `member` as `value` (JSON); NULL leaves it out. */
static char *
request_with(const char *member, const char *value)
{
    static const char *const table[][2] = {
        {"version", "1"},
        {"tool", "\"gca-toolkit 0.1.0\""},
        {"created", "\"2026-11-21T02:30:00Z\""},
        {"profile", "\"gtlsca\""},
        {"names", "[\"www.example.gov.tw\"]"},
        {"subject", "\"" SUBJECT "\""},
        {"agency", "{\"name\": \"測試署\", \"oid\": \"2.16.886.101.90001\"}"},
        {"key", "\"privkey.pem\""},
        {"spki_sha256", "\"" SPKI "\""}};
    g_autoptr(GString) text = g_string_new("{");
    gboolean is_known = FALSE;

    for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
        gboolean is_it = g_strcmp0(member, table[i][0]) == 0;
        is_known |= is_it;
        if (!is_it || value != NULL)
            g_string_append_printf(text, "%s\"%s\": %s", text->len > 1 ? ", " : "", table[i][0],
                                   is_it ? value : table[i][1]);
    }
    if (member != NULL && !is_known)
        g_string_append_printf(text, ", \"%s\": %s", member, value);
    g_string_append(text, "}");
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static GcaRequestFolder *
parse(const char *text, GError **error)
{
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    return gca_request_folder_parse(bytes, "request.json", error);
}

static void
assert_refused(const char *member, const char *value)
{
    g_autofree char *text = request_with(member, value);
    g_autofree char *named = g_strdup_printf("“%s”", member);
    g_autoptr(GError) error = NULL;

    g_test_message("%s: %s", member, value ? value : "missing");
    g_assert_null(parse(text, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
    g_assert_nonnull(strstr(error->message, "“request.json”"));
    g_assert_nonnull(strstr(error->message, named));
}

static void
assert_taken(const char *member, const char *value)
{
    g_autofree char *text = request_with(member, value);
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaRequestFolder) folder = parse(text, &error);

    g_assert_no_error(error);
    g_assert_nonnull(folder);
}

static void
test_each_member_must_be_in_order(void)
{
    static const char *const needed[] = {"version", "tool",    "created", "profile",
                                         "names",   "subject", "key",     "spki_sha256"};
    static const char *const never[] = {
        "null", "true", "2",      "1.0",    "\"\"",          "[]",
        "{}",   "[1]",  "[null]", "[\"\"]", "{\"name\": 1}", "\"a\\u0007b\""};

    assert_taken(NULL, NULL);
    assert_taken("agency", NULL);
    for (guint i = 0; i < G_N_ELEMENTS(needed); i++) {
        assert_refused(needed[i], NULL);
        for (guint j = 0; j < G_N_ELEMENTS(never); j++)
            assert_refused(needed[i], never[j]);
    }
    for (guint j = 0; j < G_N_ELEMENTS(never); j++)
        assert_refused("agency", never[j]);
    assert_refused("more", "1");
    assert_refused("Version", "1");
}

static void
test_no_member_twice(void)
{
    static const char *const members[] = {"version", "tool",   "created", "profile",    "names",
                                          "subject", "agency", "key",     "spki_sha256"};

    for (guint i = 0; i < G_N_ELEMENTS(members); i++) {
        g_autofree char *text = request_with(NULL, NULL);
        g_autoptr(GError) error = NULL;
        text[strlen(text) - 1] = '\0';
        g_autofree char *twice = g_strdup_printf("%s, \"%s\": 1}", text, members[i]);
        g_assert_null(parse(twice, &error));
        g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
    }
}

static void
test_values_that_are_refused(void)
{
    static const char *const cases[][2] = {
        {"version", "\"1\""},
        {"created", "\"2026-11-21\""},
        {"created", "\"2026-11-21T10:30:00+08:00\""},
        {"created", "\"2026-13-21T02:30:00Z\""},
        {"profile", "\"a/b\""},
        {"profile", "\"測試\""},
        {"names", "\"www.example.gov.tw\""},
        {"names", "[\"www.example.gov.tw\", \"www.example.gov.tw\"]"},
        {"names", "[\"../x\"]"},
        {"names", "[\"a/b\"]"},
        {"names", "[\".\"]"},
        {"names", "[\"..\"]"},
        {"names", "[\"a..b\"]"},
        {"names", "[\"-a.tw\"]"},
        {"names", "[\"a.tw.\"]"},
        {"names", "[\"*.\"]"},
        {"names", "[\"*\"]"},
        {"names", "[\"a.*.tw\"]"},
        {"names", "[\"WWW.example.gov.tw\"]"},
        {"names", "[\"例子.政府.tw\"]"},
        {"names", "[\"a b.tw\"]"},
        {"names", "[\"a.tw;rm\"]"},
        {"names", "[\"fe80::1%eth0\"]"},
        {"names", "[\"2001:B000::1\"]"},
        {"names", "[\"2001:b000:0::1\"]"},
        {"subject", "\"www.example.gov.tw\""},
        {"subject", "\"CN=www.example.gov.tw,C=TW\""},
        {"subject", "\"O=a,CN=b\""},
        {"subject", "\"C=TW, O=a\""},
        {"agency", "{\"name\": \"a\", \"more\": \"b\"}"},
        {"agency", "{\"oid\": \"2.16.x\"}"},
        {"agency", "{\"oid\": \"2\"}"},
        {"agency", "{\"oid\": \" 2.16.886\"}"},
        {"agency", "[\"a\"]"},
        {"key", "\"other.pem\""},
        {"key", "\"../privkey.pem\""},
        {"key", "\"file:///a.pem\""},
        {"key", "\"pkcs11:object=a?pin-value=1234\""},
        {"key", "\"pkcs11:object=a?pin-source=file:/a\""},
        {"key", "\"pkcs11:object=a b\""},
        {"spki_sha256", "\"0123\""},
        {"spki_sha256", "\"" SPKI "0\""},
        {"spki_sha256", "\"G123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\""},
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        assert_refused(cases[i][0], cases[i][1]);
    assert_taken("names", "[\"*.example.gov.tw\", \"a\", \"2001:b000::1\", \"192.0.2.1\"]");
    assert_taken("agency", "{\"name\": \"測試署\"}");
}

/* Cut at every byte, and with every byte changed: refused or taken, never more than that. */
static void
test_damaged_at_every_byte(void)
{
    g_autofree char *text = request_with(NULL, NULL);
    gsize length = strlen(text);

    for (gsize i = 0; i < length; i++) {
        g_autofree char *cut = g_strndup(text, i), *changed = g_strdup(text);
        g_assert_null(parse(cut, NULL));
        changed[i] = (char) (changed[i] ^ (1 << (i % 8)));
        GcaRequestFolder *folder = parse(changed, NULL);
        if (folder != NULL)
            gca_request_folder_free(folder);
    }
}

static void
test_example_of_the_docs(void)
{
    g_autofree char *path =
        g_build_filename(g_getenv("GCA_SOURCE_DIR"), "docs", "request-folder.md", NULL);
    g_autofree char *page = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_true(g_file_get_contents(path, &page, NULL, NULL));
    g_auto(GStrv) parts = g_strsplit(page, "```", -1);
    g_assert_true(g_str_has_prefix(parts[1], "json\n"));
    g_autoptr(GcaRequestFolder) folder = parse(parts[1] + strlen("json\n"), &error);
    g_assert_no_error(error);
    g_assert_cmpstr(gca_request_folder_get_cn(folder), ==, "www.agency-test.gov.tw");
}

static char *
put(Fixture *fixture, const char *folder, const char *created)
{
    g_autofree char *path = g_build_filename(fixture->parent, folder, NULL);
    g_autofree char *file = g_build_filename(path, "request.json", NULL);
    g_autofree char *value = created ? g_strdup_printf("\"%s\"", created) : NULL;
    g_autofree char *text = created ? request_with("created", value) : NULL;

    g_assert_cmpint(g_mkdir_with_parents(path, 0700), ==, 0);
    if (text != NULL)
        g_assert_true(g_file_set_contents(file, text, -1, NULL));
    return g_steal_pointer(&file);
}

static void
assert_list(const char *parent, guint n_troubles, const char *const *expected)
{
    g_autoptr(GPtrArray) troubles = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) folders = gca_request_folder_list(parent, troubles, NULL);

    for (guint i = 0; i < troubles->len; i++)
        g_test_message("%s", (char *) g_ptr_array_index(troubles, i));
    g_assert_cmpuint(troubles->len, ==, n_troubles);
    g_assert_cmpuint(folders->len, ==, g_strv_length((char **) expected));
    for (guint i = 0; i < folders->len; i++) {
        const char *path = gca_request_folder_get_path(g_ptr_array_index(folders, i));
        g_autofree char *name = g_path_get_basename(path);
        g_assert_true(g_path_is_absolute(path));
        g_assert_cmpstr(name, ==, expected[i]);
    }
}

static void
test_list_is_oldest_first(Fixture *fixture, const void *data)
{
    static const char *const expected[] = {"c", "a", "b", "d", NULL};
    static const char *const alone[] = {"b", NULL};

    g_free(put(fixture, "b", "2026-11-21T02:30:00Z"));
    g_free(put(fixture, "d", "2026-11-21T02:30:01Z"));
    g_free(put(fixture, "a", "2026-11-21T02:30:00Z"));
    g_free(put(fixture, "c", "2025-11-21T02:30:00Z"));
    g_free(put(fixture, ".gca-AAAAAA", "2025-11-21T02:30:00Z")); /* not whole yet */
    g_free(put(fixture, "empty", NULL));
    g_free(put(fixture, "b/inner/most", "2025-11-21T02:30:00Z"));
    assert_list(fixture->parent, 0, expected);

    g_autofree char *one = g_build_filename(fixture->parent, "b", NULL);
    assert_list(one, 0, alone);
    g_autofree char *missing = g_build_filename(fixture->parent, "missing", NULL);
    g_autoptr(GError) error = NULL;
    g_assert_null(gca_request_folder_list(missing, NULL, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_FILE);
}

static void
test_list_survives_a_hostile_tree(Fixture *fixture, const void *data)
{
    static const char *const expected[] = {"good", NULL};
    g_autofree char *fifo = put(fixture, "fifo", NULL), *big = put(fixture, "big", NULL);
    g_autofree char *folder = put(fixture, "folder", NULL), *broken = put(fixture, "broken", NULL);
    g_autofree char *device = put(fixture, "device", NULL);
    g_autofree char *dangling = put(fixture, "dangling", NULL);
    g_autofree char *loop = put(fixture, "loop", NULL), *deep = put(fixture, "deep", NULL);
    g_autofree char *link = g_build_filename(fixture->parent, "link", NULL);
    g_autofree char *to_self = g_build_filename(fixture->parent, "self", NULL);
    g_autofree char *plain = g_build_filename(fixture->parent, "request.txt", NULL);
    g_autofree char *pipe = g_build_filename(fixture->parent, "pipe", NULL);
    g_autofree char *content = g_strnfill(10 * 1024 * 1024, ' ');
    g_autofree char *brackets = g_strnfill(60 * 1024, '[');

    g_free(put(fixture, "good", "2026-11-21T02:30:00Z"));
    g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);                           /* told: 1 */
    g_assert_true(g_file_set_contents(big, content, -1, NULL));           /* told: 2 */
    g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);                        /* told: 3 */
    g_assert_true(g_file_set_contents(broken, "{\"version\"", -1, NULL)); /* told: 4 */
    g_assert_cmpint(symlink("/dev/zero", device), ==, 0);                 /* told: 5 */
    g_assert_cmpint(symlink("/nonexistent", dangling), ==, 0);            /* told: 6 */
    g_assert_cmpint(symlink("request.json", loop), ==, 0);                /* told: 7 */
    g_assert_true(g_file_set_contents(deep, brackets, -1, NULL));         /* told: 8 */
    g_assert_cmpint(symlink("good", link), ==, 0);                        /* told: 9 */
    g_assert_cmpint(symlink("self", to_self), ==, 0);                     /* told: 10 */
    g_assert_true(g_file_set_contents(plain, "x", -1, NULL));
    g_assert_cmpint(mkfifo(pipe, 0600), ==, 0);
    assert_list(fixture->parent, 10, expected);
    g_autoptr(GPtrArray) folders = gca_request_folder_list(fixture->parent, NULL, NULL);
    g_assert_cmpuint(folders->len, ==, 1);
}

static void
test_no_request_folder(Fixture *fixture, const void *data)
{
    g_autofree char *file = g_build_filename(fixture->parent, "file", NULL);
    g_autofree char *missing = g_build_filename(fixture->parent, "missing", NULL);
    const char *const paths[] = {fixture->parent, file, missing};

    g_assert_true(g_file_set_contents(file, "x", 1, NULL));
    for (guint i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(gca_request_folder_load(paths[i], &error));
        g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
        g_assert_nonnull(strstr(error->message, paths[i]));
    }
}

static X509 *
make_certificate(EVP_PKEY *key, const char *cn)
{
    X509 *certificate = X509_new();
    X509_NAME *name = X509_get_subject_name(certificate);

    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const guchar *) cn, -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 86400);
    X509_set_pubkey(certificate, key);
    g_assert_cmpint(X509_sign(certificate, key, EVP_sha256()), >, 0);
    return certificate;
}

static guint
count_blocks(const GcaRequestFolder *folder, const char *name)
{
    g_autofree char *text = content_of(folder, name);
    g_auto(GStrv) parts = g_strsplit(text, "-----BEGIN CERTIFICATE-----\n", -1);

    g_assert_cmpstr(parts[0], ==, ""); /* and no text before it */
    return g_strv_length(parts) - 1;
}

static void
test_attach(Fixture *fixture, const void *data)
{
    g_autoptr(GcaRequestFolder) folder = create(fixture);
    g_autoptr(X509) leaf = make_certificate(fixture->key, "www.example.gov.tw");
    g_autoptr(X509) newer = make_certificate(fixture->key, "newer.example.gov.tw");
    g_autoptr(GcaX509Stack) chain = sk_X509_new_null(), none = sk_X509_new_null();
    g_autoptr(GError) error = NULL;
    g_autofree char *kept = NULL;
    g_assert_null(gca_request_folder_load_certificate(folder, &error));
    g_assert_no_error(error);
    sk_X509_push(chain, make_certificate(get_key(1), "issuing CA"));
    sk_X509_push(chain, make_certificate(get_key(1), "intermediate CA"));
    g_assert_true(gca_request_folder_attach(folder, leaf, chain, &kept, &error) && !kept);
    g_assert_true(gca_request_folder_holds(folder, leaf, chain));
    g_assert_false(gca_request_folder_holds(folder, leaf, none));
    g_assert_cmpuint(count_blocks(folder, "cert.pem"), ==, 1);
    g_assert_cmpuint(count_blocks(folder, "chain.pem"), ==, 2);
    g_assert_cmpuint(count_blocks(folder, "fullchain.pem"), ==, 3);
    g_autofree char *cert = content_of(folder, "cert.pem"), *rest = content_of(folder, "chain.pem");
    g_autofree char *all = content_of(folder, "fullchain.pem");
    g_autofree char *expected = g_strconcat(cert, rest, NULL);
    g_assert_cmpstr(all, ==, expected);
    g_assert_cmpint(mode_of(folder, "cert.pem"), ==, 0644);
    g_autoptr(X509) loaded = gca_request_folder_load_certificate(folder, NULL);
    g_assert_cmpint(X509_cmp(loaded, leaf), ==, 0);

    /* a renewed one whose chain is not known must not be sent with the old chain */
    g_assert_true(gca_request_folder_attach(folder, newer, none, &kept, &error));
    g_assert_cmpint(mode_of(folder, "chain.pem"), ==, -1);
    g_assert_cmpuint(count_blocks(folder, "fullchain.pem"), ==, 1);
    g_autoptr(X509) renewed = gca_request_folder_load_certificate(folder, NULL);
    g_assert_cmpint(X509_cmp(renewed, newer), ==, 0);
    g_autofree char *earlier = content_of(folder, strrchr(kept, '/') + 1); /* with its chain */
    g_assert_cmpstr(earlier, ==, all);
    g_assert_cmpuint(count(gca_request_folder_get_path(folder)), ==, 6);
}

static void
test_attach_another_key(Fixture *fixture, const void *data)
{
    g_autoptr(GcaRequestFolder) folder = create(fixture);
    g_autoptr(X509) leaf = make_certificate(get_key(1), "www.example.gov.tw");
    g_autoptr(GcaX509Stack) chain = sk_X509_new_null();
    g_autoptr(GError) error = NULL;

    g_assert_false(gca_request_folder_attach(folder, leaf, chain, &(char *){NULL}, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_NO_KEY);
    g_assert_null(strstr(gca_error_get_hint(error), "card"));
    g_assert_cmpuint(count(gca_request_folder_get_path(folder)), ==, 3);
}

/* A disk that is full from fullchain.pem on: write(2) fails with EFBIG. */
static void
test_attach_is_all_or_nothing(Fixture *fixture, const void *data)
{
    static const char *const files[] = {"cert.pem", "chain.pem", "fullchain.pem"};
    g_autoptr(GcaRequestFolder) folder = create(fixture);
    g_autoptr(X509) leaf = make_certificate(fixture->key, "www.example.gov.tw");
    g_autoptr(X509) newer = make_certificate(fixture->key, "newer.example.gov.tw");
    g_autoptr(GcaX509Stack) chain = sk_X509_new_null(), other = sk_X509_new_null();
    g_autoptr(GError) error = NULL;
    struct rlimit limit, before;
    char *contents[G_N_ELEMENTS(files)];

    sk_X509_push(chain, make_certificate(get_key(1), "issuing CA"));
    sk_X509_push(other, make_certificate(get_key(1), "another issuing CA"));
    g_assert_true(gca_request_folder_attach(folder, leaf, chain, &(char *){NULL}, NULL));
    for (guint i = 0; i < G_N_ELEMENTS(files); i++)
        contents[i] = content_of(folder, files[i]);

    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    limit = before;
    limit.rlim_cur = strlen(contents[2]) - 1; /* more than the others have */
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
    gboolean is_attached = gca_request_folder_attach(folder, newer, other, &(char *){NULL}, &error);
    setrlimit(RLIMIT_FSIZE, &before);
    g_assert_false(is_attached);
    g_assert_error(error, GCA_ERROR, GCA_ERROR_FILE);
    g_assert_cmpuint(count(gca_request_folder_get_path(folder)), ==, 6);
    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *now = content_of(folder, files[i]);
        g_assert_cmpstr(now, ==, contents[i]);
        g_free(contents[i]);
    }
}

static void
put_bytes(const Fixture *fixture, const char *folder, const char *name, GBytes *bytes)
{
    g_autofree char *path = g_build_filename(fixture->parent, folder, NULL);
    g_autofree char *file = g_build_filename(path, name, NULL);
    gsize size;
    const char *data = g_bytes_get_data(bytes, &size);

    g_assert_cmpint(g_mkdir_with_parents(path, 0700), ==, 0);
    g_assert_true(g_file_set_contents(file, data, (gssize) size, NULL));
}

static void
assert_key_found(const Fixture *fixture, EVP_PKEY *key, const char *expected)
{
    g_autofree char *spki = gca_key_fingerprint(key);
    g_autofree char *found = gca_request_folder_find_key(fixture->parent, spki);
    g_autofree char *path =
        expected != NULL ? g_build_filename(fixture->parent, expected, NULL) : NULL;

    g_assert_cmpstr(found, ==, path);
}

static void
test_finds_the_key_where_the_request_is_lost(Fixture *fixture, const void *data)
{
    g_autoptr(X509_REQ) other = gca_csr_new(get_key(1), fixture->subject, names, NULL);
    g_autoptr(GBytes) csr = gca_csr_encode(fixture->csr), of_other = gca_csr_encode(other);
    g_autoptr(GBytes) broken = g_bytes_new_static("{", 1);

    gca_request_folder_free(create(fixture));
    put_bytes(fixture, "other", "request.csr.pem", of_other);
    put_bytes(fixture, ".gca-AAAAAA", "request.csr.pem", csr);
    put_bytes(fixture, "deep/inner", "request.csr.pem", csr);
    assert_key_found(fixture, fixture->key, NULL); /* that of a whole one is none of these */
    put_bytes(fixture, "csr", "request.csr.pem", csr);
    assert_key_found(fixture, fixture->key, "csr");
    put_bytes(fixture, "csr", "request.csr.pem", of_other);
    put_bytes(fixture, "key", "privkey.pem", fixture->pem);
    put_bytes(fixture, "key", "request.json", broken);
    assert_key_found(fixture, fixture->key, "key");

    g_autofree char *folder = g_build_filename(fixture->parent, "key", NULL);
    g_autofree char *spki = gca_key_fingerprint(fixture->key);
    g_autofree char *found = gca_request_folder_find_key(folder, spki);
    g_assert_cmpstr(found, ==, folder);
    g_assert_null(gca_request_folder_find_key("/nonexistent", spki));
}

static void
test_key_search_survives_a_hostile_tree(Fixture *fixture, const void *data)
{
    g_autofree char *content = g_strnfill(10 * 1024 * 1024, '-');
    g_autoptr(GBytes) big = g_bytes_new(content, 10 * 1024 * 1024);
    g_autoptr(GBytes) csr = gca_csr_encode(fixture->csr);
    g_autofree char *linked = g_build_filename(fixture->parent, "linked", NULL);
    g_autofree char *elsewhere = g_dir_make_tmp("gca-test-XXXXXX", NULL);
    g_autofree char *there = g_build_filename(elsewhere, "request.csr.pem", NULL);
    static const char *const files[] = {"request.csr.pem", "privkey.pem"};
    gsize size;
    const char *text = g_bytes_get_data(csr, &size);

    g_free(put(fixture, "fifo", NULL));
    g_free(put(fixture, "device", NULL));
    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *pipe = g_build_filename(fixture->parent, "fifo", files[i], NULL);
        g_autofree char *zero = g_build_filename(fixture->parent, "device", files[i], NULL);
        g_assert_cmpint(mkfifo(pipe, 0600), ==, 0);
        g_assert_cmpint(symlink("/dev/zero", zero), ==, 0);
        put_bytes(fixture, "big", files[i], big);
    }
    g_assert_true(g_file_set_contents(there, text, (gssize) size, NULL));
    g_assert_cmpint(symlink(elsewhere, linked), ==, 0);
    assert_key_found(fixture, fixture->key, NULL);
    put_bytes(fixture, "good", "request.csr.pem", csr);
    assert_key_found(fixture, fixture->key, "good");
    remove_tree(elsewhere);
}

static void
test_broken_certificate_is_told(Fixture *fixture, const void *data)
{
    g_autoptr(GcaRequestFolder) folder = create(fixture);
    g_autofree char *path = gca_request_folder_dup_file(folder, "cert.pem");
    g_autoptr(GError) error = NULL;

    g_assert_true(g_file_set_contents(path, "x", 1, NULL));
    g_assert_null(gca_request_folder_load_certificate(folder, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, function) g_test_add(name, Fixture, NULL, set_up, function, tear_down)
    ADD("/csr/folder/has-its-files-with-exact-modes", test_files_and_modes);
    ADD("/csr/folder/request-says-what-was-asked", test_request_says_what_was_asked);
    ADD("/csr/folder/loads-what-was-made", test_loads_what_was_made);
    ADD("/csr/folder/names-a-key-that-lies-elsewhere", test_key_elsewhere);
    ADD("/csr/folder/is-named-after-host-and-time", test_names_of_folders);
    ADD("/csr/folder/never-over-another", test_never_over_another);
    ADD("/csr/folder/what-cannot-be-read-is-not-made", test_what_cannot_be_read_is_not_made);
    g_test_add_func("/csr/folder/each-member-must-be-in-order", test_each_member_must_be_in_order);
    g_test_add_func("/csr/folder/no-member-twice", test_no_member_twice);
    g_test_add_func("/csr/folder/values-that-are-refused", test_values_that_are_refused);
    g_test_add_func("/csr/folder/damaged-at-every-byte", test_damaged_at_every_byte);
    g_test_add_func("/csr/folder/example-of-the-docs-is-taken", test_example_of_the_docs);
    ADD("/csr/folder/list-is-oldest-first", test_list_is_oldest_first);
    ADD("/csr/folder/list-survives-a-hostile-tree", test_list_survives_a_hostile_tree);
    ADD("/csr/folder/what-is-none-is-named", test_no_request_folder);
    ADD("/csr/folder/attach-writes-certificate-and-chain", test_attach);
    ADD("/csr/folder/attach-refuses-the-certificate-of-another-key", test_attach_another_key);
    ADD("/csr/folder/attach-is-all-or-nothing", test_attach_is_all_or_nothing);
    ADD("/csr/folder/finds-the-key-where-the-request-is-lost",
        test_finds_the_key_where_the_request_is_lost);
    ADD("/csr/folder/key-search-survives-a-hostile-tree", test_key_search_survives_a_hostile_tree);
    ADD("/csr/folder/broken-certificate-is-told", test_broken_certificate_is_told);
    return g_test_run();
}
