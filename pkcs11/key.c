#include "config.h"

#include "base/error.h"
#include "base/text.h"
#include "pkcs11/ckr.h"
#include "pkcs11/internal.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <string.h>

#define LISTED_KEYS 20
#define MAX_ID 256 /* bytes */

static gboolean
list_keys(GcaToken *token, PKCS11_KEY **keys, unsigned int *n, GError **error)
{
    if (!gca_token_prepare(token, error))
        return FALSE;
    ERR_clear_error();
    if (PKCS11_enumerate_keys(token->slot->token, keys, n) == 0)
        return TRUE;
    gca_token_set_error(token, "C_FindObjects", error);
    return FALSE;
}

static gboolean
has_id(const PKCS11_KEY *key, GBytes *id)
{
    return id != NULL && g_bytes_get_size(id) == key->id_len &&
           memcmp(g_bytes_get_data(id, NULL), key->id, key->id_len) == 0;
}

static gboolean
card_has_gone(void)
{
    gulong queued = ERR_peek_error();
    return ERR_GET_LIB(queued) == ERR_get_CKR_code() &&
           gca_ckr_to_code((gulong) ERR_GET_REASON(queued)) == GCA_ERROR_CARD_REMOVED;
}

/* The first key of `public_key` among those with, or without, the wanted CKA_ID. */
static EVP_PKEY *
match(PKCS11_KEY *keys, unsigned int n, EVP_PKEY *public_key, GBytes *id, gboolean with_id)
{
    for (unsigned int i = 0; i < n && !card_has_gone(); i++) {
        if (has_id(&keys[i], id) != with_id)
            continue;
        g_autoptr(EVP_PKEY) key = PKCS11_get_private_key(&keys[i]);
        if (key != NULL && EVP_PKEY_eq(key, public_key) == 1)
            return g_steal_pointer(&key);
    }
    return NULL;
}

EVP_PKEY *
gca_token_find_key(GcaToken *token, X509 *certificate, GBytes *id, GError **error)
{
    EVP_PKEY *public_key = X509_get0_pubkey(certificate);
    PKCS11_KEY *keys;
    unsigned int n;

    if (!list_keys(token, &keys, &n, error))
        return NULL;
    EVP_PKEY *key = match(keys, n, public_key, id, TRUE);
    if (key == NULL)
        key = match(keys, n, public_key, id, FALSE);

    if (key == NULL && card_has_gone())
        gca_token_set_error(token, "C_GetAttributeValue", error);
    else if (key == NULL)
        gca_error_set(error, GCA_ERROR_NO_KEY,
                      _("The card shows no private key that belongs to its certificate."));
    ERR_clear_error();
    return key;
}

/* ---- the PIN at each signature ---- */

static gboolean
find_object(CK_FUNCTION_LIST *functions, CK_SESSION_HANDLE session, CK_ATTRIBUTE *wanted,
            CK_ULONG n_wanted, CK_OBJECT_HANDLE *object)
{
    CK_ULONG n = 0;

    if (functions->C_FindObjectsInit(session, wanted, n_wanted) != CKR_OK)
        return FALSE;
    gboolean is_read = functions->C_FindObjects(session, object, 1, &n) == CKR_OK;
    functions->C_FindObjectsFinal(session);
    return is_read && n == 1;
}

/* Key and certificate have one CKA_ID (PKCS#11 v2.40, 4.6.3). libp11 knows the attribute, but does
 * not tell. */
static gboolean
has_always_authenticated(CK_FUNCTION_LIST *functions, CK_SESSION_HANDLE session, unsigned char *der,
                         int size)
{
    CK_OBJECT_CLASS certificate = CKO_CERTIFICATE, private_key = CKO_PRIVATE_KEY;
    CK_BBOOL yes = CK_TRUE;
    CK_BYTE id[MAX_ID];
    CK_OBJECT_HANDLE object;
    CK_ATTRIBUTE of_certificate[] = {
        {CKA_CLASS, &certificate, sizeof certificate},
        {CKA_VALUE, der, (CK_ULONG) size},
    };
    CK_ATTRIBUTE of_key[] = {
        {CKA_CLASS, &private_key, sizeof private_key},
        {CKA_ID, id, sizeof id},
        {CKA_ALWAYS_AUTHENTICATE, &yes, sizeof yes},
    };

    return find_object(functions, session, of_certificate, G_N_ELEMENTS(of_certificate), &object) &&
           functions->C_GetAttributeValue(session, object, &of_key[1], 1) == CKR_OK &&
           of_key[1].ulValueLen <= sizeof id &&
           find_object(functions, session, of_key, G_N_ELEMENTS(of_key), &object);
}

