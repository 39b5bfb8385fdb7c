/* A token in a module: how it is chosen, what is known of its PIN, login, and the signing key. */
#pragma once

#include "base/interaction.h"
#include "base/openssl-auto.h"
#include "pkcs11/module.h"

G_BEGIN_DECLS

typedef struct _GcaToken GcaToken;

/* What is demanded of a token; every field may be NULL, all that is given must hold. */
typedef struct {
    const char *uri;    /* RFC 7512; may carry pin-source as a file (pin-value is refused) */
    const char *serial; /* as typed, or the card's number */
    const char *reader; /* slot description: the PC/SC reader's name */
} GcaTokenWish;

/* The one token that fits, of those that are initialised. USAGE listing the candidates if several
 * do, and for a malformed or refused URI; NO_CARD if none does. One GcaToken a module at a time. */
GcaToken *gca_token_find(GcaModule *module, const GcaTokenWish *wish, GError **error);
void gca_token_free(GcaToken *token);

const char *gca_token_get_label(const GcaToken *token);
const char *gca_token_get_serial(const GcaToken *token);
const char *gca_token_get_reader(const GcaToken *token);

/* 0 locked, 1 final try, 2 count low, GCA_TRIES_UNKNOWN none of the flags. As of the last
 * enumeration. */
int gca_token_get_tries_left(const GcaToken *token);
gboolean gca_token_has_pin_pad(const GcaToken *token);

/* The certificates on the token, for cards that are not of the HiCOS family. May be empty. */
GcaX509Stack *gca_token_list_certificates(GcaToken *token, GError **error);

typedef struct {
    gboolean allow_last_try;
    const char *pin_file;      /* or NULL */
    int pin_fd;                /* or -1 */
    const char *title;         /* for the prompt */
    const char *unblock_place; /* where a blocked PIN is unblocked: the hint of PIN_BLOCKED */
    gboolean any_characters;   /* of a token that is no HiCOS card: not digits alone */
    gboolean was_refused;      /* the last PIN given to this token was: the prompt says so */
} GcaLoginOptions;

/* PIN_POLICY unless the PIN has the form that the token, as it is now, can accept; nothing is sent.
 */
gboolean gca_token_check_pin(GcaToken *token, const GcaLoginOptions *options, GcaSecret *pin,
                             GError **error);

/* Asks for the PIN (or reads it from file or descriptor), checks its form, sends it exactly once.
 * On the last try nothing is asked or sent unless allowed (PIN_POLICY); PIN_BLOCKED where locked.
 * PIN_WRONG with the tries left after enumerating anew. */
gboolean gca_token_login(GcaToken *token, const GcaLoginOptions *options,
                         GcaInteraction *interaction, GcaCancel *cancel, GError **error);

/* The private key of `certificate`, found by public key (CKA_ID `id` decides among several; may be
 * NULL). NO_KEY. To be freed before the token. A key that is always authenticated gets the PIN that
 * login has just accepted, once. */
EVP_PKEY *gca_token_find_key(GcaToken *token, X509 *certificate, GBytes *id, GError **error);

/* Whether the key of `certificate` wants the PIN at each signature (CKA_ALWAYS_AUTHENTICATE). Most
 * modules show it after login only: FALSE before that decides nothing. */
gboolean gca_token_key_is_always_authenticated(GcaToken *token, X509 *certificate);

/* Whether a person can give the PIN at each signature; USAGE where it comes from a file or
 * descriptor, which is one action of the user's and good for one PIN. */
gboolean gca_token_check_asks_again(const GcaToken *token, const GcaLoginOptions *options,
                                    GError **error);

/* For one more signature with such a key: asks for the PIN, which goes to the card with it, once.
 * The errors of gca_token_login that come before sending. */
gboolean gca_token_ask_again(GcaToken *token, const GcaLoginOptions *options,
                             GcaInteraction *interaction, GcaCancel *cancel, GError **error);

/* The one private key that a URI (RFC 7512) names by object and id, or either, or neither where the
 * token has one key alone. NO_KEY, USAGE listing the keys if several fit, or for a URI of another
 * type of object. Else as gca_token_find_key. */
EVP_PKEY *gca_token_find_key_by_uri(GcaToken *token, const char *uri, GError **error);

/* A private key's URI without where the PIN comes from: what can be written down. USAGE, also for a
 * URI of another type of object. */
char *gca_token_key_uri_to_place(const char *uri, GError **error);

/* Turns what a failed operation with that key left behind into our error: CARD_REMOVED, PIN_…,
 * BUSY, MODULE. */
void gca_token_set_error(GcaToken *token, const char *call, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaToken, gca_token_free)

G_END_DECLS
