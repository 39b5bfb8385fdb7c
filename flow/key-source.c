#include "config.h"

#include "flow/key-source.h"

#include "base/error.h"
#include "base/log.h"
#include "base/secret-file.h"
#include "base/text.h"
#include "csr/key.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define URI_SCHEME "pkcs11:"
#define PASSPHRASE_MIN 4

struct _GcaKeySource {
    char *place;
    EVP_PKEY *key;
    GcaModule *module; /* NULL: the key of a file */
    GcaToken *token;
};

void
gca_key_source_free(GcaKeySource *source)
{
    /* in this order: each stands on the next */
    g_clear_pointer(&source->key, EVP_PKEY_free);
    g_clear_pointer(&source->token, gca_token_free);
    g_clear_pointer(&source->module, gca_module_close);
    g_free(source->place);
    g_free(source);
}

/* ---- passphrases ---- */

static GcaSecret *
ask(const char *title, gboolean is_new, GcaInteraction *interaction, GcaCancel *cancel,
    GError **error)
{
    GcaSecretPrompt prompt = {
        .title = title,
        .min_length = is_new ? PASSPHRASE_MIN : 0,
        .tries_left = GCA_TRIES_UNKNOWN,
        .instead = _("Give the passphrase with --passphrase-file or --passphrase-fd."),
    };
    return gca_interaction_ask_secret(interaction, &prompt, cancel, error);
}

/* What other programs must be able to take: with a NUL, which GLib's UTF-8 does not hold, some
 * would know the part before it alone. */
static gboolean
check_new(GcaSecret *passphrase, GError **error)
{
    const char *data = gca_secret_get_data(passphrase);
    gssize size = (gssize) gca_secret_get_size(passphrase);

    if (!g_utf8_validate(data, size, NULL)) {
        gca_error_set(error, GCA_ERROR_USAGE, _("The passphrase is not UTF-8 text."));
        return FALSE;
    }
    if (g_utf8_strlen(data, size) >= PASSPHRASE_MIN)
        return TRUE;
    gca_error_set(error, GCA_ERROR_USAGE, _("The passphrase must have at least %d characters."),
                  PASSPHRASE_MIN);
    return FALSE;
}

static gboolean
ask_again(GcaSecret *first, const char *title, GcaInteraction *interaction, GcaCancel *cancel,
          GError **error)
{
    g_autofree char *again = g_strdup_printf(_("%s, once more"), title);
    g_autoptr(GcaSecret) second = ask(again, TRUE, interaction, cancel, error);

    if (second == NULL)
        return FALSE;
    if (gca_secret_equal(first, second))
        return TRUE;
    gca_error_set(error, GCA_ERROR_USAGE, _("The two passphrases are not the same."));
    return FALSE;
}

GcaSecret *
gca_passphrase_get(const GcaPassphraseSource *source, const char *title, gboolean is_new,
                   GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    g_autoptr(GcaSecret) passphrase = NULL;
    gboolean is_asked = source->file == NULL && source->fd < 0;

    if (source->file != NULL)
        passphrase = gca_secret_read_file(source->file, interaction, cancel, error);
    else if (source->fd >= 0)
        passphrase = gca_secret_read_fd(source->fd, "--passphrase-fd", cancel, error);
    else
        passphrase = ask(title, is_new, interaction, cancel, error);

    if (passphrase == NULL || (is_new && !check_new(passphrase, error)) ||
        (is_new && is_asked && !ask_again(passphrase, title, interaction, cancel, error)))
        return NULL;
    return g_steal_pointer(&passphrase);
}

/* ---- a file ---- */

static GcaSecret *
get_file_passphrase(const char *path, const GcaPassphraseSource *source,
                    GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    g_autofree char *shown = gca_text_escape(path);
    g_autofree char *title = g_strdup_printf(_("Passphrase of the key “%s”"), shown);

    return gca_passphrase_get(source, title, FALSE, interaction, cancel, error);
}

static gboolean
open_file(GcaKeySource *source, const char *path, const GcaPassphraseSource *passphrase_source,
          GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    g_autoptr(GcaSecret) passphrase = NULL;

    source->place = g_canonicalize_filename(path, NULL);
    g_autoptr(GBytes) pem = gca_key_read_file(source->place, error);
    if (pem == NULL)
        return FALSE;
    if (gca_key_is_encrypted(pem)) {
        passphrase = get_file_passphrase(path, passphrase_source, interaction, cancel, error);
        if (passphrase == NULL)
            return FALSE;
    }
    source->key = gca_key_parse(pem, path, passphrase, error);
    return source->key != NULL;
}

/* ---- a token ---- */

static gboolean
open_module(GcaKeySource *source, const char *wanted, GError **error)
{
    g_autoptr(GcaModuleChoice) choice = gca_module_choose(wanted, error);
    if (choice == NULL)
        return FALSE;
    gca_log("flow", "module %s, %s", choice->path, choice->reason);
    source->module = gca_module_open(choice->path, error);
    return source->module != NULL;
}

static gboolean
find_token(GcaKeySource *source, const char *uri, GError **error)
{
    GcaTokenWish wish = {.uri = uri};
    g_autoptr(GError) trouble = NULL;

    source->token = gca_token_find(source->module, &wish, &trouble);
    if (source->token != NULL)
        return TRUE;
    if (g_error_matches(trouble, GCA_ERROR, GCA_ERROR_USAGE) ||
        g_error_matches(trouble, GCA_ERROR, GCA_ERROR_NO_CARD))
        gca_error_set_hint(&trouble, _("A key is named by token and name, as in "
                                       "“pkcs11:token=LABEL;object=NAME”."));
    g_propagate_error(error, g_steal_pointer(&trouble));
    return FALSE;
}

static gboolean
login(GcaKeySource *source, const GcaLoginOptions *options, GcaInteraction *interaction,
      GcaCancel *cancel, GError **error)
{
    g_autofree char *label = gca_text_escape(gca_token_get_label(source->token));
    g_autofree char *title = g_strdup_printf(_("PIN of the token “%s”"), label);
    GcaLoginOptions complete = *options;

    complete.title = title;
    complete.any_characters = TRUE;
    return gca_token_login(source->token, &complete, interaction, cancel, error);
}

static gboolean
open_token(GcaKeySource *source, const char *uri, const char *module,
           const GcaLoginOptions *login_options, GcaInteraction *interaction, GcaCancel *cancel,
           GError **error)
{
    source->place = gca_token_key_uri_to_place(uri, error);
    if (source->place == NULL || !open_module(source, module, error) ||
        !find_token(source, uri, error) ||
        !login(source, login_options, interaction, cancel, error))
        return FALSE;
    source->key = gca_token_find_key_by_uri(source->token, uri, error);
    return source->key != NULL;
}

GcaKeySource *
gca_key_source_open(const char *place, const char *module, const GcaPassphraseSource *passphrase,
                    const GcaLoginOptions *login_options, GcaInteraction *interaction,
                    GcaCancel *cancel, GError **error)
{
    g_autoptr(GcaKeySource) source = g_new0(GcaKeySource, 1);
    gboolean is_uri = g_ascii_strncasecmp(place, URI_SCHEME, strlen(URI_SCHEME)) == 0;

    if (is_uri ? !open_token(source, place, module, login_options, interaction, cancel, error)
               : !open_file(source, place, passphrase, interaction, cancel, error))
        return NULL;
    return g_steal_pointer(&source);
}

EVP_PKEY *
gca_key_source_get_key(const GcaKeySource *source)
{
    return source->key;
}

const char *
gca_key_source_get_place(const GcaKeySource *source)
{
    return source->place;
}
