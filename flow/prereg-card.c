#include "config.h"

#include "flow/prereg-card.h"

#include "base/error.h"
#include "base/text.h"
#include "flow/prereg-private.h"
#include "flow/prereg-series.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>

static GcaOrganization
organization_of(const GcaFoundCard *card)
{
    const GcaHolder *holder = gca_found_card_get_holder(card);

    return (GcaOrganization){
        .name = gca_holder_get_organization(holder),
        .dn = gca_holder_get_dn(holder),
        .oid = gca_holder_get_oid(holder),
        .card_serial = gca_found_card_get_number(card),
    };
}

/* The name is compared with nothing else, and it is what people read. */
static void
warn_of_name(GcaPrereg *prereg, const GcaOrganization *organization)
{
    const char *said = gca_request_get_organization_name(prereg->request);
    if (g_str_equal(said, organization->name))
        return;

    g_autofree char *shown = gca_text_escape(said);
    g_autofree char *name = gca_text_escape(organization->name);
    gca_prereg_warn(prereg, g_strdup_printf(_("The request calls the agency “%s”, but the card is "
                                              "that of “%s”. Sign it only if both are the same."),
                                            shown, name));
}

gboolean
gca_prereg_bind_card(GcaPrereg *prereg, const GcaFoundCard *card, GError **error)
{
    GcaOrganization organization = organization_of(card);

    if (!gca_found_card_check_signing(card, prereg->profile, error) ||
        !gca_prereg_bind(prereg, &organization, error))
        return FALSE;
    if (prereg->is_prepared)
        warn_of_name(prereg, &organization);
    char *renewal = gca_found_card_dup_renewal_note(card, prereg->profile);
    if (renewal != NULL)
        gca_prereg_warn(prereg, renewal);
    return TRUE;
}

GBytes *
gca_prereg_sign_with(GcaPrereg *prereg, GcaFoundCard *card, EVP_PKEY *key, GError **error)
{
    X509 *certificate = gca_holder_get_certificate(gca_found_card_get_holder(card));
    g_autoptr(GError) trouble = NULL;

    GBytes *message = gca_request_sign(prereg->request, key, certificate,
                                       gca_found_card_get_ca_certificates(card), &trouble);
    /* What the card or its module said is in OpenSSL's queue. */
    if (g_error_matches(trouble, GCA_ERROR, GCA_ERROR_CRYPTO) && ERR_peek_error() != 0) {
        g_clear_error(&trouble);
        gca_token_set_error(gca_found_card_get_token(card, NULL), "sign", &trouble);
        gca_found_card_explain(card, &trouble);
    }
    if (trouble != NULL)
        g_propagate_error(error, g_steal_pointer(&trouble));
    return message;
}

/* Logged in, and then stopped. */
static void
tell_pin_was_sent(GError **error)
{
    if (!g_error_matches(*error, GCA_ERROR, GCA_ERROR_CANCELLED))
        return;
    gca_error_replace(error, GCA_ERROR_CANCELLED, _("Nothing was signed."));
    gca_error_set_hint(error, _("The PIN was sent to the card once."));
}

GBytes *
gca_prereg_sign(GcaPrereg *prereg, GcaFoundCard *card, const GcaLoginOptions *login,
                GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    GcaLoginOptions own = *login;
    g_autoptr(GError) trouble = NULL;

    own.unblock_place = gca_profile_get_unblock_place(prereg->profile);
    g_autoptr(GcaPreregSeries) series =
        gca_prereg_series_new(card, 1, &own, interaction, cancel, error);
    if (series == NULL)
        return NULL;
    gca_interaction_notice(interaction, GCA_NOTICE_PROGRESS, "%s", _("Signing with the card …"));
    GBytes *message = gca_prereg_series_sign(series, prereg, &trouble);
    if (message == NULL) {
        tell_pin_was_sent(&trouble);
        g_propagate_error(error, g_steal_pointer(&trouble));
    }
    return message;
}
