/* Certificates made up as a test needs them. Dates are fixed: all is judged as of MOMENT. */
#pragma once

#include "base/error.h"
#include "base/name.h"
#include "base/openssl-auto.h"
#include "base/text.h"

#include <openssl/conf.h>
#include <openssl/err.h>
#include <string.h>

#define MOMENT "2026-06-01T00:00:00Z"
#define ROOT_DN "o=測試根憑證管理中心,c=TW"
#define CA_DN "ou=(測試用) 政府憑證管理中心,o=行政院,c=TW"
#define AGENCY_DN "ou=測試署,o=行政院,c=TW"
#define AS_CA "basicConstraints = critical,CA:TRUE\nkeyUsage = critical,keyCertSign,cRLSign\n"
#define AS_CARD "keyUsage = critical,digitalSignature\n"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CONF, NCONF_free)

/* What is not given: self-signed, serial number 1, 2025 to 2028, SHA-256, no extensions. */
typedef struct {
    const char *subject; /* RFC 4514 */
    EVP_PKEY *key;
    X509 *issuer;
    EVP_PKEY *issuer_key;
    const char *extensions; /* as in openssl.cnf; more sections may follow */
    const char *from, *to;
    const EVP_MD *digest;
    long serial;
} Wanted;

/* Keys are slow to make, so tests share them: 0 for a root, 1 for a CA, 2 for a holder… */
static inline EVP_PKEY *
get_key(guint index)
{
    static EVP_PKEY *keys[5];

    g_assert_cmpuint(index, <, G_N_ELEMENTS(keys));
    if (keys[index] == NULL)
        keys[index] = EVP_RSA_gen(2048);
    return keys[index];
}

static inline GDateTime *
moment(const char *text)
{
    GDateTime *when = gca_text_parse_time(text);
    g_assert_nonnull(when);
    return when;
}

static inline void
set_time(ASN1_TIME *time, const char *text)
{
    g_autoptr(GDateTime) when = moment(text);
    g_assert_nonnull(ASN1_TIME_set(time, (time_t) g_date_time_to_unix(when)));
}

static inline CONF *
load_config(const char *extensions)
{
    g_autofree char *text = g_strconcat("[extensions]\n", extensions, NULL);
    g_autoptr(BIO) bio = BIO_new_mem_buf(text, -1);
    CONF *config = NCONF_new(NULL);

    g_assert_cmpint(NCONF_load_bio(config, bio, NULL), ==, 1);
    return config;
}

static inline void
set_name(X509_NAME *to, const char *dn)
{
    g_autoptr(GcaName) name = gca_name_parse(dn, NULL);

    g_assert_nonnull(name);
    for (guint i = 0; i < gca_name_get_length(name); i++)
        g_assert_cmpint(X509_NAME_add_entry_by_txt(to, gca_name_get_type(name, i), MBSTRING_UTF8,
                                                   (const guint8 *) gca_name_get_value(name, i), -1,
                                                   -1, 0),
                        ==, 1);
}

static inline void
add_extensions(X509 *certificate, X509 *issuer, const char *extensions)
{
    g_autoptr(CONF) config = load_config(extensions);
    X509V3_CTX context;
    char section[] = "extensions";

    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509V3_set_nconf(&context, config);
    g_assert_cmpint(X509V3_EXT_add_nconf(config, &context, section, certificate), ==, 1);
}

static inline X509 *
make_certificate(const Wanted *wanted)
{
    X509 *certificate = X509_new();
    X509 *issuer = wanted->issuer ? wanted->issuer : certificate;

    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), wanted->serial ? wanted->serial : 1);
    set_time(X509_getm_notBefore(certificate),
             wanted->from ? wanted->from : "2025-01-01T00:00:00Z");
    set_time(X509_getm_notAfter(certificate), wanted->to ? wanted->to : "2028-01-01T00:00:00Z");
    set_name(X509_get_subject_name(certificate), wanted->subject);
    X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
    X509_set_pubkey(certificate, wanted->key);
    if (wanted->extensions != NULL)
        add_extensions(certificate, issuer, wanted->extensions);
    g_assert_cmpint(X509_sign(certificate, wanted->issuer ? wanted->issuer_key : wanted->key,
                              wanted->digest ? wanted->digest : EVP_sha256()),
                    >, 0);

    /* read back, as it would come from a file */
    guint8 *der = NULL;
    int size = i2d_X509(certificate, &der);
    const guint8 *at = der;
    X509 *read = d2i_X509(NULL, &at, size);
    g_assert_nonnull(read);
    OPENSSL_free(der);
    X509_free(certificate);
    return read;
}

static inline X509 *
make_root(void)
{
    return make_certificate(&(Wanted){.subject = ROOT_DN, .key = get_key(0), .extensions = AS_CA});
}

static inline X509 *
make_ca(X509 *root)
{
    return make_certificate(&(Wanted){.subject = CA_DN,
                                      .key = get_key(1),
                                      .issuer = root,
                                      .issuer_key = get_key(0),
                                      .extensions = AS_CA});
}

static inline X509 *
make_card(X509 *ca, const char *extensions)
{
    return make_certificate(&(Wanted){.subject = AGENCY_DN,
                                      .key = get_key(2),
                                      .issuer = ca,
                                      .issuer_key = get_key(1),
                                      .extensions = extensions,
                                      .serial = 42});
}

/* The certificates up to NULL, each with a reference of its own. */
static inline GcaX509Stack *
make_stack(X509 *first, ...)
{
    GcaX509Stack *stack = sk_X509_new_null();
    va_list args;

    va_start(args, first);
    for (X509 *next = first; next != NULL; next = va_arg(args, X509 *)) {
        X509_up_ref(next);
        sk_X509_push(stack, next);
    }
    va_end(args);
    return stack;
}

static inline void
assert_refused(GError *error, GcaErrorCode code, const char *says)
{
    g_assert_error(error, GCA_ERROR, (int) code);
    if (strstr(error->message, says) == NULL)
        g_error("“%s” does not say “%s”", error->message, says);
    g_assert_cmpuint(ERR_peek_error(), ==, 0);
}
