#include "config.h"

#include "gui/localsign-prompt/question.h"

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define SHA256_HEX 64
#define MAX_NAME 4096       /* bytes of a site, reader, holder, advice */
#define MAX_TRIES 255       /* of ISO 7816-4: 15 */
#define ANSWER_EXTRA 64     /* bytes of the answer beside the PIN */
#define ESCAPED_PIN_BYTES 6 /* of one: \u001B */

void
gca_consent_question_free(GcaConsentQuestion *question)
{
    if (question == NULL)
        return;
    g_free(question->site);
    g_free(question->reader);
    g_free(question->holder);
    g_free(question->text);
    g_free(question->sha256);
    g_free(question->advice);
    g_free(question);
}

static gboolean
refuse(const char *what, GError **error)
{
    g_autofree char *shown = gca_text_escape(what);

    gca_error_set(error, GCA_ERROR_BAD_DATA,
                  _("The question of gca-localsign cannot be understood: %s."), shown);
    return FALSE;
}

/* Line by line: the ends of lines and tabs stay what they are. */
static char *
escape_text(const char *text)
{
    GString *out = g_string_sized_new(strlen(text));

    while (*text != '\0') {
        gsize plain = strcspn(text, "\n\t");
        g_autofree char *part = gca_text_escape_bytes(text, plain);
        g_string_append(out, part);
        text += plain;
        if (*text != '\0')
            g_string_append_c(out, *text++);
    }
    return g_string_free(out, FALSE);
}

static gboolean
read_name(const char *value, const char *name, char **text, GError **error)
{
    g_autofree char *what = g_strdup_printf("%s is too long", name);

    if (strlen(value) > MAX_NAME)
        return refuse(what, error);
    *text = gca_text_escape(value);
    return TRUE;
}

/* Text or null. */
static gboolean
read_optional(json_t *value, gsize limit, char **text, GError **error)
{
    if (json_is_null(value))
        return TRUE;
    if (!json_is_string(value))
        return refuse("text or advice is neither a string nor null", error);
    if (json_string_length(value) > limit)
        return refuse("text or advice is too long", error);
    *text = escape_text(json_string_value(value));
    return TRUE;
}

static gboolean
check_numbers(const GcaConsentQuestion *question, const char *sha256, GError **error)
{
    if (question->size < 0)
        return refuse("size is negative", error);
    if (question->tries_left < GCA_TRIES_UNKNOWN || question->tries_left > MAX_TRIES)
        return refuse("tries_left is out of range", error);
    if (strlen(sha256) != SHA256_HEX || strspn(sha256, "0123456789abcdefABCDEF") != SHA256_HEX)
        return refuse("sha256 is not 64 hexadecimal digits", error);
    return TRUE;
}

static gboolean
read_sign(GcaConsentQuestion *question, json_t *root, GError **error)
{
    const char *kind, *site, *reader, *holder, *sha256;
    json_t *text, *advice;
    json_int_t size, tries;
    json_error_t trouble;

    if (json_unpack_ex(root, &trouble, JSON_STRICT,
                       "{s:s, s:s, s:s, s:s, s:o, s:I, s:s, s:b, s:I, s:o}", "question", &kind,
                       "site", &site, "reader", &reader, "holder", &holder, "text", &text, "size",
                       &size, "sha256", &sha256, "asks_pin", &question->asks_pin, "tries_left",
                       &tries, "advice", &advice) < 0)
        return refuse(trouble.text, error);
    question->size = size;
    question->tries_left = tries;
    if (!check_numbers(question, sha256, error))
        return FALSE;
    question->sha256 = gca_text_group_hex(sha256);
    return read_name(reader, "reader", &question->reader, error) &&
           read_name(holder, "holder", &question->holder, error) &&
           read_optional(text, GCA_CONSENT_LINE_LIMIT, &question->text, error) &&
           read_optional(advice, MAX_NAME, &question->advice, error);
}

static gboolean
read_question(GcaConsentQuestion *question, json_t *root, GError **error)
{
    const char *kind, *site;
    json_error_t trouble;

    if (json_unpack_ex(root, &trouble, 0, "{s:s, s:s}", "question", &kind, "site", &site) < 0)
        return refuse(trouble.text, error);
    if (*site == '\0')
        return refuse("site is empty", error);
    if (!read_name(site, "site", &question->site, error))
        return FALSE;
    if (g_str_equal(kind, "trust"))
        return TRUE;
    if (!g_str_equal(kind, "sign"))
        return refuse("question is neither trust nor sign", error);
    question->kind = GCA_CONSENT_SIGN;
    return read_sign(question, root, error);
}

GcaConsentQuestion *
gca_consent_question_parse(GBytes *line, GError **error)
{
    g_autoptr(GcaConsentQuestion) question = g_new0(GcaConsentQuestion, 1);
    g_autoptr(json_t) root = gca_json_parse(line, "question", error);

    if (root == NULL || !read_question(question, root, error))
        return NULL;
    return g_steal_pointer(&question);
}

/* jansson's copy of the PIN is wiped when it is freed: gca_secret_protect_process. */
GcaSecret *
gca_consent_answer_encode(gboolean is_yes, GcaSecret *pin)
{
    g_autoptr(json_t) answer = json_pack("{s:s}", "answer", is_yes ? "yes" : "no");
    gsize pin_size = pin ? gca_secret_get_size(pin) : 0;
    GcaSecret *line = gca_secret_new(ANSWER_EXTRA + ESCAPED_PIN_BYTES * pin_size);
    char *data = gca_secret_get_data(line);

    if (is_yes && pin != NULL)
        json_object_set_new(answer, "pin", json_stringn(gca_secret_get_data(pin), pin_size));
    gsize size = json_dumpb(answer, data, gca_secret_get_size(line) - 1, JSON_COMPACT);
    g_assert(size > 0 && size < gca_secret_get_size(line));
    data[size] = '\n';
    gca_secret_truncate(line, size + 1);
    return line;
}
