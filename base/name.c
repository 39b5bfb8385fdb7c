#include "config.h"

#include "base/name.h"

#include "base/error.h"
#include "base/text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* RFC 4514 section 3: "special", and what stands in a value by no other way */
#define ESCAPED_AS_THEMSELVES "\"+,;<>\\ #="
#define ONLY_ESCAPED "\";<>\\"

typedef struct {
    char *type;
    char *value;
} Attribute;

struct _GcaName {
    gatomicrefcount refs;
    GPtrArray *attributes;
};

static void
attribute_free(gpointer data)
{
    Attribute *attribute = data;
    g_free(attribute->type);
    g_free(attribute->value);
    g_free(attribute);
}

GcaName *
gca_name_new(void)
{
    GcaName *name = g_new0(GcaName, 1);
    g_atomic_ref_count_init(&name->refs);
    name->attributes = g_ptr_array_new_with_free_func(attribute_free);
    return name;
}

GcaName *
gca_name_ref(GcaName *name)
{
    g_atomic_ref_count_inc(&name->refs);
    return name;
}

void
gca_name_unref(GcaName *name)
{
    if (!g_atomic_ref_count_dec(&name->refs))
        return;
    g_ptr_array_unref(name->attributes);
    g_free(name);
}

/* The spelling that is used everywhere, whatever the case it came in, for the OID too. */
static const char *
canonical_type(const char *type)
{
    static const struct {
        const char *name, *oid;
    } known[] = {{"C", "2.5.4.6"},           {"L", "2.5.4.7"},  {"O", "2.5.4.10"},
                 {"OU", "2.5.4.11"},         {"CN", "2.5.4.3"}, {"ST", "2.5.4.8"},
                 {"serialNumber", "2.5.4.5"}};

    for (guint i = 0; i < G_N_ELEMENTS(known); i++) {
        if (g_ascii_strcasecmp(type, known[i].name) == 0 || g_str_equal(type, known[i].oid))
            return known[i].name;
    }
    return type;
}

static Attribute *
attribute_new(const char *type, const char *value)
{
    Attribute *attribute = g_new(Attribute, 1);
    attribute->type = g_strdup(canonical_type(type));
    attribute->value = g_strdup(value);
    return attribute;
}

void
gca_name_add(GcaName *name, const char *type, const char *value)
{
    g_ptr_array_add(name->attributes, attribute_new(type, value));
}

guint
gca_name_get_length(const GcaName *name)
{
    return name->attributes->len;
}

static const Attribute *
attribute_at(const GcaName *name, guint index)
{
    return g_ptr_array_index(name->attributes, index);
}

const char *
gca_name_get_type(const GcaName *name, guint index)
{
    return attribute_at(name, index)->type;
}

const char *
gca_name_get_value(const GcaName *name, guint index)
{
    return attribute_at(name, index)->value;
}

const char *
gca_name_find(const GcaName *name, const char *type)
{
    for (guint i = 0; i < name->attributes->len; i++) {
        if (g_str_equal(attribute_at(name, i)->type, type))
            return attribute_at(name, i)->value;
    }
    return NULL;
}

gboolean
gca_name_equal(const GcaName *a, const GcaName *b)
{
    if (a->attributes->len != b->attributes->len)
        return FALSE;
    for (guint i = 0; i < a->attributes->len; i++) {
        if (!g_str_equal(attribute_at(a, i)->type, attribute_at(b, i)->type) ||
            !g_str_equal(attribute_at(a, i)->value, attribute_at(b, i)->value))
            return FALSE;
    }
    return TRUE;
}

/* Why a value cannot stand there as it is written from `at` on: the end of a sentence. */
static const char *
explain(const char *at, gboolean is_first)
{
    if (at[0] == '\\' && at[1] == '\0')
        return _("the backslash stands at the end, without what it escapes");
    if (at[0] == '#' && is_first)
        return _("values in hexadecimal (#…) are not taken");
    return _("this character is written with a backslash before it");
}

/* Reads one attribute value up to an unescaped comma (RFC 4514 section 3); `*at` is left on the
 * comma, the end, or the character that has no meaning there: NULL, and why in `*why`. */
