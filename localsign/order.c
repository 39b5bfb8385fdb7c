#include "config.h"

#include "localsign/order.h"

#include "base/json.h"
#include "base/text.h"
#include "localsign/hipki-code.h"
#include "localsign/unescape.h"

#include <glib/gi18n-lib.h>
#include <openssl/crypto.h>
#include <string.h>

#define FIELD "tbsPackage="

/* bytes, once decoded */
#define PIN_LIMIT 64
#define READER_LIMIT 256 /* twice pcsc-lite's */
#define NONCE_LIMIT 1024
#define WORD_LIMIT 16

typedef struct {
    json_t *object;
    gboolean is_form;  /* it was form-encoded as a whole */
    gboolean has_plus; /* anywhere in its text */
} Package;

static void
package_clear(Package *package)
{
    g_clear_pointer(&package->object, json_decref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Package, package_clear)

/* What may hold the PIN among other things, and is too large for a GcaSecret. */
typedef struct {
    char *data;
    gsize size;
} Scratch;

static void
scratch_clear(Scratch *scratch)
{
    OPENSSL_clear_free(scratch->data, scratch->size);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Scratch, scratch_clear)

void
gca_order_free(GcaOrder *order)
{
    g_clear_pointer(&order->tbs, g_bytes_unref);
    g_free(order->digest);
    g_free(order->reader);
    g_clear_pointer(&order->pin, gca_secret_unref);
    g_clear_pointer(&order->nonce, g_bytes_unref);
    g_free(order);
}

static gboolean
refuse(const char *member, GError **error)
{
    gca_hipki_set_error(error, GCA_HIPKI_BAD_PARAMETER,
                        _("What the page wants signed has no usable “%s”."), member);
    return FALSE;
}

/* ---- members ---- */

/* NULL where it is missing, or null. */
static json_t *
find_member(const Package *package, const char *name)
{
    json_t *member = json_object_get(package->object, name);

    return json_is_null(member) ? NULL : member;
}

/* The text of a member as it stands, borrowed; NULL where it is missing or empty. */
static gboolean
find_text(const Package *package, const char *name, const char **text, GError **error)
{
    json_t *member = find_member(package, name);

    *text = NULL;
    if (member != NULL && !json_is_string(member))
        return refuse(name, error);
    if (member != NULL && json_string_length(member) > 0)
        *text = json_string_value(member);
    return TRUE;
}

/* Writes at most as many bytes as `text` has, and says how many. */
static gsize
unescape(const Package *package, const char *text, char *out)
{
    if (!package->is_form)
        return gca_unescape_member(text, package->has_plus, out);
    memcpy(out, text, strlen(text));
    return strlen(text);
}

/* NULL where there is none. */
static gboolean
take_bytes(const Package *package, const char *name, gsize limit, GBytes **bytes, GError **error)
{
    const char *text;

    if (!find_text(package, name, &text, error))
        return FALSE;
    if (text == NULL)
        return TRUE;
    char *out = g_malloc(strlen(text));
    gsize size = unescape(package, text, out);
    *bytes = g_bytes_new_take(out, size);
    return size <= limit || refuse(name, error);
}

static gboolean
take_text(const Package *package, const char *name, gsize limit, char **text, GError **error)
{
    g_autoptr(GBytes) bytes = NULL;

    if (!take_bytes(package, name, limit, &bytes, error))
        return FALSE;
    if (bytes != NULL)
        *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    return TRUE;
}

static gboolean
take_pin(const Package *package, GcaOrder *order, GError **error)
{
    const char *text;

    if (!find_text(package, "pin", &text, error))
        return FALSE;
    if (text == NULL)
        return TRUE;
    if (strlen(text) > 3 * PIN_LIMIT)
        return refuse("pin", error);
    order->pin = gca_secret_new(strlen(text));
    char *out = gca_secret_get_data(order->pin);
    gca_secret_truncate(order->pin, unescape(package, text, out));
    return gca_secret_get_size(order->pin) <= PIN_LIMIT || refuse("pin", error);
}

/* JSON's true and false, or as text; what is missing or empty stays as it is. */
static gboolean
take_flag(const Package *package, const char *name, gboolean *flag, GError **error)
{
    json_t *member = find_member(package, name);
    const char *text = json_string_value(member);

    if (member == NULL || g_strcmp0(text, "") == 0)
        return TRUE;
    if (json_is_true(member) || g_strcmp0(text, "true") == 0)
        *flag = TRUE;
    else if (json_is_false(member) || g_strcmp0(text, "false") == 0)
        *flag = FALSE;
    else
        return refuse(name, error);
    return TRUE;
}

/* One of `words`, the first where it is missing or empty. */
static gboolean
take_word(const Package *package, const char *name, const char *const *words, const char **word,
          GError **error)
{
    g_autofree char *text = NULL;

    *word = words[0];
    if (!take_text(package, name, WORD_LIMIT, &text, error))
        return FALSE;
    for (guint i = 0; text != NULL && words[i] != NULL; i++) {
        if (g_str_equal(text, words[i])) {
            *word = words[i];
            return TRUE;
        }
    }
    return text == NULL || refuse(name, error);
}

/* Line breaks are the only thing in it that RFC 4648 section 4 has not (RFC 2045 section 6.8). */
static char *
join_lines(GBytes *text)
{
    gsize size;
    const char *data = g_bytes_get_data(text, &size);
    GString *joined = g_string_sized_new(size);

    for (gsize i = 0; i < size; i++) {
        if (data[i] != '\r' && data[i] != '\n')
            g_string_append_c(joined, data[i]);
    }
    return g_string_free(joined, FALSE);
}

/* RFC 4648 section 4, strictly: as base64url without what tells the two apart. */
static GBytes *
decode_base64(GBytes *text, GError **error)
{
    g_autofree char *url = join_lines(text);
    gsize size = strlen(url);
    GBytes *bytes = NULL;

    if (size % 4 == 0 && strpbrk(url, "-_") == NULL) {
        g_strdelimit(g_strdelimit(url, "+", '-'), "/", '_');
        for (guint i = 0; i < 2 && size > 0 && url[size - 1] == '='; i++)
            url[--size] = '\0';
        bytes = gca_text_parse_base64url(url);
    }
    if (bytes == NULL)
        gca_hipki_set_error(error, GCA_HIPKI_BAD_BASE64, "%s",
                            _("What the page wants signed is not base64, as it says."));
    return bytes;
}

static gboolean
take_tbs(const Package *package, GcaOrder *order, GError **error)
{
    static const char *const encodings[] = {"NONE", "base64", NULL};
    g_autoptr(GBytes) text = NULL;
    const char *encoding;

    if (!take_bytes(package, "tbs", GCA_ORDER_BODY_LIMIT, &text, error) ||
        !take_word(package, "tbsEncoding", encodings, &encoding, error))
        return FALSE;
    if (text == NULL)
        return refuse("tbs", error);
    if (g_str_equal(encoding, "base64"))
        order->tbs = decode_base64(text, error);
    else
        order->tbs = g_steal_pointer(&text);
    return order->tbs != NULL && (g_bytes_get_size(order->tbs) > 0 || refuse("tbs", error));
}

static gboolean
take_form(const Package *package, GcaOrder *order, GError **error)
{
    static const char *const forms[] = {"PKCS7", "PKCS1", "RAW", NULL};
    const char *form;

    if (!take_word(package, "signatureType", forms, &form, error))
        return FALSE;
    if (g_str_equal(form, "RAW")) {
        gca_hipki_set_error(error, GCA_HIPKI_NOT_SUPPORTED,
                            _("The page wants a digest signed, which nobody could read before "
                              "signing it."));
        return FALSE;
    }
    order->form = g_str_equal(form, "PKCS1") ? GCA_ORDER_PKCS1 : GCA_ORDER_PKCS7;
    return TRUE;
}

static gboolean
take_all(const Package *package, GcaOrder *order, GError **error)
{
    static const char *const digests[] = {"SHA256", "SHA384", "SHA512", "SHA1", NULL};
    const char *digest;

    order->with_signing_time = TRUE;
    if (!take_tbs(package, order, error) || !take_form(package, order, error) ||
        !take_word(package, "hashAlgorithm", digests, &digest, error) ||
        !take_flag(package, "withCardSN", &order->with_card_number, error) ||
        !take_flag(package, "withSigningTime", &order->with_signing_time, error) ||
        !take_text(package, "slotDescription", READER_LIMIT, &order->reader, error) ||
        !take_bytes(package, "nonce", NONCE_LIMIT, &order->nonce, error) ||
        !take_pin(package, order, error))
        return FALSE;
    order->digest = g_strdup(digest);
    return TRUE;
}

/* ---- the body ---- */

static json_t *
parse_json(const char *data, gsize size, GError **error)
{
    g_autoptr(GBytes) bytes = g_bytes_new_static(data, size);
    g_autoptr(GError) trouble = NULL;
    g_autoptr(json_t) value = gca_json_parse(bytes, "tbsPackage", &trouble);

    if (json_is_object(value))
        return g_steal_pointer(&value);
    gca_hipki_set_error(error, GCA_HIPKI_BAD_JSON, "%s",
                        trouble ? trouble->message : _("“tbsPackage” is not a JSON object."));
    return NULL;
}

static json_t *
parse_form_encoded(const char *data, gsize size, GError **error)
{
    g_auto(Scratch) scratch = {OPENSSL_malloc(size), size};

    if (scratch.data == NULL)
        g_error("no memory left");
    gsize length = gca_unescape_form(data, size, scratch.data);
    return parse_json(scratch.data, length, error);
}

static gboolean
open_package(Package *package, const char *data, gsize size, GError **error)
{
    package->is_form = size > 0 && *data == '%';
    package->has_plus = memchr(data, '+', size) != NULL;
    package->object =
        package->is_form ? parse_form_encoded(data, size, error) : parse_json(data, size, error);
    return package->object != NULL;
}

GcaOrder *
gca_order_parse(GcaSecret *body, GError **error)
{
    const char *data = gca_secret_get_data(body);
    gsize size = gca_secret_get_size(body), skip = strlen(FIELD);
    g_auto(Package) package = {0};

    if (size < skip || size > GCA_ORDER_BODY_LIMIT || memcmp(data, FIELD, skip) != 0) {
        refuse("tbsPackage", error);
        return NULL;
    }
    if (!open_package(&package, data + skip, size - skip, error))
        return NULL;
    g_autoptr(GcaOrder) order = g_new0(GcaOrder, 1);
    return take_all(&package, order, error) ? g_steal_pointer(&order) : NULL;
}

/* ---- for people ---- */

char *
gca_order_dup_text(const GcaOrder *order)
{
    gsize size;
    const char *data = g_bytes_get_data(order->tbs, &size);

    if (!g_utf8_validate_len(data, size, NULL))
        return NULL;
    for (gsize i = 0; i < size; i++) {
        if (g_ascii_iscntrl(data[i]) && strchr("\t\r\n", data[i]) == NULL)
            return NULL;
    }
    g_autofree char *text = g_strndup(data, size);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        char *line = lines[i];
        if (g_str_has_suffix(line, "\r"))
            line[strlen(line) - 1] = '\0';
        lines[i] = gca_text_escape(line);
        g_free(line);
    }
    return g_strjoinv("\n", lines);
}
