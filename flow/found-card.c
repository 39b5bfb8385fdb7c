#include "config.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "flow/card-guard.h"
#include "flow/found-card-private.h"
#include "x509/certificate.h"

#include <glib/gi18n-lib.h>

#define REMOVAL_MS 1000 /* more than pcscd takes to see that a card has gone */

void
gca_found_card_free(GcaFoundCard *card)
{
    g_clear_pointer(&card->token, gca_token_free);
    g_clear_pointer(&card->module, gca_module_close);
    g_clear_pointer(&card->module_choice, gca_module_choice_free);
    g_clear_pointer(&card->holder, gca_holder_unref);
    g_clear_pointer(&card->key_id, g_bytes_unref);
    g_clear_pointer(&card->others, gca_x509_stack_free);
    g_free(card->choice.reader);
    g_free(card->choice.serial);
    g_free(card->choice.token);
    g_free(card->choice.module);
    g_free(card->reader);
    g_free(card->number);
    g_free(card);
}

GcaFoundCard *
gca_found_card_new(const GcaCardChoice *choice)
{
    GcaFoundCard *card = g_new0(GcaFoundCard, 1);
    card->choice.reader = g_strdup(choice->reader);
    card->choice.serial = g_strdup(choice->serial);
    card->choice.token = g_strdup(choice->token);
    card->choice.module = g_strdup(choice->module);
    card->others = sk_X509_new_null();
    return card;
}

GcaFoundCard *
gca_found_card_new_in_reader(const GcaCardChoice *choice, const char *reader, guint events)
{
    GcaFoundCard *card = gca_found_card_new(choice);
    card->reader = g_strdup(reader);
    card->events = events;
    return card;
}

gboolean
gca_found_card_is_gone(const GError *trouble)
{
    return g_error_matches(trouble, GCA_ERROR, GCA_ERROR_CARD_REMOVED) ||
           g_error_matches(trouble, GCA_ERROR, GCA_ERROR_NO_CARD) ||
           g_error_matches(trouble, GCA_ERROR, GCA_ERROR_NO_READER);
}

/* ---- over PC/SC ---- */

gboolean
gca_found_card_read_hicos(GcaFoundCard *found, GcaPcsc *pcsc, GcaOthers others, GcaCancel *cancel,
                          GError **error)
{
    g_autoptr(GcaCard) card = gca_card_connect(pcsc, found->reader, cancel, error);
    if (card == NULL)
        return FALSE;
    g_autoptr(GcaHicos) hicos = gca_hicos_open(card, error);
    if (hicos == NULL || !gca_hicos_read(hicos, others, error))
        return FALSE;

    found->generation = gca_hicos_get_generation(hicos);
    found->number = g_strdup(gca_hicos_get_number(hicos));
    gca_x509_stack_free(found->others);
    found->others = X509_chain_up_ref(gca_hicos_get_others(hicos));
    if (!gca_hicos_check_signing(hicos, error))
        return FALSE;
    found->key_id = g_bytes_ref(gca_hicos_get_signing_id(hicos));
    found->holder = gca_holder_new(gca_hicos_get_signing_certificate(hicos), error);
    return found->holder != NULL;
}

/* ---- through the module ---- */

gboolean
gca_found_card_choose_module(GcaFoundCard *card, GError **error)
{
    if (card->module_choice == NULL)
        card->module_choice = gca_module_choose(card->choice.module, error);
    return card->module_choice != NULL;
}

gboolean
gca_found_card_open_module(GcaFoundCard *card, GError **error)
{
    if (card->module != NULL)
        return TRUE;
    if (!gca_found_card_choose_module(card, error))
        return FALSE;
    gca_log("flow", "module %s, %s", card->module_choice->path, card->module_choice->reason);
    card->module = gca_module_open(card->module_choice->path, error);
    return card->module != NULL;
}

/* The certificate to sign with: the first that can sign; where none can, one to name a reason by.
 */
