#include "config.h"

#include "base/error.h"
#include "base/secret-file.h"
#include "base/text.h"
#include "pkcs11/internal.h"

#include <glib/gi18n-lib.h>

static const char *
advice(const GcaToken *token, const GcaLoginOptions *options)
{
    switch (token->tries_left) {
    case 1:
        return _("This is the last try: if the PIN is wrong, the card is blocked.");
    case 2:
        return _("A wrong PIN has been entered before: two tries are left on a card that allows "
                 "three.");
    default:
        return options->was_refused ? _("The PIN that was entered last was wrong. Each wrong PIN "
                                        "costs a try, and without a try left the card is blocked.")
                                    : NULL;
    }
}

/* A letter costs a try on a card of the HiCOS family, whoever asks. */
static gboolean
has_digits_only(const GcaToken *token, const GcaLoginOptions *options)
{
    return !options->any_characters || gca_token_is_hicos(token);
}

static GcaSecret *
ask(const GcaToken *token, const GcaLoginOptions *options, GcaInteraction *interaction,
    GcaCancel *cancel, GError **error)
{
    g_autofree char *serial = gca_text_escape(token->serial);
    g_autofree char *general = g_strdup_printf(_("PIN of card %s"), serial);
    GcaSecretPrompt prompt = {
        .title = options->title ? options->title : general,
        .min_length = token->pin_min,
        .max_length = token->pin_max,
        .is_digits = has_digits_only(token, options),
        .tries_left = token->tries_left,
        .advice = advice(token, options),
        .instead = _("Give the PIN with --pin-file or --pin-fd."),
    };
    return gca_interaction_ask_secret(interaction, &prompt, cancel, error);
}

GcaSecret *
gca_pin_get(const GcaToken *token, const GcaLoginOptions *options, GcaInteraction *interaction,
            GcaCancel *cancel, GError **error)
{
    if (options->pin_file != NULL)
        return gca_secret_read_file(options->pin_file, interaction, cancel, error);
    if (options->pin_fd >= 0)
        return gca_secret_read_fd(options->pin_fd, "--pin-fd", cancel, error);
    if (token->pin_file != NULL)
        return gca_secret_read_file(token->pin_file, interaction, cancel, error);
    return ask(token, options, interaction, cancel, error);
}

static gboolean
is_digits(const char *data, gsize size)
{
    gboolean fits = TRUE;

    for (gsize i = 0; i < size; i++)
        fits &= g_ascii_isdigit(data[i]);
    return fits;
}

/* Where letters may be in it a PIN is UTF-8 (PKCS#11 v2.40, 4.4); a NUL, which UTF-8 as GLib has it
 * does not hold, would cut it. */
gboolean
gca_pin_check(const GcaToken *token, const GcaLoginOptions *options, GcaSecret *pin, GError **error)
{
    const char *data = gca_secret_get_data(pin);
    gsize size = gca_secret_get_size(pin);
    gboolean has_length = size >= token->pin_min && size <= token->pin_max;
    gboolean has_any = !has_digits_only(token, options);

    if (has_length &&
        (has_any ? g_utf8_validate(data, (gssize) size, NULL) : is_digits(data, size)))
        return TRUE;
    gca_error_set(
        error, GCA_ERROR_PIN_POLICY,
        has_any ? _("The PIN must be %zu to %zu characters of text; nothing was sent to the token "
                    "and no try was used.")
                : _("The PIN must be %zu to %zu digits; nothing was sent to the card and no try "
                    "was used."),
        token->pin_min, token->pin_max);
    return FALSE;
}

int
gca_pin_read_for_key(UI *ui, UI_STRING *field)
{
    GcaToken *token = UI_get0_user_data(ui);

    if (token == NULL || token->key_pin == NULL)
        return 0;
    g_autoptr(GcaSecret) pin = g_steal_pointer(&token->key_pin);
    return UI_set_result(ui, field, gca_secret_get_data(pin)) == 0;
}
