#include "config.h"

#include "pkcs11/token.h"

#include "base/error.h"
#include "base/text.h"
#include "pkcs11/ckr.h"
#include "pkcs11/internal.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>

void
gca_token_free(GcaToken *token)
{
    PKCS11_set_ui_method(token->module->ctx, token->module->ui_method, NULL);
    g_clear_pointer(&token->key_pin, gca_secret_unref);
    if (token->slots != NULL)
        PKCS11_release_all_slots(token->module->ctx, token->slots, token->n_slots);
    g_free(token->label);
    g_free(token->serial);
    g_free(token->reader);
    g_free(token->pin_file);
    g_free(token->unblock_place);
    g_free(token);
}

static char *
describe(const PKCS11_SLOT *slot)
{
    g_autofree char *label = gca_text_escape(slot->token->label);
    g_autofree char *serial = gca_text_escape(slot->token->serialnr);
    g_autofree char *reader = gca_text_escape(slot->description);
    return g_strdup_printf(_("“%s”, number %s, in “%s”"), label, serial, reader);
}

static char *
describe_all(GPtrArray *slots)
{
    GString *list = g_string_new(NULL);

    for (guint i = 0; i < slots->len; i++) {
        g_autofree char *line = describe(g_ptr_array_index(slots, i));
        g_string_append_printf(list, "\n  %s", line);
    }
    return g_string_free(list, FALSE);
}

static void
refuse_none(GPtrArray *present, GError **error)
{
    g_autofree char *list = describe_all(present);

    if (present->len == 0)
        gca_error_set(error, GCA_ERROR_NO_CARD, _("The PKCS#11 module shows no card."));
    else
        gca_error_set(error, GCA_ERROR_NO_CARD,
                      _("No card is the one that was named; the PKCS#11 module shows:%s"), list);
}

static void
refuse_many(GPtrArray *fitting, GError **error)
{
    g_autofree char *list = describe_all(fitting);

    gca_error_set(error, GCA_ERROR_USAGE, _("There are %u cards; which one is meant?%s"),
                  fitting->len, list);
    gca_error_set_hint(error,
                       _("Leave only the card that is meant in its reader, or choose one (on "
                         "the command line: --serial NUMBER, --reader NAME or --token "
                         "URI)."));
}

/* The slots that hold a token ready for use; an uninitialised one (SoftHSM2 always shows one) has
 * neither PIN nor keys. */
static GPtrArray *
list_present(GcaToken *token)
{
    GPtrArray *present = g_ptr_array_new();

    for (unsigned int i = 0; i < token->n_slots; i++) {
        if (token->slots[i].token != NULL && token->slots[i].token->initialized)
            g_ptr_array_add(present, &token->slots[i]);
    }
    return present;
}

static PKCS11_SLOT *
choose(GcaToken *token, const GcaWish *wish, GError **error)
{
    g_autoptr(GPtrArray) present = list_present(token);
    g_autoptr(GPtrArray) fitting = g_ptr_array_new();

    for (guint i = 0; i < present->len; i++) {
        if (gca_wish_fits(wish, g_ptr_array_index(present, i)))
            g_ptr_array_add(fitting, g_ptr_array_index(present, i));
    }
    if (fitting->len == 1)
        return g_ptr_array_index(fitting, 0);
    if (fitting->len == 0)
        refuse_none(present, error);
    else
        refuse_many(fitting, error);
    return NULL;
}

static int
tries_of(gboolean is_locked, gboolean is_final, gboolean is_low)
{
    if (is_locked)
        return 0;
    if (is_final)
        return 1;
    return is_low ? 2 : GCA_TRIES_UNKNOWN;
}

static void
take_slot(GcaToken *token, PKCS11_SLOT *slot)
{
    token->slot = slot;
    token->slot_id = PKCS11_get_slotid_from_slot(slot);
    token->label = g_strdup(slot->token->label);
    token->serial = g_strdup(slot->token->serialnr);
    token->reader = g_strdup(slot->description);
    token->has_pin_pad = slot->token->secureLogin;
    token->tries_left = tries_of(slot->token->userPinLocked, slot->token->userPinFinalTry,
                                 slot->token->userPinCountLow);
}

/* libp11 0.4.12 fails without a CKR where the module has no slot at all. */
static gboolean
list_slots(GcaToken *token, GError **error)
{
    ERR_clear_error();
    if (PKCS11_enumerate_slots(token->module->ctx, &token->slots, &token->n_slots) == 0)
        return TRUE;
    gulong ckr = gca_ckr_take(NULL);
    token->slots = NULL;
    token->n_slots = 0;
    if (ckr != CKR_OK)
        gca_ckr_set_error(error, "C_GetSlotList", ckr);
    return ckr == CKR_OK;
}

