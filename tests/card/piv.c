#include "tests/card/piv.h"

#include "tests/card/der.h"
#include "tests/card/pin.h"
#include "tests/card/piv-objects.h"
#include "tests/card/pki.h"

#include <openssl/rsa.h>
#include <string.h>

#define PIN_REFERENCE 0x80
#define ALGORITHM_RSA_2048 0x07
#define SLOT_AUTHENTICATION 0x9A
#define SLOT_SIGNATURE 0x9C
#define SLOT_KEY_MANAGEMENT 0x9D
#define MAX_CHAIN 1024

static const guint8 aid[] = {0xA0, 0x00, 0x00, 0x03, 0x08, 0x00, 0x00, 0x10, 0x00, 0x01, 0x00};

struct Piv {
    PivObjects *objects;
    Pin *pin;
    guint8 holder_slot;
    EVP_PKEY *holder_key;
    EVP_PKEY *encryption_key;
    GByteArray *chain; /* the parts so far of a chained command */
    gboolean verified;
    gboolean just_given; /* nothing but GENERAL AUTHENTICATE since the PIN */
};

static EVP_PKEY *
add_slot(Piv *piv, const Options *options, const char *id, guint32 tag, GError **error)
{
    g_autofree char *name = pki_find_name(options->pki, options->holder, id);
    g_autoptr(GByteArray) der = pki_read_certificate(options->pki, name, error);

    if (der == NULL)
        return NULL;
    piv_objects_add_certificate(piv->objects, tag, der);
    return pki_read_key(options->pki, name, error);
}

Piv *
piv_new(const Options *options, GError **error)
{
    g_autoptr(Piv) piv = g_new0(Piv, 1);
    guint32 tag = options->always_auth ? 0x5FC10A : 0x5FC105;

    piv->objects = piv_objects_new(options->number);
    piv->pin = pin_new(options);
    piv->chain = g_byte_array_new();
    piv->holder_slot = options->always_auth ? SLOT_SIGNATURE : SLOT_AUTHENTICATION;
    piv->holder_key = add_slot(piv, options, "SIGN", tag, error);
    if (piv->holder_key == NULL)
        return NULL;
    piv->encryption_key = add_slot(piv, options, "KEYX", 0x5FC10B, error);
    if (piv->encryption_key == NULL)
        return NULL;
    return g_steal_pointer(&piv);
}

void
piv_free(Piv *piv)
{
    g_clear_pointer(&piv->objects, piv_objects_free);
    g_clear_pointer(&piv->pin, pin_free);
    g_clear_pointer(&piv->chain, g_byte_array_unref);
    g_clear_pointer(&piv->holder_key, EVP_PKEY_free);
    g_clear_pointer(&piv->encryption_key, EVP_PKEY_free);
    g_free(piv);
}

/* The whole AID or its first nine bytes, without the version. */
gboolean
piv_is_aid(const guint8 *bytes, gsize length)
{
    return length >= 9 && length <= sizeof aid && memcmp(bytes, aid, length) == 0;
}

guint16
piv_select(Piv *piv, GByteArray *answer)
{
    g_autoptr(GByteArray) authority = g_byte_array_new();
    g_autoptr(GByteArray) template = g_byte_array_new();

    g_byte_array_set_size(piv->chain, 0);
    der_add(authority, 0x4F, aid, 5);
    der_add(template, 0x4F, aid + 5, 6);
    der_add_array(template, 0x79, authority);
    der_add_array(answer, 0x61, template);
    return SW_OK;
}

void
piv_forget(Piv *piv)
{
    piv->verified = FALSE;
    piv->just_given = FALSE;
    g_byte_array_set_size(piv->chain, 0);
}

static guint16
get_data(Piv *piv, const Apdu *apdu, GByteArray *answer)
{
    DerReader reader = {apdu->data, apdu->length};
    const GByteArray *object;
    DerReader wanted;
    guint32 tag = 0;
    guint8 kind;

    if (apdu->p1 != 0x3F || apdu->p2 != 0xFF)
        return SW_WRONG_P1P2;
    if (!der_next(&reader, &kind, &wanted) || kind != 0x5C || wanted.left < 1 || wanted.left > 3)
        return SW_WRONG_DATA;
    for (gsize i = 0; i < wanted.left; i++)
        tag = tag << 8 | wanted.at[i];
    object = piv_objects_find(piv->objects, tag);
    if (object == NULL)
        return SW_NOT_FOUND;
    g_byte_array_append(answer, object->data, object->len);
    return SW_OK;
}

