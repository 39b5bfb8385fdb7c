#include "config.h"

#include "base/json.h"

#include "base/error.h"
#include "base/text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_SAFE_INTEGER 9007199254740991 /* RFC 8785 section 3.2.2.3: IEEE 754 doubles */

/* Own words for jansson's, which are English alone and end in what stands there: that may be a PIN
 * or a key given by mistake. */
static const char *
describe(enum json_error_code code)
{
    switch (code) {
    case json_error_premature_end_of_input:
        return _("it ends too early");
    case json_error_end_of_input_expected:
        return _("something follows its end");
    case json_error_duplicate_key:
        return _("a name stands there for the second time");
    case json_error_invalid_utf8:
        return _("it is not text in UTF-8");
    case json_error_numeric_overflow:
        return _("the number is too large");
    case json_error_stack_overflow:
        return _("it is nested too deeply");
    default:
        return _("it breaks the rules of JSON");
    }
}

json_t *
gca_json_parse(GBytes *bytes, const char *name, GError **error)
{
    gsize size;
    const char *data = g_bytes_get_data(bytes, &size);
    g_autofree char *shown = gca_text_escape(name);

    if (size >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0) {
        data += 3;
        size -= 3;
    }
    if (size == 0) {
        gca_error_set(error, GCA_ERROR_BAD_DATA, _("“%s” is empty."), shown);
        return NULL;
    }
    json_error_t trouble;
    json_t *value = json_loadb(data, size, JSON_REJECT_DUPLICATES, &trouble);
    if (value == NULL) {
        gca_error_set(error, GCA_ERROR_BAD_DATA,
                      _("“%s” is not valid JSON: line %d, column %d (byte %d): %s."), shown,
                      trouble.line, trouble.column, trouble.position,
                      describe(json_error_code(&trouble)));
    }
    return value;
}

const char *
gca_json_get_string(json_t *object, const char *name, GError **error)
{
    json_t *member = json_object_get(object, name);

    if (member == NULL)
        gca_error_set(error, GCA_ERROR_BAD_DATA, _("The member “%s” is missing."), name);
    else if (!json_is_string(member))
        gca_error_set(error, GCA_ERROR_BAD_DATA, _("The member “%s” is not text."), name);
    else
        return json_string_value(member);
    return NULL;
}

static gboolean
has_control(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((guchar) *text < 0x20 || *text == 0x7f)
            return TRUE;
    }
    return FALSE;
}

static gboolean check_canonical(json_t *value, const char *where, GError **error);

static gboolean
check_object(json_t *object, GError **error)
{
    const char *name;
    json_t *member;

    json_object_foreach(object, name, member)
    {
        if (!g_str_is_ascii(name) || has_control(name)) {
            g_autofree char *shown = gca_text_escape(name);
            gca_error_set(error, GCA_ERROR_BAD_DATA, _("The member name “%s” is not plain ASCII."),
                          shown);
            return FALSE;
        }
        if (!check_canonical(member, name, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
check_canonical(json_t *value, const char *where, GError **error)
{
    gsize i;
    json_t *element;

    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return check_object(value, error);
    case JSON_ARRAY:
        json_array_foreach(value, i, element)
        {
            if (!check_canonical(element, where, error))
                return FALSE;
        }
        return TRUE;
    case JSON_STRING:
        if (!has_control(json_string_value(value)))
            return TRUE;
        gca_error_set(error, GCA_ERROR_BAD_DATA, _("The member “%s” holds a control character."),
                      where);
        return FALSE;
    case JSON_INTEGER:
        if (ABS(json_integer_value(value)) <= MAX_SAFE_INTEGER)
            return TRUE;
        break;
    default:
        break;
    }
    gca_error_set(error, GCA_ERROR_BAD_DATA,
                  _("The member “%s” is neither text nor a whole number, list or object."), where);
    return FALSE;
}

static int
append(const char *data, size_t size, void *text)
{
    g_byte_array_append(text, (const guint8 *) data, (guint) size);
    return 0;
}

GBytes *
gca_json_encode_canonical(json_t *value, GError **error)
{
    if (!check_canonical(value, "", error))
        return NULL;

    /* With ASCII names the order of bytes is that of UTF-16 code units (RFC 8785 section 3.2.3);
     * without control characters jansson's escapes are the RFC's. */
    g_autoptr(GByteArray) text = g_byte_array_new();
    json_dump_callback(value, append, text, JSON_COMPACT | JSON_SORT_KEYS);
    return g_byte_array_free_to_bytes(g_steal_pointer(&text));
}
