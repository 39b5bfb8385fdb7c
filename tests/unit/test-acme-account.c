/* ACME accounts as certbot and people hand them over. */
#include "acme/account.h"
#include "base/error.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define URI                                                                                        \
    "https://gtlscaweb.nat.gov.tw:443/ACMEWeb/acct/AaBbCcDdEeFfGgHhIiJjKkLlMmNnOoPpQqRrSsTtUuV"
#define OTHER_URI "https://ca.example/acct/2"
#define REGR "{\"body\": {}, \"uri\": \"" URI "\"}"

/* the key of RFC 7638 section 3.1 with private members made up; certbot's name for it */
#define KEY                                                                                        \
    "{\"kty\": \"RSA\", \"d\": \"AQAB\", \"p\": \"AQAB\", \"e\": \"AQAB\", \"n\": \""              \
    "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECP" \
    "ebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY" \
    "368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0f" \
    "M4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw\"}"
#define KEY_ID "2674c2e26af3eb7de09813275bf2d854"
#define OTHER_ID "0123456789abcdef0123456789abcdef"
#define THUMBPRINT "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"

typedef struct {
    char *folder;
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    fixture->folder = g_dir_make_tmp("gca-account-XXXXXX", &error);
    g_assert_no_error(error);
}

static void
remove_tree(const char *path)
{
    struct stat st;
    if (g_lstat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
        g_autoptr(GDir) directory = g_dir_open(path, 0, NULL);
        const char *name;
        while (directory != NULL && (name = g_dir_read_name(directory)) != NULL) {
            g_autofree char *child = g_build_filename(path, name, NULL);
            remove_tree(child);
        }
    }
    g_remove(path);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    remove_tree(fixture->folder);
    g_free(fixture->folder);
}

static char *
put(Fixture *fixture, const char *name, const char *content)
{
    g_autoptr(GError) error = NULL;
    char *path = g_build_filename(fixture->folder, name, NULL);
    g_autofree char *parent = g_path_get_dirname(path);

    g_assert_cmpint(g_mkdir_with_parents(parent, 0700), ==, 0);
    g_file_set_contents(path, content, -1, &error);
    g_assert_no_error(error);
    return path;
}

static void
put_account(Fixture *fixture, const char *folder, const char *uri)
{
    g_autofree char *name = g_build_filename(folder, "regr.json", NULL);
    g_autofree char *text = g_strdup_printf("{\"body\": {}, \"uri\": \"%s\"}", uri);
    g_free(put(fixture, name, text));
}

static void
link_to(Fixture *fixture, const char *target, const char *name)
{
    g_autofree char *path = g_build_filename(fixture->folder, name, NULL);
    g_assert_cmpint(symlink(target, path), ==, 0);
}

