/* What the place of an account's file says: each client's own layout. */
#include "config.h"

#include "acme/account-private.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"

#include <string.h>

#define NOTES_LIMIT (64 * 1024)

/* "host", "host:14000"; lego, and certbot on Windows, write host_14000. */
static char *
dup_host(const char *folder)
{
    char *host = g_strdup(folder);
    char *bar = strrchr(host, '_');

    if (bar != NULL && bar[1] != '\0' && bar[1 + strspn(bar + 1, "0123456789")] == '\0')
        *bar = ':';
    return host;
}

/* Keeps host and, with `path`, the directory's URL; neither if they make no URL. */
static void
set_server(GcaAccount *account, const char *host, const char *path)
{
    g_autofree char *url = g_strconcat("https://", host, "/", path, NULL);

    if (!gca_account_check_uri(url, NULL))
        return;
    account->server = g_strdup(host);
    account->directory = path != NULL ? g_steal_pointer(&url) : NULL;
}

/* The index behind the last part called `name`; 0: there is none. */
static guint
find_behind(char **parts, const char *name)
{
    for (guint i = g_strv_length(parts); i > 0; i--) {
        if (g_str_equal(parts[i - 1], name))
            return i;
    }
    return 0;
}

/* The parts from `start` up to `end`, as a path. */
static char *
join(char **parts, guint start, guint end)
{
    g_autoptr(GString) path = g_string_new(NULL);

    for (guint i = start; i < end; i++)
        g_string_append_printf(path, "%s%s", i > start ? "/" : "", parts[i]);
    return g_string_free(g_steal_pointer(&path), FALSE);
}

/* accounts/HOST[:PORT]/DIRECTORY…/ID/regr.json */
static void
read_certbot(GcaAccount *account, char **parts, guint n)
{
    guint start = find_behind(parts, "accounts");
    if (start == 0 || start + 2 >= n)
        return;
    g_autofree char *host = dup_host(parts[start]);
    g_autofree char *path = join(parts, start + 1, n - 2);
    set_server(account, host, path);
    if (account->directory != NULL)
        account->config = start == 2 ? g_strdup("/") : join(parts, 0, start - 1);
}

/* accounts/HOST[_PORT]/EMAIL/account.json */
static void
read_lego(GcaAccount *account, char **parts, guint n)
{
    guint start = find_behind(parts, "accounts");
    if (start == 0 || start + 3 != n)
        return;
    g_autofree char *host = dup_host(parts[start]);
    set_server(account, host, NULL);
    if (account->email == NULL)
        account->email = g_strdup(parts[start + 1]);
}

/* ca/HOST/DIRECTORY…/ca.conf: the port is left out, so that of the account itself is taken. */
static void
read_acme_sh(GcaAccount *account, char **parts, guint n)
{
    guint start = find_behind(parts, "ca");
    if (start == 0 || start + 2 > n)
        return;
    g_autoptr(GUri) uri = g_uri_parse(account->uri, G_URI_FLAGS_ENCODED, NULL);
    gboolean is_same = uri != NULL && g_ascii_strcasecmp(parts[start], g_uri_get_host(uri)) == 0;
    int port = is_same ? g_uri_get_port(uri) : -1;
    g_autofree char *host =
        port > 0 ? g_strdup_printf("%s:%d", parts[start], port) : g_strdup(parts[start]);
    g_autofree char *path = join(parts, start + 1, n - 1);

    set_server(account, host, *path != '\0' ? path : NULL); /* older versions have no DIRECTORY */
}

/* The e-mail that the server has repeated. */
static char *
read_registration(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, "registration_info.json", NULL);
    g_autoptr(GBytes) bytes = gca_file_read(path, NOTES_LIMIT, NULL);
    g_autoptr(json_t) value = bytes ? gca_json_parse(bytes, path, NULL) : NULL;

    return gca_account_dup_email(json_object_get(value, "contact"));
}

/* accounts/NAME/account_id.json, NAME the directory's URL and a line feed in base64url */
static void
read_dehydrated(GcaAccount *account, char **parts, guint n)
{
    g_autofree char *folder = g_path_get_dirname(account->path);
    account->email = read_registration(folder);
    g_autoptr(GBytes) bytes = n >= 2 ? gca_text_parse_base64url(parts[n - 2]) : NULL;
    if (bytes == NULL)
        return;
    g_autofree char *url = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    g_strchomp(url);
    if (!gca_account_check_uri(url, NULL))
        return;
    g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_ENCODED, NULL);
    int port = g_uri_get_port(uri);
    account->server = port > 0 ? g_strdup_printf("%s:%d", g_uri_get_host(uri), port)
                               : g_strdup(g_uri_get_host(uri));
    account->directory = g_steal_pointer(&url);
}

void
gca_account_read_path(GcaAccount *account)
{
    g_autofree char *whole = g_canonicalize_filename(account->path, NULL);
    g_auto(GStrv) parts = g_strsplit(whole, "/", -1);
    guint n = g_strv_length(parts);

    if (g_strcmp0(account->client, "certbot") == 0)
        read_certbot(account, parts, n);
    else if (g_strcmp0(account->client, "lego") == 0)
        read_lego(account, parts, n);
    else if (g_strcmp0(account->client, "acme.sh") == 0)
        read_acme_sh(account, parts, n);
    else if (g_strcmp0(account->client, "dehydrated") == 0)
        read_dehydrated(account, parts, n);
}

static void
add_folder(GPtrArray *folders, const char *first, const char *second)
{
    if (first != NULL && *first != '\0')
        g_ptr_array_add(folders, g_build_filename(first, second, NULL));
}

GStrv
gca_account_list_default_folders(void)
{
    GPtrArray *folders = g_ptr_array_new();
    const char *home = g_get_home_dir();

    add_folder(folders, "/etc/letsencrypt/accounts", NULL);
    add_folder(folders, "/usr/local/etc/letsencrypt/accounts", NULL);
    add_folder(folders, g_get_user_config_dir(), "letsencrypt/accounts");
    add_folder(folders, g_getenv("LEGO_PATH"), "accounts");
    add_folder(folders, home, ".lego/accounts");
    add_folder(folders, ".lego/accounts", NULL);
    add_folder(folders, g_getenv("LE_CONFIG_HOME"), "ca");
    add_folder(folders, home, ".acme.sh/ca");
    add_folder(folders, "/etc/dehydrated/accounts", NULL);
    add_folder(folders, "/usr/local/etc/dehydrated/accounts", NULL);
    add_folder(folders, "/var/lib/dehydrated/accounts", NULL); /* Debian's BASEDIR */
    g_ptr_array_add(folders, NULL);
    return (GStrv) g_ptr_array_free(folders, FALSE);
}