static char *
take_value(const char **at, const char **why)
{
    g_autoptr(GString) value = g_string_new(NULL);
    gsize kept = 0; /* blanks after it are not part of the value */
    const char *start = *at += strspn(*at, " ");

    for (; **at != '\0' && **at != ',' && **at != '+'; (*at)++) {
        char c = **at;
        gboolean is_escaped = c == '\\';
        if (is_escaped && g_ascii_isxdigit((*at)[1]) && g_ascii_isxdigit((*at)[2])) {
            c = (char) (g_ascii_xdigit_value((*at)[1]) << 4 | g_ascii_xdigit_value((*at)[2]));
            if (c == '\0') {
                *why = _("a NUL character (\\00) cannot be part of a name");
                return NULL;
            }
            *at += 2;
        } else if (is_escaped && (*at)[1] != '\0' && strchr(ESCAPED_AS_THEMSELVES, (*at)[1])) {
            c = *++(*at);
        } else if (strchr(ONLY_ESCAPED, c) != NULL || (c == '#' && *at == start)) {
            *why = explain(*at, *at == start);
            return NULL;
        }
        g_string_append_c(value, c);
        if (is_escaped || c != ' ')
            kept = value->len;
    }
    g_string_truncate(value, kept);
    return g_string_free(g_steal_pointer(&value), FALSE);
}

static GcaName *
refuse(GError **error, const char *text, const char *at, const char *why)
{
    g_autofree char *shown = gca_text_escape(text);
    gca_error_set(error, GCA_ERROR_BAD_DATA,
                  _("The distinguished name “%s” cannot be read at character %ld: %s."), shown,
                  g_utf8_validate(text, at - text, NULL) ? g_utf8_pointer_to_offset(text, at) + 1
                                                         : (glong) (at - text) + 1,
                  why);
    return NULL;
}

static void
reverse(GcaName *name)
{
    GPtrArray *attributes = name->attributes;

    for (guint i = 0, j = attributes->len - 1; i < j; i++, j--) {
        gpointer swapped = attributes->pdata[i];
        attributes->pdata[i] = attributes->pdata[j];
        attributes->pdata[j] = swapped;
    }
}

GcaName *
gca_name_parse(const char *text, GError **error)
{
    g_autoptr(GcaName) name = gca_name_new();
    const char *at = text, *wrong, *why = NULL;

    if (!g_utf8_validate(text, -1, &wrong))
        return refuse(error, text, wrong, _("it is not UTF-8"));
    for (;; at++) {
        const char *start = at += strspn(at, " ");
        gsize length = strcspn(at, "=,+\\\"");
        if (at[length] != '=' || length == 0)
            return refuse(error, text, at, _("a type and “=” are expected"));
        g_autofree char *type = g_strchomp(g_strndup(at, length));
        at += length + 1;
        g_autofree char *value = take_value(&at, &why);
        if (value == NULL)
            return refuse(error, text, at, why);
        if (*value == '\0' || !g_utf8_validate(value, -1, NULL))
            return refuse(error, text, start, _("the value is empty or not UTF-8"));
        if (*at == '+')
            return refuse(error, text, at, _("“+” (several values in one place) is not used here"));
        gca_name_add(name, type, value);
        if (*at != '\0')
            continue;
        if (!g_str_equal(gca_name_get_type(name, 0), "C"))
            reverse(name);
        return g_steal_pointer(&name);
    }
}

/* RFC 4514 section 2.4; what could deceive a reader's eye is written as pairs of digits too. */
static void
append_escaped(GString *out, const char *value)
{
    for (const char *at = value, *next; *at != '\0'; at = next) {
        next = g_utf8_next_char(at);
        gboolean at_edge = at == value || *next == '\0';
        if (!gca_text_is_showable(g_utf8_get_char(at))) {
            for (; at < next; at++)
                g_string_append_printf(out, "\\%02X", (guchar) *at);
            continue;
        }
        if (strchr(",+\"<>;\\", *at) != NULL || (at == value && *at == '#') ||
            (at_edge && *at == ' '))
            g_string_append_c(out, '\\');
        g_string_append_len(out, at, next - at);
    }
}

char *
gca_name_to_string(const GcaName *name)
{
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < name->attributes->len; i++) {
        g_string_append_printf(out, "%s%s=", i ? "," : "", attribute_at(name, i)->type);
        append_escaped(out, attribute_at(name, i)->value);
    }
    return g_string_free(out, FALSE);
}

char *
gca_name_join(const GcaName *name, const char *const *types, const char *separator)
{
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < name->attributes->len; i++) {
        if (!g_strv_contains(types, attribute_at(name, i)->type))
            continue;
        if (out->len > 0)
            g_string_append(out, separator);
        g_string_append(out, attribute_at(name, i)->value);
    }
    return g_string_free(out, FALSE);
}