static X509 *
choose_certificate(GcaX509Stack *certificates)
{
    X509 *fallback = NULL;

    for (int i = 0; i < sk_X509_num(certificates); i++) {
        X509 *certificate = sk_X509_value(certificates, i);
        if (X509_check_ca(certificate) > 0)
            continue;
        if (gca_certificate_can_sign(certificate))
            return certificate;
        fallback = certificate;
    }
    return fallback;
}

static gboolean
is_wanted(X509 *certificate, GcaOthers others)
{
    return others == GCA_OTHERS_ALL || (others == GCA_OTHERS_CA && X509_check_ca(certificate) > 0);
}

gboolean
gca_found_card_read_token(GcaFoundCard *card, GcaOthers others, GError **error)
{
    GcaToken *token = gca_found_card_get_token(card, error);
    if (token == NULL)
        return FALSE;
    g_autoptr(GcaX509Stack) certificates = gca_token_list_certificates(token, error);
    if (certificates == NULL)
        return FALSE;
    X509 *certificate = choose_certificate(certificates);
    for (int i = 0; i < sk_X509_num(certificates); i++) {
        X509 *other = sk_X509_value(certificates, i);
        if (other != certificate && is_wanted(other, others) &&
            !X509_add_cert(card->others, other, X509_ADD_FLAG_UP_REF))
            g_error("out of memory");
    }
    card->number = g_strdup(gca_token_get_serial(token));
    if (certificate == NULL) {
        gca_error_set(error, GCA_ERROR_NO_CERT,
                      _("The card holds no certificate of a person or "
                        "an agency."));
        gca_error_set_hint(error, _("Insert the GCA card of your agency; if this is the one, have "
                                    "it examined where it was issued."));
        return FALSE;
    }
    card->holder = gca_holder_new(certificate, error);
    return card->holder != NULL;
}

GcaHolder *
gca_found_card_get_holder(const GcaFoundCard *card)
{
    return card->holder;
}

const char *
gca_found_card_get_reader(const GcaFoundCard *card)
{
    return card->reader;
}

const char *
gca_found_card_get_number(const GcaFoundCard *card)
{
    return card->number;
}

int
gca_found_card_get_generation(const GcaFoundCard *card)
{
    return card->generation;
}

GcaX509Stack *
gca_found_card_get_ca_certificates(const GcaFoundCard *card)
{
    return card->others;
}

char *
gca_found_card_dup_renewal_note(const GcaFoundCard *card, const GcaProfile *profile)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    int days = gca_holder_days_left(card->holder, now);
    const char *place = gca_profile_get_renewal_place(profile);

    if (days > GCA_HOLDER_WARN_DAYS)
        return NULL;
    if (days < 0)
        return g_strdup_printf(_("The card's certificate has expired. Renew it: %s"), place);
    if (days == 0)
        return g_strdup_printf(_("The card's certificate expires today. Renew it: %s"), place);
    return g_strdup_printf(ngettext("The card's certificate expires in %d day. Renew it: %s",
                                    "The card's certificate expires in %d days. Renew it: %s",
                                    (gulong) days),
                           days, place);
}

gboolean
gca_found_card_check_signing(const GcaFoundCard *card, const GcaProfile *profile, GError **error)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();

    if (gca_holder_check_signing(card->holder, now, error))
        return TRUE;
    if (gca_holder_days_left(card->holder, now) < 0)
        gca_error_set_hint(error, gca_profile_get_renewal_place(profile));
    return FALSE;
}

gboolean
gca_found_card_is_in(const GcaFoundCard *card, GPtrArray *readers)
{
    for (guint i = 0; readers != NULL && i < readers->len; i++) {
        const GcaReader *reader = g_ptr_array_index(readers, i);
        if (g_str_equal(reader->name, card->reader))
            return reader->has_card && reader->events == card->events;
    }
    return FALSE;
}

void
gca_found_card_explain(const GcaFoundCard *card, GError **error)
{
    g_autoptr(GError) why = NULL;

    if (error == NULL || card->reader == NULL ||
        !g_error_matches(*error, GCA_ERROR, GCA_ERROR_CARD_REMOVED))
        return;
    g_autoptr(GcaPcsc) pcsc = gca_pcsc_new(&why);
    g_autoptr(GPtrArray) readers = pcsc ? gca_pcsc_list(pcsc, &why) : NULL;
    if (readers != NULL && readers->len == 0)
        gca_found_card_set_no_reader(&why);
    if (why != NULL) {
        g_clear_error(error);
        g_propagate_error(error, g_steal_pointer(&why));
    }
}

