#include "config.h"

#include "base/error.h"
#include "base/text.h"
#include "pkcs11/ckr.h"
#include "pkcs11/internal.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>

#define GONE_LOOKS 6
#define GONE_LOOK_EACH (100 * G_TIME_SPAN_MILLISECOND)

/* ---- what an error means ---- */

/* The reader's service sees the card's going only after some time, and OpenSC asks it once a second
 * unless the list of slots is fetched. */
static gboolean
slot_is_empty(const GcaToken *token)
{
    CK_FUNCTION_LIST *functions = token->module->functions;

    for (guint i = 0; i < GONE_LOOKS; i++) {
        CK_ULONG n;
        CK_SLOT_INFO info;
        if (functions->C_GetSlotList(CK_FALSE, NULL, &n) != CKR_OK ||
            functions->C_GetSlotInfo(token->slot_id, &info) != CKR_OK ||
            (info.flags & CKF_TOKEN_PRESENT) == 0)
            return TRUE;
        g_usleep(GONE_LOOK_EACH);
    }
    return FALSE;
}

/* The card's going shows in many ways; only where the CKR leaves it open is the slot looked at. */
static gboolean
card_has_gone(const GcaToken *token, gulong ckr)
{
    switch (ckr) {
    case CKR_DEVICE_REMOVED:
    case CKR_TOKEN_NOT_PRESENT:
    case CKR_SLOT_ID_INVALID:
    case CKR_SESSION_HANDLE_INVALID:
    case CKR_SESSION_CLOSED:
        return TRUE;
    case CKR_USER_NOT_LOGGED_IN: /* a new session after a quick reinsertion */
    case CKR_OBJECT_HANDLE_INVALID:
    case CKR_KEY_HANDLE_INVALID:
        return token->is_logged_in;
    case CKR_OK: /* libp11 does not always say */
    case CKR_DEVICE_ERROR:
    case CKR_FUNCTION_FAILED:
    case CKR_GENERAL_ERROR:
        return slot_is_empty(token);
    default:
        return FALSE;
    }
}

/* The flags that libp11 has are those from before the refused PIN: slots are enumerated anew. (Not
 * with PKCS11_update_slots: what it gives crashes libp11 0.4.12 when it is released.) */
static void
enumerate_anew(GcaToken *token)
{
    PKCS11_CTX *ctx = token->module->ctx;

    PKCS11_release_all_slots(ctx, g_steal_pointer(&token->slots), token->n_slots);
    token->slot = NULL;
    token->n_slots = 0;
    token->has_session = token->is_logged_in = FALSE;
    token->tries_left = GCA_TRIES_UNKNOWN;
    if (PKCS11_enumerate_slots(ctx, &token->slots, &token->n_slots) != 0)
        token->n_slots = 0;
    for (unsigned int i = 0; i < token->n_slots; i++) {
        if (PKCS11_get_slotid_from_slot(&token->slots[i]) == token->slot_id)
            token->slot = &token->slots[i];
    }
    ERR_clear_error();
    token->is_gone = token->slot == NULL || token->slot->token == NULL;
    if (!token->is_gone)
        gca_token_refresh(token, NULL);
}

static void
set_blocked(const GcaToken *token, GError **error)
{
    gca_error_replace(error, GCA_ERROR_PIN_BLOCKED, _("The PIN is blocked."));
    gca_error_set_tries_left(error, 0);
    gca_error_set_hint(error, token->unblock_place);
}

static void
set_wrong(const GcaToken *token, GError **error)
{
    if (token->tries_left == 1)
        gca_error_replace(error, GCA_ERROR_PIN_WRONG, _("The PIN is wrong; one try is left."));
    else if (token->tries_left == 2)
        gca_error_replace(error, GCA_ERROR_PIN_WRONG, _("The PIN is wrong; two tries are left."));
    gca_error_set_tries_left(error, token->tries_left);
}

/* A key in use, refused after login, is one of the slots' objects: they stay as long as it. */
static void
look_at_tries(GcaToken *token)
{
    if (!token->is_logged_in) {
        enumerate_anew(token);
        return;
    }
    token->tries_left = GCA_TRIES_UNKNOWN;
    gca_token_refresh(token, NULL);
}

static void
set_pin_error(GcaToken *token, gulong ckr, GError **error)
{
    look_at_tries(token);
    if (ckr == CKR_PIN_LOCKED)
        token->tries_left = 0;
    if (token->tries_left == 0)
        set_blocked(token, error);
    else
        set_wrong(token, error);
}

void
gca_token_set_ckr_error(GcaToken *token, const char *call, gulong ckr, GError **error)
{
    if (ckr == CKR_PIN_INCORRECT || ckr == CKR_PIN_LOCKED) {
        gca_ckr_set_error(error, call, ckr);
        set_pin_error(token, ckr, error);
    } else if (card_has_gone(token, ckr)) {
        token->is_gone = TRUE;
        g_clear_pointer(&token->key_pin, gca_secret_unref);
        gca_ckr_set_error(error, call, ckr);
        gca_error_replace(error, GCA_ERROR_CARD_REMOVED,
                          _("The card was removed or reset while it was being used."));
    } else if (ckr == P11_R_UI_FAILED) {
        gca_error_set(error, GCA_ERROR_PIN_POLICY,
                      _("The key asks for the PIN once more, and a PIN is never sent a second time "
                        "by itself."));
        gca_error_add_detail(error, "%s", call);
    } else {
        gca_ckr_set_error(error, call, ckr ? ckr : CKR_GENERAL_ERROR);
    }
}

