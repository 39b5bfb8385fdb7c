#include "config.h"

#include "localsign/card-work.h"

#include "base/error.h"
#include "base/text.h"
#include "flow/card-list.h"
#include "flow/found-card.h"
#include "localsign/answer.h"
#include "localsign/card-json.h"
#include "localsign/pin-once.h"
#include "localsign/signature.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>

char *
gca_card_work_list(const GcaCardChoice *choice, gboolean with_certificates, GcaCancel *cancel)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) entries = gca_card_list(choice, with_certificates, cancel, &error);
    json_t *answer = gca_answer_new("pkcs11info", gca_hipki_result_of(error));

    gca_card_json_set_text(answer, "serverVersion", GCA_HIPKI_VERSION);
    gca_card_json_set_list(answer, entries, with_certificates);
    return gca_answer_to_text(answer);
}

/* ---- the signer ---- */

static const GcaLoginOptions login_options = {.pin_fd = -1};

/* Whoever holds the card may sign here, a citizen too; but not with any certificate. */
static gboolean
check_certificate(const GcaHolder *holder, GError **error)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    GDateTime *start = gca_holder_get_not_before(holder), *end = gca_holder_get_not_after(holder);

    if (!gca_certificate_can_sign(gca_holder_get_certificate(holder)))
        gca_hipki_set_error(error, GCA_HIPKI_NO_CERTIFICATE, "%s",
                            _("The card's certificate is not for signing."));
    else if (g_date_time_compare(now, start) < 0)
        gca_hipki_set_error(error, GCA_HIPKI_NOT_YET_VALID, "%s",
                            _("The card's certificate is not valid yet."));
    else if (g_date_time_compare(now, end) > 0)
        gca_hipki_set_error(error, GCA_HIPKI_EXPIRED, "%s",
                            _("The card's certificate has expired."));
    else
        return TRUE;
    return FALSE;
}

/* The card in the reader that the page has chosen, whose holder may sign. */
static GcaFoundCard *
open_card(const GcaCardChoice *choice, const GcaOrder *order, GcaCancel *cancel, GError **error)
{
    GcaCardChoice own = *choice;

    if (order->reader != NULL)
        own.reader = order->reader;
    g_autoptr(GcaFoundCard) card = gca_found_card_open(&own, FALSE, NULL, cancel, error);
    if (card == NULL || !check_certificate(gca_found_card_get_holder(card), error))
        return NULL;
    return g_steal_pointer(&card);
}

/* A card that lies in its reader is there, whatever the module knows of it. */
static GcaToken *
get_token(GcaFoundCard *card, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    GcaToken *token = gca_found_card_get_token(card, &trouble);

    if (token != NULL)
        return token;
    if (g_error_matches(trouble, GCA_ERROR, GCA_ERROR_NO_CARD) &&
        gca_found_card_get_reader(card) != NULL)
        gca_hipki_set_error(error, GCA_HIPKI_NO_MODULE, "%s", trouble->message);
    else
        g_propagate_error(error, g_steal_pointer(&trouble));
    return NULL;
}

void
gca_signer_free(GcaSigner *signer)
{
    g_free(signer->reader);
    g_free(signer->number);
    g_free(signer->holder);
    g_free(signer);
}

static char *
describe_holder(const GcaHolder *holder)
{
    const char *organization = gca_holder_get_organization(holder);

    if (organization != NULL && *organization != '\0')
        return gca_text_escape(organization);
    return gca_name_to_string(gca_holder_get_dn(holder));
}

/* What can be known of the page's PIN before anybody is asked. A blocked card is another matter. */
static gboolean
check_pin(GcaToken *token, GcaSecret *pin, GError **error)
{
    if (pin == NULL || gca_token_has_pin_pad(token) || gca_token_get_tries_left(token) == 0)
        return TRUE;
    return gca_token_check_pin(token, &login_options, pin, error);
}

