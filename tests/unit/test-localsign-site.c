/* Origins and the file of those that may use the card. */
#include "base/error.h"
#include "localsign/site.h"
#include "test-home.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SITE "https://www.example.gov.tw"
#define OTHER "https://other.example.gov.tw"
#define FILE_LIMIT (64 * 1024)

static void
assert_parses(const char *text, gboolean allow_loopback, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *origin = gca_site_parse(text, allow_loopback, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(origin, ==, expected);
}

static void
assert_refused(const char *text, gboolean allow_loopback)
{
    g_autoptr(GError) error = NULL;

    if (gca_site_parse(text, allow_loopback, &error) != NULL)
        g_error("“%s” was taken", text);
    g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
}

static void
test_origins(void)
{
    assert_parses(SITE, FALSE, SITE);
    assert_parses("WWW.Example.gov.tw", FALSE, SITE);
    assert_parses("HTTPS://www.example.gov.tw:443/", FALSE, SITE);
    assert_parses("https://www.example.gov.tw:8443", FALSE, SITE ":8443");
    assert_parses("https://[2001:DB8::1]", FALSE, "https://[2001:db8::1]");
    assert_parses("測試.example.gov.tw", FALSE, "https://xn--g6w251d.example.gov.tw");
    assert_parses("www.example.gov.tw.", FALSE, SITE);
    assert_parses("https://www.example.gov.tw.:8443", FALSE, SITE ":8443");
    assert_parses("192.0.2.1", FALSE, "https://192.0.2.1");
    assert_parses("1a.0xg", FALSE, "https://1a.0xg");
    assert_parses("http://localhost:8080", TRUE, "http://localhost:8080");
    assert_parses("http://[::1]:80", TRUE, "http://[::1]");
}

static void
test_refused(void)
{
    static const char *const texts[] = {
        "",
        "https://",
        "https://.",
        "www.example.gov.tw..",
        "http://www.example.gov.tw",
        "ftp://www.example.gov.tw",
        "file:///etc/passwd",
        "javascript://www.example.gov.tw",
        "https://a@www.example.gov.tw",
        "https://www.example.gov.tw/path",
        "https://www.example.gov.tw?x",
        "https://www.example.gov.tw#x",
        "https://www.example.gov.tw:0",
        "https://www.example.gov.tw:65536",
        "-a.example.gov.tw",
        "a-.example.gov.tw",
        "a_b.example.gov.tw",
        "www..example.gov.tw",
        "a234567890123456789012345678901234567890123456789012345678901234.tw",
        "0x7f000001",
        "0x",
        "2130706433",
        "127.1",
        "www.example.0x1f",
        "127.0.0.01",
        "https://[::g]",
        "https://[1:2]",
    };

    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        assert_refused(texts[i], TRUE);
    assert_refused("http://localhost:8080", FALSE);
}

/* GUri decodes the host: a blank or “#” in it would make another site of the line in the file. */
static void
test_host_ends_no_word(void)
{
    assert_refused("https://www.example.gov.tw%20.evil.example", TRUE);
    assert_refused("https://www.example.gov.tw%23.evil.example", TRUE);
    assert_refused("https://www.example.gov.tw%0a.evil.example", TRUE);
    assert_refused("www.example.gov.tw .evil.example", TRUE);
}

static gboolean
is_trusted(const char *origin)
{
    GcaSiteTrust trust;

    return gca_site_look_up(origin, &trust, NULL) && trust.is_trusted;
}

static void
test_trust(void)
{
    g_autofree char *path = gca_site_dup_path();
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    gsize size;
    GStatBuf status;

    g_assert_false(is_trusted(SITE));
    g_assert_true(gca_site_trust(SITE, &error));
    g_assert_true(gca_site_trust(SITE, &error));
    g_assert_true(gca_site_trust(OTHER, &error));
    g_assert_true(is_trusted(SITE) && is_trusted(OTHER));
    g_assert_false(is_trusted("https://www.example.gov.tw:8443"));
    g_assert_false(is_trusted("https://w.example.gov.tw"));
    g_assert_cmpint(g_stat(path, &status), ==, 0);
    g_assert_cmpuint(status.st_mode & 0777, ==, 0600);
    g_assert_true(g_file_get_contents(path, &text, &size, NULL));
    g_assert_true(strstr(text, SITE) == g_strrstr(text, SITE));
    g_unlink(path);
}

/* What a person has written stays, and counts. */
static void
test_own_lines(void)
{
    g_autofree char *path = gca_site_dup_path();
    g_autofree char *text = NULL;
    GcaSiteTrust trust;
    const char *mine = "# mine\r\n"
                       "\t" SITE " sha1 # old machine\r\n"
                       "#" OTHER "\n"
                       "http://localhost:8080\n"
                       "http://evil.example\n"
                       "not an address\n"
                       "bare.example.gov.tw";

    g_assert_true(g_file_set_contents(path, mine, -1, NULL));
    g_assert_true(gca_site_look_up(SITE, &trust, NULL));
    g_assert_true(trust.is_trusted && trust.allows_sha1);
    g_assert_true(gca_site_look_up("http://localhost:8080", &trust, NULL));
    g_assert_true(trust.is_trusted && !trust.allows_sha1);
    g_assert_false(is_trusted("http://evil.example"));
    g_assert_true(is_trusted("https://bare.example.gov.tw"));
    g_assert_false(is_trusted(OTHER));
    g_assert_true(gca_site_trust(OTHER, NULL));
    g_assert_true(is_trusted(OTHER) && is_trusted("https://bare.example.gov.tw"));
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_true(g_str_has_prefix(text, mine));
    g_unlink(path);
}

/* As Windows' editors write it, and kept elsewhere, readable for others. */
static void
test_mark_and_link(void)
{
    g_autofree char *path = gca_site_dup_path();
    g_autofree char *real = g_strconcat(path, ".real", NULL);
    g_autofree char *text = NULL;
    GStatBuf status;

    g_assert_true(g_file_set_contents(real, "\xEF\xBB\xBF" SITE "\r\n", -1, NULL));
    g_assert_cmpint(g_chmod(real, 0640), ==, 0);
    g_assert_cmpint(symlink(real, path), ==, 0);
    g_assert_true(is_trusted(SITE));
    g_assert_true(gca_site_trust(OTHER, NULL));
    g_assert_true(g_file_test(path, G_FILE_TEST_IS_SYMLINK));
    g_assert_cmpint(g_stat(real, &status), ==, 0);
    g_assert_cmpuint(status.st_mode & 0777, ==, 0640);
    g_assert_true(g_file_get_contents(real, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, "\xEF\xBB\xBF" SITE "\r\n" OTHER "\n");
    g_unlink(path);
    g_unlink(real);
}

/* Its disk may come back: the link stays, and says so. */
static void
test_link_to_nowhere(void)
{
    g_autofree char *path = gca_site_dup_path();
    g_autofree char *real = g_strconcat(path, ".real", NULL);
    g_autoptr(GError) error = NULL, again = NULL;

    g_assert_cmpint(symlink(real, path), ==, 0);
    g_assert_false(is_trusted(SITE));
    g_assert_false(gca_site_trust(SITE, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_FILE);
    g_assert_nonnull(strstr(error->message, "is a link to a file that is not there"));
    g_assert_false(gca_site_check_file(&again));
    g_assert_true(g_file_test(path, G_FILE_TEST_IS_SYMLINK));
    g_assert_false(g_file_test(real, G_FILE_TEST_EXISTS));
    g_assert_true(g_file_set_contents(real, "", 0, NULL));
    g_assert_true(gca_site_check_file(NULL) && gca_site_trust(SITE, NULL) && is_trusted(SITE));
    g_assert_true(g_file_test(path, G_FILE_TEST_IS_SYMLINK));
    g_unlink(path);
    g_unlink(real);
}

/* Nobody is trusted, and the file is as it was. */
static void
assert_unreadable(const char *words)
{
    GcaSiteTrust trust = {TRUE, TRUE};
    g_autoptr(GError) look = NULL, yes = NULL, room = NULL, check = NULL;

    g_assert_false(gca_site_look_up(SITE, &trust, &look));
    g_assert_error(look, GCA_ERROR, GCA_ERROR_FILE);
    g_assert_nonnull(strstr(look->message, words));
    g_assert_nonnull(strstr(gca_error_get_hint(look), "no site may use the card meanwhile"));
    g_assert_true(!trust.is_trusted && !trust.allows_sha1);
    g_assert_false(gca_site_check_room(OTHER, &room));
    g_assert_error(room, GCA_ERROR, GCA_ERROR_FILE);
    g_assert_false(gca_site_trust(OTHER, &yes));
    g_assert_error(yes, GCA_ERROR, GCA_ERROR_FILE);
    g_assert_false(gca_site_check_file(&check));
    g_assert_error(check, GCA_ERROR, GCA_ERROR_FILE);
}

static void
test_unreadable(void)
{
    g_autofree char *path = gca_site_dup_path();
    g_autofree char *large = g_strnfill(FILE_LIMIT + 1, '#');

    g_assert_cmpint(g_mkdir(path, 0700), ==, 0);
    assert_unreadable("is a folder, not a file");
    g_assert_cmpint(g_rmdir(path), ==, 0);
    g_assert_cmpint(mkfifo(path, 0600), ==, 0);
    assert_unreadable("is a pipe (FIFO), not a file");
    g_unlink(path);
    g_assert_true(g_file_set_contents(path, large, -1, NULL));
    assert_unreadable("is larger than the 65536 bytes");
    g_unlink(path);
}

/* Its folder is a file: that is no list without lines. */
static void
test_folder_is_none(void)
{
    g_autofree char *path = gca_site_dup_path();
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *away = g_strconcat(folder, ".away", NULL);

    g_assert_cmpint(g_rename(folder, away), ==, 0);
    g_assert_true(g_file_set_contents(folder, "", 0, NULL));
    assert_unreadable("cannot be opened");
    g_unlink(folder);
    g_assert_cmpint(g_rename(away, folder), ==, 0);
}

/* What stands behind a NUL, and in each other character of UTF-16, would be lost at a yes. */
static void
test_no_text(void)
{
    static const struct {
        const char *data;
        gsize size;
        const char *words;
    } rows[] = {
#define ROW(text, words) {text, sizeof text - 1, words}
        ROW("\xFF\xFEh\0t\0t\0p\0s\0", "line 1 holds a zero byte"),
        ROW(SITE "\n" OTHER "\0.evil.example\n" SITE "\n", "line 2 holds a zero byte"),
        ROW(SITE "\n\n\0", "line 3 holds a zero byte"),
#undef ROW
    };
    g_autofree char *path = gca_site_dup_path();

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *after = NULL;
        gsize size;
        g_assert_true(g_file_set_contents(path, rows[i].data, (gssize) rows[i].size, NULL));
        assert_unreadable(rows[i].words);
        g_assert_true(g_file_get_contents(path, &after, &size, NULL));
        g_assert_cmpmem(after, size, rows[i].data, rows[i].size);
    }
    g_unlink(path);
}

/* A yes that makes it larger than what is read again is not kept: the rest would be lost with it.
 */
static void
test_no_room(void)
{
    const gsize line = strlen(SITE "\n");
    g_autofree char *path = gca_site_dup_path();
    g_autofree char *text = g_strnfill(FILE_LIMIT - line, '#');
    g_autofree char *after = NULL;
    g_autoptr(GError) error = NULL, again = NULL;

    text[strlen(text) - 1] = '\n';
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_assert_true(gca_site_check_room(SITE, NULL) && gca_site_trust(SITE, NULL));
    g_assert_true(is_trusted(SITE) && gca_site_trust(SITE, NULL));
    g_assert_false(gca_site_check_room(OTHER, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_FILE);
    g_assert_nonnull(strstr(error->message, "has no room for one more site"));
    g_assert_false(gca_site_trust(OTHER, &again));
    g_assert_error(again, GCA_ERROR, GCA_ERROR_FILE);
    g_assert_true(g_file_get_contents(path, &after, NULL, NULL));
    g_assert_cmpuint(strlen(after), ==, FILE_LIMIT);
    g_assert_false(gca_site_check_file(NULL));
    g_assert_true(g_str_has_suffix(after, "\n" SITE "\n") && is_trusted(SITE));
    g_unlink(path);
}

int
main(int argc, char **argv)
{
    char *home = test_home_enter();

    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/localsign/site/origins", test_origins);
    g_test_add_func("/localsign/site/refused", test_refused);
    g_test_add_func("/localsign/site/host-ends-no-word", test_host_ends_no_word);
    g_test_add_func("/localsign/site/trust", test_trust);
    g_test_add_func("/localsign/site/own-lines", test_own_lines);
    g_test_add_func("/localsign/site/mark-and-link", test_mark_and_link);
    g_test_add_func("/localsign/site/link-to-nowhere", test_link_to_nowhere);
    g_test_add_func("/localsign/site/unreadable", test_unreadable);
    g_test_add_func("/localsign/site/folder-is-none", test_folder_is_none);
    g_test_add_func("/localsign/site/no-text", test_no_text);
    g_test_add_func("/localsign/site/no-room", test_no_room);
    int status = g_test_run();
    test_home_leave(home, NULL);
    return status;
}
