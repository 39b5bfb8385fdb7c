#include "config.h"

#include "prereg/proof.h"

#include "acme/account-key.h"
#include "acme/jws.h"
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "prereg/request-form.h"

#include <glib/gi18n-lib.h>
#include <openssl/sha.h>

#define MEMBER "proof"

/* SHA-256 of the canonical form. */
static GBytes *
hash(json_t *value, GError **error)
{
    g_autoptr(GBytes) content = gca_json_encode_canonical(value, error);
    if (content == NULL)
        return NULL;

    guint8 digest[SHA256_DIGEST_LENGTH];
    if (SHA256(g_bytes_get_data(content, NULL), g_bytes_get_size(content), digest) == NULL)
        g_error("no memory left");
    return g_bytes_new(digest, sizeof digest);
}

/* Without the member itself: what the key signs. */
static GBytes *
hash_form(json_t *form, GError **error)
{
    g_autoptr(json_t) bare = json_copy(form);
    json_object_del(bare, MEMBER);
    return hash(bare, error);
}

/* RFC 7638 section 3, of a key from gca_jws_verify: it has the required members and no other. */
static char *
get_thumbprint(json_t *jwk, GError **error)
{
    g_autoptr(GBytes) digest = hash(jwk, error);
    return digest ? gca_text_base64url(g_bytes_get_data(digest, NULL), g_bytes_get_size(digest))
                  : NULL;
}

static json_t *
get_account(json_t *form, const char *name)
{
    return json_object_get(json_object_get(form, "account"), name);
}

json_t *
gca_proof_make(EVP_PKEY *account_key, json_t *form, GError **error)
{
    g_autoptr(GBytes) payload = hash_form(form, error);
    g_autoptr(json_t) jwk = payload ? gca_account_key_to_jwk(account_key, error) : NULL;
    if (jwk == NULL)
        return NULL;
    g_autoptr(json_t) header = json_pack("{s:O, s:O}", "jwk", jwk, "url", get_account(form, "uri"));
    return gca_jws_sign(account_key, header, payload, error);
}

static gboolean
fail(GError **error, const char *why)
{
    gca_error_set(error, GCA_ERROR_CHECK_FAILED, "%s", why);
    return FALSE;
}

/* The header as signed: whose account, whose key. */
static gboolean
check_header(json_t *header, json_t *form, GError **error)
{
    g_autofree char *thumbprint = get_thumbprint(json_object_get(header, "jwk"), error);
    if (thumbprint == NULL)
        return FALSE;

    if (!json_equal(json_object_get(header, "url"), get_account(form, "uri")))
        return fail(error, _("The proof of the account's key is for another account."));
    if (g_strcmp0(json_string_value(get_account(form, "thumbprint")), thumbprint) != 0)
        return fail(error, _("The proof was made with another key than the account's."));
    /* A nonce belongs to ACME's own messages (RFC 8555 section 6.5): one of those is no proof. */
    if (json_object_get(header, "nonce") != NULL)
        return fail(error, _("The proof of the account's key is a message to an ACME server."));
    return TRUE;
}

gboolean
gca_proof_check(const GcaRequest *request, GError **error)
{
    json_t *form = gca_request_get_form(request);
    json_t *proof = json_object_get(form, MEMBER);

    if (proof == NULL)
        return fail(error, _("There is no proof that the account's key took part."));
    g_autoptr(GBytes) payload = hash_form(form, error);
    if (payload == NULL)
        return FALSE;
    g_autoptr(GError) trouble = NULL;
    g_autoptr(json_t) header = gca_jws_verify(proof, payload, &trouble);
    if (header == NULL) {
        gca_error_set(error, GCA_ERROR_CHECK_FAILED,
                      _("The proof of the account's key does not hold. %s"), trouble->message);
        return FALSE;
    }
    return check_header(header, form, error);
}
