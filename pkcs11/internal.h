/* What the files of this folder share; no other folder includes it. */
#pragma once

#include "pkcs11/token.h"

#include <libp11.h>
#include <openssl/ui.h>
#include <p11-kit/pkcs11.h>
#include <p11-kit/uri.h>

G_BEGIN_DECLS

struct _GcaModule {
    char *path;
    void *handle; /* dlopen's; libp11 holds the same library */
    CK_FUNCTION_LIST *functions;
    gboolean is_shared; /* somebody else in this process had initialised it */
    PKCS11_CTX *ctx;
    gboolean is_loaded;
    UI_METHOD *ui_method;
};

struct _GcaToken {
    GcaModule *module;
    PKCS11_SLOT *slots;
    unsigned int n_slots;
    PKCS11_SLOT *slot; /* one of slots */
    gulong slot_id;
    char *label;
    char *serial;
    char *reader;
    char *pin_file;      /* pin-source of the URI, or NULL */
    char *unblock_place; /* of the last login */
    int tries_left;
    gboolean has_pin_pad;
    gsize pin_min;
    gsize pin_max;
    gboolean has_session; /* libp11 has one, and keeps it */
    gboolean is_logged_in;
    gboolean is_gone;   /* the card: nothing is asked of the module any more */
    GcaSecret *key_pin; /* accepted by login, for one use of an always-authenticated key */
};

/* ---- module-choice.c ---- */

/* The vendor's module in its known places under `root` ("/"), or NULL. */
GcaModuleChoice *gca_module_choose_vendor(const char *root);

/* The best of the modules registered with p11-kit, or NULL. */
GcaModuleChoice *gca_module_choose_registered(void);

/* ---- ckr.c ---- */

/* The first CKR in OpenSSL's error queue (it is the cause of the others), CKR_OK if there is none.
 * What else was queued comes in `rest` (may be NULL). Empties the queue. */
gulong gca_ckr_take(char **rest);

/* ---- uri.c ---- */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(P11KitUri, p11_kit_uri_free)

/* USAGE. */
P11KitUri *gca_uri_parse(const char *text, GError **error);

/* As gca_uri_parse; USAGE too where it names an object that is no private key. */
P11KitUri *gca_uri_parse_of_key(const char *text, GError **error);

/* Everything but unreserved ASCII is percent-encoded in it. */
char *gca_uri_to_string(P11KitUri *uri);

/* ---- wish.c ---- */

typedef struct _GcaWish GcaWish;

/* A wish made ready to compare; USAGE for a URI that is malformed or carries a PIN. */
GcaWish *gca_wish_new(GcaModule *module, const GcaTokenWish *wish, GError **error);
void gca_wish_free(GcaWish *wish);
gboolean gca_wish_fits(const GcaWish *wish, PKCS11_SLOT *slot);
char *gca_wish_dup_pin_file(const GcaWish *wish);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaWish, gca_wish_free)

/* ---- token.c ---- */

/* As its label has it: HiCOS is the family of the GCA card. */
gboolean gca_token_is_hicos(const GcaToken *token);

/* Before anything for which libp11 takes a session: CARD_REMOVED where the card is known to have
 * gone (the module is not even asked), or the error of C_OpenSession. libp11 0.4.12 waits for ever
 * where its own C_OpenSession fails, so the first one is tried out. */
gboolean gca_token_prepare(GcaToken *token, GError **error);

/* Takes flags and PIN lengths anew from C_GetTokenInfo; CARD_REMOVED if another card is there now.
 */
gboolean gca_token_refresh(GcaToken *token, GError **error);

/* Sets `error` for a `call` that gave `ckr`. */
void gca_token_set_ckr_error(GcaToken *token, const char *call, gulong ckr, GError **error);

/* ---- pin.c ---- */

/* The PIN from the file, the descriptor or the person, in this order; BAD_DATA, FILE, CANCELLED. */
GcaSecret *gca_pin_get(const GcaToken *token, const GcaLoginOptions *options,
                       GcaInteraction *interaction, GcaCancel *cancel, GError **error);

/* PIN_POLICY unless the PIN has the form that the token can accept. */
gboolean gca_pin_check(const GcaToken *token, const GcaLoginOptions *options, GcaSecret *pin,
                       GError **error);

/* Hands the PIN kept in the token that is `ui`'s user data over, once: a UI_METHOD's reader. */
int gca_pin_read_for_key(UI *ui, UI_STRING *field);

G_END_DECLS
