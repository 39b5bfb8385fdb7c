#include "config.h"

#include "localsign/signature.h"

#include "base/error.h"
#include "cms/attributes.h"
#include "cms/bare-signature.h"

#include <glib/gi18n-lib.h>

#define RANDOM_NONCE "1.2.840.113549.1.9.25.3" /* RFC 2985 section 5.3.4: OCTET STRING */
#define CARD_NUMBER "2.16.886.1.100.2.204"

static GcaAttributes *
attributes_of(const GcaOrder *order, const char *card_number)
{
    GcaAttributes *attributes = gca_attributes_new();

    if (order->with_signing_time) {
        g_autoptr(GDateTime) now = g_date_time_new_now_utc();
        gca_attributes_add_time(attributes, now);
    }
    if (order->nonce != NULL)
        gca_attributes_add_octets(attributes, RANDOM_NONCE, order->nonce);
    if (order->with_card_number)
        gca_attributes_add_text(attributes, CARD_NUMBER, card_number);
    return attributes;
}

GBytes *
gca_order_sign(const GcaOrder *order, EVP_PKEY *key, X509 *signer, const char *card_number,
               GError **error)
{
    if (order->form == GCA_ORDER_PKCS1)
        return gca_bare_signature_make(order->tbs, order->digest, key, signer, error);
    if (order->with_card_number && card_number == NULL) {
        gca_error_set(error, GCA_ERROR_BAD_DATA,
                      _("The page wants the card's number signed too, and the card does not "
                        "tell it."));
        return NULL;
    }
    g_autoptr(GcaAttributes) attributes = attributes_of(order, card_number);
    return gca_attributes_sign(attributes, order->tbs, order->digest, key, signer, error);
}
