/* Accounts of lego, acme.sh and dehydrated beside certbot's, each in its own layout. */
#include "acme/account-private.h"
#include "acme/account.h"
#include "base/error.h"
#include "tests/unit/test-acme-rfc-keys.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define URI "https://acme.example.gov.tw:14000/acct/1"
#define LEGO                                                                                       \
    "{\"email\":\"test@example.com\",\"registration\":{\"body\":{\"status\":\"valid\","            \
    "\"contact\":"                                                                                 \
    "[\"mailto:test@example.com\"]},\"uri\":\"" URI "\"}}"
#define CA_CONF                                                                                    \
    "CA_KEY_HASH='aaaa='\nACCOUNT_URL='" URI "'\nCA_EMAIL='test@example.com'\n"                    \
    "CA_EAB_HMAC_KEY='c2VjcmV0'\n"
/* the URL of the directory and a line feed in base64url, as dehydrated names the folder */
#define HASH "aHR0cHM6Ly9hY21lLmV4YW1wbGUuZ292LnR3OjE0MDAwL2Rpcgo"
#define DIRECTORY "https://acme.example.gov.tw:14000/dir"
/* the key of RFC 7515 appendix A.3 in PEM; its thumbprint by python3-cryptography and hashlib */
#define A3_PEM                                                                                     \
    "-----BEGIN PRIVATE KEY-----\n"                                                                \
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgjpsQnnGQmL+YBIff\n"                           \
    "H1136cspYG6+0iY7X1fCE9+E9LKhRANCAAR/zc4ncPbEXUGDy+5v20t7WAczNXvp\n"                           \
    "7xO6z248e9FURcfxRM0bvZt+hyzf7bnuufSzaV1uqQskrYpGIyiFiOWt\n"                                   \
    "-----END PRIVATE KEY-----\n"
#define A3_THUMBPRINT "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U"

typedef struct {
    char *folder;
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer data)
{
    fixture->folder = g_dir_make_tmp("gca-clients-XXXXXX", NULL);
}

static void
remove_tree(const char *path)
{
    const char *argv[] = {"rm", "-rf", path, NULL};

    g_spawn_sync(NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                 NULL);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    remove_tree(fixture->folder);
    g_free(fixture->folder);
}

static void
put(Fixture *fixture, const char *name, const char *content)
{
    g_autofree char *path = g_build_filename(fixture->folder, name, NULL);
    g_autofree char *parent = g_path_get_dirname(path);

    g_assert_cmpint(g_mkdir_with_parents(parent, 0700), ==, 0);
    g_assert_true(g_file_set_contents(path, content, -1, NULL));
}

static GPtrArray *
find(Fixture *fixture, GPtrArray *unreadable)
{
    g_autoptr(GError) error = NULL;
    GPtrArray *found = gca_account_find(fixture->folder, unreadable, &error);

    g_assert_no_error(error);
    return found;
}

typedef struct {
    const char *test, *file, *content, *client, *server, *directory, *email, *key;
} Layout;

static const Layout layouts[] = {
    {"/clients/certbot", "accounts/acme.example.gov.tw:14000/dir/" /* … */ "id/regr.json",
     "{\"body\":{\"contact\":[\"tel:1\",\"mailto:test@example.com\"]},\"uri\":\"" URI "\"}",
     "certbot", "acme.example.gov.tw:14000", DIRECTORY, "test@example.com", "private_key.json"},
    {"/clients/certbot-on-windows", "accounts/acme.example.gov.tw_14000/dir/id/regr.json",
     "{\"body\":{},\"uri\":\"" URI "\"}", "certbot", "acme.example.gov.tw:14000", DIRECTORY, NULL,
     "private_key.json"},
    {"/clients/lego", "accounts/acme.example.gov.tw_14000/a@example.com/account.json", LEGO, "lego",
     "acme.example.gov.tw:14000", NULL, "test@example.com", "keys/a@example.com.key"},
    {"/clients/lego-without-email", "accounts/acme.example.gov.tw/a@example.com/account.json",
     "{\"registration\":{\"uri\":\"" URI "\"}}", "lego", "acme.example.gov.tw", NULL,
     "a@example.com", "keys/a@example.com.key"},
    {"/clients/acme.sh", ".acme.sh/ca/acme.example.gov.tw/dir/ca.conf", CA_CONF, "acme.sh",
     "acme.example.gov.tw:14000", DIRECTORY, "test@example.com", "account.key"},
    {"/clients/acme.sh-before-2.9", ".acme.sh/ca/other.example.gov.tw/ca.conf",
     "ACCOUNT_URL='" URI "'\n", "acme.sh", "other.example.gov.tw", NULL, NULL, "account.key"},
    {"/clients/dehydrated", "accounts/" HASH "/account_id.json", "{\"url\":\"" URI "\"}",
     "dehydrated", "acme.example.gov.tw:14000", DIRECTORY, NULL, "account_key.pem"},
    {"/clients/dehydrated-in-another-folder", "accounts/mine/account_id.json",
     "{\"url\":\"" URI "\"}", "dehydrated", NULL, NULL, NULL, "account_key.pem"},
};

