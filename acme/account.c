#include "config.h"

#include "acme/account.h"

#include "acme/jwk.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#define KEY_FILE_LIMIT (16 * 1024 - 1) /* an RSA key of 8192 bits needs 7 KiB */
#define CERTBOT_ID_LENGTH 32

struct _GcaAccount {
    gatomicrefcount refs;
    char *uri;
    char *path;
    char *thumbprint;
    char *doubt;
};

static GcaAccount *
account_new(const char *uri, const char *path)
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
gca_account_get_thumbprint(const GcaAccount *account)
{
    return account->thumbprint;
}

const char *
gca_account_get_doubt(const GcaAccount *account)
{
    return account->doubt;
}

/* What a file is that people take for regr.json, or NULL. */
static const char *
recognize(json_t *value)
{
    if (json_object_get(value, "kty") != NULL)
        return _("the account's private key (private_key.json), which nobody else may see");
    if (json_object_get(value, "creation_dt") != NULL ||
        json_object_get(value, "creation_host") != NULL)
        return _("certbot's notes on the account (meta.json)");
    return NULL;
}

static const char *
recognize_bytes(GBytes *bytes)
{
    gsize size;
    const char *data = g_bytes_get_data(bytes, &size);

    if (size == 0)
        return NULL;
    if (g_strstr_len(data, (gssize) size, "-----BEGIN ") != NULL)
        return _("a PEM file (a certificate, request or key)");
    if (!g_utf8_validate(data, (gssize) size, NULL))
        return _("a binary file or text that is not UTF-8");
    return NULL;
}

static gboolean
refuse_as(const char *name, const char *what, GError **error)
{
    g_autofree char *shown = gca_text_escape(name);
    gca_error_set(error, GCA_ERROR_BAD_DATA, _("“%s” is no account file: it seems to be %s."),
                  shown, what);
    gca_error_set_hint(error, _("The file that is needed is the account's regr.json; certbot keeps "
                                "it in the same folder as private_key.json."));
    return FALSE;
}

/* The URI in regr.json: certbot's other members have changed with its age, "uri" has not. */
static GcaAccount *
account_from_json(json_t *value, const char *name, const char *path, GError **error)
{
    g_autofree char *shown = gca_text_escape(name);
    g_autoptr(GError) trouble = NULL;

    if (!json_is_object(value)) {
        gca_error_set(error, GCA_ERROR_BAD_DATA,
                      _("“%s” is no account file: it holds no JSON object."), shown);
        return NULL;
    }
    const char *what = recognize(value);
    if (what != NULL) {
        refuse_as(name, what, error);
        return NULL;
    }
    const char *uri = gca_json_get_string(value, "uri", &trouble);
    if (uri == NULL || !gca_account_check_uri(uri, &trouble)) {
        gca_error_set(error, GCA_ERROR_BAD_DATA, _("“%s” is no account file: %s"), shown,
                      trouble->message);
        return NULL;
    }
    return account_new(uri, path);
}

/* The whole of a small file, in memory that is wiped; NULL without a word if it cannot be read. */
static GcaSecret *
read_key_file(const char *path)
{
    g_autoptr(GcaSecret) secret = gca_secret_new(KEY_FILE_LIMIT);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    gsize size = 0;
    ssize_t n = -1;

    if (fd < 0)
        return NULL;
    while (size < KEY_FILE_LIMIT &&
           (n = read(fd, gca_secret_get_data(secret) + size, KEY_FILE_LIMIT - size)) > 0)
        size += (gsize) n;
    close(fd);
    if (n != 0)
        return NULL;
    gca_secret_truncate(secret, size);
    return g_steal_pointer(&secret);
}

static json_t *
load_key(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, "private_key.json", NULL);
    g_autoptr(GcaSecret) secret = read_key_file(path);
    if (secret == NULL)
        return NULL;

    g_autoptr(GBytes) bytes =
        g_bytes_new_static(gca_secret_get_data(secret), gca_secret_get_size(secret));
    return gca_json_parse(bytes, path, NULL); /* the reason could quote the key */
}

static gboolean
looks_like_certbot_id(const char *name)
{
    return strlen(name) == CERTBOT_ID_LENGTH &&
           strspn(name, "0123456789abcdef") == CERTBOT_ID_LENGTH;
}

/* Thumbprint and doubt, from the key beside regr.json; without a readable key there is neither. */
static void
look_at_key(GcaAccount *account)
{
    g_autofree char *whole = g_canonicalize_filename(account->path, NULL);
    g_autofree char *folder = g_path_get_dirname(whole);
    g_autofree char *name = g_path_get_basename(folder);
    json_t *jwk = load_key(folder);
    if (jwk == NULL)
        return;

    g_autoptr(GError) error = NULL;
    account->thumbprint = gca_jwk_thumbprint(jwk, &error);
    g_autofree char *id = account->thumbprint ? gca_jwk_certbot_id(jwk, NULL) : NULL;
    gca_jwk_free(jwk);
    if (error != NULL)
        gca_log("acme", "no thumbprint: %s", error->message);
    if (id == NULL || !looks_like_certbot_id(name) || g_str_equal(id, name))
        return;
    g_autofree char *shown = gca_text_escape(folder);
    account->doubt =
        g_strdup_printf(_("The key in “%s” is not the one that certbot made this folder for; the "
                          "account may belong to another key."),
                        shown);
}

/* The bytes may be a private key given by mistake. */
static void
wipe_bytes(GBytes *bytes)
{
    gsize size;
    gpointer data = g_bytes_unref_to_data(bytes, &size);
    OPENSSL_cleanse(data, size);
    g_free(data);
}

static GcaAccount *
load_file(const char *where, GError **error)
{
    gboolean is_stdin = g_str_equal(where, "-");
    const char *name = is_stdin ? _("standard input") : where;
    GBytes *bytes = gca_file_read(where, GCA_ACCOUNT_FILE_LIMIT, error);
    if (bytes == NULL)
        return NULL;

    const char *what = recognize_bytes(bytes);
    json_t *value = NULL;
    if (what != NULL)
        refuse_as(name, what, error);
    else
        value = gca_json_parse(bytes, name, error);
    wipe_bytes(bytes);
    if (value == NULL)
        return NULL;

    GcaAccount *account = account_from_json(value, name, is_stdin ? NULL : where, error);
    gca_jwk_free(value);
    if (account != NULL && !is_stdin)
        look_at_key(account);
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
                      _("No ACME account (regr.json) can be read below “%s”.%s%s"), shown,
                      tried ? " " : "", tried ? (char *) g_ptr_array_index(unreadable, 0) : "");
        if (tried)
            gca_error_set_hint(error, _("If you lack the permission, use sudo, or let the file's "
                                        "owner pass regr.json on through standard input (“-”)."));
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
        return gca_account_check_uri(where, error) ? account_new(where, NULL) : NULL;
    if (g_file_test(where, G_FILE_TEST_IS_DIR))
        return load_folder(where, error);
    return load_file(where, error);
}
