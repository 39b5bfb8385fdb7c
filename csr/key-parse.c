#include "config.h"

#include "base/error.h"
#include "base/text.h"
#include "csr/key.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/pkcs12err.h>
#include <openssl/proverr.h>
#include <string.h>

#define BOM "\xEF\xBB\xBF"
#define DER_SEQUENCE '\x30'

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509_SIG, X509_SIG_free)

/* One PEM block (RFC 7468; the header is RFC 1421's), all of it in the secure heap. */
typedef struct {
    char *label;
    char *header;
    guint8 *data;
    long size;
} Block;

static void
block_free(Block *block)
{
    OPENSSL_secure_free(block->label);
    OPENSSL_secure_free(block->header);
    OPENSSL_secure_clear_free(block->data, (gsize) block->size);
    g_free(block);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Block, block_free)

static BIO *
open_text(GBytes *pem)
{
    gsize size;
    const char *data = g_bytes_get_data(pem, &size);

    size = MIN(size, GCA_KEY_FILE_LIMIT);
    if (size >= strlen(BOM) && memcmp(data, BOM, strlen(BOM)) == 0) {
        data += strlen(BOM);
        size -= strlen(BOM);
    }
    return BIO_new_mem_buf(size ? data : "", (int) size);
}

/* NULL at the end, or with OpenSSL's errors where a block is damaged. */
static Block *
next_block(BIO *text)
{
    g_autoptr(Block) block = g_new0(Block, 1);

    ERR_clear_error();
    if (PEM_read_bio_ex(text, &block->label, &block->header, &block->data, &block->size,
                        PEM_FLAG_SECURE | PEM_FLAG_EAY_COMPATIBLE) == 1)
        return g_steal_pointer(&block);
    if (ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE)
        ERR_clear_error();
    return NULL;
}

/* "OPENSSH PRIVATE KEY" too: what is it cannot be read, but it is one. */
static gboolean
is_key(const Block *block)
{
    return g_str_has_suffix(block->label, "PRIVATE KEY");
}

static gboolean
is_encrypted(const Block *block)
{
    return is_key(block) && (g_str_equal(block->label, PEM_STRING_PKCS8) ||
                             strstr(block->header, "ENCRYPTED") != NULL);
}

gboolean
gca_key_is_encrypted(GBytes *pem)
{
    g_autoptr(BIO) text = open_text(pem);
    gboolean found = FALSE;

    for (Block *block; !found && (block = next_block(text)) != NULL; block_free(block))
        found = is_encrypted(block);
    ERR_clear_error();
    return found;
}

static const char *
name_of_label(const char *label)
{
    static const struct {
        const char *end, *name;
    } table[] = {{"CERTIFICATE REQUEST", N_("a certificate request")},
                 {"CERTIFICATE", N_("a certificate")},
                 {"PUBLIC KEY", N_("a public key")},
                 {"PKCS7", N_("certificates (PKCS#7)")},
                 {"CRL", N_("a certificate revocation list")}};

    for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
        if (g_str_has_suffix(label, table[i].end))
            return _(table[i].name);
    }
    return _("something else in PEM");
}

/* What a file without a private key holds; `label` is its first block's, or NULL. */
static void
refuse_other(GBytes *pem, const char *name, const char *label, GError **error)
{
    gsize size;
    const char *data = g_bytes_get_data(pem, &size);
    g_autofree char *shown = gca_text_escape(name);

    if (label != NULL) {
        gca_error_set(error, GCA_ERROR_BAD_DATA, _("“%s” holds %s, not a private key."), shown,
                      name_of_label(label));
    } else if (size == 0) {
        gca_error_set(error, GCA_ERROR_BAD_DATA, _("“%s” is empty."), shown);
    } else if (*data == DER_SEQUENCE) {
        gca_error_set(error, GCA_ERROR_BAD_DATA,
                      _("“%s” is binary (DER or PKCS#12); a private key in PEM is needed."), shown);
        gca_error_set_hint(error,
                           _("“openssl pkey -inform DER” makes PEM of a key in DER, “openssl "
                             "pkcs12 -nocerts” of one in PKCS#12."));
    } else {
        gca_error_set(error, GCA_ERROR_BAD_DATA, _("“%s” holds no private key in PEM."), shown);
    }
}

/* The one block with a private key; certificates may stand beside it. */
static Block *
find_key(GBytes *pem, const char *name, GError **error)
{
    g_autoptr(BIO) text = open_text(pem);
    g_autoptr(Block) key = NULL;
    g_autofree char *other = NULL;
    g_autofree char *shown = gca_text_escape(name);

    for (;;) {
        g_autoptr(Block) block = next_block(text);
        if (block == NULL)
            break;
        if (is_key(block) && key != NULL) {
            gca_error_set(error, GCA_ERROR_BAD_DATA,
                          _("“%s” holds several private keys; leave one."), shown);
            return NULL;
        }
        if (is_key(block))
            key = g_steal_pointer(&block);
        else if (other == NULL)
            other = g_strdup(block->label);
    }
    if (ERR_peek_error() != 0) {
        gca_error_set_openssl(error, GCA_ERROR_BAD_DATA, _("“%s” is damaged PEM."), shown);
        return NULL;
    }
    if (key == NULL)
        refuse_other(pem, name, other, error);
    return g_steal_pointer(&key);
}