void
gca_found_card_set_removed(const GcaFoundCard *card, GError **error)
{
    g_autofree char *shown = gca_text_escape(card->reader);

    gca_error_replace(error, GCA_ERROR_CARD_REMOVED,
                      _("The card was removed from the reader “%s”."), shown);
}

/* pcscd looks for cards only now and then: one that has just left is still there to it, for which
 * there is some `patience`. */
static gboolean
card_has_left(const GcaFoundCard *card, int patience_ms)
{
    g_autoptr(GcaPcsc) pcsc = gca_pcsc_new(NULL);
    g_autoptr(GPtrArray) before = pcsc ? gca_pcsc_list(pcsc, NULL) : NULL;

    if (!gca_found_card_is_in(card, before))
        return TRUE;
    if (patience_ms == 0 || !gca_pcsc_wait(pcsc, patience_ms, NULL, NULL))
        return FALSE;
    g_autoptr(GPtrArray) after = gca_pcsc_list(pcsc, NULL);
    return !gca_found_card_is_in(card, after);
}

GcaToken *
gca_found_card_get_token(GcaFoundCard *card, GError **error)
{
    if (card->token != NULL)
        return card->token;
    if (!gca_found_card_open_module(card, error))
        return NULL;

    /* A card that was read in a reader is looked for there; the number is the token's own. */
    GcaTokenWish wish = {
        .uri = card->choice.token,
        .serial = card->reader ? NULL : card->choice.serial,
        .reader = card->reader ? card->reader : card->choice.reader,
    };
    g_autoptr(GError) trouble = NULL;
    card->token = gca_token_find(card->module, &wish, &trouble);
    /* Another card may have come while a question was being answered: its PIN is not ours to try.
     */
    if (card->token != NULL && (card->reader == NULL || !card_has_left(card, 0)))
        return card->token;
    if (card->token != NULL || (card->reader != NULL && card_has_left(card, REMOVAL_MS))) {
        g_clear_pointer(&card->token, gca_token_free);
        gca_found_card_set_removed(card, &trouble);
        gca_found_card_explain(card, &trouble);
    } else if (card->reader != NULL && g_error_matches(trouble, GCA_ERROR, GCA_ERROR_NO_CARD)) {
        gca_error_set_hint(&trouble,
                           _("The module does not show the card in this reader: it may be "
                             "a module for other cards. Install the card vendor's package; if its "
                             "module is not found by itself, name the module's file in "
                             "~/.config/gca-toolkit/config.ini: the line “module=FILE” below the "
                             "line “[pkcs11]”."));
    }
    g_propagate_error(error, g_steal_pointer(&trouble));
    return NULL;
}

gboolean
gca_found_card_login(GcaFoundCard *card, const GcaLoginOptions *options, const char *unblock_place,
                     GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    GcaToken *token = gca_found_card_get_token(card, error);
    if (token == NULL)
        return FALSE;

    g_autofree char *number = gca_text_escape(card->number ? card->number : _("unknown"));
    g_autofree char *title = g_strdup_printf(_("PIN of card %s"), number);
    GcaLoginOptions complete = *options;
    complete.title = title;
    complete.unblock_place = unblock_place;
    g_autoptr(GcaCardGuard) guard = gca_card_guard_new(card, cancel);
    if (gca_token_login(token, &complete, interaction, gca_card_guard_get_cancel(guard), error))
        return TRUE;
    gca_card_guard_explain(guard, error);
    return FALSE;
}

EVP_PKEY *
gca_found_card_find_key(GcaFoundCard *card, GError **error)
{
    EVP_PKEY *key = gca_token_find_key(card->token, gca_holder_get_certificate(card->holder),
                                       card->key_id, error);

    if (key == NULL)
        gca_found_card_explain(card, error);
    return key;
}