static void
test_layout(Fixture *fixture, gconstpointer data)
{
    const Layout *layout = data;
    g_autofree char *parent = g_path_get_dirname(layout->file);
    g_autofree char *key = g_build_filename(parent, layout->key, NULL);

    put(fixture, layout->file, layout->content);
    put(fixture, key, g_str_has_suffix(key, ".json") ? A3_KEY : A3_PEM);
    g_autoptr(GPtrArray) unreadable = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) found = find(fixture, unreadable);
    g_assert_cmpuint(unreadable->len, ==, 0);
    g_assert_cmpuint(found->len, ==, 1);
    GcaAccount *account = g_ptr_array_index(found, 0);
    g_assert_cmpstr(gca_account_get_uri(account), ==, URI);
    g_assert_cmpstr(gca_account_get_client(account), ==, layout->client);
    g_assert_cmpstr(gca_account_get_server(account), ==, layout->server);
    g_assert_cmpstr(gca_account_get_directory(account), ==, layout->directory);
    g_assert_cmpstr(gca_account_get_email(account), ==, layout->email);
    g_assert_true(g_str_has_suffix(gca_account_get_key_path(account), key));
    g_assert_true(gca_account_is_key_readable(account));
    g_assert_cmpstr(gca_account_get_thumbprint(account), ==, A3_THUMBPRINT);
    g_assert_null(gca_account_get_doubt(account));
}

/* acme.sh keeps an account.json beside ca.conf, which is no account of lego */
static void
test_both_of_acme_sh(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GPtrArray) unreadable = g_ptr_array_new_with_free_func(g_free);

    put(fixture, "ca/acme.example.gov.tw/dir/ca.conf", CA_CONF);
    put(fixture, "ca/acme.example.gov.tw/dir/account.json", "{\"status\":\"valid\"}");
    g_autoptr(GPtrArray) found = find(fixture, unreadable);
    g_assert_cmpuint(found->len, ==, 1);
    g_assert_cmpuint(unreadable->len, ==, 0);
    g_assert_null(gca_account_get_key_path(g_ptr_array_index(found, 0)));
    g_assert_false(gca_account_is_key_readable(g_ptr_array_index(found, 0)));
}

static void
test_dehydrated_email(Fixture *fixture, gconstpointer data)
{
    put(fixture, HASH "/account_id.json", "{\"url\":\"" URI "\"}");
    put(fixture, HASH "/registration_info.json",
        "{\"status\":\"valid\",\"contact\":[\"mailto:test@example.com\"]}");
    g_autoptr(GPtrArray) found = find(fixture, NULL);
    g_assert_cmpuint(found->len, ==, 1);
    g_assert_cmpstr(gca_account_get_email(g_ptr_array_index(found, 0)), ==, "test@example.com");
}

static void
test_dehydrated_without_id(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GPtrArray) unreadable = g_ptr_array_new_with_free_func(g_free);

    put(fixture, HASH "/registration_info.json", "{\"status\":\"valid\"}");
    g_autoptr(GPtrArray) found = find(fixture, unreadable);
    g_assert_cmpuint(found->len, ==, 0);
    g_assert_cmpuint(unreadable->len, ==, 1);
    g_assert_nonnull(strstr(g_ptr_array_index(unreadable, 0), "dehydrated --account"));
}