gboolean
gca_token_key_is_always_authenticated(GcaToken *token, X509 *certificate)
{
    CK_FUNCTION_LIST *functions = token->module->functions;
    CK_SESSION_HANDLE session;
    unsigned char *der = NULL;

    if (token->is_gone || functions->C_OpenSession(token->slot_id, CKF_SERIAL_SESSION, NULL, NULL,
                                                   &session) != CKR_OK)
        return FALSE;
    int size = i2d_X509(certificate, &der);
    gboolean is_so = size > 0 && has_always_authenticated(functions, session, der, size);
    OPENSSL_free(der);
    functions->C_CloseSession(session);
    return is_so;
}

/* ---- by URI ---- */

static CK_ATTRIBUTE
label_of(const PKCS11_KEY *key)
{
    return (CK_ATTRIBUTE){CKA_LABEL, key->label, key->label ? strlen(key->label) : 0};
}

static CK_ATTRIBUTE
id_of(const PKCS11_KEY *key)
{
    return (CK_ATTRIBUTE){CKA_ID, key->id, key->id_len};
}

/* All that a URI can say of an object (RFC 7512 section 2.3), but for its type. */
static GPtrArray *
choose_by_uri(const P11KitUri *uri, PKCS11_KEY *keys, unsigned int n)
{
    GPtrArray *fitting = g_ptr_array_new();

    for (unsigned int i = 0; i < n; i++) {
        CK_ATTRIBUTE own[] = {label_of(&keys[i]), id_of(&keys[i])};
        if (p11_kit_uri_match_attributes(uri, own, G_N_ELEMENTS(own)))
            g_ptr_array_add(fitting, &keys[i]);
    }
    return fitting;
}

/* A line a key: its label, and `uri` completed so that it names this key. */
static char *
describe(P11KitUri *uri, PKCS11_KEY *const *keys, guint n)
{
    GString *list = g_string_new(NULL);

    for (guint i = 0; i < MIN(n, LISTED_KEYS); i++) {
        CK_ATTRIBUTE label = label_of(keys[i]), id = id_of(keys[i]);
        p11_kit_uri_set_attribute(uri, &label);
        p11_kit_uri_set_attribute(uri, &id);
        g_autofree char *shown = gca_text_escape(keys[i]->label ? keys[i]->label : "");
        g_autofree char *complete = gca_uri_to_string(uri);
        g_string_append_printf(list, "\n  “%s”: %s", shown, complete);
    }
    if (n > LISTED_KEYS)
        g_string_append(list, "\n  …");
    return g_string_free(list, FALSE);
}

static void
refuse_keys(P11KitUri *uri, GPtrArray *keys, gboolean are_fitting, GError **error)
{
    g_autofree char *list = describe(uri, (PKCS11_KEY *const *) keys->pdata, keys->len);

    if (keys->len == 0)
        gca_error_set(error, GCA_ERROR_NO_KEY, _("The token shows no private key."));
    else if (!are_fitting)
        gca_error_set(error, GCA_ERROR_NO_KEY,
                      _("No private key is the one that was named; the token holds:%s"), list);
    else
        gca_error_set(error, GCA_ERROR_USAGE,
                      _("There are %u private keys that fit; which one is meant?%s"), keys->len,
                      list);
    gca_error_set_hint(error, _("A key is named by “object=NAME” or “id=…” in its URI, or by "
                                "both."));
}

static EVP_PKEY *
take_key(GcaToken *token, PKCS11_KEY *found, GError **error)
{
    EVP_PKEY *key = PKCS11_get_private_key(found);

    if (key == NULL && card_has_gone()) {
        gca_token_set_error(token, "C_GetAttributeValue", error);
    } else if (key == NULL) {
        g_autofree char *shown = gca_text_escape(found->label ? found->label : "");
        gca_error_set_openssl(error, GCA_ERROR_NO_KEY,
                              _("The token does not tell the public half of the private key “%s”, "
                                "which cannot be used without it."),
                              shown);
    }
    ERR_clear_error();
    return key;
}

EVP_PKEY *
gca_token_find_key_by_uri(GcaToken *token, const char *text, GError **error)
{
    g_autoptr(P11KitUri) uri = gca_uri_parse_of_key(text, error);
    g_autoptr(P11KitUri) any = p11_kit_uri_new();
    PKCS11_KEY *keys;
    unsigned int n;

    if (uri == NULL || !list_keys(token, &keys, &n, error))
        return NULL;
    g_autoptr(GPtrArray) fitting = choose_by_uri(uri, keys, n);
    if (fitting->len == 1)
        return take_key(token, g_ptr_array_index(fitting, 0), error);
    g_autoptr(GPtrArray) all = choose_by_uri(any, keys, n);
    refuse_keys(uri, fitting->len > 0 ? fitting : all, fitting->len > 0, error);
    return NULL;
}
