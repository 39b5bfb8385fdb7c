/* The private key beside an account's file: whether it is there, may be read, and which it is. */
#include "config.h"

#include "acme/account-key.h"
#include "acme/account-private.h"
#include "acme/jwk.h"
#include "base/json.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CERTBOT_ID_LENGTH 32

static gboolean
looks_like_certbot_id(const char *name)
{
    return strlen(name) == CERTBOT_ID_LENGTH &&
           strspn(name, "0123456789abcdef") == CERTBOT_ID_LENGTH;
}

static char *
build_key_path(const GcaAccount *account, const char *folder)
{
    if (g_strcmp0(account->client, "lego") == 0) {
        g_autofree char *email = g_path_get_basename(folder);
        g_autofree char *name = g_strconcat(email, ".key", NULL);
        return g_build_filename(folder, "keys", name, NULL);
    }
    if (g_strcmp0(account->client, "acme.sh") == 0)
        return g_build_filename(folder, "account.key", NULL);
    if (g_strcmp0(account->client, "dehydrated") == 0)
        return g_build_filename(folder, "account_key.pem", NULL);
    return g_build_filename(folder, "private_key.json", NULL);
}

/* Thumbprint and, by certbot's name for the folder, doubt. */
static void
recognize_key(GcaAccount *account, const char *folder)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(EVP_PKEY) key = gca_account_key_load_public(account->key_path, &error);
    g_autoptr(json_t) jwk = key ? gca_account_key_to_jwk(key, &error) : NULL;
    if (jwk == NULL) {
        account->key_trouble = g_strdup(error->message);
        return;
    }
    account->thumbprint = gca_jwk_thumbprint(jwk, NULL);
    g_autofree char *name = g_path_get_basename(folder);
    g_autofree char *id = gca_jwk_certbot_id(jwk, NULL);
    if (id == NULL || !looks_like_certbot_id(name) || g_str_equal(id, name))
        return;
    g_autofree char *shown = gca_text_escape(folder);
    account->doubt =
        g_strdup_printf(_("The key in “%s” is not the one that certbot made this folder for; the "
                          "account may belong to another key."),
                        shown);
}

void
gca_account_look_at_key(GcaAccount *account)
{
    g_autofree char *whole = g_canonicalize_filename(account->path, NULL);
    g_autofree char *folder = g_path_get_dirname(whole);
    g_autofree char *path = build_key_path(account, folder);
    struct stat st;

    gboolean is_there = stat(path, &st) == 0;
    if (!is_there && errno != EACCES)
        return;
    account->key_path = g_steal_pointer(&path);
    gboolean may_read = is_there && faccessat(AT_FDCWD, account->key_path, R_OK, AT_EACCESS) == 0;
    account->key_is_readable = may_read && S_ISREG(st.st_mode);
    /* what is no file is refused as soon as it is opened, and that says what it is */
    if (may_read)
        recognize_key(account, folder);
}