static void
test_file_reads(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = put(fixture, "regr.json", data);
    g_autoptr(GcaAccount) account = gca_account_load(path, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(gca_account_get_uri(account), ==, URI);
    g_assert_cmpstr(gca_account_get_path(account), ==, path);
    g_assert_null(gca_account_get_thumbprint(account));
    g_assert_null(gca_account_get_doubt(account));
}

/* data: content, what the message must speak of */
static void
test_file_refuses(Fixture *fixture, gconstpointer data)
{
    const char *const *row = data;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = put(fixture, "given.json", row[0]);

    g_assert_null(gca_account_load(path, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
    g_assert_nonnull(strstr(error->message, row[1]));
    g_assert_nonnull(strstr(error->message, "given.json"));
    g_assert_null(strstr(error->message, "AQAB")); /* nothing of a key is shown */
}

static void
test_fifo(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(fixture->folder, "regr.json", NULL);

    g_assert_cmpint(mkfifo(path, 0600), ==, 0);
    g_assert_null(gca_account_load(path, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
}

static void
test_missing(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(fixture->folder, "none.json", NULL);

    g_assert_null(gca_account_load(path, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_FILE);
}

static void
test_stdin(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = put(fixture, "regr.json", "\xEF\xBB\xBF" REGR "\r\n");

    int kept = dup(STDIN_FILENO), fd = open(path, O_RDONLY);

    g_assert_cmpint(dup2(fd, STDIN_FILENO), ==, STDIN_FILENO);
    g_autoptr(GcaAccount) account = gca_account_load("-", &error);
    g_assert_cmpint(dup2(kept, STDIN_FILENO), ==, STDIN_FILENO);
    close(kept);
    close(fd);
    g_assert_no_error(error);
    g_assert_cmpstr(gca_account_get_uri(account), ==, URI);
    g_assert_null(gca_account_get_path(account));
}

/* Standard input has no size to look at before. */
static void
test_stdin_too_large(Fixture *fixture, gconstpointer data)
{
    for (gsize more = 0; more < 2; more++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *blanks = g_strnfill(GCA_ACCOUNT_FILE_LIMIT - strlen(REGR) + more, ' ');
        g_autofree char *text = g_strconcat(REGR, blanks, NULL);
        g_autofree char *path = put(fixture, "regr.json", text);
        int kept = dup(STDIN_FILENO), fd = open(path, O_RDONLY);

        g_assert_cmpint(dup2(fd, STDIN_FILENO), ==, STDIN_FILENO);
        g_autoptr(GcaAccount) account = gca_account_load("-", &error);
        g_assert_cmpint(dup2(kept, STDIN_FILENO), ==, STDIN_FILENO);
        close(kept);
        close(fd);
        g_assert_cmpint(account != NULL, ==, more == 0);
        if (more > 0)
            g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
    }
}

/* data: the folder's name */
static void
test_key(Fixture *fixture, gconstpointer data)
{
    const char *id = data;
    g_autoptr(GError) error = NULL;
    g_autofree char *key_name = g_build_filename(id, "private_key.json", NULL);

    g_free(put(fixture, key_name, KEY));
    put_account(fixture, id, URI);
    g_autoptr(GcaAccount) account = gca_account_load(fixture->folder, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(gca_account_get_thumbprint(account), ==, THUMBPRINT);
    g_assert_cmpint(gca_account_get_doubt(account) != NULL, ==, g_str_equal(id, OTHER_ID));
}

static void
test_key_useless(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    g_free(put(fixture, OTHER_ID "/private_key.json", data));
    put_account(fixture, OTHER_ID, URI);
    g_autoptr(GcaAccount) account = gca_account_load(fixture->folder, &error);
    g_assert_no_error(error);
    g_assert_null(gca_account_get_thumbprint(account));
    g_assert_null(gca_account_get_doubt(account));
}

static void
test_folder_one(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    const char *deep = "accounts/gtlscaweb.nat.gov.tw/ACMEWeb/directory/" KEY_ID;

    put_account(fixture, deep, URI);
    g_free(put(fixture, "renewal/www.conf", "[renewalparams]\n"));
    g_autoptr(GcaAccount) account = gca_account_load(fixture->folder, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(gca_account_get_uri(account), ==, URI);
    g_assert_true(g_str_has_suffix(gca_account_get_path(account), KEY_ID "/regr.json"));
}

static void
test_folder_several(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    put_account(fixture, "b", OTHER_URI);
    put_account(fixture, "a", URI);
    g_assert_null(gca_account_load(fixture->folder, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
    const char *first = strstr(error->message, "/a/regr.json  " URI);
    const char *second = strstr(error->message, "/b/regr.json  " OTHER_URI);
    g_assert_nonnull(first);
    g_assert_nonnull(second);
    g_assert_true(first < second);
}

static void
test_folder_none(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(gca_account_load(fixture->folder, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
}

/* certbot links the folder of an old directory to that of the new one */
static void
test_folder_links(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    put_account(fixture, "host/new/" KEY_ID, URI);
    link_to(fixture, "new", "host/old");
    link_to(fixture, "..", "host/new/up");
    link_to(fixture, "nowhere", "host/dangling");
    g_autoptr(GcaAccount) account = gca_account_load(fixture->folder, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(gca_account_get_uri(account), ==, URI);
}

static void
test_folder_link_outside(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *start = g_build_filename(fixture->folder, "accounts", NULL);

    put_account(fixture, "elsewhere", URI);
    g_assert_cmpint(g_mkdir(start, 0700), ==, 0);
    link_to(fixture, "../elsewhere", "accounts/" KEY_ID);
    g_autoptr(GcaAccount) account = gca_account_load(start, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(gca_account_get_uri(account), ==, URI);
}

static void
test_folder_too_deep(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    put_account(fixture, "1/2/3/4/5/6/7/8/9", URI);
    g_assert_null(gca_account_load(fixture->folder, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
}

static void
test_find_unreadable(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) unreadable = g_ptr_array_new_with_free_func(g_free);

    put_account(fixture, "good", URI);
    g_free(put(fixture, "bad/regr.json", "{\"uri\": 1}"));
    g_autoptr(GPtrArray) found = gca_account_find(fixture->folder, unreadable, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(found->len, ==, 1);
    g_assert_cmpuint(unreadable->len, ==, 1);
    g_assert_nonnull(strstr(g_ptr_array_index(unreadable, 0), "bad/regr.json"));
}

static void
test_no_permission(Fixture *fixture, gconstpointer data)
{
    const char *name = data;
    g_autoptr(GError) error = NULL;
    put_account(fixture, "locked", URI);
    g_autofree char *path = g_build_filename(fixture->folder, name, NULL);

    if (geteuid() == 0) /* root may read all: be nobody for a moment */
        g_assert_cmpint(chown(fixture->folder, 65534, 65534), ==, 0);
    g_assert_cmpint(chmod(path, 0), ==, 0);
    gboolean was_root = geteuid() == 0;
    if (was_root)
        g_assert_cmpint(seteuid(65534), ==, 0);
    g_assert_null(gca_account_load(path, &error));
    if (was_root)
        g_assert_cmpint(seteuid(0), ==, 0);
    g_assert_cmpint(chmod(path, 0700), ==, 0);
    g_assert_error(error, GCA_ERROR, GCA_ERROR_FILE);
    g_assert_nonnull(strstr(gca_error_get_hint(error), "sudo"));
}

static void
test_uri_itself(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaAccount) account = gca_account_load(URI, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(gca_account_get_uri(account), ==, URI); /* verbatim, with :443 */
    g_assert_null(gca_account_get_path(account));
}

static void
test_uri_refuses(gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    g_assert_false(gca_account_check_uri(data, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
}

static void
test_uri_too_long(void)
{
    g_autofree char *tail = g_strnfill(3000, 'a');
    g_autofree char *uri = g_strconcat("https://ca.example/", tail, NULL);

    test_uri_refuses(uri);
}

/* RFC 3986 sections 6.2.2.1 and 6.2.3; the path is the server's own and compared as it is */
static void
test_uri_is_of_server(void)
{
    g_assert_true(
        gca_account_uri_is_of_server("https://CA.example:443/a", "https://ca.example/dir"));
    g_assert_false(
        gca_account_uri_is_of_server("https://ca.example:24000/a", "https://ca.example/a"));
    g_assert_false(gca_account_uri_is_of_server("https://ca.example/a", "https://ca.example.tw/a"));
    g_assert_false(gca_account_uri_is_of_server("https://ca.example/a", "http://ca.example/a"));
}

static void
test_uri_equal(void)
{
    g_assert_true(gca_account_uri_equal(URI, URI));
    g_assert_true(gca_account_uri_equal("https://CA.example:443/a", "https://ca.EXAMPLE/a"));
    g_assert_true(gca_account_uri_equal("HTTPS://ca.example/a", "https://ca.example:/a"));
    g_assert_false(gca_account_uri_equal("https://ca.example:8443/a", "https://ca.example/a"));
    g_assert_false(gca_account_uri_equal("https://ca.example/a", "https://ca.example/A"));
    g_assert_false(gca_account_uri_equal("https://ca.example/%61", "https://ca.example/a"));
    g_assert_false(gca_account_uri_equal("https://ca.example/a?1", "https://ca.example/a"));
    g_assert_false(gca_account_uri_equal("https://ca.example/a", "https://ca.example.tw/a"));
    g_assert_false(gca_account_uri_equal("http://ca.example/a", "http://ca.example/a"));
}

#define ADD(path, data, func) g_test_add(path, Fixture, data, set_up, func, tear_down)

static void
add_refusals(void)
{
    static const struct {
        const char *path, *row[2];
    } refusals[] = {
        {"/account/file/refuses-no-uri", {"{\"body\": {}}", "“uri”"}},
        {"/account/file/refuses-uri-not-text", {"{\"uri\": 7}", "“uri”"}},
        {"/account/file/refuses-http", {"{\"uri\": \"http://ca.example/1\"}", "https://"}},
        {"/account/file/refuses-array", {"[1]", "object"}},
        {"/account/file/refuses-malformed", {"{\"uri\": ", "line 1"}},
        {"/account/file/refuses-duplicate-uri",
         {"{\"uri\": \"" URI "\", \"uri\": \"" OTHER_URI "\"}", "JSON"}},
        {"/account/file/refuses-empty", {"", "empty"}},
        {"/account/file/names-private-key", {KEY, "private_key.json"}},
        {"/account/file/names-meta",
         {"{\"creation_dt\": \"2026-01-01T00:00:00Z\", \"creation_host\": \"h\"}", "meta.json"}},
        {"/account/file/names-pem", {"-----BEGIN RSA PRIVATE KEY-----\nAQAB\n", "PEM"}},
        {"/account/file/names-binary", {"\xff\xfe{", "binary"}},
    };

    for (guint i = 0; i < G_N_ELEMENTS(refusals); i++)
        ADD(refusals[i].path, refusals[i].row, test_file_refuses);
}

static void
add_uris(void)
{
    static const struct {
        const char *path, *uri;
    } rows[] = {
        {"/account/uri/refuses/http", "http://ca.example/acct/1"},
        {"/account/uri/refuses/relative", "/acct/1"},
        {"/account/uri/refuses/no-host", "https:///acct/1"},
        {"/account/uri/refuses/user", "https://me@ca.example/acct/1"},
        {"/account/uri/refuses/empty-user", "https://@ca.example/acct/1"},
        {"/account/uri/refuses/fragment", "https://ca.example/acct/1#x"},
        {"/account/uri/refuses/empty-fragment", "https://ca.example/acct/1#"},
        {"/account/uri/refuses/blank", "https://ca.example/acct 1"},
        {"/account/uri/refuses/leading-blank", " https://ca.example/acct/1"},
        {"/account/uri/refuses/line-feed", "https://ca.example/acct/1\n"},
        {"/account/uri/refuses/non-ascii", "https://ca.example/帳號"},
        {"/account/uri/refuses/angle", "https://ca.example/<1>"},
        {"/account/uri/refuses/port-zero", "https://ca.example:0/acct/1"},
        {"/account/uri/refuses/port-too-big", "https://ca.example:65536/acct/1"},
        {"/account/uri/refuses/bad-escape", "https://ca.example/%zz"},
        {"/account/uri/refuses/empty", ""},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
        g_test_add_data_func(rows[i].path, rows[i].uri, test_uri_refuses);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    ADD("/account/file/today", REGR, test_file_reads);
    ADD("/account/file/old",
        "{\"body\": {\"contact\": [\"mailto:a@b.tw\"], \"agreement\": \"https://x.tw\", \"key\": "
        "{\"kty\": \"RSA\"}}, \"uri\": \"" URI
        "\", \"new_authzr_uri\": \"https://x.tw\", \"terms_of_service\": null}",
        test_file_reads);
    ADD("/account/file/bom-and-blanks", "\xEF\xBB\xBF" REGR " \r\n\r\n", test_file_reads);
    ADD("/account/file/fifo-is-refused", NULL, test_fifo);
    ADD("/account/file/missing", NULL, test_missing);
    ADD("/account/stdin/is-read", NULL, test_stdin);
    ADD("/account/stdin/too-large", NULL, test_stdin_too_large);
    add_refusals();
    ADD("/account/key/gives-thumbprint", KEY_ID, test_key);
    ADD("/account/key/other-folder-is-doubtful", OTHER_ID, test_key);
    ADD("/account/key/folder-that-is-no-id-is-not", "desk", test_key);
    ADD("/account/key/malformed-is-passed-over", "{", test_key_useless);
    ADD("/account/key/unknown-type-is-passed-over", "{\"kty\": \"OKP\"}", test_key_useless);
    ADD("/account/folder/one-is-taken", NULL, test_folder_one);
    ADD("/account/folder/several-are-listed", NULL, test_folder_several);
    ADD("/account/folder/none", NULL, test_folder_none);
    ADD("/account/folder/links-do-not-loop-or-double", NULL, test_folder_links);
    ADD("/account/folder/linked-account-is-found", NULL, test_folder_link_outside);
    ADD("/account/folder/depth-has-a-limit", NULL, test_folder_too_deep);
    ADD("/account/folder/unreadable-are-told", NULL, test_find_unreadable);
    ADD("/account/no-permission/file-hints-at-sudo", "locked/regr.json", test_no_permission);
    ADD("/account/no-permission/folder-hints-at-sudo", "locked", test_no_permission);
    g_test_add_func("/account/uri/taken-verbatim", test_uri_itself);
    add_uris();
    g_test_add_func("/account/uri/refuses/too-long", test_uri_too_long);
    g_test_add_func("/account/uri/equal", test_uri_equal);
    g_test_add_func("/account/uri/is-of-server", test_uri_is_of_server);
    return g_test_run();
}
