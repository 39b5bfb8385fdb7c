#include "config.h"

#include "flow/prereg-series.h"

#include "base/text.h"
#include "flow/card-guard.h"

#include <glib/gi18n-lib.h>

struct _GcaPreregSeries {
    GcaFoundCard *card;
    GcaLoginOptions login;
    GcaInteraction *interaction;
    GcaCancel *cancel;
    EVP_PKEY *key;
    gboolean asks_again; /* the card, for its PIN, at every signature */
    guint begun, total;
};

void
gca_prereg_series_free(GcaPreregSeries *series)
{
    g_clear_pointer(&series->key, EVP_PKEY_free);
    g_free(series);
}

static gboolean
tell_asks_again(const GcaPreregSeries *series, GcaToken *token, GError **error)
{
    if (series->total == 1)
        return TRUE;
    if (!gca_token_check_asks_again(token, &series->login, error))
        return FALSE;
    gca_interaction_notice(series->interaction, GCA_NOTICE_WARNING,
                           _("This card asks for its PIN at every signature: %u PIN entries. "
                             "Each is sent once."),
                           series->total);
    return TRUE;
}

/* Before login, where the module shows keys then, and again after it. The PIN of login is good for
 * the first signature, unless it was typed on the reader. */
static gboolean
look_whether_asks_again(GcaPreregSeries *series, GError **error)
{
    X509 *certificate = gca_holder_get_certificate(gca_found_card_get_holder(series->card));
    GcaToken *token = gca_found_card_get_token(series->card, error);

    if (token == NULL)
        return FALSE;
    if (series->asks_again || (series->total == 1 && !gca_token_has_pin_pad(token)))
        return TRUE;
    series->asks_again = gca_token_key_is_always_authenticated(token, certificate);
    return !series->asks_again || tell_asks_again(series, token, error);
}

GcaPreregSeries *
gca_prereg_series_new(GcaFoundCard *card, guint total, const GcaLoginOptions *login,
                      GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    g_autoptr(GcaPreregSeries) series = g_new0(GcaPreregSeries, 1);

    *series = (GcaPreregSeries){.card = card,
                                .login = *login,
                                .interaction = interaction,
                                .cancel = cancel,
                                .total = total};
    if (!look_whether_asks_again(series, error) ||
        !gca_found_card_login(card, login, login->unblock_place, interaction, cancel, error) ||
        (series->key = gca_found_card_find_key(card, error)) == NULL ||
        !look_whether_asks_again(series, error))
        return NULL;
    return g_steal_pointer(&series);
}

/* Each PIN is an action of the user's own. */
static gboolean
ask_again(const GcaPreregSeries *series, GError **error)
{
    GcaToken *token = gca_found_card_get_token(series->card, error);
    const char *number = gca_found_card_get_number(series->card);
    g_autofree char *shown = gca_text_escape(number ? number : _("unknown"));
    g_autofree char *title = g_strdup_printf(_("PIN of card %s, for signature %u of %u"), shown,
                                             series->begun, series->total);
    GcaLoginOptions login = series->login;

    login.title = title;
    if (token == NULL)
        return FALSE;
    if (!series->asks_again || (series->begun == 1 && !gca_token_has_pin_pad(token)))
        return TRUE;
    g_autoptr(GcaCardGuard) guard = gca_card_guard_new(series->card, series->cancel);
    if (gca_token_ask_again(token, &login, series->interaction, gca_card_guard_get_cancel(guard),
                            error))
        return TRUE;
    gca_card_guard_explain(guard, error);
    return FALSE;
}

GBytes *
gca_prereg_series_sign(GcaPreregSeries *series, GcaPrereg *prereg, GError **error)
{
    if (!gca_cancel_check(series->cancel, error))
        return NULL;
    series->begun++;
    return ask_again(series, error) ? gca_prereg_sign_with(prereg, series->card, series->key, error)
                                    : NULL;
}
