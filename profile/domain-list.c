#include "config.h"

#include "base/error.h"
#include "base/text.h"
#include "profile/domain.h"
#include "profile/internal.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_CN 64 /* ub-common-name, RFC 5280 appendix A.1 */
#define SEPARATORS "[\\s,;，；、　]+"

/* Blanks around a comma are a habit; other white space there is a mistake to be named. */
static char *
strip_blanks(char *text)
{
    text += strspn(text, " ");
    for (gsize size = strlen(text); size > 0 && text[size - 1] == ' '; size--)
        text[size - 1] = '\0';
    return text;
}

typedef char *Parse(const char *typed, const GcaProfile *profile, GError **error);

typedef struct {
    GPtrArray *names;
    GHashTable *seen; /* the same, borrowed */
    Parse *parse;
} List;

static List
list_new(Parse *parse)
{
    return (List){g_ptr_array_new_with_free_func(g_free), g_hash_table_new(g_str_hash, g_str_equal),
                  parse};
}

static void
list_clear(List *list)
{
    g_hash_table_unref(list->seen);
    g_clear_pointer(&list->names, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(List, list_clear)

/* Adds one name, unless it is there already. */
static gboolean
add_name(List *list, const char *typed, const GcaProfile *profile, GError **error)
{
    char *name = list->parse(typed, profile, error);

    if (name == NULL)
        return FALSE;
    if (g_hash_table_contains(list->seen, name)) {
        g_free(name);
        return TRUE;
    }
    g_hash_table_add(list->seen, name);
    g_ptr_array_add(list->names, name);
    return TRUE;
}

/* Adds each name of each option. */
static gboolean
add_names(List *list, const char *const *typed, const GcaProfile *profile, GError **error)
{
    for (guint i = 0; typed[i] != NULL; i++) {
        g_auto(GStrv) names = g_strsplit(typed[i], ",", -1);
        if (names[0] == NULL && !add_name(list, "", profile, error))
            return FALSE; /* g_strsplit makes nothing of "" */
        for (guint j = 0; names[j] != NULL; j++) {
            if (!add_name(list, strip_blanks(names[j]), profile, error))
                return FALSE;
        }
    }
    return TRUE;
}

static gboolean
check_limit(GPtrArray *domains, const GcaProfile *profile, GError **error)
{
    gsize count = gca_domains_count_characters((const char *const *) domains->pdata);
    guint limit = gca_profile_get_max_characters(profile);

    if (limit == 0 || count <= limit)
        return TRUE;
    gca_error_set(
        error, GCA_ERROR_USAGE,
        _("The domain names have %zu characters together; “%s” takes at most %u in one request."),
        count, gca_profile_get_title(profile), limit);
    return FALSE;
}

char **
gca_domains_parse(const char *const *typed, const GcaProfile *profile, GError **error)
{
    g_auto(List) list = list_new(gca_domain_parse);

    if (!add_names(&list, typed, profile, error))
        return NULL;
    if (list.names->len == 0) {
        gca_error_set(error, GCA_ERROR_USAGE, _("No domain name was given."));
        return NULL;
    }
    g_ptr_array_add(list.names, NULL);
    if (!check_limit(list.names, profile, error))
        return NULL;
    return (char **) g_ptr_array_free(g_steal_pointer(&list.names), FALSE);
}

static char *
parse_name_or_address(const char *typed, const GcaProfile *profile, GError **error)
{
    g_autofree char *address = gca_address_dup_text(typed);

    if (address == NULL)
        return gca_domain_parse(typed, profile, error);
    return gca_address_check(address, profile, error) ? g_steal_pointer(&address) : NULL;
}

static gboolean
check_certificate(GPtrArray *names, const GcaProfile *profile, GError **error)
{
    const char *cn = g_ptr_array_index(names, 0);
    guint limit = gca_profile_get_names_per_certificate(profile);

    if (strlen(cn) > MAX_CN) {
        gca_error_set(error, GCA_ERROR_USAGE,
                      _("“%s” has %zu characters; the first name of a certificate, its CN, can "
                        "have %d."),
                      cn, strlen(cn), MAX_CN);
        return FALSE;
    }
    if (limit == 0 || names->len <= limit)
        return TRUE;
    gca_error_set(error, GCA_ERROR_USAGE,
                  ngettext("%u names were given; “%s” takes %u name in a certificate. Make a "
                           "request for each.",
                           "%u names were given; “%s” takes at most %u names in a certificate. "
                           "Make several requests.",
                           limit),
                  names->len, gca_profile_get_title(profile), limit);
    return FALSE;
}

char **
gca_domains_parse_certificate(const char *cn, const char *const *typed, const GcaProfile *profile,
                              GError **error)
{
    g_auto(List) list = list_new(parse_name_or_address);

    if (!add_name(&list, cn, profile, error))
        return NULL;
    if (typed != NULL && !add_names(&list, typed, profile, error))
        return NULL;
    if (!check_certificate(list.names, profile, error))
        return NULL;
    g_ptr_array_add(list.names, NULL);
    return (char **) g_ptr_array_free(g_steal_pointer(&list.names), FALSE);
}

static void
refuse_byte(GError **error, const char *name, const char *start, const char *wrong)
{
    g_autofree char *shown = gca_text_escape(name);
    guint line = 1;

    for (; start < wrong; start++)
        line += *start == '\n';
    gca_error_set(error, GCA_ERROR_BAD_DATA,
                  _("“%s” is not UTF-8 text in line %u; save it as UTF-8."), shown, line);
}

GStrv
gca_domains_split(const char *text)
{
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();
    g_auto(GStrv) parts = g_regex_split_simple(SEPARATORS, text ? text : "", 0, 0);

    for (guint i = 0; parts[i] != NULL; i++) {
        if (*parts[i] != '\0')
            g_strv_builder_add(names, parts[i]);
    }
    return g_strv_builder_end(names);
}

char **
gca_domains_split_file(GBytes *content, const char *name, GError **error)
{
    gsize size;
    const char *data = g_bytes_get_data(content, &size), *wrong;

    if (size >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0) {
        data += 3;
        size -= 3;
    }
    if (size > 0 && !g_utf8_validate_len(data, size, &wrong)) {
        refuse_byte(error, name, data, wrong);
        return NULL;
    }
    g_autofree char *text = g_strndup(size > 0 ? data : "", size);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++)
        lines[i][strcspn(lines[i], "#")] = '\0';
    g_autofree char *names = g_strjoinv("\n", lines);
    return gca_domains_split(names);
}

gsize
gca_domains_count_characters(const char *const *domains)
{
    gsize count = 0;

    for (guint i = 0; domains[i] != NULL; i++)
        count += strlen(domains[i]);
    return count;
}

char *
gca_domains_to_string(const char *const *domains)
{
    GString *list = g_string_new(NULL);

    for (guint i = 0; domains[i] != NULL; i++) {
        g_autofree char *typed = gca_domain_to_unicode(domains[i]);
        g_autofree char *shown = gca_text_escape(typed);
        g_string_append(list, i > 0 ? "\n" : "");
        if (g_str_equal(typed, domains[i]))
            g_string_append(list, domains[i]);
        else /* Translators: a host name as it is sent, and as people type it */
            g_string_append_printf(list, _("%s (%s)"), domains[i], shown);
    }
    return g_string_free(list, FALSE);
}

char *
gca_domains_describe_count(const char *const *domains, guint max_characters)
{
    gsize count = gca_domains_count_characters(domains);

    if (max_characters == 0)
        return g_strdup_printf("%zu", count);
    return g_strdup_printf(_("%zu of %u allowed"), count, max_characters);
}
