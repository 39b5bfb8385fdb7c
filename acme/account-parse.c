/* The four clients' ways to keep an account's URI. */
#include "config.h"

#include "acme/account-private.h"
#include "acme/jwk.h"
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAILTO "mailto:"

/* What a file is that people take for the account's, or NULL. */
static const char *
recognize(json_t *value)
{
    if (json_object_get(value, "kty") != NULL)
        return _("the account's private key (private_key.json), which nobody else may see");
    if (json_object_get(value, "creation_dt") != NULL ||
        json_object_get(value, "creation_host") != NULL)
        return _("certbot's notes on the account (meta.json)");
    if (json_object_get(value, "uri") == NULL && json_object_get(value, "status") != NULL)
        return _("what the server once said of the account (acme.sh's account.json, dehydrated's "
                 "registration_info.json), without its URI");
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

static GcaAccount *
refuse_as(const char *name, const char *what, GError **error)
{
    g_autofree char *shown = gca_text_escape(name);
    gca_error_set(error, GCA_ERROR_BAD_DATA, _("“%s” is no account file: it seems to be %s."),
                  shown, what);
    gca_error_set_hint(error, _("The file that is needed is certbot's regr.json (in the folder of "
                                "private_key.json), lego's account.json, acme.sh's ca.conf or "
                                "dehydrated's account_id.json."));
    return NULL;
}

static void
hint_at_whole_file(GError **error)
{
    gca_error_set_hint(error, _("It may be damaged or cut off: copy it once more, whole, from the "
                                "server; or enter the account's URI in its place."));
}

static void
refuse_content(const char *name, const GError *trouble, GError **error)
{
    g_autofree char *shown = gca_text_escape(name);

    gca_error_set(error, GCA_ERROR_BAD_DATA, _("“%s” is no account file: %s"), shown,
                  trouble->message);
    hint_at_whole_file(error);
}

char *
gca_account_dup_email(json_t *contacts)
{
    gsize i;
    json_t *contact;

    json_array_foreach(contacts, i, contact)
    {
        const char *uri = json_string_value(contact);
        if (uri != NULL && g_ascii_strncasecmp(uri, MAILTO, strlen(MAILTO)) == 0 &&
            uri[strlen(MAILTO)] != '\0')
            return g_strdup(uri + strlen(MAILTO));
    }
    return NULL;
}

static const char *
take_uri(json_t *object, const char *name, GError **error)
{
    const char *uri = gca_json_get_string(object, name, error);

    return uri != NULL && gca_account_check_uri(uri, error) ? uri : NULL;
}

/* certbot's other members have changed with its age, "uri" has not. */
static GcaAccount *
from_certbot(json_t *value, const char *path, GError **error)
{
    json_t *body = json_object_get(value, "body");
    const char *uri = take_uri(value, "uri", error);
    if (uri == NULL)
        return NULL;

    GcaAccount *account = gca_account_new(uri, path);
    g_autofree char *name = path ? g_path_get_basename(path) : NULL;
    if (json_is_object(body) || g_strcmp0(name, "regr.json") == 0)
        account->client = "certbot";
    account->email = gca_account_dup_email(json_object_get(body, "contact"));
    return account;
}

static GcaAccount *
from_lego(json_t *value, const char *path, GError **error)
{
    const char *email = json_string_value(json_object_get(value, "email"));
    const char *uri = take_uri(json_object_get(value, "registration"), "uri", error);
    if (uri == NULL)
        return NULL;

    GcaAccount *account = gca_account_new(uri, path);
    account->client = "lego";
    account->email = email != NULL && *email != '\0' ? g_strdup(email) : NULL;
    return account;
}

static GcaAccount *
from_dehydrated(json_t *value, const char *path, GError **error)
{
    const char *uri = take_uri(value, "url", error);
    if (uri == NULL)
        return NULL;

    GcaAccount *account = gca_account_new(uri, path);
    account->client = "dehydrated";
    return account;
}

static GcaAccount *
from_acme_sh(GBytes *bytes, const char *path, GError **error)
{
    g_autofree char *uri = gca_shell_line_dup_value(bytes, "ACCOUNT_URL", error);
    if (uri == NULL || !gca_account_check_uri(uri, error))
        return NULL;

    GcaAccount *account = gca_account_new(uri, path);
    account->client = "acme.sh";
    account->email = gca_shell_line_dup_value(bytes, "CA_EMAIL", NULL);
    if (account->email != NULL && *account->email == '\0')
        g_clear_pointer(&account->email, g_free);
    return account;
}

static GcaAccount *
from_json(json_t *value, const char *name, const char *path, GError **error)
{
    g_autofree char *shown = gca_text_escape(name);
    g_autoptr(GError) trouble = NULL;
    GcaAccount *account;

    if (!json_is_object(value)) {
        gca_error_set(error, GCA_ERROR_BAD_DATA,
                      _("“%s” is no account file: it holds no JSON object."), shown);
        hint_at_whole_file(error);
        return NULL;
    }
    const char *what = recognize(value);
    if (what != NULL)
        return refuse_as(name, what, error);
    if (json_is_object(json_object_get(value, "registration")))
        account = from_lego(value, path, &trouble);
    else if (json_object_get(value, "uri") == NULL && json_object_get(value, "url") != NULL)
        account = from_dehydrated(value, path, &trouble);
    else
        account = from_certbot(value, path, &trouble);
    if (account == NULL)
        refuse_content(name, trouble, error);
    return account;
}

static gboolean
is_acme_sh(GBytes *bytes, const char *path)
{
    g_autofree char *name = path ? g_path_get_basename(path) : NULL;

    return g_strcmp0(name, "ca.conf") == 0 || gca_shell_line_exists(bytes, "ACCOUNT_URL");
}

GcaAccount *
gca_account_parse(GBytes *bytes, const char *name, const char *path, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    const char *what = recognize_bytes(bytes);
    if (what != NULL)
        return refuse_as(name, what, error);

    if (is_acme_sh(bytes, path)) {
        GcaAccount *account = from_acme_sh(bytes, path, &trouble);
        if (account == NULL)
            refuse_content(name, trouble, error);
        return account;
    }
    json_t *value = gca_json_parse(bytes, name, error);
    if (value == NULL) {
        hint_at_whole_file(error);
        return NULL;
    }
    GcaAccount *account = from_json(value, name, path, error);
    gca_jwk_free(value); /* it may be a key given by mistake */
    return account;
}