GcaSigner *
gca_card_work_find_signer(const GcaCardChoice *choice, const GcaOrder *order, GcaCancel *cancel,
                          GError **error)
{
    g_autoptr(GcaFoundCard) card = open_card(choice, order, cancel, error);
    GcaToken *token = card ? get_token(card, error) : NULL;

    if (token == NULL || !check_pin(token, order->pin, error))
        return NULL;
    const char *reader = gca_found_card_get_reader(card);
    const char *number = gca_found_card_get_number(card);
    GcaSigner *signer = g_new0(GcaSigner, 1);
    signer->reader = gca_text_escape(reader ? reader : gca_token_get_reader(token));
    signer->number = gca_text_escape(number ? number : "");
    signer->holder = describe_holder(gca_found_card_get_holder(card));
    signer->tries_left = gca_token_get_tries_left(token);
    signer->has_pin_pad = gca_token_has_pin_pad(token);
    return signer;
}

/* ---- signing ---- */

static gboolean
log_in(GcaFoundCard *card, GcaSecret *pin, gboolean allow_last_try, GcaCancel *cancel,
       GError **error)
{
    GcaLoginOptions options = login_options;
    g_autoptr(GcaPinOnce) person = gca_pin_once_new(pin);
    GcaToken *token = gca_found_card_get_token(card, error);

    options.allow_last_try = allow_last_try;
    if (token == NULL)
        return FALSE;
    if (pin == NULL && !gca_token_has_pin_pad(token)) {
        gca_hipki_set_error(error, GCA_HIPKI_NO_PIN, "%s", _("No PIN was given."));
        return FALSE;
    }
    return gca_found_card_login(card, &options, NULL, GCA_INTERACTION(person), cancel, error);
}

/* What the card or its module said is in OpenSSL's queue. */
static GBytes *
sign(GcaFoundCard *card, const GcaOrder *order, GError **error)
{
    X509 *signer = gca_holder_get_certificate(gca_found_card_get_holder(card));
    g_autoptr(GError) trouble = NULL;
    g_autoptr(EVP_PKEY) key = gca_found_card_find_key(card, error);
    GBytes *signature =
        key ? gca_order_sign(order, key, signer, gca_found_card_get_number(card), &trouble) : NULL;

    if (g_error_matches(trouble, GCA_ERROR, GCA_ERROR_CRYPTO) && ERR_peek_error() != 0)
        gca_token_set_error(gca_found_card_get_token(card, NULL), "sign", error);
    else if (trouble != NULL)
        g_propagate_error(error, g_steal_pointer(&trouble));
    return signature;
}

static char *
answer_signature(const GcaFoundCard *card, GBytes *signature)
{
    json_t *answer = gca_answer_new("sign", gca_hipki_result_of(NULL));

    gca_card_json_set_base64(answer, "signature", signature);
    gca_card_json_set_certificate(answer,
                                  gca_holder_get_certificate(gca_found_card_get_holder(card)));
    gca_card_json_set_text(answer, "cardSN", gca_found_card_get_number(card));
    gca_card_json_set_text(answer, "version", GCA_HIPKI_VERSION);
    return gca_answer_to_text(answer);
}

/* A module that fails once it works is no module that is missing. */
static char *
answer_failure(const GError *error, GcaHipkiCode instead)
{
    GcaHipkiResult result = gca_hipki_result_of(error);

    if (result.ret_code == GCA_HIPKI_NO_MODULE)
        result.ret_code = instead;
    return gca_answer_to_text(gca_answer_new("sign", result));
}

char *
gca_card_work_sign(const GcaCardChoice *choice, const GcaOrder *order, GcaSecret *pin,
                   gboolean allow_last_try, GcaCancel *cancel)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GcaFoundCard) card = open_card(choice, order, cancel, &error);

    if (card == NULL || get_token(card, &error) == NULL)
        return gca_answer_of_error("sign", error);
    if (!log_in(card, pin, allow_last_try, cancel, &error))
        return answer_failure(error, GCA_HIPKI_LOGIN_FAILED);
    g_autoptr(GBytes) signature = sign(card, order, &error);
    if (signature == NULL)
        return answer_failure(error, GCA_HIPKI_SIGNING_FAILED);
    return answer_signature(card, signature);
}
