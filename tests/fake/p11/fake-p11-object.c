#include "fake-p11.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/rsa.h>
#include <string.h>

/* Odd handles are private keys, the even one after is the certificate. */
static guint
pair_of(CK_OBJECT_HANDLE object)
{
    return (guint) (object - 1) / 2;
}

gboolean
object_is_private(CK_OBJECT_HANDLE object)
{
    return object % 2 == 1;
}

static gboolean
object_exists(const Script *script, CK_OBJECT_HANDLE object)
{
    if (object < 1 || object > N_OBJECTS)
        return FALSE;
    return object_is_private(object) ? script->keys[pair_of(object)] != NULL
                                     : script->certificates[pair_of(object)] != NULL;
}

static GBytes *
of_ulong(gulong value)
{
    return g_bytes_new(&value, sizeof value);
}

static GBytes *
of_bool(gboolean value)
{
    CK_BBOOL byte = value ? CK_TRUE : CK_FALSE;
    return g_bytes_new(&byte, sizeof byte);
}

static GBytes *
of_number(EVP_PKEY *key, const char *name)
{
    BIGNUM *number = NULL;

    if (!EVP_PKEY_get_bn_param(key, name, &number))
        return NULL;
    gsize size = (gsize) BN_num_bytes(number);
    guchar *bytes = g_malloc(size);
    BN_bn2bin(number, bytes);
    BN_free(number);
    return g_bytes_new_take(bytes, size);
}

static GBytes *
of_certificate(X509 *certificate)
{
    unsigned char *der = NULL;
    int size = i2d_X509(certificate, &der);
    GBytes *bytes = g_bytes_new(der, (gsize) size);

    OPENSSL_free(der);
    return bytes;
}

static GBytes *
key_attribute(const Script *script, EVP_PKEY *key, CK_ATTRIBUTE_TYPE type)
{
    switch (type) {
    case CKA_KEY_TYPE:
        return of_ulong(CKK_RSA);
    case CKA_SIGN:
    case CKA_SENSITIVE:
        return of_bool(TRUE);
    case CKA_ALWAYS_AUTHENTICATE:
        return of_bool(script->always_authenticate);
    case CKA_MODULUS:
        return of_number(key, OSSL_PKEY_PARAM_RSA_N);
    case CKA_PUBLIC_EXPONENT:
        return of_number(key, OSSL_PKEY_PARAM_RSA_E);
    default:
        return NULL;
    }
}

/* The value of an attribute, NULL if the object has none of that type. */
static GBytes *
attribute_of(const Script *script, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type)
{
    static const char *const ids[] = {"SIGN", "KEYX"};
    guint pair = pair_of(object);
    gboolean is_private = object_is_private(object);

    switch (type) {
    case CKA_CLASS:
        return of_ulong(is_private ? CKO_PRIVATE_KEY : CKO_CERTIFICATE);
    case CKA_TOKEN:
        return of_bool(TRUE);
    case CKA_PRIVATE:
        return of_bool(is_private);
    case CKA_ID:
        return g_bytes_new_static(ids[pair], strlen(ids[pair]));
    case CKA_LABEL:
        return g_bytes_new_static(pair ? "cert2" : "cert1", strlen("cert1"));
    case CKA_CERTIFICATE_TYPE:
        return is_private ? NULL : of_ulong(CKC_X_509);
    case CKA_VALUE:
        return is_private ? NULL : of_certificate(script->certificates[pair]);
    default:
        return is_private ? key_attribute(script, script->keys[pair], type) : NULL;
    }
}

CK_RV
object_get(const Script *script, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *attribute)
{
    if (!object_exists(script, object))
        return CKR_OBJECT_HANDLE_INVALID;
    GBytes *value = attribute_of(script, object, attribute->type);
    CK_ULONG room = attribute->ulValueLen;
    CK_RV rv = CKR_OK;

    attribute->ulValueLen = value ? g_bytes_get_size(value) : (CK_ULONG) -1;
    if (value == NULL)
        return CKR_ATTRIBUTE_TYPE_INVALID;
    if (attribute->pValue != NULL && room < attribute->ulValueLen)
        rv = CKR_BUFFER_TOO_SMALL;
    else if (attribute->pValue != NULL)
        memcpy(attribute->pValue, g_bytes_get_data(value, NULL), attribute->ulValueLen);
    g_bytes_unref(value);
    return rv;
}

gboolean
object_matches(const Script *script, CK_OBJECT_HANDLE object, const CK_ATTRIBUTE *template,
               CK_ULONG n)
{
    gboolean matches = object_exists(script, object);

    for (CK_ULONG i = 0; matches && i < n; i++) {
        GBytes *wanted = g_bytes_new_static(template[i].pValue, template[i].ulValueLen);
        GBytes *value = attribute_of(script, object, template[i].type);
        matches = value != NULL && g_bytes_equal(value, wanted);
        g_clear_pointer(&value, g_bytes_unref);
        g_bytes_unref(wanted);
    }
    return matches;
}

CK_RV
object_sign(const Script *script, CK_OBJECT_HANDLE object, CK_BYTE *data, CK_ULONG size,
            CK_BYTE *signature, CK_ULONG *signature_size)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(script->keys[pair_of(object)], NULL);
    size_t length = *signature_size;
    CK_RV rv = CKR_FUNCTION_FAILED;

    /* CKM_RSA_PKCS: the DigestInfo comes from outside, only the padding is done here */
    if (ctx != NULL && EVP_PKEY_sign_init(ctx) > 0 &&
        EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) > 0 &&
        EVP_PKEY_sign(ctx, signature, &length, data, size) > 0)
        rv = CKR_OK;
    *signature_size = length;
    EVP_PKEY_CTX_free(ctx);
    return rv;
}