/* data: content of ca.conf, words */
static void
test_ca_conf_refused(Fixture *fixture, gconstpointer data)
{
    const char *const *row = data;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(fixture->folder, "ca.conf", NULL);

    put(fixture, "ca.conf", row[0]);
    g_assert_null(gca_account_load(path, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_BAD_DATA);
    g_assert_nonnull(strstr(error->message, row[1]));
    g_assert_null(strstr(error->message, "c2VjcmV0"));
}

static void
test_odd_files(Fixture *fixture, gconstpointer data)
{
    static const char *const names[] = {"a/regr.json", "b/account.json", "c/ca.conf",
                                        "d/account_id.json"};
    g_autoptr(GPtrArray) unreadable = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(fixture->folder, names[i], NULL);
        g_autofree char *parent = g_path_get_dirname(path);
        g_assert_cmpint(g_mkdir(parent, 0700), ==, 0);
        g_assert_cmpint(mkfifo(path, 0600), ==, 0);
    }
    put(fixture, "e/account_id.json", "{\"url\":\"" URI "\"}");
    g_autofree char *fifo = g_build_filename(fixture->folder, "e", "account_key.pem", NULL);
    g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
    g_autofree char *registration =
        g_build_filename(fixture->folder, "e", "registration_info.json", NULL);
    g_assert_cmpint(mkfifo(registration, 0600), ==, 0);
    g_autoptr(GPtrArray) found = find(fixture, unreadable);
    g_assert_cmpuint(found->len, ==, 1);
    GcaAccount *account = g_ptr_array_index(found, 0);
    g_assert_cmpstr(gca_account_get_key_path(account), ==, fifo);
    g_assert_false(gca_account_is_key_readable(account));
    g_assert_nonnull(strstr(gca_account_get_key_trouble(account), "not a file"));
    g_assert_cmpuint(unreadable->len, ==, G_N_ELEMENTS(names));
}

static void
test_many_files(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < 20001; i++) {
        g_autofree char *path = g_strdup_printf("%s/%u", fixture->folder, i);
        g_assert_cmpint(symlink("/nonexistent", path), ==, 0);
    }
    put(fixture, "#first/account_id.json", "{\"url\":\"" URI "\"}");
    g_assert_null(gca_account_find(fixture->folder, NULL, &error));
    g_assert_error(error, GCA_ERROR, GCA_ERROR_USAGE);
    g_clear_error(&error);
    gboolean is_partial = FALSE;
    g_autoptr(GPtrArray) found = gca_account_find_some(fixture->folder, NULL, &is_partial, &error);
    g_assert_no_error(error);
    g_assert_true(is_partial);
    g_assert_nonnull(found);
}

/* data: what stands in private_key.json, and words of what is wrong with it */
static void
test_key_of_no_use(Fixture *fixture, gconstpointer data)
{
    const char *const *row = data;
    put(fixture, "certbot/regr.json", "{\"uri\":\"" URI "\"}");
    put(fixture, "certbot/private_key.json", row[0]);
    g_autoptr(GPtrArray) found = find(fixture, NULL);

    g_assert_cmpuint(found->len, ==, 1);
    GcaAccount *account = g_ptr_array_index(found, 0);
    g_assert_true(gca_account_is_key_readable(account));
    g_assert_null(gca_account_get_thumbprint(account));
    g_assert_nonnull(strstr(gca_account_get_key_trouble(account), row[1]));
}

/* Run as nobody: the account is listed, its key is named though it cannot be read; a folder that
 * cannot be listed is told with the way out. */
static void
test_no_permission(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GPtrArray) unreadable = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *key = g_build_filename(fixture->folder, "a/private_key.json", NULL);
    g_autofree char *closed = g_build_filename(fixture->folder, "b", NULL);
    gboolean is_root = geteuid() == 0;

    put(fixture, "a/regr.json", "{\"body\":{},\"uri\":\"" URI "\"}");
    put(fixture, "a/private_key.json", A3_KEY);
    put(fixture, "b/regr.json", "{\"body\":{},\"uri\":\"" URI "\"}");
    g_assert_cmpint(chmod(key, 0), ==, 0);
    g_assert_cmpint(chmod(closed, 0), ==, 0);
    if (is_root) {
        g_autofree char *open = g_build_filename(fixture->folder, "a", NULL);
        g_assert_cmpint(chmod(fixture->folder, 0755) | chmod(open, 0755), ==, 0);
        g_assert_cmpint(seteuid(65534), ==, 0);
    }
    g_autoptr(GPtrArray) found = find(fixture, unreadable);
    if (is_root)
        g_assert_cmpint(seteuid(0), ==, 0);
    g_assert_cmpint(chmod(closed, 0700), ==, 0);
    g_assert_cmpuint(found->len, ==, 1);
    g_assert_cmpstr(gca_account_get_key_path(g_ptr_array_index(found, 0)), ==, key);
    g_assert_false(gca_account_is_key_readable(g_ptr_array_index(found, 0)));
    g_assert_null(gca_account_get_thumbprint(g_ptr_array_index(found, 0)));
    g_assert_cmpuint(unreadable->len, ==, 1);
    g_assert_nonnull(strstr(g_ptr_array_index(unreadable, 0), "sudo"));
}

