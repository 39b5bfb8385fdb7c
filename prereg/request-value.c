#include "config.h"

#include "acme/account.h"
#include "base/error.h"
#include "base/text.h"
#include "prereg/request-form.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <string.h>

#define MAX_TEXT 2000      /* characters of one text member */
#define MAX_BASE64URL 4000 /* the header of a proof holds a key and the account's URI */
#define MAX_PROFILE 64
#define MAX_DOMAIN 253 /* RFC 1035 section 2.3.4, without the root's dot */
#define MAX_LABEL 63
#define OID_CN "2.5.4.3"
#define THUMBPRINT_SIZE 32 /* SHA-256, RFC 7638 section 3.4 */

gboolean
gca_request_fail(const char *path, const char *why, GError **error)
{
    g_autofree char *shown = gca_text_escape(path);
    gca_error_set(error, GCA_ERROR_CHECK_FAILED, _("The request's member “%s” is wrong: %s."),
                  shown, why);
    return FALSE;
}

/* `fault` is NULL where all is well. */
static gboolean
judge(const char *path, const char *fault, GError **error)
{
    return fault == NULL || gca_request_fail(path, fault, error);
}

static const char *
find_text_fault(json_t *value)
{
    if (!json_is_string(value))
        return _("it is not text");
    const char *text = json_string_value(value);
    if (*text == '\0')
        return _("it is empty");
    if (g_utf8_strlen(text, -1) > MAX_TEXT)
        return _("it is too long");
    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        if (g_unichar_iscntrl(g_utf8_get_char(text)))
            return _("it holds a control character");
    }
    return NULL;
}

gboolean
gca_request_check_text(json_t *value, const char *path, GError **error)
{
    return judge(path, find_text_fault(value), error);
}