void
gca_token_set_error(GcaToken *token, const char *call, GError **error)
{
    g_autofree char *rest = NULL;
    gulong ckr = gca_ckr_take(&rest);

    gca_token_set_ckr_error(token, call, token->is_gone ? CKR_DEVICE_REMOVED : ckr, error);
    if (rest != NULL)
        gca_error_add_detail(error, "%s", rest);
}

/* ---- login ---- */

static gboolean
may_try(const GcaToken *token, const GcaLoginOptions *options, GError **error)
{
    if (token->tries_left == 0) {
        gca_error_set(error, GCA_ERROR_PIN_BLOCKED,
                      _("The PIN is blocked; nothing was sent to the card."));
        gca_error_set_tries_left(error, 0);
        gca_error_set_hint(error, token->unblock_place);
        return FALSE;
    }
    if (token->tries_left == 1 && !options->allow_last_try) {
        gca_error_set(error, GCA_ERROR_PIN_POLICY,
                      _("Only one try of the PIN is left; nothing was sent to the card."));
        gca_error_set_tries_left(error, 1);
        gca_error_set_hint(error,
                           _("If you are sure of the PIN, allow the last try (on the command "
                             "line: --allow-last-try). A wrong PIN then blocks the card."));
        return FALSE;
    }
    return TRUE;
}

/* libp11 sends nothing where it thinks that the user is logged in. */
static void
end_earlier_login(GcaToken *token)
{
    g_clear_pointer(&token->key_pin, gca_secret_unref);
    if (token->is_logged_in)
        PKCS11_logout(token->slot);
    token->is_logged_in = FALSE;
    token->has_session &= !token->module->is_shared;
}

/* The one place where a PIN goes to a card: once, whatever comes back. NULL: on the PIN pad. */
static gboolean
send_pin(GcaToken *token, const GcaLoginOptions *options, GcaSecret *pin, GcaCancel *cancel,
         GError **error)
{
    if (!gca_cancel_check(cancel, error))
        return FALSE;
    end_earlier_login(token);

    /* anew: while the PIN was being typed the card may have been changed for another, or another
     * program may have used tries up */
    if (!gca_token_prepare(token, error) || !gca_token_refresh(token, error) ||
        !may_try(token, options, error))
        return FALSE;
    ERR_clear_error();
    if (PKCS11_login(token->slot, 0, pin ? gca_secret_get_data(pin) : NULL) != 0) {
        gca_token_set_error(token, "C_Login", error);
        return FALSE;
    }
    token->is_logged_in = TRUE;
    return TRUE;
}

static void
point_to_pin_pad(const GcaToken *token, GcaInteraction *interaction)
{
    g_autofree char *reader = gca_text_escape(token->reader);

    gca_interaction_notice(interaction, GCA_NOTICE_PIN_PAD,
                           _("Enter the PIN on the keys of the reader “%s”."), reader);
}

gboolean
gca_token_check_pin(GcaToken *token, const GcaLoginOptions *options, GcaSecret *pin, GError **error)
{
    return gca_token_refresh(token, error) && gca_pin_check(token, options, pin, error);
}

gboolean
gca_token_login(GcaToken *token, const GcaLoginOptions *options, GcaInteraction *interaction,
                GcaCancel *cancel, GError **error)
{
    g_free(token->unblock_place);
    token->unblock_place = g_strdup(options->unblock_place);
    if (!gca_token_refresh(token, error) || !may_try(token, options, error))
        return FALSE;
    if (token->has_pin_pad) {
        point_to_pin_pad(token, interaction);
        return send_pin(token, options, NULL, cancel, error);
    }

    g_autoptr(GcaSecret) pin = gca_pin_get(token, options, interaction, cancel, error);
    if (pin == NULL || !gca_pin_check(token, options, pin, error) ||
        !send_pin(token, options, pin, cancel, error))
        return FALSE;
    token->key_pin = g_steal_pointer(&pin);
    return TRUE;
}

/* ---- once more, for a key that wants it at each signature ---- */

gboolean
gca_token_check_asks_again(const GcaToken *token, const GcaLoginOptions *options, GError **error)
{
    if (token->has_pin_pad ||
        (options->pin_file == NULL && options->pin_fd < 0 && token->pin_file == NULL))
        return TRUE;
    gca_error_set(error, GCA_ERROR_USAGE, "%s",
                  _("This card asks for its PIN at every signature, and a PIN from a file is sent "
                    "for one signature only; nothing was signed."));
    gca_error_set_hint(error, _("Sign the requests one by one, or type the PIN at a terminal."));
    return FALSE;
}

gboolean
gca_token_ask_again(GcaToken *token, const GcaLoginOptions *options, GcaInteraction *interaction,
                    GcaCancel *cancel, GError **error)
{
    g_clear_pointer(&token->key_pin, gca_secret_unref);
    if (!gca_token_check_asks_again(token, options, error) || !gca_token_refresh(token, error) ||
        !may_try(token, options, error))
        return FALSE;
    if (token->has_pin_pad) {
        point_to_pin_pad(token, interaction);
        return gca_cancel_check(cancel, error);
    }
    g_autoptr(GcaSecret) pin = gca_pin_get(token, options, interaction, cancel, error);
    /* anew, as for login: much may happen while it is being typed */
    if (pin == NULL || !gca_pin_check(token, options, pin, error) ||
        !gca_token_refresh(token, error) || !may_try(token, options, error))
        return FALSE;
    token->key_pin = g_steal_pointer(&pin);
    return TRUE;
}