static void
test_default_folders(void)
{
    g_setenv("LEGO_PATH", "/srv/lego", TRUE);
    g_auto(GStrv) folders = gca_account_list_default_folders();

    g_assert_true(g_strv_contains((const char *const *) folders, "/etc/letsencrypt/accounts"));
    g_assert_true(g_strv_contains((const char *const *) folders, "/srv/lego/accounts"));
    g_assert_true(g_strv_contains((const char *const *) folders, "/var/lib/dehydrated/accounts"));
    g_unsetenv("LEGO_PATH");
    g_auto(GStrv) fewer = gca_account_list_default_folders();
    g_assert_cmpuint(g_strv_length(fewer), ==, g_strv_length(folders) - 1);
}

#define ADD(path, data, func) g_test_add(path, Fixture, data, set_up, func, tear_down)

static void
add_ca_conf(void)
{
    static const struct {
        const char *path, *row[2];
    } rows[] = {
        {"/clients/ca.conf/refuses-two", {CA_CONF "ACCOUNT_URL='" URI "'\n", "more than one"}},
        {"/clients/ca.conf/refuses-none", {"CA_EAB_HMAC_KEY='c2VjcmV0'\n", "no line"}},
        {"/clients/ca.conf/refuses-double-quotes", {"ACCOUNT_URL=\"" URI "\"\n", "single quotes"}},
        {"/clients/ca.conf/refuses-bare", {"ACCOUNT_URL=" URI "\n", "single quotes"}},
        {"/clients/ca.conf/refuses-command",
         {"ACCOUNT_URL='" URI "'$(touch x)\n", "single quotes"}},
        {"/clients/ca.conf/refuses-open-quote", {"ACCOUNT_URL='" URI "\n'\n", "single quotes"}},
        {"/clients/ca.conf/refuses-joined", {"ACCOUNT_URL='https://a''b'\n", "single quotes"}},
        {"/clients/ca.conf/refuses-lone-quote", {"ACCOUNT_URL='\n", "single quotes"}},
        {"/clients/ca.conf/refuses-empty-value", {"ACCOUNT_URL=''\n", "empty"}},
        {"/clients/ca.conf/refuses-http", {"ACCOUNT_URL='http://a.example/1'\n", "https://"}},
        {"/clients/ca.conf/refuses-indented", {" ACCOUNT_URL='" URI "'\n", "no line"}},
        {"/clients/ca.conf/refuses-carriage-return",
         {"ACCOUNT_URL='" URI "'\r\n", "single quotes"}},
        {"/clients/ca.conf/refuses-comment", {"#ACCOUNT_URL='" URI "'\n", "no line"}},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
        ADD(rows[i].path, rows[i].row, test_ca_conf_refused);
}

int
main(int argc, char **argv)
{
    static const char *const no_json[] = {"{\"kty\": ", "neither PEM nor JSON"};
    static const char *const no_member[] = {"{\"kty\":\"RSA\",\"e\":\"AQAB\"}", "“n”"};
    g_autofree char *blanks = g_strnfill(GCA_ACCOUNT_FILE_LIMIT + 1, ' ');
    const char *const large[] = {blanks, "larger than"};

    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(layouts); i++)
        ADD(layouts[i].test, &layouts[i], test_layout);
    ADD("/clients/acme.sh/account.json-is-none", NULL, test_both_of_acme_sh);
    ADD("/clients/dehydrated/email-of-registration", NULL, test_dehydrated_email);
    ADD("/clients/dehydrated/without-uri-says-how", NULL, test_dehydrated_without_id);
    add_ca_conf();
    ADD("/clients/find/fifos-are-told", NULL, test_odd_files);
    ADD("/clients/find/too-many-files", NULL, test_many_files);
    ADD("/clients/find/key-is-no-json", no_json, test_key_of_no_use);
    ADD("/clients/find/key-lacks-a-member", no_member, test_key_of_no_use);
    ADD("/clients/find/key-too-large", large, test_key_of_no_use);
    ADD("/clients/find/no-permission", NULL, test_no_permission);
    g_test_add_func("/clients/default-folders", test_default_folders);
    return g_test_run();
}