/* What PEM_do_header asks, in place of the terminal. */
static int
give_passphrase(char *buffer, int size, int is_new, void *data)
{
    gsize length = gca_secret_get_size(data);

    if (size < 0 || length > (gsize) size)
        return -1;
    memcpy(buffer, gca_secret_get_data(data), length);
    return (int) length;
}

static PKCS8_PRIV_KEY_INFO *
decrypt_pkcs8(const Block *block, GcaSecret *passphrase)
{
    const guint8 *at = block->data;
    g_autoptr(X509_SIG) encrypted = d2i_X509_SIG(NULL, &at, block->size);

    if (encrypted == NULL || at != block->data + block->size)
        return NULL;
    return PKCS8_decrypt(encrypted, gca_secret_get_data(passphrase),
                         (int) gca_secret_get_size(passphrase));
}

static EVP_PKEY *
decode_pkcs8(const Block *block, GcaSecret *passphrase)
{
    g_autoptr(PKCS8_PRIV_KEY_INFO) info = NULL;
    const guint8 *at = block->data;

    if (is_encrypted(block)) {
        info = decrypt_pkcs8(block, passphrase);
    } else {
        info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &at, block->size);
        if (at != block->data + block->size)
            return NULL;
    }
    return info ? EVP_PKCS82PKEY(info) : NULL;
}

/* PKCS#1 (RFC 8017 appendix A.1.2) and its like; encrypted, the header says how. */
static EVP_PKEY *
decode_traditional(Block *block, GcaSecret *passphrase)
{
    EVP_CIPHER_INFO cipher;

    if (PEM_get_EVP_CIPHER_INFO(block->header, &cipher) != 1 ||
        PEM_do_header(&cipher, block->data, &block->size, give_passphrase, passphrase) != 1)
        return NULL;
    const guint8 *at = block->data;
    g_autoptr(EVP_PKEY) key = d2i_AutoPrivateKey(NULL, &at, block->size);
    if (key != NULL && at == block->data + block->size)
        return g_steal_pointer(&key);
    if (is_encrypted(block)) /* one in 256 wrong ones leaves padding that looks right */
        ERR_raise(ERR_LIB_PEM, PEM_R_BAD_DECRYPT);
    return NULL;
}

/* By what OpenSSL queued: a wrong key shows in the padding, else in what comes out of it. */
static gboolean
is_wrong_passphrase(void)
{
    unsigned long first = ERR_peek_error(), last = ERR_peek_last_error();

    return (ERR_GET_LIB(first) == ERR_LIB_PROV && ERR_GET_REASON(first) == PROV_R_BAD_DECRYPT) ||
           (ERR_GET_LIB(last) == ERR_LIB_PKCS12 && ERR_GET_REASON(last) == PKCS12_R_DECODE_ERROR) ||
           (ERR_GET_LIB(last) == ERR_LIB_PEM && ERR_GET_REASON(last) == PEM_R_BAD_DECRYPT);
}

static void
refuse_passphrase(const char *shown, GError **error)
{
    gca_error_set_openssl(error, GCA_ERROR_PIN_WRONG,
                          _("The passphrase does not open the private key “%s”."), shown);
    gca_error_set_hint(error, _("Try again with the passphrase that was chosen when the key was "
                                "made. A wrong one blocks nothing, but without the right one the "
                                "key is lost."));
}

EVP_PKEY *
gca_key_parse(GBytes *pem, const char *name, GcaSecret *passphrase, GError **error)
{
    g_autofree char *shown = gca_text_escape(name);
    g_autoptr(Block) block = find_key(pem, name, error);

    if (block == NULL)
        return NULL;
    if (is_encrypted(block) && passphrase == NULL) {
        gca_error_set(error, GCA_ERROR_USAGE,
                      _("The private key “%s” is encrypted; its passphrase is needed."), shown);
        return NULL;
    }
    ERR_clear_error();
    gboolean is_pkcs8 = g_str_equal(block->label, PEM_STRING_PKCS8) ||
                        g_str_equal(block->label, PEM_STRING_PKCS8INF);
    EVP_PKEY *key =
        is_pkcs8 ? decode_pkcs8(block, passphrase) : decode_traditional(block, passphrase);
    if (key != NULL)
        ERR_clear_error();
    else if (is_encrypted(block) && is_wrong_passphrase())
        refuse_passphrase(shown, error);
    else
        gca_error_set_openssl(error, GCA_ERROR_BAD_DATA,
                              _("The private key in “%s” cannot be read: it is damaged or of a "
                                "kind that is not known here."),
                              shown);
    return key;
}