static guint16
verify(Piv *piv, const Apdu *apdu)
{
    guint16 sw;

    if (apdu->p1 != 0x00 || apdu->p2 != PIN_REFERENCE)
        return SW_WRONG_P1P2;
    if (apdu->length == 0)
        return piv->verified ? SW_OK : pin_get_status(piv->pin);
    sw = pin_check(piv->pin, apdu->data, apdu->length);
    piv->verified = sw == SW_OK;
    piv->just_given = piv->verified;
    return sw;
}

/* The private key operation of RSA, without any padding. */
static guint16
use_key(EVP_PKEY *key, const DerReader *challenge, GByteArray *answer)
{
    g_autoptr(GByteArray) template = g_byte_array_new();
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
    guint8 result[256];
    size_t length = sizeof result;
    gboolean done = EVP_PKEY_sign_init(context) == 1 &&
                    EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) == 1 &&
                    EVP_PKEY_sign(context, result, &length, challenge->at, challenge->left) == 1;

    EVP_PKEY_CTX_free(context);
    if (!done)
        return SW_WRONG_DATA;
    der_add(template, 0x82, result, length);
    der_add_array(answer, 0x7C, template);
    return SW_OK;
}

/* Dynamic Authentication Template: 7C { 82 (empty), 81 challenge }. */
static gboolean
find_challenge(const GByteArray *body, DerReader *challenge)
{
    DerReader reader = {body->data, body->len};
    DerReader template;
    guint8 tag;

    if (!der_next(&reader, &tag, &template) || tag != 0x7C)
        return FALSE;
    while (der_next(&template, &tag, challenge))
        if (tag == 0x81)
            return TRUE;
    return FALSE;
}

static guint16
general_authenticate(Piv *piv, const Apdu *apdu, const GByteArray *body, GByteArray *answer)
{
    gboolean holder = apdu->p2 == piv->holder_slot;
    gboolean allowed = piv->verified;
    DerReader challenge;

    if (apdu->p1 != ALGORITHM_RSA_2048 || !(holder || apdu->p2 == SLOT_KEY_MANAGEMENT))
        return SW_WRONG_P1P2;
    /* 9C is "PIN always": one PIN, at once before, for one signature. */
    if (apdu->p2 == SLOT_SIGNATURE)
        allowed = piv->just_given;
    piv->just_given = FALSE;
    if (!allowed)
        return SW_SECURITY_STATUS;
    if (!find_challenge(body, &challenge))
        return SW_WRONG_DATA;
    return use_key(holder ? piv->holder_key : piv->encryption_key, &challenge, answer);
}

static guint16
authenticate_in_parts(Piv *piv, const Apdu *apdu, GByteArray *answer)
{
    guint16 sw;

    if (piv->chain->len + apdu->length > MAX_CHAIN)
        return SW_WRONG_LENGTH;
    g_byte_array_append(piv->chain, apdu->data, (guint) apdu->length);
    if (apdu->cla == CLA_CHAINED)
        return SW_OK;
    sw = general_authenticate(piv, apdu, piv->chain, answer);
    g_byte_array_set_size(piv->chain, 0);
    return sw;
}

guint16
piv_command(Piv *piv, const Apdu *apdu, GByteArray *answer)
{
    if (apdu->ins == INS_GENERAL_AUTHENTICATE)
        return authenticate_in_parts(piv, apdu, answer);
    g_byte_array_set_size(piv->chain, 0);
    piv->just_given = FALSE;
    switch (apdu->ins) {
    case INS_GET_DATA:
        return get_data(piv, apdu, answer);
    case INS_VERIFY:
        return verify(piv, apdu);
    default:
        return SW_UNKNOWN_INS;
    }
}