GcaToken *
gca_token_find(GcaModule *module, const GcaTokenWish *wanted, GError **error)
{
    g_autoptr(GcaWish) wish = gca_wish_new(module, wanted, error);
    if (wish == NULL)
        return NULL;

    g_autoptr(GcaToken) token = g_new0(GcaToken, 1);
    token->module = module;
    token->pin_file = gca_wish_dup_pin_file(wish);
    PKCS11_SLOT *slot = list_slots(token, error) ? choose(token, wish, error) : NULL;
    if (slot == NULL)
        return NULL;
    take_slot(token, slot);
    PKCS11_set_ui_method(module->ctx, module->ui_method, token);
    return g_steal_pointer(&token);
}

const char *
gca_token_get_label(const GcaToken *token)
{
    return token->label;
}

const char *
gca_token_get_serial(const GcaToken *token)
{
    return token->serial;
}

const char *
gca_token_get_reader(const GcaToken *token)
{
    return token->reader;
}

int
gca_token_get_tries_left(const GcaToken *token)
{
    return token->tries_left;
}

gboolean
gca_token_has_pin_pad(const GcaToken *token)
{
    return token->has_pin_pad;
}

/* Where somebody else in this process is logged in, C_Login succeeds whatever the PIN: that login
 * is ended, so that the PIN is really checked. */
static void
end_login_of_others(const GcaToken *token, CK_SESSION_HANDLE session)
{
    CK_FUNCTION_LIST *functions = token->module->functions;
    CK_SESSION_INFO info;

    if (functions->C_GetSessionInfo(session, &info) == CKR_OK &&
        (info.state == CKS_RO_USER_FUNCTIONS || info.state == CKS_RW_USER_FUNCTIONS))
        functions->C_Logout(session);
}

gboolean
gca_token_prepare(GcaToken *token, GError **error)
{
    CK_FUNCTION_LIST *functions = token->module->functions;
    CK_SESSION_HANDLE session;
    CK_RV ckr = CKR_DEVICE_REMOVED;

    if (token->has_session && !token->is_gone)
        return TRUE;
    if (!token->is_gone)
        ckr = functions->C_OpenSession(token->slot_id, CKF_SERIAL_SESSION, NULL, NULL, &session);
    if (ckr != CKR_OK) {
        gca_token_set_ckr_error(token, "C_OpenSession", ckr, error);
        return FALSE;
    }
    if (token->module->is_shared)
        end_login_of_others(token, session);
    functions->C_CloseSession(session);
    token->has_session = TRUE;
    return TRUE;
}

gboolean
gca_token_is_hicos(const GcaToken *token)
{
    return g_str_has_prefix(token->label, "HiCOS");
}

/* What the token says of its PIN, where it can be: else that of the HiCOS family (6 to 8), else
 * what cards commonly have. */
static void
take_pin_lengths(GcaToken *token, const CK_TOKEN_INFO *info)
{
    gboolean is_sane = info->ulMinPinLen >= 1 && info->ulMinPinLen <= info->ulMaxPinLen &&
                       info->ulMaxPinLen <= 255;

    token->pin_min = is_sane ? info->ulMinPinLen : gca_token_is_hicos(token) ? 6 : 4;
    token->pin_max = is_sane ? info->ulMaxPinLen : gca_token_is_hicos(token) ? 8 : 16;
}

static gboolean
is_same_card(const GcaToken *token, const CK_TOKEN_INFO *info)
{
    g_autofree char *serial =
        g_strndup((const char *) info->serialNumber, sizeof info->serialNumber);
    return g_str_equal(g_strchomp(serial), token->serial);
}

gboolean
gca_token_refresh(GcaToken *token, GError **error)
{
    CK_TOKEN_INFO info;
    CK_RV ckr = CKR_DEVICE_REMOVED;

    if (!token->is_gone)
        ckr = token->module->functions->C_GetTokenInfo(token->slot_id, &info);
    if (ckr == CKR_OK && !is_same_card(token, &info))
        ckr = CKR_DEVICE_REMOVED;
    if (ckr != CKR_OK) {
        gca_token_set_ckr_error(token, "C_GetTokenInfo", ckr, error);
        return FALSE;
    }
    token->has_pin_pad = (info.flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0;
    token->tries_left = tries_of((info.flags & CKF_USER_PIN_LOCKED) != 0,
                                 (info.flags & CKF_USER_PIN_FINAL_TRY) != 0,
                                 (info.flags & CKF_USER_PIN_COUNT_LOW) != 0);
    take_pin_lengths(token, &info);
    return TRUE;
}

GcaX509Stack *
gca_token_list_certificates(GcaToken *token, GError **error)
{
    g_autoptr(GcaX509Stack) list = sk_X509_new_null();
    PKCS11_CERT *certificates;
    unsigned int n;

    if (!gca_token_prepare(token, error))
        return NULL;
    ERR_clear_error();
    if (PKCS11_enumerate_certs(token->slot->token, &certificates, &n) != 0) {
        gca_token_set_error(token, "C_FindObjects", error);
        return NULL;
    }
    for (unsigned int i = 0; i < n; i++) {
        X509 *certificate = certificates[i].x509; /* NULL: bytes that are no certificate */
        if (certificate != NULL && X509_up_ref(certificate))
            sk_X509_push(list, certificate);
    }
    ERR_clear_error();
    return g_steal_pointer(&list);
}
