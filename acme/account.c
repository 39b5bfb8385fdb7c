#include "config.h"

#include "acme/account-private.h"
#include "base/error.h"
#include "base/secret-file.h"
#include "base/text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

GcaAccount *
gca_account_new(const char *uri, const char *path)
{
    GcaAccount *account = g_new0(GcaAccount, 1);
    g_atomic_ref_count_init(&account->refs);
    account->uri = g_strdup(uri);
    account->path = g_strdup(path);
    return account;
}

GcaAccount *
gca_account_ref(GcaAccount *account)
{
    g_atomic_ref_count_inc(&account->refs);
    return account;
}

void
gca_account_unref(GcaAccount *account)
{
    if (!g_atomic_ref_count_dec(&account->refs))
        return;
    g_free(account->uri);
    g_free(account->path);
    g_free(account->server);
    g_free(account->directory);
    g_free(account->config);
    g_free(account->email);
    g_free(account->key_path);
    g_free(account->key_trouble);
    g_free(account->thumbprint);
    g_free(account->doubt);
    g_free(account);
}

const char *
gca_account_get_uri(const GcaAccount *account)
{
    return account->uri;
}

const char *
gca_account_get_path(const GcaAccount *account)
{
    return account->path;
}

const char *
gca_account_get_client(const GcaAccount *account)
{
    return account->client;
}

const char *
gca_account_get_server(const GcaAccount *account)
{
    return account->server;
}

const char *
gca_account_get_directory(const GcaAccount *account)
{
    return account->directory;
}

const char *
gca_account_get_config_folder(const GcaAccount *account)
{
    return account->config;
}

const char *
gca_account_get_email(const GcaAccount *account)
{
    return account->email;
}

const char *
gca_account_get_key_path(const GcaAccount *account)
{
    return account->key_path;
}

gboolean
gca_account_is_key_readable(const GcaAccount *account)
{
    return account->key_is_readable;
}

const char *
gca_account_get_key_trouble(const GcaAccount *account)
{
    return account->key_trouble;
}

const char *
gca_account_get_thumbprint(const GcaAccount *account)
{
    return account->thumbprint;
}

const char *
gca_account_get_doubt(const GcaAccount *account)
{
    return account->doubt;
}

static GcaAccount *
load_file(const char *where, GError **error)
{
    gboolean is_stdin = g_str_equal(where, "-");
    /* wiped: it may be a private key given by mistake, and ca.conf may hold a MAC key */
    g_autoptr(GcaSecret) secret = gca_secret_read_whole(where, GCA_ACCOUNT_FILE_LIMIT, error);
    if (secret == NULL)
        return NULL;

    g_autoptr(GBytes) bytes =
        g_bytes_new_static(gca_secret_get_data(secret), gca_secret_get_size(secret));
    GcaAccount *account = gca_account_parse(bytes, is_stdin ? _("standard input") : where,
                                            is_stdin ? NULL : where, error);
    if (account != NULL && !is_stdin) {
        gca_account_read_path(account);
        gca_account_look_at_key(account);
    }
    return account;
}

static void
append_account(GString *list, GcaAccount *account)
{
    g_autofree char *path = gca_text_escape(account->path);
    g_string_append_printf(list, "\n  %s  %s", path, account->uri);
}

static GcaAccount *
load_folder(const char *folder, GError **error)
{
    g_autoptr(GPtrArray) unreadable = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) found = gca_account_find(folder, unreadable, error);
    if (found == NULL)
        return NULL;
    if (found->len == 1)
        return gca_account_ref(g_ptr_array_index(found, 0));

    g_autofree char *shown = gca_text_escape(folder);
    if (found->len == 0) {
        gboolean tried = unreadable->len > 0;
        gca_error_set(error, tried ? GCA_ERROR_BAD_DATA : GCA_ERROR_USAGE,
                      _("No ACME account can be read below “%s”.%s%s"), shown, tried ? " " : "",
                      tried ? (char *) g_ptr_array_index(unreadable, 0) : "");
        return NULL;
    }
    g_autoptr(GString) list = g_string_new(NULL);
    for (guint i = 0; i < found->len; i++)
        append_account(list, g_ptr_array_index(found, i));
    gca_error_set(error, GCA_ERROR_USAGE,
                  _("There are %u ACME accounts below “%s”; name one of them:%s"), found->len,
                  shown, list->str);
    return NULL;
}

GcaAccount *
gca_account_load(const char *where, GError **error)
{
    if (strstr(where, "://") != NULL)
        return gca_account_check_uri(where, error) ? gca_account_new(where, NULL) : NULL;
    if (g_file_test(where, G_FILE_TEST_IS_DIR))
        return load_folder(where, error);
    return load_file(where, error);
}