gboolean
gca_request_check_profile(json_t *value, const char *path, GError **error)
{
    if (!gca_request_check_text(value, path, error))
        return FALSE;
    const char *text = json_string_value(value);
    gsize length = strspn(text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-");
    return (text[length] == '\0' && length <= MAX_PROFILE) ||
           gca_request_fail(
               path, _("a profile's name has at most 64 letters, digits, “.”, “_” and “-”"), error);
}

gboolean
gca_request_check_uri(json_t *value, const char *path, GError **error)
{
    g_autoptr(GError) trouble = NULL;

    if (!gca_request_check_text(value, path, error))
        return FALSE;
    if (gca_account_check_uri(json_string_value(value), &trouble))
        return TRUE;
    gca_error_set(error, GCA_ERROR_CHECK_FAILED, "%s", trouble->message);
    return FALSE;
}

gboolean
gca_request_check_base64url(json_t *value, const char *path, GError **error)
{
    const char *text = json_string_value(value);
    gsize length = json_string_length(value);

    if (text == NULL || length == 0 || length > MAX_BASE64URL)
        return gca_request_fail(path, _("it is not a text of 1 to 4000 characters"), error);
    /* whether its last bits are zero, gca_proof_check sees */
    return strspn(text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_") == length ||
           gca_request_fail(path, _("it is not base64url"), error);
}

static gboolean
check_base64url(json_t *value, const char *path, gsize size, const char *why, GError **error)
{
    if (!gca_request_check_text(value, path, error))
        return FALSE;
    g_autoptr(GBytes) bytes = gca_text_parse_base64url(json_string_value(value));
    return (bytes != NULL && g_bytes_get_size(bytes) == size) || gca_request_fail(path, why, error);
}

gboolean
gca_request_check_thumbprint(json_t *value, const char *path, GError **error)
{
    return check_base64url(value, path, THUMBPRINT_SIZE,
                           _("a thumbprint has 43 characters of base64url (32 bytes)"), error);
}

gboolean
gca_request_check_nonce(json_t *value, const char *path, GError **error)
{
    return check_base64url(value, path, GCA_REQUEST_NONCE_SIZE,
                           _("a nonce has 22 characters of base64url (16 bytes)"), error);
}

gboolean
gca_request_check_created(json_t *value, const char *path, GError **error)
{
    if (!gca_request_check_text(value, path, error))
        return FALSE;
    g_autoptr(GDateTime) when = gca_text_parse_time(json_string_value(value));
    return when != NULL ||
           gca_request_fail(path, _("a time looks like 2026-11-21T02:30:00Z"), error);
}

/* Letters, digits, hyphens in lower case (RFC 5890 section 2.3.1); the first label may be "*". */
static gboolean
is_domain(const char *text)
{
    g_auto(GStrv) labels = g_strsplit(text, ".", -1);
    guint first = g_strv_length(labels) > 1 && g_str_equal(labels[0], "*") ? 1 : 0;

    for (guint i = first; labels[i] != NULL; i++) {
        gsize length = strlen(labels[i]);
        if (length == 0 || length > MAX_LABEL || labels[i][0] == '-' ||
            labels[i][length - 1] == '-' ||
            strspn(labels[i], G_CSET_a_2_z G_CSET_DIGITS "-") != length)
            return FALSE;
    }
    return *text != '\0' && strlen(text) <= MAX_DOMAIN;
}

gboolean
gca_request_check_domains(json_t *value, const char *path, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    gsize i;
    json_t *element;

    if (json_array_size(value) == 0)
        return gca_request_fail(path, _("it is not a list of domain names"), error);
    json_array_foreach(value, i, element)
    {
        g_autofree char *inner = g_strdup_printf("%s[%zu]", path, i);
        if (!gca_request_check_text(element, inner, error))
            return FALSE;
        const char *text = json_string_value(element);
        if (!is_domain(text))
            return gca_request_fail(inner, _("it is not a domain name in lower-case A-labels"),
                                    error);
        if (!g_hash_table_add(seen, (char *) text))
            return gca_request_fail(inner, _("the domain name has been given before"), error);
    }
    return TRUE;
}

/* Dotted digits as OpenSSL would write them. */
static gboolean
is_oid(const char *text)
{
    char again[MAX_TEXT];
    ASN1_OBJECT *object =
        strspn(text, G_CSET_DIGITS ".") == strlen(text) ? OBJ_txt2obj(text, 1) : NULL;
    int length = object ? OBJ_obj2txt(again, sizeof again, object, 1) : -1;

    ASN1_OBJECT_free(object);
    ERR_clear_error();
    return length > 0 && length < MAX_TEXT && g_str_equal(text, again);
}

gboolean
gca_request_check_oid(json_t *value, const char *path, GError **error)
{
    if (!gca_request_check_text(value, path, error))
        return FALSE;
    return is_oid(json_string_value(value)) ||
           gca_request_fail(path, _("it is not an object identifier in dotted digits"), error);
}

/* CN is left out: each certificate's is one of the domains. */
static const char *
find_attribute_fault(json_t *pair)
{
    static const char *const types[] = {"C", "ST", "L", "O", "OU", "serialNumber", NULL};

    if (json_array_size(pair) != 2 || !json_is_string(json_array_get(pair, 0)))
        return _("it is not a pair of type and value");
    const char *type = json_string_value(json_array_get(pair, 0));
    if (g_str_equal(type, OID_CN) || (!g_strv_contains(types, type) && !is_oid(type)))
        return _("its type is none of C, ST, L, O, OU, serialNumber or an object identifier");
    return find_text_fault(json_array_get(pair, 1));
}

gboolean
gca_request_check_subject(json_t *value, const char *path, GError **error)
{
    gsize i;
    json_t *pair;

    if (json_array_size(value) == 0)
        return gca_request_fail(path, _("it is not a list of types and values"), error);
    json_array_foreach(value, i, pair)
    {
        g_autofree char *inner = g_strdup_printf("%s[%zu]", path, i);
        if (!judge(inner, find_attribute_fault(pair), error))
            return FALSE;
    }
    return TRUE;
}
