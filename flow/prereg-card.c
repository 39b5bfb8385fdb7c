#include "config.h"

#include "flow/prereg-card.h"

#include "base/error.h"
#include "flow/prereg-private.h"

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

gboolean
gca_prereg_bind_card(GcaPrereg *prereg, const GcaFoundCard *card, GError **error)
{
    GcaHolder *holder = gca_found_card_get_holder(card);
    GcaOrganization organization = organization_of(card);
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();

    if (!gca_holder_check_signing(holder, now, error)) {
        if (gca_holder_days_left(holder, now) < 0)
            gca_error_set_hint(error, gca_profile_get_renewal_place(prereg->profile));
        return FALSE;
    }
    if (!gca_prereg_bind(prereg, &organization, error))
        return FALSE;
    char *renewal = gca_found_card_dup_renewal_note(card, prereg->profile);
    if (renewal != NULL)
        gca_prereg_warn(prereg, renewal);
    return TRUE;
}

GBytes *
gca_prereg_sign_with(GcaPrereg *prereg, GcaFoundCard *card, EVP_PKEY *key, GError **error)
{
    X509 *certificate = gca_holder_get_certificate(gca_found_card_get_holder(card));
    GcaOrganization organization = organization_of(card);
    g_autoptr(GError) trouble = NULL;

    /* Time and nonce are those of the signature, not of the moment the request was first shown. */
    if (!gca_prereg_bind(prereg, &organization, error))
        return NULL;
    GBytes *message = gca_request_sign(prereg->request, key, certificate,
                                       gca_found_card_get_ca_certificates(card), &trouble);
    /* What the card or its module said is in OpenSSL's queue. */
    if (g_error_matches(trouble, GCA_ERROR, GCA_ERROR_CRYPTO) && ERR_peek_error() != 0)
        gca_token_set_error(gca_found_card_get_token(card, NULL), "sign", error);
    else if (trouble != NULL)
        g_propagate_error(error, g_steal_pointer(&trouble));
    return message;
}

GBytes *
gca_prereg_sign(GcaPrereg *prereg, GcaFoundCard *card, const GcaLoginOptions *login,
                GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    const char *unblock_place = gca_profile_get_unblock_place(prereg->profile);

    if (!gca_found_card_login(card, login, unblock_place, interaction, cancel, error))
        return NULL;
    g_autoptr(EVP_PKEY) key = gca_found_card_find_key(card, error);
    if (key == NULL)
        return NULL;
    gca_interaction_notice(interaction, GCA_NOTICE_PROGRESS, "%s", _("Signing …"));
    return gca_prereg_sign_with(prereg, card, key, error);
}
